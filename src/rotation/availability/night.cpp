#include "rotation/availability/night.h"

#include <chrono>

namespace watchbill {

namespace {

// So much that an evening's deployment or an
// early start with "on call" in its title does not cost a day of rest.
constexpr Duration least_night = std::chrono::hours(4);
constexpr std::chrono::hours night_start(20);
constexpr std::chrono::hours night_end(8);

}  // namespace

bool is_night_work(const Interval& when, const Zone& zone) {
    Duration night(0);
    // Each night belongs to the day on which it ends; the last one may end the day after the event.
    const Day last = zone.day_of(when.end) + std::chrono::days(1);
    for (Day day = zone.day_of(when.start); day <= last && night < least_night; day += std::chrono::days(1)) {
        const Interval hours{zone.to_instant(LocalTime(day - std::chrono::days(1)) + night_start),
                             zone.to_instant(LocalTime(day) + night_end)};
        night += intersection(when, hours).length();
    }
    return night >= least_night;
}

}  // namespace watchbill
