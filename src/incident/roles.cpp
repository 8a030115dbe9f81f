#include "incident/roles.h"

#include <algorithm>
#include <tuple>

#include "rotation/phrases.h"
#include "time/format.h"
#include "words/letter_case.h"
#include "words/suggest.h"

namespace watchbill {

namespace {

bool same_without_case(const std::string& a, const std::string& b) { return lower_case(a) == lower_case(b); }

bool has_skill(const Member& member, const std::string& skill) {
    return std::find(member.skills.begin(), member.skills.end(), skill) != member.skills.end();
}

std::string say_rule(const Team& team, const DutyLink& link) {
    switch (link.rule) {
        case DutyRule::rotation: return "holds the " + say_rotation(team, link.rotation) + " shift";
        case DutyRule::night_duty: return "is on night duty, and no shift is held";
        case DutyRule::backup:
            return std::string("is backup, for no shift is held and nobody is on night duty") +
                   (link.absent ? "; absent, as is every backup" : "");
        case DutyRule::reporter: break;
    }
    return "reported it, and nobody is on duty, on night duty or backup";
}

std::string say_last_called(const Staff& staff, const Member& member) {
    const auto called = staff.last_called->find(member.id);
    if (called == staff.last_called->end()) return "never called before";
    const Zone zone = zone_of_member(*staff.team, member.id);
    return "last called on " + format_date_of_week(zone.day_of(called->second));
}

Instant last_called(const Staff& staff, const MemberId& member) {
    const auto called = staff.last_called->find(member);
    return called == staff.last_called->end() ? Instant::min() : called->second;
}

// Whoever is there, least recently called first; where nobody is, whoever is nearest to it. Null when all are
// excluded.
const Member* most_present(const Staff& staff, const std::set<MemberId>& excluded, Instant at) {
    const Member* best = nullptr;
    const auto rank = [&](const Member& member) {
        return std::tuple(presence_at(staff, member, at).presence, last_called(staff, member.id));
    };
    for (const Member& member : staff.team->members) {
        if (excluded.contains(member.id)) continue;
        if (best == nullptr || rank(member) < rank(*best)) best = &member;
    }
    return best;
}

Invitation invite_off_duty(const Staff& staff, const Member& member, std::string rule, const std::string& why,
                           Instant at) {
    Invitation invitation;
    invitation.member = member.id;
    invitation.name = member.name;
    invitation.rule = std::move(rule);
    invitation.why = why + "; " + say_presence(staff, member, presence_at(staff, member, at), at);
    return invitation;
}

// Nobody is on duty in any way, and the role is never empty.
Invitation last_resort(const Staff& staff, Instant at) {
    return invite_off_duty(staff, *most_present(staff, {}, at), "last_resort",
                           "nobody is on duty, on night duty, backup or the reporter", at);
}

Invitation choose_commander(const Staff& staff, const RoleRequest& request) {
    const DutyChain chain =
        duty_chain_at({staff.team, staff.plan, staff.availability, request.reporter}, request.at);
    const auto answer = chain.answer();
    Invitation commander = answer ? invite_link(*staff.team, *answer) : last_resort(staff, request.at);
    commander.role = IncidentRole::commander;
    commander.slots = {std::string(commander_slot)};
    return commander;
}

// Fills slots one by one; each person once.
class RoleFiller {
public:
    RoleFiller(const Staff& staff, const RoleRequest& request) : staff_(staff), request_(request) {
        add_slot(std::string(commander_slot), "");
        chosen_.invitations.push_back(choose_commander(staff, request));
    }

    IncidentResult<void> add_named(const std::string& address) {
        const auto member = find_person(*staff_.team, address);
        if (!member) return tl::unexpected(member.error());
        if ((*member)->id == commander().member) {
            return refuse_incident(
                "commander_is_no_expert",
                (*member)->name + " commands (" + commander().why +
                    "), and the commander is never also an expert: name somebody else, or a skill in "
                    "\"needs\".");
        }
        if (find((*member)->id) != nullptr) return {};
        chosen_.invitations.push_back(invite_named(staff_, **member, request_.at));
        return {};
    }

    IncidentResult<void> add_need(const std::string& word) {
        const auto skill = find_skill(*staff_.team, word);
        if (!skill) return tl::unexpected(skill.error());
        const std::string slot = skill_slot(*skill);
        if (!add_slot(slot, *skill)) return {};
        // Whoever was named for it comes first.
        for (Invitation& invitation : chosen_.invitations) {
            const Member* member = staff_.team->find_member(invitation.member);
            if (invitation.rule != "named" || !has_skill(*member, *skill)) continue;
            invitation.slots.push_back(slot);
            return {};
        }
        ExpertSearch search{{*skill}, {commander().member}, {}, request_.at};
        for (const Invitation& invitation : chosen_.invitations) search.busy.insert(invitation.member);
        auto expert = pick_expert(staff_, search);
        if (!expert) return {};
        expert->slots = {slot};
        if (Invitation* invited = find(expert->member)) {
            invited->slots.push_back(slot);
            invited->why += "; and " + expert->why;
        } else {
            chosen_.invitations.push_back(std::move(*expert));
        }
        return {};
    }

