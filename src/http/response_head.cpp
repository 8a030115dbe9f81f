#include "http/response_head.h"

#include <array>
#include <string_view>

#include "http/field_text.h"
#include "http/http_date.h"
#include "http/problem.h"

namespace watchbill::http {

namespace {

constexpr std::array<Headers::Field, 5> common_headers{{
    {"X-Content-Type-Options", "nosniff"},
    // Feed addresses are secrets: no page may carry them on, show them in a frame, or take them in.
    {"Referrer-Policy", "no-referrer"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
}};

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

void add(std::string& head, const Headers::Field& field) {
    constexpr std::string_view colon = ": ";
    size_t at = head.size();
    head.resize(at + field.name.size() + colon.size() + field.value.size() + line_end.size());
    for (const std::string_view piece : {field.name, colon, field.value, line_end})
        at += piece.copy(head.data() + at, piece.size());
}

// What browsers are told with every answer, but for what this one says itself.
void add_common(std::string& head, const Headers& own) {
    std::array<bool, common_headers.size()> brought{};
    for (const Headers::Field field : own) {
        for (size_t i = 0; i < common_headers.size(); ++i)
            brought[i] = brought[i] || same_without_case(field.name, common_headers[i].name);
    }
    for (size_t i = 0; i < common_headers.size(); ++i) {
        if (!brought[i]) add(head, common_headers[i]);
    }
}

}  // namespace

const std::string& ResponseHeads::date(Instant now) {
    if (date_.empty() || now != dated_) {
        date_ = format_http_date(now);
        dated_ = now;
    }
    return date_;
}

std::string ResponseHeads::make(const Response& response, Instant now, bool last) {
    std::string head;
    head.reserve(768);  // more than a feed's
    head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    head.append(reason_of(response.status)).append(line_end);
    add(head, {"Date", date(now)});
    for (const Headers::Field field : response.headers) add(head, field);
    // The answer that the client has already came with its own (RFC 9110 15.4.5, RFC 9111 3.2).
    if (response.status != 304) add_common(head, response.headers);
    if (has_length(response.status)) {
        add(head, {"Content-Length", std::to_string(response.body ? response.body->size() : 0)});
    }
    if (last) add(head, {"Connection", "close"});
    return head.append(line_end);
}

}  // namespace watchbill::http
