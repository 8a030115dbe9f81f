#include "sources/calendar_sources.h"

#include <cassert>
#include <cstdlib>
#include <utility>

#include "sources/file_source.h"

namespace watchbill {

namespace {

class Sources : public CalendarSource {
public:
    explicit Sources(HttpOptions options) : http_(std::move(options)) {}

    Result<Fetched> fetch(const CalendarRef& calendar, const Validators& last) override {
        switch (calendar.type) {
            case CalendarRef::Type::file: return files_.fetch(calendar, last);
            case CalendarRef::Type::url: return http_.fetch(calendar, last);
            case CalendarRef::Type::caldav:
                return fail(ErrorCode::refused,
                            "CalDAV calendars are not supported yet: use the calendar's https address of an "
                            ".ics file (its \"secret\" or \"published\" address)",
                            calendar.label);
        }
        assert(false && "every type has its source");
        return fail(ErrorCode::refused, "this type of calendar is not known", calendar.label);
    }

private:
    FileSource files_;
    HttpSource http_;
};

}  // namespace

std::unique_ptr<CalendarSource> make_calendar_source(HttpOptions options) {
    if (options.ca_file.empty()) {
        if (const char* file = std::getenv("SSL_CERT_FILE"); file != nullptr) options.ca_file = file;
    }
    return std::make_unique<Sources>(std::move(options));
}

}  // namespace watchbill
