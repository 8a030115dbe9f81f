#include "service/wake_signal.h"

namespace watchbill {

void WakeSignal::ring() {
    const std::lock_guard lock(mutex_);
    rung_ = true;
    woken_.notify_all();
}

void WakeSignal::stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    woken_.notify_all();
}

bool WakeSignal::wait_for(std::chrono::nanoseconds longest) {
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, longest, [this] { return rung_ || stopped_; });
    rung_ = false;
    return !stopped_;
}

}  // namespace watchbill
