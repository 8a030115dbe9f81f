#include "rotation/planning/shifts.h"

#include "time/zone.h"

namespace watchbill {

namespace {

using std::chrono::days;

bool has_shift(const Rotation& rotation, Day date) {
    return rotation.days[std::chrono::weekday(date).c_encoding()];
}

// What a wall clock of the rotation's zone shows when the shift dated `date` ends.
LocalTime end_of(const Rotation& rotation, Day date) {
    if (rotation.end) {
        const Day end_date = *rotation.end > rotation.start ? date : date + days(1);
        return LocalTime(end_date) + *rotation.end;
    }
    Day next = date + days(1);  // `date` has a shift, so a week on there is one at the latest
    while (!has_shift(rotation, next)) next += days(1);
    return LocalTime(next) + rotation.start;
}

}  // namespace

std::optional<Shift> shift_on(const Rotation& rotation, Day date) {
    if (!has_shift(rotation, date)) return std::nullopt;
    const Zone zone = Zone::get(rotation.zone);
    const Interval when{zone.to_instant(LocalTime(date) + rotation.start),
                        zone.to_instant(end_of(rotation, date))};
    // A shift that a spring gap swallows whole (02:15 to 02:45, or 02:30 to 03:00) does not exist that day.
    if (when.empty()) return std::nullopt;
    return Shift{{rotation.name, date}, when};
}

std::vector<Shift> shifts_of(const Rotation& rotation, DaySpan span) {
    std::vector<Shift> shifts;
    for (Day date = span.first; date < span.end; date += days(1)) {
        if (auto shift = shift_on(rotation, date)) shifts.push_back(std::move(*shift));
    }
    return shifts;
}

}  // namespace watchbill
