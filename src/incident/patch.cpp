#include <algorithm>

#include "incident/change_steps.h"
#include "texts/phrases.h"

namespace watchbill {

namespace {

// One patch at work: what was changed, step by step.
class Patcher {
public:
    Patcher(const Staff& staff, const Incident& incident, const std::string& who, Instant now)
        : staff_(staff), who_(who), now_(now) {
        change_.incident = incident;
    }

    IncidentResult<void> apply(const IncidentPatch& patch) {
        set_texts(patch);
        if (auto moved = move(patch); !moved) return moved;
        if (auto removed = remove_experts(patch.remove_experts); !removed) return removed;
        if (patch.commander) {
            if (auto passed = pass_command(*patch.commander); !passed) return passed;
        }
        if (patch.needs) {
            if (auto changed = change_needs(*patch.needs); !changed) return changed;
        }
        return add_experts(patch.add_experts);
    }

    IncidentChange finish() {
        if (touched_) raise_sequence(change_, now_);
        return std::move(change_);
    }

private:
    Incident& incident() { return change_.incident; }
    void say(const std::string& kind, std::string text, std::optional<MemberId> about = std::nullopt) {
        note(change_, now_, who_, kind, std::move(text), std::move(about));
        touched_ = true;
    }

    void set_texts(const IncidentPatch& patch) {
        if (patch.title && *patch.title != incident().title) {
            incident().title = *patch.title;
            say("changed", "The title is now: " + *patch.title + '.');
        }
        if (patch.severity && *patch.severity != incident().severity) {
            say("changed", "The severity is now " + std::string(severity_name(*patch.severity)) +
                               "; it was " + std::string(severity_name(incident().severity)) + '.');
            incident().severity = *patch.severity;
        }
        if (patch.description && *patch.description != incident().description) {
            incident().description = *patch.description;
            say("changed", "The description changed.");
        }
    }

    IncidentResult<void> move(const IncidentPatch& patch) {
        Interval when = incident().when;
        // A new start alone moves the whole.
        if (patch.start) when = {*patch.start, *patch.start + when.length()};
        if (patch.end) when.end = *patch.end;
        if (when.empty())
            return refuse_incident("end_before_start", "The incident must end after it starts.");
        if (when == incident().when) return {};
        const bool later = when.start > incident().when.start && when.start > now_;
        incident().when = when;
        const Zone zone = Zone::get(staff_.team->zone);
        say("changed",
            "It is now from " + say_span(zone, when, zone.day_of(when.start)) + " (" + zone.name() + ").");
        for (Invitation& invitation : incident().invitations) {
            // A yes to the time before is none to this one.
            invitation.invited_sequence = upcoming_sequence(change_);
            // Who could come at another time may not be able to now (RFC 5546 3.2.2.1).
            if (!later) continue;
            invitation.rsvp = ParticipationStatus::needs_action;
            note_answer(incident(), invitation.member, invitation.rsvp);
            invitation.invited_at = when.start;
            invitation.first_invited_at.reset();
            invitation.link_used = false;
            invitation.calendar_rsvp = ParticipationStatus::needs_action;
        }
        return {};
    }

    IncidentResult<void> remove_experts(const std::vector<std::string>& addresses) {
        for (const std::string& address : addresses) {
            const auto id = MemberId::parse(address);
            const Member* member = id ? staff_.team->find_member(*id) : nullptr;
            const Invitation* invited = id ? incident().find(member != nullptr ? member->id : *id) : nullptr;
            if (invited == nullptr || invited->role != IncidentRole::expert) {
                return refuse_incident("not_invited", "\"" + address + "\" is no expert of this incident.");
            }
            const std::vector<std::string> slots = invited->slots;
            say("expert_removed", name_of(*invited) + " is not needed any more.", invited->member);
            release(change_, invited->member);
            for (const std::string& slot : slots) {
                if (!is_filled(incident(), slot)) drop_slot(incident(), slot);
            }
        }
        return {};
    }

