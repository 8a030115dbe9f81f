#include "rotation/tally.h"

namespace watchbill {

std::vector<Share> MemberTally::shares() const {
    std::vector<Share> shares;
    for (const auto& [denominator, numerator] : earned) shares.push_back({numerator, denominator});
    return shares;
}

double MemberTally::balance() const {
    double total = 0;
    for (const auto& [denominator, numerator] : earned)
        total += static_cast<double>(numerator) / static_cast<double>(denominator);
    return total - static_cast<double>(served);
}

void count_part(Tally& tally, const std::vector<Candidate>& candidates, const MemberId& holder,
                std::int64_t served, std::int64_t size) {
    std::int64_t all_weights = 0;
    for (const Candidate& candidate : candidates) all_weights += candidate.weight;
    for (const Candidate& candidate : candidates)
        tally[candidate.member].earned[all_weights * size] += candidate.weight * served;
    if (served % size == 0) {
        tally[holder].served += served / size;
    } else {
        tally[holder].earned[size] -= served;
    }
}

void count_shift(Tally& tally, const Assignment& assignment) {
    if (!assignment.member || assignment.candidates.empty()) return;
    count_part(tally, assignment.candidates, *assignment.member, 1, 1);
}

}  // namespace watchbill
