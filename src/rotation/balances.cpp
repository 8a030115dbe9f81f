#include "rotation/balances.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>

#include "rotation/night.h"
#include "rotation/phrases.h"
#include "rotation/shift_classes.h"
#include "rotation/tally.h"

namespace watchbill {

namespace {

struct Counted {
    MemberTally ever;
    MemberTally period;
};

struct Line {
    Counted whole;
    std::map<FairClass, Counted> classes;
    int nights = 0;
    int weekends = 0;
    int holidays = 0;
};

using RotationLines = std::map<MemberId, Line>;

void add(MemberTally& total, const MemberTally& counted) {
    for (const auto& [denominator, numerator] : counted.earned) total.earned[denominator] += numerator;
    total.served += counted.served;
}

double shares(const MemberTally& tally) { return tally.balance() + static_cast<double>(tally.served); }

// An address that a member had before is theirs.
Assignment by_present_names(const Team& team, Assignment assignment) {
    const auto rename = [&team](MemberId& member) {
        if (const Member* known = team.find_member(member)) member = known->id;
    };
    if (assignment.member) rename(*assignment.member);
    for (Candidate& candidate : assignment.candidates) rename(candidate.member);
    return assignment;
}

// A shift counts for the period when it is dated in it, and ever since.
void count(const Team& team, RotationLines& lines, const Assignment& assignment, bool in_period) {
    Tally tally;
    count_shift(tally, assignment);
    const Rotation* rotation = team.find_rotation(assignment.shift.key.rotation);
    const auto fair =
        rotation != nullptr ? class_of(*rotation, assignment.shift, assignment.holiday) : std::nullopt;
    for (const auto& [member, counted] : tally) {
        Line& line = lines[member];
        add(line.whole.ever, counted);
        if (in_period) add(line.whole.period, counted);
        if (!fair) continue;
        Counted& of_class = line.classes[*fair];
        add(of_class.ever, counted);
        if (in_period) add(of_class.period, counted);
    }
    if (!assignment.member || !in_period) return;
    Line& holder = lines[*assignment.member];
    const Zone zone = zone_of_member(team, *assignment.member);
    holder.nights += is_night_work(assignment.shift.when, zone) ? 1 : 0;
    holder.weekends += is_weekend(assignment.shift.key.date) ? 1 : 0;
    holder.holidays += assignment.on_holiday ? 1 : 0;
}

MemberBalance balance_of(const std::string& rotation, const MemberId& member, const Line& line,
                         const std::set<FairClass>& classes) {
    MemberBalance balance;
    balance.rotation = rotation;
    balance.member = member;
    balance.served = static_cast<int>(line.whole.period.served);
    balance.shares = shares(line.whole.period);
    balance.nights = line.nights;
    balance.weekends = line.weekends;
    balance.holidays = line.holidays;
    balance.balance = line.whole.ever.balance();
    for (const FairClass& fair : classes) {
        const auto found = line.classes.find(fair);
        const Counted counted = found == line.classes.end() ? Counted() : found->second;
        balance.classes.push_back({fair_class_name(fair), shares(counted.period),
                                   static_cast<int>(counted.period.served), counted.ever.balance()});
    }
    return balance;
}

void append(std::vector<MemberBalance>& balances, const std::string& rotation,
            const std::vector<MemberId>& roster, RotationLines lines) {
    std::set<FairClass> classes;
    for (const auto& [member, line] : lines) {
        for (const auto& [fair, counted] : line.classes) classes.insert(fair);
    }
    for (const MemberId& member : roster) {
        balances.push_back(balance_of(rotation, member, lines[member], classes));
        lines.erase(member);
    }
    for (const auto& [member, line] : lines) balances.push_back(balance_of(rotation, member, line, classes));
}

}  // namespace

std::vector<MemberBalance> balances(const BalanceRequest& request) {
    assert(request.team != nullptr && "balances are a team's");
    const Team& team = *request.team;
    std::map<std::string, RotationLines> rotations;
    for (const Assignment& row : request.published) {
        if (row.shift.when.end > request.now || row.shift.key.date >= request.period.end) continue;
        const Assignment assignment = by_present_names(team, row);
        count(team, rotations[assignment.shift.key.rotation], assignment,
              request.period.contains(assignment.shift.key.date));
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
