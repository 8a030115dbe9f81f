// Which shifts of a rotation are fair by themselves: DESIGN.md 4, "Classes". Pure.
#pragma once

#include <compare>
#include <cstdint>
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

bool is_weekend(Day date);  // a Saturday or a Sunday

// The one that a shift belongs to, if any. `holiday`: it touches a holiday of somebody on the roster.
std::optional<FairClass> class_of(const Rotation& rotation, const Shift& shift, bool holiday);

// "weekend", "holiday", "night", "monday": the names scripts see; and for people: "weekends", "Mondays".
std::string fair_class_name(const FairClass& shifts);
std::string say_fair_class(const std::string& name);

// The first day of the weekend, or of the days kept together, that a shift dated `date` is part of; the date
// itself in other classes.
Day block_of(const Rotation& rotation, const FairClass& shifts, Day date);

// What was served of one class.
class ClassHistory {
public:
    // The rotation must outlive it.
    ClassHistory(const Rotation& rotation, const FairClass& shifts) : rotation_(&rotation), shifts_(shifts) {}

    // In the order of dates. What nobody served is left out.
    void add(const Assignment& assignment);
    // By shift: what people are told.
    const Tally& by_shift() const { return by_shift_; }
    // By block: what the planner goes by. A block that one member served counts as one that those earned who
    // could have served all of it; other blocks count by their shifts, as parts of one.
    Tally by_block() const;
    std::optional<MemberId> last() const;

private:
    struct Served {
        MemberId holder;
        std::vector<Candidate> candidates;
    };
    struct Block {
        Day first;                   // as block_of() has it
        std::int64_t size = 1;       // how many shifts a whole one has
        std::vector<Served> served;  // at least one
    };
    static std::vector<Candidate> common_candidates(const Block& block);
    static void count(Tally& tally, const Block& block);

    const Rotation* rotation_;
    FairClass shifts_;
    Tally by_shift_;
    std::vector<Block> blocks_;
};

// Whether whole blocks of it go to one member.
bool keeps_together(const Rotation& rotation, const FairClass& shifts);

}  // namespace watchbill
