// Any bytes at all, read as a calendar: no crash, no leak, and what comes out keeps its promises.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <tuple>

#include "ical/reader.h"
#include "time/format.h"

namespace {

using namespace watchbill;

void require(bool promise) {
    if (!promise) std::abort();
}

// As reader.h defines it: a zero-length occurrence counts when it starts inside.
bool touches(const Interval& when, const Interval& window) {
    return when.empty() ? window.contains(when.start) : when.overlaps(window);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    static const bool initialised = (ical::initialise(), true);
    static const ical::ReadRequest request{
        {parse_instant("2026-03-01T00:00:00Z").value(), parse_instant("2026-11-15T00:00:00Z").value()},
        Zone::get("Europe/Paris")};
    require(initialised);
    const auto reading = ical::read_calendar({reinterpret_cast<const char*>(data), size}, request);
    if (!reading) {
        require(!reading.error().message.empty());
        return 0;
    }
    const Occurrence* before = nullptr;
    for (const Occurrence& occurrence : reading->occurrences) {
        require(occurrence.event != nullptr);
        require(occurrence.when.start <= occurrence.when.end);
        require(touches(occurrence.when, request.window));
        if (before != nullptr)
            require(std::tie(before->when.start, before->when.end) <=
                    std::tie(occurrence.when.start, occurrence.when.end));
        before = &occurrence;
    }
    for (const CalendarWarning& warning : reading->warnings)
        require(!warning.code.empty() && !warning.message.empty());
    return 0;
}
