#include "rotation/exact_share.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace watchbill {

namespace {

using Limb = std::uint64_t;
__extension__ using Wide = unsigned __int128;  // a limb times a limb, plus two limbs: always fits

constexpr unsigned limb_bits = 64;

Limb low(Wide value) { return static_cast<Limb>(value); }
Limb high(Wide value) { return static_cast<Limb>(value >> limb_bits); }

void multiply(std::vector<Limb>& number, Limb factor) {
    Limb carry = 0;
    for (Limb& limb : number) {
        const Wide product = Wide{limb} * factor + carry;
        limb = low(product);
        carry = high(product);
    }
    if (carry != 0) {
        number.push_back(carry);
    }
}

Limb remainder(const std::vector<Limb>& number, Limb divisor) {
    Wide rest = 0;
    for (auto limb = number.rbegin(); limb != number.rend(); ++limb) {
        rest = ((rest << limb_bits) | *limb) % divisor;
    }
    return low(rest);
}

std::vector<Limb> quotient(const std::vector<Limb>& number, Limb divisor) {
    std::vector<Limb> result(number.size());
    Wide rest = 0;
    for (std::size_t i = number.size(); i-- > 0;) {
        rest = (rest << limb_bits) | number[i];
        result[i] = low(rest / divisor);
        rest %= divisor;
    }
    assert(rest == 0);
    return result;
}

bool at_least(const std::vector<Limb>& number, const std::vector<Limb>& other) {
    for (std::size_t i = number.size(); i-- > 0;) {
        if (number[i] != other[i]) {
            return number[i] > other[i];
        }
    }
    return true;
}

void subtract(std::vector<Limb>& number, const std::vector<Limb>& other) {
    Limb borrow = 0;
    for (std::size_t i = 0; i < number.size(); ++i) {
        const Wide difference = Wide{number[i]} - other[i] - borrow;
        number[i] = low(difference);
        borrow = high(difference) == 0 ? 0 : 1;
    }
    assert(borrow == 0);
}

}  // namespace

Share reduced(Share share) {
    assert(share.denominator > 0);
    const std::int64_t divisor = std::gcd(share.numerator, share.denominator);
    return {share.numerator / divisor, share.denominator / divisor};
}

ShareScale::ShareScale(std::vector<std::int64_t> denominators) : denominators_(std::move(denominators)) {
    std::sort(denominators_.begin(), denominators_.end());
    denominators_.erase(std::unique(denominators_.begin(), denominators_.end()), denominators_.end());
    assert(denominators_.empty() || denominators_.front() > 0);

    // Twice the least common multiple, so that a half is a whole number of units too.
    one_ = {2};
    for (const std::int64_t denominator : denominators_) {
        const auto d = static_cast<Limb>(denominator);
        multiply(one_, d / std::gcd(remainder(one_, d), d));
    }
    // A sum of two fractions is less than two shifts: it needs at most one bit more.
    if ((one_.back() >> (limb_bits - 1)) != 0) {
        one_.push_back(0);
    }
    limbs_ = one_.size();
    half_ = quotient(one_, 2);
    units_.reserve(limbs_ * denominators_.size());
    for (const std::int64_t denominator : denominators_) {
        const std::vector<Limb> unit = quotient(one_, static_cast<Limb>(denominator));
        units_.insert(units_.end(), unit.begin(), unit.end());
    }
}

const ShareScale::Limb* ShareScale::unit(std::int64_t denominator) const {
    const auto found = std::lower_bound(denominators_.begin(), denominators_.end(), denominator);
    assert(found != denominators_.end() && *found == denominator);
    return units_.data() + limbs_ * static_cast<std::size_t>(found - denominators_.begin());
}

ExactTotal::ExactTotal(const ShareScale& scale) : scale_(&scale), fraction_(scale.limbs_) {}

void ExactTotal::add(Share share) {
    // Floor division: a negative share lowers the whole part and leaves a fraction >= 0.
    std::int64_t whole = share.numerator / share.denominator;
    std::int64_t numerator = share.numerator % share.denominator;
    if (numerator < 0) {
        numerator += share.denominator;
        --whole;
    }
    whole_ += whole;

    const auto factor = static_cast<Limb>(numerator);
    const Limb* unit = scale_->unit(share.denominator);
    Limb carry = 0;
    for (std::size_t i = 0; i < fraction_.size(); ++i) {
        const Wide sum = Wide{unit[i]} * factor + fraction_[i] + carry;
        fraction_[i] = low(sum);
        carry = high(sum);
    }
    assert(carry == 0);
    if (at_least(fraction_, scale_->one_)) {
        subtract(fraction_, scale_->one_);
        ++whole_;
    }
}

bool ExactTotal::has_fraction() const {
    return std::any_of(fraction_.begin(), fraction_.end(), [](Limb limb) { return limb != 0; });
}

bool ExactTotal::fraction_reaches_half() const { return at_least(fraction_, scale_->half_); }

bool ExactTotal::fraction_exceeds_half() const {
    return fraction_ != scale_->half_ && fraction_reaches_half();
}

}  // namespace watchbill
