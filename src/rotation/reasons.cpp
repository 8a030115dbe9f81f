#include "rotation/reasons.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

#include "rotation/phrases.h"
#include "rotation/shift_classes.h"
#include "time/zone.h"

namespace watchbill {

namespace {

// More names than this are counted instead: a title line has room for about as many.
constexpr size_t most_names = 3;

// What the sentences about one shift have in common.
struct Context {
    const Team& team;
    const Assignment& assignment;

    const Shift& shift() const { return assignment.shift; }
    Day date() const { return shift().key.date; }
    Zone zone() const { return zone_of_rotation(team, shift().key.rotation); }
    std::string title() const { return say_rotation(team, shift().key.rotation); }
    std::string name(const MemberId& member) const { return say_member(team, member); }
    std::string moment(Instant at) const { return say_moment(zone(), at, date()); }

    const Reason* find(ReasonCode code) const {
        const auto it = std::find_if(assignment.reasons.begin(), assignment.reasons.end(),
                                     [code](const Reason& reason) { return reason.code == code; });
        return it == assignment.reasons.end() ? nullptr : &*it;
    }
    bool is_overridden() const { return assignment.overridden || find(ReasonCode::override_set) != nullptr; }
    bool is_rest_broken() const { return assignment.rest_broken || find(ReasonCode::rest_broken) != nullptr; }
    bool is_holder(const Reason& reason) const { return assignment.member == reason.member; }
};

// The days that `when` is made of in this zone, if it is made of whole days.
std::optional<DaySpan> whole_days(const Zone& zone, Interval when) {
    const DaySpan span{zone.day_of(when.start), zone.day_of(when.end)};
    const bool whole = span.first < span.end && zone.interval_of(span) == when;
    return whole ? std::optional(span) : std::nullopt;
}

// Whole days are days of the member or, for a site's holiday, of the team; anything else is told by the
// rotation's clock, as the shift is.
std::string say_absence_dates(const Context& context, const MemberId& member, Interval when) {
    for (const Zone& zone : {zone_of_member(context.team, member), Zone::get(context.team.zone)}) {
        if (const auto days = whole_days(zone, when)) return say_days(*days, context.date());
    }
    return say_span(context.zone(), when, context.date());
}

std::string say_absent(const Context& context, const Reason& reason) {
    const bool has_kind = reason.absence_kind && *reason.absence_kind != AbsenceKind::other;
    std::string details = has_kind ? say_kind(*reason.absence_kind) : "";
    if (reason.when) {
        if (!details.empty()) details += ", ";
        details += say_absence_dates(context, reason.member, *reason.when);
    }
    return details.empty() ? "absent" : "absent (" + details + ")";
}

// `reason.when` is the night duty; the rest follows it.
std::string say_resting(const Context& context, const Reason& reason) {
    if (!reason.when) return "resting after night duty";
    if (reason.when->overlaps(context.shift().when))
        return "on night duty (" + say_span(context.zone(), *reason.when, context.date()) + ")";
    return "resting after night duty (until " + context.moment(reason.when->end + context.team.rest) + ")";
}

// Why somebody cannot serve, as what follows "is".
std::string say_unavailable(const Context& context, const Reason& reason) {
    return reason.code == ReasonCode::absent ? say_absent(context, reason) : say_resting(context, reason);
}

bool is_unavailable(const Reason& reason) {
    return reason.code == ReasonCode::absent || reason.code == ReasonCode::resting;
}

// Why people's choice cannot serve the shift that they were given; nullptr where they can.
const Reason* what_was_forced(const Assignment& assignment) {
    const bool by_people =
        assignment.overridden || find_reason(assignment, ReasonCode::override_set) != nullptr;
    if (!by_people || !assignment.member) return nullptr;
    for (const Reason& reason : assignment.reasons)
        if (is_unavailable(reason) && reason.member == *assignment.member) return &reason;
    return nullptr;
}

// "absent (sick, Thu 3 Dec)", "not a member of the team any more"
std::string say_why_ended(const Context& context, const Reason& reason) {
    if (reason.absence_kind) return say_absent(context, reason);
    return reason.when ? say_resting(context, reason) : "not a member of the team any more";
}

// Nobody else of the roster could: told by the others' reasons, so that it stays true, and said, when the
// assignment is later merely kept.
bool is_only_candidate(const Context& context) {
    if (context.find(ReasonCode::only_candidate) != nullptr) return true;
    size_t unavailable = 0;
    for (const Reason& reason : context.assignment.reasons) {
        if (context.is_holder(reason)) continue;
        if (reason.code == ReasonCode::not_their_turn) return false;
        if (is_unavailable(reason)) ++unavailable;
    }
    return unavailable > 0;
}

std::string say_broken_rest(const Context& context) {
    const Reason* reason = context.find(ReasonCode::rest_broken);
    std::string text = "WITHOUT REST after night duty";
    if (reason == nullptr || !reason->when) return text;
    if (reason->when->overlaps(context.shift().when))
        return text + " (" + say_span(context.zone(), *reason->when, context.date()) + ")";
    return text + " (rest due until " + context.moment(reason->when->end + context.team.rest) + ")";
}

constexpr std::string_view agreed_by_people = "agreed by people (a swap, a cover or a change by hand)";

// Why the holder, without anything that changes while the assignment stays: "next in turn" also after it
// was published, kept and has started.
std::string say_why_holder(const Context& context) {
    const Reason* replaced = context.find(ReasonCode::replaced);
    const std::string instead = replaced != nullptr ? " for " + context.name(replaced->member) : "";
    if (context.is_overridden()) {
        const Reason* forced = what_was_forced(context.assignment);
        return std::string(agreed_by_people) + (instead.empty() ? "" : "," + instead) +
               (forced == nullptr ? "" : ", FORCED although " + say_unavailable(context, *forced));
    }
    if (context.is_rest_broken()) return "nobody rested is there";
    if (replaced != nullptr) return "standing in" + instead;
    return is_only_candidate(context) ? "nobody else is available" : "next in turn";
}

std::string say_headline(const Context& context) {
    const std::string title = context.title();
    if (!context.assignment.member)
        return "NOBODY is " + title + " on " + say_day(context.date(), context.date()) +
               " (uncovered): nobody is available";
    std::string text = context.name(*context.assignment.member) + " is " + title;
    if (context.is_rest_broken()) text += ' ' + say_broken_rest(context);
    return text + ": " + say_why_holder(context);
}

std::string say_later_in_turn(std::vector<std::string> names) {
    const bool one = names.size() == 1;
    if (names.size() > most_names) {
        const size_t others = names.size() - (most_names - 1);
        names.resize(most_names - 1);
        names.push_back(std::to_string(others) + " others");
    }
    return say_list(names) + (one ? " is later in turn" : " are later in turn");
}

// "%+.2f" without "-0.00".
std::string say_balance(double balance) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%+.2f", std::abs(balance) < 0.005 ? 0.0 : balance);
    return text.data();
}

// " for weekends": which turns decided.
std::string for_class(const Reason& reason) {
    return reason.fair_class.empty() ? "" : " for " + say_fair_class(reason.fair_class);
}

std::string say_balances(double balance, const Reason& reason) {
    std::string text = " (balance " + say_balance(balance);
    if (reason.class_balance)
        text += ", in " + say_fair_class(reason.fair_class) + ' ' + say_balance(*reason.class_balance);
    return text + ')';
}

std::string say_at_length(const Context& context, const Reason& reason) {
    switch (reason.code) {
        case ReasonCode::next_turn: return "next in turn" + for_class(reason);
        case ReasonCode::only_candidate: return "nobody else is available";
        case ReasonCode::kept_published: return "kept as published";
        case ReasonCode::override_set: return std::string(agreed_by_people);
        case ReasonCode::in_the_past: return "kept because the shift has started, and history never changes";
        case ReasonCode::rest_broken: return say_broken_rest(context);
        case ReasonCode::uncovered: return "UNCOVERED, nobody is available";
        case ReasonCode::replaced:
            return context.is_overridden() ? "held this shift by plan" : "held this shift before";
        case ReasonCode::absent:
        case ReasonCode::resting:
            return (context.is_holder(reason) ? "forced, although " : "") + say_unavailable(context, reason);
        case ReasonCode::override_ended:
            return "was given this shift by people, which ended: " + say_why_ended(context, reason);
        case ReasonCode::not_their_turn:
            return context.is_overridden() ? "available" : "available, later in turn" + for_class(reason);
    }
    return {};
}

// All that is said about one person.
struct PersonLine {
    MemberId member;
    std::vector<std::string> parts;
    const Reason* balances = nullptr;  // the reason that has them
};

PersonLine& line_of(std::vector<PersonLine>& lines, const MemberId& member) {
    const auto it = std::find_if(lines.begin(), lines.end(),
                                 [&member](const PersonLine& line) { return line.member == member; });
    return it != lines.end() ? *it : lines.emplace_back(PersonLine{member, {}, nullptr});
}

bool could_serve(const Assignment& assignment, const MemberId& member) {
    if (member.empty()) return false;
    return std::any_of(assignment.reasons.begin(), assignment.reasons.end(), [&](const Reason& reason) {
        return reason.member == member && !is_unavailable(reason) && reason.code != ReasonCode::replaced &&
               reason.code != ReasonCode::override_ended;
    });
}

// "served last on Fri 27 Nov, serves next on Mon 7 Dec": what the plan knows of their shifts around this one.
std::string say_own_days(const Plan& plan, const ShiftKey& key, const MemberId& member) {
    std::optional<Day> last;
    std::optional<Day> next;
    for (const Assignment& other : plan.assignments) {
        const ShiftKey& theirs = other.shift.key;
        if (other.member != member || theirs.rotation != key.rotation) continue;
        if (theirs.date < key.date) last = std::max(last.value_or(theirs.date), theirs.date);
        if (theirs.date > key.date) next = std::min(next.value_or(theirs.date), theirs.date);
    }
    std::string text = last ? "served last on " + say_day(*last, key.date) : "";
    if (next) text += (last ? ", serves next on " : "serves next on ") + say_day(*next, key.date);
    return text;
}

}  // namespace

