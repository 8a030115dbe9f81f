#include "rotation/duty/duty_chain.h"

#include <algorithm>
#include <cassert>

#include "texts/phrases.h"

namespace watchbill {

namespace {

// A shift without end lasts until its rotation's next start, a week at most, and an hour more when clocks are
// set back.
constexpr Duration longest_shift = std::chrono::days(8);

// The team's first rotation and those it hands over to, then the same for what is left.
std::vector<const Rotation*> rotations_in_chain_order(const Team& team) {
    std::vector<const Rotation*> ordered;
    for (const Rotation& first : team.rotations) {
        const Rotation* rotation = &first;
        while (rotation != nullptr && std::find(ordered.begin(), ordered.end(), rotation) == ordered.end()) {
            ordered.push_back(rotation);
            rotation =
                rotation->hands_over_to.empty() ? nullptr : team.find_rotation(rotation->hands_over_to);
        }
    }
    return ordered;
}

class ChainMaker {
public:
    explicit ChainMaker(const DutyInput& input)
        : input_(input), team_(*input.team), rotations_(rotations_in_chain_order(*input.team)) {}

    std::vector<AwayHolder> away_at(Instant at) const {
        std::vector<AwayHolder> away;
        for (const Assignment* held : held_at(at)) {
            if (auto holder = away_from(team_, *input_.availability, *held, at))
                away.push_back(std::move(*holder));
        }
        return away;
    }

    std::vector<DutyLink> links_at(Instant at) const {
        std::vector<DutyLink> links;
        add_holders(at, links);
        add_night_duty(at, links);
        add_backup(at, links);
        if (input_.reporter) add({identity(*input_.reporter), DutyRule::reporter, "", {}, false}, links);
        return links;
    }

    // The first instant at which the answer is another one than `now`, found by trying each instant at which
    // anything begins or ends.
    std::optional<Instant> next_change(const std::optional<DutyLink>& now, Instant at) const {
        for (auto next = boundary_after(at); next; next = boundary_after(*next)) {
            const std::vector<DutyLink> links = links_at(*next);
            if (links.empty() ? now.has_value() : links.front() != now) return next;
        }
        return std::nullopt;
    }

private:
    MemberId identity(const MemberId& id) const {
        const Member* member = team_.find_member(id);
        return member != nullptr ? member->id : id;
    }

    static void add(DutyLink link, std::vector<DutyLink>& links) {
        const bool known = std::any_of(links.begin(), links.end(),
                                       [&](const DutyLink& other) { return other.member == link.member; });
        if (!known) links.push_back(std::move(link));
    }

    std::vector<Assignment>::const_iterator first_starting_after(Instant at) const {
        const auto& assignments = input_.plan->assignments;  // by start
        return std::partition_point(
            assignments.begin(), assignments.end(),
            [at](const Assignment& assignment) { return assignment.shift.when.start <= at; });
    }

    // The running shifts that members hold, in the order in which their holders are asked.
    std::vector<const Assignment*> held_at(Instant at) const {
        std::vector<const Assignment*> running;
        const auto end = first_starting_after(at);
        for (auto it = first_starting_after(at - longest_shift); it != end; ++it) {
            if (it->shift.when.contains(at)) running.push_back(&*it);
        }
        std::vector<const Assignment*> held;
        for (const Rotation* rotation : rotations_) {
            // Two of one rotation run together only where its times were changed while a shift was running:
            // then the newer one counts.
            const Assignment* current = nullptr;
            for (const Assignment* assignment : running) {
                if (assignment->shift.key.rotation == rotation->name) current = assignment;
            }
            if (current == nullptr || !current->member) continue;
            // Whoever left the team while their shift runs answers no more: it passes on as if they were
            // away.
            if (team_.find_member(*current->member) != nullptr) held.push_back(current);
        }
        return held;
    }

    void add_holders(Instant at, std::vector<DutyLink>& links) const {
        for (const Assignment* held : held_at(at)) {
            if (away_from(team_, *input_.availability, *held, at)) continue;
            add({identity(*held->member), DutyRule::rotation, held->shift.key.rotation, held->shift.when,
                 false},
                links);
        }
    }

    const Availability* availability_of(const MemberId& member) const {
        const auto found = input_.availability->find(member);
        return found == input_.availability->end() ? nullptr : &found->second;
    }

    void add_night_duty(Instant at, std::vector<DutyLink>& links) const {
        std::vector<DutyLink> on_duty;
        for (const Member& member : team_.members) {
            const Availability* known = availability_of(member.id);
            if (known == nullptr) continue;
            std::optional<Interval> duty;
            for (const Interval& when : known->night_duties) {
                if (when.contains(at) && (!duty || when.start < duty->start)) duty = when;
            }
            if (duty) on_duty.push_back({member.id, DutyRule::night_duty, "", duty, false});
        }
        std::stable_sort(on_duty.begin(), on_duty.end(),
                         [](const DutyLink& a, const DutyLink& b) { return a.when->start < b.when->start; });
        for (DutyLink& link : on_duty) add(std::move(link), links);
    }

    bool is_absent(const MemberId& member, Instant at) const {
        const Availability* known = availability_of(member);
        return known != nullptr &&
               std::any_of(known->absences.begin(), known->absences.end(),
                           [at](const Absence& absence) { return absence.when.contains(at); });
    }

