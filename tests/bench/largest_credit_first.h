// The usual fair rotation, to compare with: each day goes to the candidate who is owed most. For tests and
// benchmarks only: it exceeds a whole shift of deviation, and replanning makes published days dance.
#pragma once

#include "rotation/fairness/planner.h"

namespace watchbill::test {

class LargestCreditFirst final : public Planner {
public:
    // Whether published, still valid days are kept beyond the notice too.
    explicit LargestCreditFirst(bool keeps_published) : keeps_published_(keeps_published) {}

    Choice choose(const PlannerInput& input) const override {
        std::vector<double> credit;
        for (const PlannerMember& member : input.members) {
            double earned = 0;
            for (const Share& share : member.earned) {
                earned += static_cast<double>(share.numerator) / static_cast<double>(share.denominator);
            }
            credit.push_back(earned - static_cast<double>(member.served));
        }
        Choice choice;
        for (const PlannerDay& day : input.days) {
            earn(input, day, credit);
            choice.push_back(holder(day, credit));
            if (choice.back()) {
                credit[*choice.back()] -= 1;
            }
        }
        return choice;
    }

private:
    static void earn(const PlannerInput& input, const PlannerDay& day, std::vector<double>& credit) {
        double weights = 0;
        for (const std::size_t i : day.candidates) {
            weights += input.members[i].weight;
        }
        for (const std::size_t i : day.candidates) {
            credit[i] += input.members[i].weight / weights;
        }
    }

    std::optional<std::size_t> holder(const PlannerDay& day, const std::vector<double>& credit) const {
        if (day.fixed) {
            return day.fixed;
        }
        std::optional<std::size_t> most;
        for (const std::size_t i : day.candidates) {
            if (day.published == i && (keeps_published_ || day.in_notice)) {
                return i;
            }
            // What differs by less is a tie that rounding hides: the roster decides.
            if (!most || credit[i] > credit[*most] + 1e-9) {
                most = i;
            }
        }
        return most;
    }

    bool keeps_published_;
};

}  // namespace watchbill::test