const Reason* find_reason(const Assignment& assignment, ReasonCode code) {
    const auto found = std::find_if(assignment.reasons.begin(), assignment.reasons.end(),
                                    [code](const Reason& reason) { return reason.code == code; });
    return found == assignment.reasons.end() ? nullptr : &*found;
}

bool is_forced(const Assignment& assignment) { return what_was_forced(assignment) != nullptr; }

std::string explain_in_one_sentence(const Team& team, const Assignment& assignment) {
    const Context context{team, assignment};
    std::string text = say_headline(context);
    std::vector<std::string> later;
    for (const Reason& reason : assignment.reasons) {
        if (context.is_holder(reason)) continue;
        if (reason.code == ReasonCode::override_ended)
            text += "; people had given it to " + context.name(reason.member) + ", who is " +
                    say_why_ended(context, reason);
        else if (is_unavailable(reason))
            text += "; " + context.name(reason.member) + " is " + say_unavailable(context, reason);
        else if (reason.code == ReasonCode::not_their_turn && !context.is_overridden())
            later.push_back(context.name(reason.member));
    }
    if (!later.empty()) text += "; " + say_later_in_turn(std::move(later));
    return text + ".";
}

std::string explain_at_length(const Team& team, const Plan& plan, const Assignment& assignment) {
    const Context context{team, assignment};
    std::vector<PersonLine> lines;
    // First the holder, or nobody.
    line_of(lines, assignment.member.value_or(MemberId()));
    for (const Reason& reason : assignment.reasons) {
        const bool about_nobody = reason.code == ReasonCode::uncovered;
        PersonLine& line = line_of(lines, about_nobody ? MemberId() : reason.member);
        line.parts.push_back(say_at_length(context, reason));
        if (reason.balance) line.balances = &reason;
    }
    std::string text;
    for (PersonLine& line : lines) {
        const bool nobody = line.member.empty();
        if (line.parts.empty()) line.parts.push_back(nobody ? "UNCOVERED, nobody is available" : "assigned");
        text += nobody ? "NOBODY: " : context.name(line.member) + ": ";
        if (could_serve(assignment, line.member)) {
            if (std::string days = say_own_days(plan, assignment.shift.key, line.member); !days.empty())
                line.parts.push_back(std::move(days));
        }
        for (size_t i = 0; i < line.parts.size(); ++i) text += (i > 0 ? "; " : "") + line.parts[i];
        if (line.balances != nullptr) text += say_balances(*line.balances->balance, *line.balances);
        text += ".\n";
    }
    return text;
}

std::string say_why_unavailable(const Team& team, const Shift& shift, const Reason& reason) {
    Assignment assignment;
    assignment.shift = shift;
    return say_unavailable(Context{team, assignment}, reason);
}

std::string say_why_ended(const Team& team, const Shift& shift, const Reason& reason) {
    Assignment assignment;
    assignment.shift = shift;
    return say_why_ended(Context{team, assignment}, reason);
}

}  // namespace watchbill
