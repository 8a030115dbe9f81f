#include "sources/backoff.h"

#include <algorithm>
#include <cassert>

namespace watchbill {

namespace {

using namespace std::chrono_literals;

// A calendar that comes back is seen within the hour: people look at their plan that often.
constexpr Duration longest_backoff = 1h;
// A peer may ask for quiet, but not for ever: a typing error of theirs ("Retry-After: 86400000") must not
// end the subscription.
constexpr Duration longest_wish = 24h;
constexpr Duration shortest_delay = 1s;
constexpr double spread = 0.1;

Duration backed_off(Duration refresh, int failures) {
    const Duration cap = std::max(longest_backoff, refresh);
    Duration delay = refresh;
    for (int i = 1; i < failures && delay < cap; ++i) delay *= 2;
    return std::min(delay, cap);
}

Duration scaled(Duration delay, double factor) {
    return std::chrono::round<Duration>(std::chrono::duration<double>(delay) * factor);
}

}  // namespace

Instant next_fetch(const FetchOutcome& outcome, Duration refresh, double fraction) {
    assert(outcome.failures >= 0 && fraction >= 0 && fraction < 1);
    const Duration base = std::max(refresh, shortest_delay);
    Duration delay = scaled(backed_off(base, outcome.failures), 1 - spread + 2 * spread * fraction);
    if (outcome.failures > 0 && outcome.retry_after) {
        const Duration wish = std::clamp(*outcome.retry_after, Duration::zero(), longest_wish);
        delay = std::max(delay, scaled(wish, 1 + spread * fraction));
    }
    return outcome.now + std::max(delay, shortest_delay);
}

}  // namespace watchbill
