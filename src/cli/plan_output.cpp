#include "cli/plan_output.h"

#include "texts/phrases.h"
#include "time/zone.h"

namespace watchbill::cli {

std::string hours_in_words(const Team& team, const Shift& shift) {
    const Zone zone = zone_of_rotation(team, shift.key.rotation);
    const bool same_day = zone.day_of(shift.when.end) == zone.day_of(shift.when.start);
    return say_time(zone, shift.when.start) + "-" +
           (same_day ? say_time(zone, shift.when.end) : say_moment(zone, shift.when.end, shift.key.date)) +
           " (" + zone.name() + ")";
}

}  // namespace watchbill::cli
