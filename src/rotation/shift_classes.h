// Which shifts of a rotation are fair by themselves: DESIGN.md 4, "Classes". Pure.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "rotation/planner.h"
#include "rotation/tally.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

struct FairClass {
    ShiftClass kind = ShiftClass::weekend;
    unsigned weekday = 0;  // c_encoding(), with ShiftClass::weekday
    auto operator<=>(const FairClass&) const = default;
};

// The one that a shift belongs to, if any. `holiday`: it touches a holiday of somebody on the roster.
std::optional<FairClass> class_of(const Rotation& rotation, const Shift& shift, bool holiday);

// "weekend", "holiday", "night", "monday": the names scripts see; and for people: "weekends", "Mondays".
std::string fair_class_name(const FairClass& shifts);
std::string say_fair_class(const std::string& name);

// The first day of the weekend, or of the days kept together, that a shift dated `date` is part of; the date
// itself in other classes.
Day block_of(const Rotation& rotation, const FairClass& shifts, Day date);

// What was served of one class, by block, as the planner counts it.
class ClassHistory {
public:
    ClassHistory(const Rotation& rotation, const FairClass& shifts) : rotation_(&rotation), shifts_(shifts) {}

    // In the order of dates. What nobody served is left out.
    void add(const Assignment& assignment);
    // A block that one member served counts as one that those earned who could have served all of it; other
    // blocks count by their shifts, as parts of one.
    Tally totals() const;
    std::optional<MemberId> last() const;

private:
    void count(Tally& tally, const std::vector<Assignment>& block) const;

    const Rotation* rotation_;
    FairClass shifts_;
    std::vector<std::vector<Assignment>> blocks_;
};

// Whether whole blocks of it go to one member.
bool keeps_together(const Rotation& rotation, const FairClass& shifts);

}  // namespace watchbill
