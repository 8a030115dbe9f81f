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

void count_shift(Tally& tally, const Assignment& assignment) {
    if (!assignment.member || assignment.candidates.empty()) return;
    std::int64_t all_weights = 0;
    for (const Candidate& candidate : assignment.candidates) all_weights += candidate.weight;
    for (const Candidate& candidate : assignment.candidates)
        tally[candidate.member].earned[all_weights] += candidate.weight;
    ++tally[*assignment.member].served;
}

}  // namespace watchbill