    ChosenRoles finish() {
        // Named people who fill no needed skill have a slot of their own.
        for (Invitation& invitation : chosen_.invitations) {
            if (!invitation.slots.empty()) continue;
            invitation.slots = {named_slot(invitation.member)};
            add_slot(invitation.slots.front(), "");
        }
        if (request_.reporter && find(*request_.reporter) == nullptr) {
            Invitation reporter;
            reporter.member = *request_.reporter;
            reporter.name = say_member(*staff_.team, *request_.reporter);
            if (reporter.name == reporter.member.email()) reporter.name.clear();
            reporter.role = IncidentRole::reporter;
            reporter.rule = "reporter";
            reporter.why = "reported it";
            chosen_.invitations.push_back(std::move(reporter));
        }
        return std::move(chosen_);
    }

private:
    bool add_slot(const std::string& name, const std::string& skill) {
        const bool known = std::any_of(chosen_.slots.begin(), chosen_.slots.end(),
                                       [&name](const IncidentSlot& slot) { return slot.name == name; });
        if (!known) chosen_.slots.push_back({name, skill, false});
        return !known;
    }
    Invitation* find(const MemberId& member) {
        const auto found = std::find_if(chosen_.invitations.begin(), chosen_.invitations.end(),
                                        [&member](const Invitation& one) { return one.member == member; });
        return found == chosen_.invitations.end() ? nullptr : &*found;
    }
    const Invitation& commander() const { return chosen_.invitations.front(); }

    const Staff& staff_;
    const RoleRequest& request_;
    ChosenRoles chosen_;
};

}  // namespace

std::string skill_slot(const std::string& skill) { return "skill:" + skill; }
std::string named_slot(const MemberId& member) { return "named:" + member.email(); }

IncidentResult<const Member*> find_person(const Team& team, const std::string& address) {
    const auto id = MemberId::parse(address);
    if (const Member* member = id ? team.find_member(*id) : nullptr) return member;
    std::vector<std::string> known;
    for (const Member& member : team.members) known.push_back(member.id.email());
    const auto near = id ? nearest_email(id->email(), known) : nearest(address, known);
    return refuse_incident("unknown_person", "\"" + address +
                                                 "\" is not the address of a member of this team" +
                                                 (near ? did_you_mean(near) : ": name one of its members."));
}

IncidentResult<std::string> find_skill(const Team& team, const std::string& skill) {
    std::vector<std::string> known;
    for (const Member& member : team.members) {
        for (const std::string& has : member.skills) {
            if (same_without_case(has, skill)) return has;
            if (std::find(known.begin(), known.end(), has) == known.end()) known.push_back(has);
        }
    }
    const auto near = nearest(skill, known);
    const std::string otherwise =
        known.empty() ? "; its members' \"skills\" are none." : "; there is " + say_list(known) + ".";
    return refuse_incident("unknown_skill", "No member of this team has the skill \"" + skill + "\"" +
                                                (near ? did_you_mean(near) : otherwise));
}

Invitation invite_link(const Team& team, const DutyLink& link) {
    Invitation invitation;
    invitation.member = link.member;
    const Member* member = team.find_member(link.member);
    invitation.name = member != nullptr ? member->name : "";
    invitation.rule = duty_rule_name(link.rule);
    invitation.why = say_rule(team, link);
    return invitation;
}

Invitation invite_named(const Staff& staff, const Member& member, Instant at) {
    const PresenceAt found = presence_at(staff, member, at);
    Invitation invitation;
    invitation.member = member.id;
    invitation.name = member.name;
    invitation.rule = "named";
    invitation.why = "was named";
    if (found.presence != Presence::there) invitation.why += "; " + say_presence(staff, member, found, at);
    return invitation;
}

std::optional<Invitation> pick_off_duty(const Staff& staff, const std::set<MemberId>& excluded, Instant at) {
    const Member* member = most_present(staff, excluded, at);
    if (member == nullptr || presence_at(staff, *member, at).presence == Presence::absent)
        return std::nullopt;
    return invite_off_duty(staff, *member, "team", "nobody who is on duty or backup has taken over", at);
}

std::optional<Invitation> pick_expert(const Staff& staff, const ExpertSearch& search) {
    const Member* best = nullptr;
    std::string skill;
    const auto rank = [&](const Member& member) {
        return std::tuple(presence_at(staff, member, search.at).presence, search.busy.contains(member.id),
                          last_called(staff, member.id));
    };
    for (const Member& member : staff.team->members) {
        const auto has = std::find_if(search.skills.begin(), search.skills.end(),
                                      [&member](const std::string& one) { return has_skill(member, one); });
        if (has == search.skills.end() || search.excluded.contains(member.id)) continue;
        const Presence presence = presence_at(staff, member, search.at).presence;
        if (presence == Presence::absent || presence == Presence::resting) continue;
        if (best != nullptr && rank(*best) <= rank(member)) continue;
        best = &member;
        skill = *has;
    }
    if (best == nullptr) return std::nullopt;
    Invitation expert;
    expert.member = best->id;
    expert.name = best->name;
    expert.rule = "skill";
    expert.why = "has the skill " + skill + ", " +
                 say_presence(staff, *best, presence_at(staff, *best, search.at), search.at) + ", " +
                 say_last_called(staff, *best);
    return expert;
}

IncidentResult<ChosenRoles> choose_roles(const Staff& staff, const RoleRequest& request) {
    RoleRequest known = request;
    if (known.reporter) {
        if (const Member* member = staff.team->find_member(*known.reporter)) known.reporter = member->id;
    }
    RoleFiller filler(staff, known);
    for (const std::string& address : known.experts) {
        if (auto added = filler.add_named(address); !added) return tl::unexpected(added.error());
    }
    for (const std::string& skill : known.needs) {
        if (auto added = filler.add_need(skill); !added) return tl::unexpected(added.error());
    }
    return filler.finish();
}

}  // namespace watchbill
