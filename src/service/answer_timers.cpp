#include "service/answer_timers.h"

#include <algorithm>

namespace watchbill {

namespace {

// Clocks are corrected by seconds all the time, and instants are written by several threads: only what lies
// further ahead shows that the wall clock was set back.
constexpr Duration usual_correction = std::chrono::minutes(1);

// Asked now for later. Whoever is asked for at once has an instant from when the incident was written.
bool is_planned(const Incident& incident, const AnswerWait& wait) {
    return wait.from == wait.invited_at &&
           wait.invited_at > std::max(incident.opened_at, incident.changed_at);
}

Duration to_seconds(SteadyInstant::duration duration) {
    return std::chrono::ceil<Duration>(std::max(duration, SteadyInstant::duration(0)));
}

}  // namespace

Duration AnswerTimers::left(const Incident& incident, const AnswerWait& wait, Duration ack_timeout) {
    const Instant now = clock_.now();
    const SteadyInstant steady = clock_.steady_now();
    const std::lock_guard lock(mutex_);
    const auto [found, is_new] = timers_.try_emplace(Key{incident.team, incident.id, wait.member},
                                                     Timer{wait.from, false, {}, steady});
    Timer& timer = found->second;
    const bool same = !is_new && timer.from == wait.from;
    if (same && timer.running) return to_seconds(timer.over - steady);
    if (wait.from > now && is_planned(incident, wait)) {
        timer = {wait.from, false, {}, steady};
        return wait.from - now + ack_timeout;
    }
    Duration left = wait.from + ack_timeout - now;
    if (wait.from > now + usual_correction) {
        left = is_new ? Duration(0) : ack_timeout;
    } else if (same) {
        // It began since the last look, however far the wall clock has gone meanwhile.
        left = std::max(left, ack_timeout - to_seconds(steady - timer.looked));
    }
    left = std::clamp(left, Duration(0), ack_timeout);
    timer = {wait.from, true, steady + left, steady};
    return left;
}

void AnswerTimers::keep(const std::string& team, const std::set<std::string>& incidents) {
    const std::lock_guard lock(mutex_);
    std::erase_if(timers_, [&](const auto& timer) {
        return std::get<0>(timer.first) == team && !incidents.contains(std::get<1>(timer.first));
    });
}

}  // namespace watchbill
