#include "sources/http_source.h"

#include <utility>

#include "sources/credentials.h"
#include "sources/http_session.h"
#include "sources/url.h"

namespace watchbill {

namespace {

HttpCall calendar_call(const Validators& last) {
    HttpCall call;
    call.headers.emplace_back("Accept: text/calendar, text/plain;q=0.8, */*;q=0.5");
    if (!last.etag.empty() && is_plain_header(last.etag))
        call.headers.push_back("If-None-Match: " + last.etag);
    if (!last.last_modified.empty() && is_plain_header(last.last_modified))
        call.headers.push_back("If-Modified-Since: " + last.last_modified);
    return call;
}

// Errors have no place yet.
Result<Fetched> fetch_by_http(const CalendarRef& calendar, const Validators& last,
                              const HttpOptions& options) {
    std::optional<Url> url = Url::parse(calendar.location);
    if (!url) {
        return fail(ErrorCode::refused,
                    "its address is no http, https or webcal address: copy it again from the calendar's "
                    "settings");
    }
    Result<Credentials> credentials = credentials_of(calendar, *url);
    if (!credentials) return tl::unexpected<Error>(std::move(credentials.error()));

    HttpPlace place{std::move(*url), std::move(*credentials)};
    Result<HttpAnswer> answer = HttpSession(options).send(place, calendar_call(last));
    if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
    const bool asked_for_changes = last != Validators{};
    if (answer->status == 304 && asked_for_changes) return Fetched{true, "", last};
    if (answer->status != 200) return status_error(*answer);
    return Fetched{false, std::move(answer->bytes), std::move(answer->validators)};
}

}  // namespace

HttpSource::HttpSource(HttpOptions options) : options_(std::move(options)) {}

Result<Fetched> HttpSource::fetch(const CalendarRef& calendar, const Validators& last, Interval) {
    Result<Fetched> fetched = fetch_by_http(calendar, last, options_);
    if (!fetched) fetched.error().where = calendar.label;
    return fetched;
}

}  // namespace watchbill
