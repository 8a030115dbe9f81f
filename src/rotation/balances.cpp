#include "rotation/balances.h"

#include <algorithm>
#include <cassert>
#include <map>

#include "rotation/night.h"
#include "rotation/phrases.h"
#include "rotation/tally.h"

namespace watchbill {

namespace {

struct Line {
    Tally::mapped_type ever;
    Tally::mapped_type period;
    int nights = 0;
    int weekends = 0;
    int holidays = 0;
};

using RotationLines = std::map<MemberId, Line>;

bool is_weekend(Day date) {
    const std::chrono::weekday day(date);
    return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

// An address that a member had before is theirs.
Assignment by_present_names(const Team& team, Assignment assignment) {
    const auto rename = [&team](MemberId& member) {
        if (const Member* known = team.find_member(member)) member = known->id;
    };
    if (assignment.member) rename(*assignment.member);
    for (Candidate& candidate : assignment.candidates) rename(candidate.member);
    return assignment;
}

void count_in_period(const Team& team, RotationLines& lines, const Assignment& assignment) {
    Tally tally;
    count_shift(tally, assignment);
    for (const auto& [member, counted] : tally) {
        Line& line = lines[member];
        for (const auto& [denominator, numerator] : counted.earned)
            line.period.earned[denominator] += numerator;
        line.period.served += counted.served;
    }
    if (!assignment.member) return;
    Line& holder = lines[*assignment.member];
    const Zone zone = zone_of_member(team, *assignment.member);
    holder.nights += is_night_work(assignment.shift.when, zone) ? 1 : 0;
    holder.weekends += is_weekend(assignment.shift.key.date) ? 1 : 0;
    holder.holidays += assignment.on_holiday ? 1 : 0;
}

MemberBalance balance_of(const std::string& rotation, const MemberId& member, const Line& line) {
    MemberBalance balance;
    balance.rotation = rotation;
    balance.member = member;
    balance.served = static_cast<int>(line.period.served);
    balance.shares = line.period.balance() + static_cast<double>(line.period.served);
    balance.nights = line.nights;
    balance.weekends = line.weekends;
    balance.holidays = line.holidays;
    balance.balance = line.ever.balance();
    return balance;
}

void append(std::vector<MemberBalance>& balances, const std::string& rotation,
            const std::vector<MemberId>& roster, RotationLines lines) {
    for (const MemberId& member : roster) {
        balances.push_back(balance_of(rotation, member, lines[member]));
        lines.erase(member);
    }
    for (const auto& [member, line] : lines) balances.push_back(balance_of(rotation, member, line));
}

}  // namespace

std::vector<MemberBalance> balances(const BalanceRequest& request) {
    assert(request.team != nullptr && "balances are a team's");
    const Team& team = *request.team;
    std::map<std::string, Tally> tallies;
    std::map<std::string, RotationLines> rotations;
    for (const Assignment& row : request.published) {
        if (row.shift.when.end > request.now || row.shift.key.date >= request.period.end) continue;
        const Assignment assignment = by_present_names(team, row);
        const std::string& rotation = assignment.shift.key.rotation;
        count_shift(tallies[rotation], assignment);
        if (request.period.contains(assignment.shift.key.date))
            count_in_period(team, rotations[rotation], assignment);
    }
    for (const auto& [rotation, tally] : tallies) {
        for (const auto& [member, counted] : tally) rotations[rotation][member].ever = counted;
    }

    std::vector<MemberBalance> balances;
    for (const Rotation& rotation : team.rotations) {
        append(balances, rotation.name, rotation.members, std::move(rotations[rotation.name]));
        rotations.erase(rotation.name);
    }
    for (auto& [rotation, lines] : rotations) append(balances, rotation, {}, std::move(lines));
    return balances;
}

}  // namespace watchbill
