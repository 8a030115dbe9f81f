#include "sources/file_source.h"

#include <utility>

#include "sources/limits.h"
#include "sources/regular_file.h"

namespace watchbill {

namespace {

tl::unexpected<Error> labelled(Error error, const CalendarRef& calendar) {
    error.where = calendar.label;
    return tl::unexpected<Error>(std::move(error));
}

}  // namespace

Result<Fetched> FileSource::fetch(const CalendarRef& calendar, const Validators& last, Interval) {
    Result<RegularFile> file = RegularFile::open(calendar.location, "the calendar file");
    if (!file) return labelled(std::move(file.error()), calendar);

    const std::string before = file->identity();
    if (!before.empty() && before == last.last_modified) return Fetched{true, "", last};

    Result<std::string> bytes = file->read(max_calendar_bytes);
    if (!bytes) return labelled(std::move(bytes.error()), calendar);
    // Somebody wrote while we read: no validators, so that the next fetch reads again.
    const bool stable = file->identity() == before;
    return Fetched{false, std::move(*bytes), {"", stable ? before : ""}};
}

}  // namespace watchbill
