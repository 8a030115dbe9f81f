// Sums of shares of shifts without rounding. The planner's bound rests on telling "has reached 3 shifts" from
// "has almost reached 3 shifts", and sums such as 1/3 + 1/3 + 1/3 do not survive floating point. All shares
// are brought to one common denominator, which may have thousands of bits when weights are odd. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rotation/planner.h"

namespace watchbill {

// The lowest terms of a share; a denominator > 0 stays > 0.
Share reduced(Share share);

// The common denominator of all shares that will be added up, and 1/d in its units for each of them.
// Immutable once made: safe to share between threads.
class ShareScale {
public:
    // Of shares in lowest terms, each > 0, in any order, repeated at will.
    explicit ShareScale(std::vector<std::int64_t> denominators);

private:
    friend class ExactTotal;

    using Limb = std::uint64_t;  // least significant first; every number has limbs_ of them
    const Limb* unit(std::int64_t denominator) const;

    std::size_t limbs_ = 0;
    std::vector<Limb> one_;                   // one whole shift
    std::vector<Limb> half_;                  // half of it, exactly
    std::vector<std::int64_t> denominators_;  // ascending, each once
    std::vector<Limb> units_;                 // limbs_ for each of denominators_
};

// A running total, of either sign. Holds a reference to the scale, which must outlive it.
class ExactTotal {
public:
    explicit ExactTotal(const ShareScale& scale);

    // In lowest terms, with a denominator that the scale was made for.
    void add(Share share);

    // The total is whole() + a fraction in [0, 1).
    std::int64_t whole() const { return whole_; }
    bool has_fraction() const;
    bool fraction_reaches_half() const;
    bool fraction_exceeds_half() const;

private:
    const ShareScale* scale_;
    std::int64_t whole_ = 0;
    std::vector<ShareScale::Limb> fraction_;
};

}  // namespace watchbill