    void add_backup(Instant at, std::vector<DutyLink>& links) const {
        bool all_absent = true;
        for (const MemberId& id : team_.backup) {
            const MemberId member = identity(id);
            if (is_absent(member, at)) continue;
            all_absent = false;
            add({member, DutyRule::backup, "", {}, false}, links);
        }
        if (!all_absent) return;
        const size_t others = links.size();
        for (const MemberId& id : team_.backup) {
            if (links.size() == others) add({identity(id), DutyRule::backup, "", {}, true}, links);
        }
    }

    std::optional<Instant> boundary_after(Instant at) const {
        std::optional<Instant> next;
        const auto consider = [&](const Interval& when) {
            for (const Instant boundary : {when.start, when.end}) {
                if (boundary > at && (!next || boundary < *next)) next = boundary;
            }
        };
        const auto next_start = first_starting_after(at);
        for (auto it = first_starting_after(at - longest_shift); it != next_start; ++it)
            consider(it->shift.when);
        if (next_start != input_.plan->assignments.end()) consider(next_start->shift.when);
        for (const Member& member : team_.members) {
            if (const Availability* known = availability_of(member.id)) {
                for (const Interval& duty : known->night_duties) consider(duty);
                // Of holders and backups.
                for (const Absence& absence : known->absences) consider(absence.when);
            }
        }
        return next;
    }

    const DutyInput& input_;
    const Team& team_;
    const std::vector<const Rotation*> rotations_;
};

}  // namespace

std::string_view duty_rule_name(DutyRule rule) {
    switch (rule) {
        case DutyRule::rotation: return "rotation";
        case DutyRule::night_duty: return "night_duty";
        case DutyRule::backup: return "backup";
        case DutyRule::reporter: break;
    }
    return "reporter";
}

std::optional<DutyLink> DutyChain::answer() const {
    return links.empty() ? std::nullopt : std::optional(links.front());
}

std::optional<AwayHolder> away_from(const Team& team, const TeamAvailability& availability,
                                    const Assignment& assignment, Instant at) {
    if (!assignment.member || !assignment.shift.when.contains(at)) return std::nullopt;
    const Member* const holder = team.find_member(*assignment.member);
    const auto known = holder != nullptr ? availability.find(holder->id) : availability.end();
    if (known == availability.end()) return std::nullopt;
    const bool on_night_duty =
        std::any_of(known->second.night_duties.begin(), known->second.night_duties.end(),
                    [at](const Interval& duty) { return duty.contains(at); });
    if (on_night_duty) return std::nullopt;
    const Absence* longest = nullptr;
    Interval when;
    for (const Absence& absence : known->second.absences) {
        if (absence.kind == AbsenceKind::holiday || !absence.when.contains(at)) continue;
        const bool accepted =
            std::any_of(assignment.reasons.begin(), assignment.reasons.end(), [&](const Reason& reason) {
                return reason.code == ReasonCode::absent && reason.member == *assignment.member &&
                       (!reason.when || reason.when->overlaps(absence.when));
            });
        if (accepted) return std::nullopt;
        when = longest == nullptr
                   ? absence.when
                   : Interval{std::min(when.start, absence.when.start), std::max(when.end, absence.when.end)};
        if (longest == nullptr || absence.when.length() > longest->when.length()) longest = &absence;
    }
    if (longest == nullptr) return std::nullopt;
    return AwayHolder{holder->id, assignment.shift.key.rotation, assignment.shift.when, longest->kind, when};
}

DutyChain duty_chain_at(const DutyInput& input, Instant at) {
    assert(input.team != nullptr && input.plan != nullptr && input.availability != nullptr);
    const ChainMaker maker(input);
    DutyChain chain;
    chain.links = maker.links_at(at);
    chain.away = maker.away_at(at);
    chain.until = maker.next_change(chain.answer(), at);
    return chain;
}

std::string say_away(const Team& team, const AwayHolder& holder) {
    std::string text = say_member(team, holder.member) + " (away: " + say_kind(holder.kind);
    if (holder.when.start > holder.shift.start)
        text += " since " + say_time(zone_of_rotation(team, holder.rotation), holder.when.start);
    return text + ')';
}

std::string say_answer(const Team& team, const DutyChain& chain, Instant at) {
    const auto answer = chain.answer();
    const Zone zone = answer && answer->rule == DutyRule::rotation ? zone_of_rotation(team, answer->rotation)
                                                                   : Zone::get(team.zone);
    std::string away;
    for (const AwayHolder& holder : chain.away) away += say_away(team, holder) + ", ";
    const std::string no_shift = chain.away.empty() ? "no shift is held" : "who holds the shift is away";
    std::string until;
    if (chain.until)
        until = ", until " + say_moment(zone, *chain.until, zone.day_of(at)) + " (" + zone.name() + ")";
    if (!answer) {
        return away + "NOBODY answers" + until + ": " + no_shift +
               ", nobody is on night duty, and the team has no backup";
    }
    const std::string answers = away + say_member(team, answer->member) + " answers" + until + ": ";
    switch (answer->rule) {
        case DutyRule::rotation:
            return answers + "holds the " + say_rotation(team, answer->rotation) + " shift";
        case DutyRule::night_duty: return answers + "on night duty, and " + no_shift;
        case DutyRule::backup:
            return answers + "backup, for " + no_shift + " and nobody is on night duty" +
                   (answer->absent ? "; absent, as is every backup" : "");
        case DutyRule::reporter: break;
    }
    return answers + "the reporter, for " + no_shift + ", nobody is on night duty and there is no backup";
}

}  // namespace watchbill
