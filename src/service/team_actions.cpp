#include "service/team_actions.h"

#include <algorithm>

#include "rotation/brief.h"
#include "rotation/override_check.h"
#include "rotation/phrases.h"
#include "rotation/team_feeds.h"
#include "service/people_text.h"
#include "time/format.h"

namespace watchbill {

namespace {

using std::chrono::days;

constexpr size_t max_reason_bytes = 500;
constexpr size_t max_handover_note_bytes = 4096;
// What all notes of one handover hold goes into one event's description, in everybody's calendar.
constexpr size_t max_notes = 50;

Refused refused_by(const OverrideRefusal& refusal) {
    const auto kind_of = [](OverrideObstacle obstacle) {
        switch (obstacle) {
            case OverrideObstacle::no_such_rotation:
            case OverrideObstacle::no_such_shift: return ErrorCode::not_found;
            case OverrideObstacle::unknown_person: return ErrorCode::invalid_input;
            case OverrideObstacle::shift_ended:
            case OverrideObstacle::shift_started:
            case OverrideObstacle::absent:
            case OverrideObstacle::resting: break;
        }
        return ErrorCode::conflict;
    };
    return refuse(std::string(obstacle_name(refusal.obstacle)), kind_of(refusal.obstacle), refusal.sentence);
}

// Without the text: it may be anything.
Refused refuse_person() {
    return refuse("unknown_person", ErrorCode::invalid_input,
                  "That is not the address of a member of this team: name one of its members.");
}

// The member whose address it is; nothing for anybody else.
const Member* find_member(const Team& team, const std::string& address) {
    const auto id = MemberId::parse(address);
    return id ? team.find_member(*id) : nullptr;
}

DaySpan only(Day date) { return {date, date + days(1)}; }

Result<std::optional<Override>> stored_override(Store& store, const Team& team, const ShiftKey& shift) {
    auto fixed = store.overrides(team.name, only(shift.date));
    if (!fixed) return tl::unexpected(std::move(fixed.error()));
    const auto found = std::find_if(fixed->begin(), fixed->end(),
                                    [&shift](const Override& one) { return one.shift == shift; });
    return found == fixed->end() ? std::nullopt : std::optional(*found);
}

// "MRO on Thu 3 Dec 2026"
std::string say_shift(const Team& team, const ShiftKey& shift) {
    return say_rotation(team, shift.rotation) + " on " + format_date_of_week(shift.date);
}

// "MRO on Thu 3 Dec 2026 is given to Bob Durand; Alice Martin had it. Reason: dentist. Decided by Alice
// Martin."
std::string say_given(const Team& team, const OverrideGrant& grant, const Override& fixed,
                      const Member* decided_by) {
    std::string text = say_shift(team, fixed.shift) + " is given to " + say_member(team, fixed.member) +
                       "; " + say_holder(team, grant.now_held) + " had it.";
    if (!fixed.reason.empty()) text += " Reason: " + fixed.reason + ".";
    if (decided_by != nullptr) text += " Decided by " + say_member(team, decided_by->id) + ".";
    for (const std::string& warning : grant.warnings) text += " " + warning;
    return text;
}

AuditEntry entry_of(const KnownTeam& known, const Actor& actor, Instant now, std::string action,
                    std::string what) {
    return {now, actor.who, actor.from, known.team.name, std::move(action), std::move(what)};
}

}  // namespace

Refused refuse(std::string code, ErrorCode kind, std::string sentence) {
    return Refused(ActionError{std::move(code), {kind, std::move(sentence), {}}});
}

Refused refuse(Error error) {
    std::string code(code_name(error.code));
    return Refused(ActionError{std::move(code), std::move(error)});
}

ActionResult<OverrideOutcome> set_override(Store& store, const KnownTeam& known, const OverrideOrder& order,
                                           const Actor& actor, Instant now) {
    const Team& team = known.team;
    auto reason = accept_text(order.reason, {"the reason", max_reason_bytes, false, true});
    if (!reason) return refuse(std::move(reason.error()));
    const auto id = MemberId::parse(order.member);
    if (!id) return refuse_person();
    const Member* decided_by = order.by.empty() ? nullptr : find_member(team, order.by);
    if (!order.by.empty() && decided_by == nullptr) return refuse_person();

    const auto standing = stored_override(store, team, order.shift);
    if (!standing) return refuse(standing.error());
    const Member* member = team.find_member(*id);
    const bool stands =
        *standing && member != nullptr && (*standing)->member == member->id && (*standing)->reason == *reason;
    // What was forced already needs no force again.
    const bool force = order.force || (stands && (*standing)->forced);
    const auto grant = check_override(team, known.plan, known.availability, {order.shift, *id, force}, now);
    if (!grant) return refused_by(grant.error());
    if (stands && (!grant->forced || (*standing)->forced)) return OverrideOutcome{false, grant->warnings};

    const Override fixed{order.shift,
                         grant->member,
                         std::move(*reason),
                         decided_by != nullptr ? decided_by->id.email() : actor.who,
                         now,
                         grant->forced};
    const auto entry =
        entry_of(known, actor, now, "override.set", say_given(team, *grant, fixed, decided_by));
    if (auto written = store.set_override(team.name, fixed, entry); !written)
        return refuse(std::move(written.error()));
    return OverrideOutcome{true, grant->warnings};
}

ActionResult<void> remove_override(Store& store, const KnownTeam& known, const ShiftKey& shift,
                                   const Actor& actor, Instant now) {
    const auto held = check_override_removal(known.team, known.plan, shift, now);
    if (!held) return refused_by(held.error());
    const std::string what = say_shift(known.team, shift) + " goes back to the plan; " +
                             say_holder(known.team, *held) + " had it.";
    auto removed =
        store.remove_override(known.team.name, shift, entry_of(known, actor, now, "override.removed", what));
    if (removed) return {};
    if (removed.error().code != ErrorCode::not_found) return refuse(std::move(removed.error()));
    return refuse("no_override", ErrorCode::not_found,
                  say_shift(known.team, shift) + " is held by plan: there is no override to take back.");
}

ActionResult<Handover> choose_handover(const KnownTeam& known, const HandoverChoice& choice, Instant now) {
    const Team& team = known.team;
    if (!choice.rotation.empty() && team.find_rotation(choice.rotation) == nullptr) {
        return refuse("no_such_rotation", ErrorCode::not_found,
                      "There is no rotation \"" + choice.rotation + "\" in this team.");
    }
    std::vector<Handover> handovers = handovers_of(team, known.plan, now);
    if (!choice.date) {
        if (auto next = next_handover(handovers, choice.rotation, now)) return *next;
        return refuse("no_such_handover", ErrorCode::not_found, "No handover is planned from now on.");
    }
    std::erase_if(handovers, [&choice](const Handover& handover) {
        const ShiftKey& from = handover.from.shift.key;
        return from.date != *choice.date || (!choice.rotation.empty() && from.rotation != choice.rotation);
    });
    if (handovers.size() == 1) return handovers.front();
    const std::string date = format_date_of_week(*choice.date);
    if (handovers.empty()) {
        return refuse("no_such_handover", ErrorCode::not_found,
                      "No shift that starts on " + date + " and hands over is planned or known.");
    }
    return refuse("ambiguous", ErrorCode::invalid_input,
                  "Several shifts start on " + date + ": say which rotation is meant.");
}

ActionResult<NoteOutcome> add_note(Store& store, const KnownTeam& known, const NoteOrder& order,
                                   const Actor& actor, Instant now) {
    const Team& team = known.team;
    auto text = accept_text(order.text, {"the note", max_handover_note_bytes, true, false});
    if (!text) return refuse(std::move(text.error()));
    const Member* author = order.by.empty() ? nullptr : find_member(team, order.by);
    if (!order.by.empty() && author == nullptr) return refuse_person();
    auto handover = choose_handover(known, order.handover, now);
    if (!handover) return Refused(std::move(handover.error()));
    const ShiftKey& shift = handover->from.shift.key;
    if (handover->at + handover_length <= now) {
        return refuse(
            "handover_over", ErrorCode::conflict,
            "The handover of " + say_shift(team, shift) + " is over: leave the note for the next one.");
    }

    const HandoverNote note{shift, std::move(*text), author != nullptr ? author->id.email() : actor.who, now};
    const auto notes = store.handover_notes(team.name, only(shift.date));
    if (!notes) return refuse(notes.error());
    size_t left = 0;
    for (const HandoverNote& other : *notes) {
        if (other.shift != shift) continue;
        if (other.text == note.text && other.author == note.author)
            return NoteOutcome{false, other, std::move(*handover)};
        ++left;
    }
    if (left >= max_notes) {
        return refuse("too_many_notes", ErrorCode::conflict,
                      "This handover has " + std::to_string(max_notes) +
                          " notes already, more than anybody reads: put the rest where you can link to it.");
    }
    const auto entry = entry_of(known, actor, now, "note.added",
                                "A note is left for the handover of " + say_shift(team, shift) + " by " +
                                    say_author(team, note.author) + ".");
    if (auto written = store.add_handover_note(team.name, note, entry); !written)
        return refuse(std::move(written.error()));
    return NoteOutcome{true, note, std::move(*handover)};
}

}  // namespace watchbill
