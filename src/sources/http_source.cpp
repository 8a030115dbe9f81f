#include "sources/http_source.h"

#include <utility>

#include "sources/http_transfer.h"
#include "sources/password_file.h"
#include "sources/url.h"

namespace watchbill {

namespace {

tl::unexpected<Error> status_error(const HttpAnswer& answer) {
    const long status = answer.status;
    const std::string answered = "the server answered " + std::to_string(status);
    Error error{ErrorCode::refused, "", ""};
    if (status == 401 || status == 403) {
        error.message = answered + ": check the calendar's secret address, or its user and password file";
    } else if (status == 404 || status == 410) {
        error.code = ErrorCode::not_found;
        error.message = answered +
                        ": no calendar is there; check its secret address, which changes when its owner "
                        "resets it";
    } else if (status == 429) {
        error.code = ErrorCode::unavailable;
        error.message = answered + ": it is asked too often; it is asked again later";
    } else if (status == 408 || status >= 500) {
        error.code = ErrorCode::unavailable;
        error.message = answered + ": it has a problem of its own; it is asked again later";
    } else {
        error.message = answered + ", which is no calendar: check the calendar's address";
    }
    if (error.code == ErrorCode::unavailable) error.retry_after = answer.retry_after;
    return tl::unexpected<Error>(std::move(error));
}

bool is_redirect(long status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// The calendar's own, or those in its URL.
Result<Credentials> credentials_of(const CalendarRef& calendar, const Url& url) {
    if (calendar.user.empty() && calendar.password_file.empty()) return url.credentials;
    Credentials credentials{calendar.user, ""};
    if (calendar.password_file.empty()) return credentials;
    Result<std::string> password = read_password_file(calendar.password_file);
    if (!password) return tl::unexpected<Error>(std::move(password.error()));
    credentials.password = std::move(*password);
    return credentials;
}

Result<Url> redirect_target(const Url& from, const HttpAnswer& answer) {
    const std::optional<Url> to =
        answer.location.empty() ? std::nullopt : Url::resolve(from, answer.location);
    if (!to) {
        return fail(ErrorCode::refused, "the server answered " + std::to_string(answer.status) +
                                            " without a web address to go on to: check the calendar's "
                                            "address");
    }
    if (may_follow(from, *to)) return *to;
    if (from.is_https()) {
        return fail(ErrorCode::refused,
                    "the server redirects from https to plain http, which anybody on the way can read: ask "
                    "its owner for an https address");
    }
    return fail(ErrorCode::refused, "the server redirects from plain http to another host or port (" +
                                        to->host + ":" + to->port +
                                        "): if that is right, give that address, by https if it has it");
}

Result<Fetched> conclude(HttpAnswer answer, const Validators& last) {
    const bool asked_for_changes = last != Validators{};
    if (answer.status == 304 && asked_for_changes) return Fetched{true, "", last};
    if (answer.status != 200) return status_error(answer);
    return Fetched{false, std::move(answer.bytes), std::move(answer.validators)};
}

// Redirects included. Errors have no place yet.
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

    HttpTransfer transfer(options);
    std::chrono::milliseconds left = options.total_timeout;
    for (int redirects = 0;; ++redirects) {
        Result<HttpAnswer> answer = transfer.get({*url, *credentials, last, left});
        if (!answer) return tl::unexpected<Error>(std::move(answer.error()));
        if (!is_redirect(answer->status)) return conclude(std::move(*answer), last);
        if (redirects == options.max_redirects) {
            return fail(ErrorCode::refused, "the server redirects in circles (more than " +
                                                std::to_string(options.max_redirects) +
                                                " times): check the calendar's address");
        }
        Result<Url> next = redirect_target(*url, *answer);
        if (!next) return tl::unexpected<Error>(std::move(next.error()));
        // What was once withheld stays withheld: going back is not a proof either.
        if (!same_audience(*url, *next)) *credentials = {};
        left -= answer->took;
        if (left <= std::chrono::milliseconds::zero()) {
            return fail(ErrorCode::timeout, "the server took too long to answer: it is asked again later");
        }
        url = std::move(*next);
    }
}

}  // namespace

HttpSource::HttpSource(HttpOptions options) : options_(std::move(options)) {}

Result<Fetched> HttpSource::fetch(const CalendarRef& calendar, const Validators& last) {
    Result<Fetched> fetched = fetch_by_http(calendar, last, options_);
    if (!fetched) fetched.error().where = calendar.label;
    return fetched;
}

}  // namespace watchbill
