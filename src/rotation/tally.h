// What members have earned and served: DESIGN.md 4, step 2. Counted from what was published, for each
// rotation by itself. Pure.
//
// On the day of a shift each of its candidates earns weight / sum of the candidates' weights, and its holder
// serves one, whoever that is. So over all members earned minus served is always 0: joining starts at 0,
// leaving takes nothing from anybody, and coming back goes on where one left.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "rotation/planner.h"
#include "watchbill/plan.h"

namespace watchbill {

struct MemberTally {
    std::map<std::int64_t, std::int64_t> earned;  // numerators by denominator: the sum is exact
    std::int64_t served = 0;  // whole ones; parts of one that were served are taken from `earned`

    std::vector<Share> shares() const;
    double balance() const;  // for people; decisions use the exact shares
};

using Tally = std::map<MemberId, MemberTally>;

// What `served` of a whole of `size` shifts is worth: its candidates earn that part, its holder serves it.
void count_part(Tally& tally, const std::vector<Candidate>& candidates, const MemberId& holder,
                std::int64_t served, std::int64_t size);

// A shift that nobody served counts for nobody, and so does one from before candidates were kept.
void count_shift(Tally& tally, const Assignment& assignment);

}  // namespace watchbill
