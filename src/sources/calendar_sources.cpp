#include "sources/calendar_sources.h"

#include <cassert>
#include <utility>

#include "sources/ca_file.h"
#include "sources/caldav_source.h"
#include "sources/file_source.h"

namespace watchbill {

namespace {

class Sources : public CalendarSource {
public:
    explicit Sources(const HttpOptions& options) : http_(options), caldav_(options) {}

    Result<Fetched> fetch(const CalendarRef& calendar, const Validators& last, Interval window) override {
        switch (calendar.type) {
            case CalendarRef::Type::file: return files_.fetch(calendar, last, window);
            case CalendarRef::Type::url: return http_.fetch(calendar, last, window);
            case CalendarRef::Type::caldav: return caldav_.fetch(calendar, last, window);
        }
        assert(false && "every type has its source");
        return fail(ErrorCode::refused, "this type of calendar is not known", calendar.label);
    }

private:
    FileSource files_;
    HttpSource http_;
    CalDavSource caldav_;
};

}  // namespace

std::unique_ptr<CalendarSource> make_calendar_source(HttpOptions options) {
    return std::make_unique<Sources>(with_ca_file(std::move(options)));
}

}  // namespace watchbill
