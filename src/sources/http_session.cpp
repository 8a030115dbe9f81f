#include "sources/http_session.h"

#include <utility>

namespace watchbill {

namespace {

bool is_redirect(long status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
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

}  // namespace

tl::unexpected<Error> status_error(const HttpAnswer& answer) {
    const long status = answer.status;
    const std::string answered = "the server answered " + std::to_string(status);
    Error error{ErrorCode::refused, "", ""};
    if (status == 401 || status == 403) {
        error.message =
            answered + ": check the calendar's secret address, or its user and password file, or token file";
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

HttpSession::HttpSession(const HttpOptions& options)
    : options_(options), transfer_(options), left_(options.total_timeout) {}

Result<HttpAnswer> HttpSession::send(HttpPlace& place, const HttpCall& call) {
    for (int redirects = 0;; ++redirects) {
        if (left_ <= std::chrono::milliseconds::zero()) {
            return fail(ErrorCode::timeout, "the server took too long to answer: it is asked again later");
        }
        Result<HttpAnswer> answer = transfer_.perform({place.url, place.credentials, call, left_});
        if (!answer) return answer;
        left_ -= answer->took;
        if (!is_redirect(answer->status)) return answer;
        // "See other" is not the thing itself (RFC 9110 15.4.4): nothing is to be asked of it or put there.
        if (answer->status == 303 && call.method != "GET") return answer;
        if (redirects == options_.max_redirects) {
            return fail(ErrorCode::refused, "the server redirects in circles (more than " +
                                                std::to_string(options_.max_redirects) +
                                                " times): check the calendar's address");
        }
        Result<Url> next = redirect_target(place.url, *answer);
        if (!next) return tl::unexpected<Error>(std::move(next.error()));
        // What was once withheld stays withheld: going back is not a proof either.
        if (!same_audience(place.url, *next)) place.credentials = {};
        place.url = std::move(*next);
    }
}

}  // namespace watchbill