    IncidentResult<void> pass_command(const std::string& address) {
        const auto member = find_person(*staff_.team, address);
        if (!member) return tl::unexpected(member.error());
        const MemberId next = (*member)->id;
        const Invitation before = incident().commander();
        if (before.member == next) return {};
        std::vector<std::string> skills;
        if (const auto taken = take_out(incident(), next)) {
            for (const std::string& slot : taken->slots) {
                if (is_filled(incident(), slot)) continue;
                const auto known =
                    std::find_if(incident().slots.begin(), incident().slots.end(),
                                 [&slot](const IncidentSlot& one) { return one.name == slot; });
                if (known == incident().slots.end() || slot == commander_slot) continue;
                if (known->skill.empty()) {
                    drop_slot(incident(), slot);
                } else {
                    skills.push_back(known->skill);
                }
            }
        }
        say("commander", (*member)->name + " takes over the command from " + name_of(before) + '.', next);
        std::vector<MemberId> done;
        for (const Invitation& one : incident().invitations) {
            if (one.role == IncidentRole::commander || one.role == IncidentRole::stand_in)
                done.push_back(one.member);
        }
        for (const MemberId& one : done) release(change_, one);
        Invitation commander;
        commander.member = next;
        commander.name = (*member)->name;
        commander.role = IncidentRole::commander;
        commander.slots = {std::string(commander_slot)};
        commander.rule = "transfer";
        commander.why = "took over the command from " + name_of(before);
        ask(change_, std::move(commander), now_, who_, "asked");
        restart_rounds(incident());
        for (const std::string& skill : skills) fill_skill(staff_, change_, skill, now_, who_);
        return {};
    }

    void reopen(const std::string& name) {
        for (IncidentSlot& slot : incident().slots) {
            if (slot.name == name) slot.exhausted = false;
        }
    }

    IncidentResult<void> change_needs(const std::vector<std::string>& words) {
        std::vector<std::string> skills;
        for (const std::string& word : words) {
            auto skill = find_skill(*staff_.team, word);
            if (!skill) return tl::unexpected(skill.error());
            if (std::find(skills.begin(), skills.end(), *skill) == skills.end()) skills.push_back(*skill);
        }
        const std::vector<IncidentSlot> before = incident().slots;
        for (const IncidentSlot& slot : before) {
            if (slot.skill.empty() || std::find(skills.begin(), skills.end(), slot.skill) != skills.end())
                continue;
            drop_slot(incident(), slot.name);
            say("changed", slot.skill + " is not needed any more.");
        }
        for (const std::string& skill : skills) {
            const bool known = std::any_of(before.begin(), before.end(), [&skill](const IncidentSlot& slot) {
                return slot.skill == skill;
            });
            if (known) continue;
            incident().slots.push_back({skill_slot(skill), skill, false});
            say("changed", skill + " is needed.");
            fill_skill(staff_, change_, skill, now_, who_);
        }
        std::vector<MemberId> idle;
        for (const Invitation& one : incident().invitations) {
            if (one.role == IncidentRole::expert && one.slots.empty()) idle.push_back(one.member);
        }
        for (const MemberId& one : idle) {
            say("expert_removed", say_member(*staff_.team, one) + " is not needed any more.", one);
            release(change_, one);
        }
        return {};
    }

    IncidentResult<void> add_experts(const std::vector<std::string>& addresses) {
        for (const std::string& address : addresses) {
            const auto member = find_person(*staff_.team, address);
            if (!member) return tl::unexpected(member.error());
            const MemberId id = (*member)->id;
            if (incident().commander().member == id) {
                return refuse_incident("commander_is_no_expert",
                                       (*member)->name +
                                           " commands, and the commander is never also an expert: pass the "
                                           "command on first, or name somebody else.");
            }
            const Invitation* known = incident().find(id);
            if (known != nullptr && known->role == IncidentRole::expert) continue;
            if (known != nullptr) take_out(incident(), id);
            Invitation invitation = invite_named(staff_, **member, now_);
            for (const std::string& skill : incident().unfilled()) {
                const auto& has = (*member)->skills;
                if (std::find(has.begin(), has.end(), skill) != has.end())
                    invitation.slots.push_back(skill_slot(skill));
            }
            if (invitation.slots.empty()) {
                invitation.slots = {named_slot(id)};
                incident().slots.push_back({named_slot(id), "", false});
            }
            for (const std::string& slot : invitation.slots) reopen(slot);
            ask(change_, std::move(invitation), now_, who_, "expert_added");
            touched_ = true;
        }
        return {};
    }

    const Staff& staff_;
    const std::string& who_;
    const Instant now_;
    IncidentChange change_;
    bool touched_ = false;
};

}  // namespace

IncidentResult<IncidentChange> patch_incident(const Staff& staff, const Incident& incident,
                                              const IncidentPatch& patch, const std::string& who,
                                              Instant now) {
    if (incident.state != IncidentState::open) return refuse_closed(incident);
    Patcher patcher(staff, incident, who, now);
    if (auto applied = patcher.apply(patch); !applied) return tl::unexpected(applied.error());
    IncidentChange change = patcher.finish();
    tidy_removed(change);
    return change;
}

}  // namespace watchbill
