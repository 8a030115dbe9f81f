#include "service/delivery_pace.h"

#include <algorithm>

namespace watchbill {

namespace {

constexpr Duration first_delay = std::chrono::seconds(5);
constexpr Duration pause_cap = std::chrono::minutes(1);
constexpr Duration probe_every = std::chrono::seconds(5);
constexpr Duration moment = std::chrono::seconds(5);

}  // namespace

Duration doubled_delay(int times, Duration cap, double fraction) {
    const Duration plain = std::min(cap, first_delay * (1 << std::clamp(times - 1, 0, 20)));
    return std::chrono::ceil<Duration>(std::chrono::duration<double>(plain) * (0.8 + 0.4 * fraction));
}

Duration server_pause(int failures, double fraction) { return doubled_delay(failures, pause_cap, fraction); }

size_t DeliveryPace::may_begin(SteadyInstant now, size_t under_way) const {
    if (is_paused(now) || under_way >= senders_) return 0;
    if (failures_ == 0 && allowed_ > under_way) return allowed_ - under_way;
    return now >= next_probe_ ? 1 : 0;
}

void DeliveryPace::begun(SteadyInstant now, size_t under_way) {
    if (failures_ > 0 || under_way > allowed_) next_probe_ = now + probe_every;
}

bool DeliveryPace::worked(SteadyInstant now, size_t under_way) {
    worked_ = now;
    if (under_way > allowed_) {
        allowed_ = std::min(under_way, senders_);
        crowds_ = 0;
    }
    const bool failed_before = failures_ > 0;
    failures_ = 0;
    paused_until_ = {};
    return failed_before;
}

DeliveryPace::Failure DeliveryPace::failed(SteadyInstant now, size_t others, double fraction) {
    if (is_paused(now)) return Failure::again;  // it had begun before the pause
    const bool just_worked = worked_ && now - *worked_ < moment;
    if (failures_ == 0 && (others > 0 || just_worked)) {
        // Once: what fails again with nothing under way is down.
        if (others == 0) worked_.reset();
        allowed_ = std::clamp<size_t>(others, 1, allowed_);
        next_probe_ = now + server_pause(++crowds_, fraction);
        return Failure::crowded;
    }
    allowed_ = senders_;
    crowds_ = 0;
    paused_until_ = now + server_pause(++failures_, fraction);
    next_probe_ = paused_until_;
    return failures_ == 1 ? Failure::first : Failure::again;
}

Duration DeliveryPace::pause_left(SteadyInstant now) const {
    return std::max(Duration(0), std::chrono::ceil<Duration>(paused_until_ - now));
}

}  // namespace watchbill
