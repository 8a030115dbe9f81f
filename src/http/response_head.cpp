#include "http/response_head.h"

#include <string_view>

#include "http/field_text.h"
#include "http/http_date.h"
#include "http/problem.h"

namespace watchbill::http {

namespace {

Headers for_browsers() {
    Headers headers;
    headers.add("X-Content-Type-Options", "nosniff");
    // Feed addresses are secrets: no page may carry them on, show them in a frame, or take them in.
    headers.add("Referrer-Policy", "no-referrer");
    headers.add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    headers.add("X-Frame-Options", "DENY");
    headers.add("Cross-Origin-Resource-Policy", "same-origin");
    return headers;
}

std::string_view reason_of(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 304: return "Not Modified";
        default: return status_title(status);
    }
}

// 304 has no body, and a Content-Length there would be that of the 200 (RFC 9110 8.6).
bool has_length(int status) { return status != 304 && status != 204; }

// Those of the one that the other does not have.
void append_missing(std::string& head, const Headers& wanted, const Headers& own) {
    bool any = false;
    for (const auto& [name, value] : wanted) any = any || own.has(name);
    if (!any) {
        head.append(wanted.lines());
        return;
    }
    for (const auto& [name, value] : wanted) {
        if (!own.has(name)) append_field(head, name, value);
    }
}

}  // namespace

ResponseHeads::ResponseHeads() : for_browsers_(for_browsers()) {}

const std::string& ResponseHeads::date(Instant now) {
    if (date_.empty() || now != dated_) {
        date_ = format_http_date(now);
        dated_ = now;
    }
    return date_;
}

void ResponseHeads::write(std::string& head, const Response& response, Instant now, bool last) {
    head.clear();
    head.reserve(768);  // more than a feed's
    head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    head.append(reason_of(response.status)).append(line_end);
    append_field(head, "Date", date(now));
    head.append(response.headers.lines());
    // The answer that the client has already came with its own (RFC 9110 15.4.5, RFC 9111 3.2).
    if (response.status != 304) append_missing(head, for_browsers_, response.headers);
    if (has_length(response.status)) {
        append_field(head, "Content-Length", std::to_string(response.body ? response.body->size() : 0));
    }
    if (last) append_field(head, "Connection", "close");
    head.append(line_end);
}

}  // namespace watchbill::http
