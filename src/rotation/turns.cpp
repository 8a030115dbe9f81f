#include "rotation/turns.h"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "rotation/exact_share.h"

namespace watchbill {

namespace {

std::int64_t weight_of(const PlannerInput& input, const PlannerDay& day) {
    std::int64_t sum = 0;
    for (const std::size_t member : day.candidates) {
        sum += input.members[member].weight;
    }
    return sum;
}

Share share_of(const PlannerMember& member, std::int64_t weight_of_day) {
    return reduced({member.weight, weight_of_day});
}

ShareScale scale_for(const PlannerInput& input, const std::vector<std::int64_t>& weights) {
    std::vector<std::int64_t> denominators;
    for (const PlannerMember& member : input.members) {
        for (const Share& share : member.earned) {
            denominators.push_back(reduced(share).denominator);
        }
    }
    for (std::size_t day = 0; day < input.days.size(); ++day) {
        for (const std::size_t member : input.days[day].candidates) {
            denominators.push_back(share_of(input.members[member], weights[day]).denominator);
        }
    }
    return ShareScale(std::move(denominators));
}

// What a member has earned minus what they had served before the horizon.
class Balance {
public:
    Balance(const PlannerMember& member, const ShareScale& scale, Leeway leeway)
        : earned_(scale), served_(member.served), leeway_(leeway) {
        for (const Share& share : member.earned) {
            earned_.add(reduced(share));
        }
    }
    void earn(Share share) { earned_.add(share); }

    // How many turns have opened (balance > k - 1), are half earned and have closed (balance >= k), the first
    // and the last of them with the leeway.
    std::int64_t opened() const {
        if (has_odd_half())
            return whole() + leeway_.half_shifts / 2 + (earned_.fraction_exceeds_half() ? 2 : 1);
        return whole() + leeway_.half_shifts / 2 + (earned_.has_fraction() ? 1 : 0);
    }
    std::int64_t half_earned() const { return whole() + (earned_.fraction_reaches_half() ? 1 : 0); }
    std::int64_t closed() const {
        const bool reached = !has_odd_half() || earned_.fraction_reaches_half();
        return whole() - leeway_.half_shifts / 2 - (reached ? 0 : 1);
    }

private:
    std::int64_t whole() const { return earned_.whole() - served_; }
    bool has_odd_half() const { return leeway_.half_shifts % 2 != 0; }

    ExactTotal earned_;
    std::int64_t served_;
    Leeway leeway_;
};

// Nobody serves more turns than the horizon has days, however much they are owed.
void note(std::vector<std::int64_t>& days, std::int64_t reached, std::int64_t day, std::int64_t horizon) {
    reached = std::min(reached, horizon);
    if (reached > static_cast<std::int64_t>(days.size())) {
        days.resize(static_cast<std::size_t>(reached), day);
    }
}

}  // namespace

std::int64_t days_outside(const Turn& turn, std::int64_t day) {
    if (day < turn.first) {
        return turn.first - day;
    }
    return std::max<std::int64_t>(0, day - turn.last);
}

Turn MemberTurns::turn(std::size_t k) const {
    Turn turn;
    turn.middle = k < middle_.size() ? middle_[k] : horizon_;
    turn.last = k < last_.size() ? last_[k] : horizon_;
    if (k < first_.size()) {
        turn.first = first_[k];
    } else {
        const std::int64_t rounds = std::max<std::int64_t>(0, static_cast<std::int64_t>(k) - opened_by_end_);
        const std::int64_t farthest = horizon_ / round_ + 1;
        turn.first = std::min(2 * horizon_, horizon_ + std::min(rounds, farthest) * round_);
    }
    return turn;
}

std::vector<MemberTurns> turns_of(const PlannerInput& input, Leeway leeway) {
    const auto horizon = static_cast<std::int64_t>(input.days.size());
    std::vector<std::int64_t> weights;
    weights.reserve(input.days.size());
    for (const PlannerDay& day : input.days) {
        weights.push_back(weight_of(input, day));
    }
    const ShareScale scale = scale_for(input, weights);
    const std::int64_t everybody =
        std::accumulate(input.members.begin(), input.members.end(), std::int64_t{0},
                        [](std::int64_t sum, const PlannerMember& member) { return sum + member.weight; });

    std::vector<Balance> balances;
    std::vector<MemberTurns> turns(input.members.size());
    balances.reserve(input.members.size());
    for (std::size_t i = 0; i < turns.size(); ++i) {
        const PlannerMember& member = input.members[i];
        assert(member.weight > 0);
        const Balance& balance = balances.emplace_back(member, scale, leeway);
        note(turns[i].first_, balance.opened(), 0, horizon);
        note(turns[i].middle_, balance.half_earned(), -1, horizon);
        note(turns[i].last_, balance.closed(), -1, horizon);
        turns[i].horizon_ = horizon;
        turns[i].round_ = (everybody + member.weight - 1) / member.weight;
    }
    for (std::int64_t d = 0; d < horizon; ++d) {
        const auto day = static_cast<std::size_t>(d);
        for (const std::size_t i : input.days[day].candidates) {
            balances[i].earn(share_of(input.members[i], weights[day]));
            note(turns[i].first_, balances[i].opened(), d, horizon);
            note(turns[i].middle_, balances[i].half_earned(), d, horizon);
            note(turns[i].last_, balances[i].closed(), d, horizon);
        }
    }
    for (std::size_t i = 0; i < turns.size(); ++i) {
        turns[i].opened_by_end_ = balances[i].opened();
    }
    return turns;
}

}  // namespace watchbill
