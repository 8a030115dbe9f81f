#include "http/response_head.h"

#include <array>
#include <string_view>
#include <utility>

#include "http/http_date.h"
#include "http/problem.h"

namespace watchbill::http {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> common_headers{{
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

bool brings(const Response& response, std::string_view name) {
    for (const auto& [field, value] : response.headers.all()) {
        if (same_without_case(field, name)) return true;
    }
    return false;
}

void add(std::string& head, std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
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
    head.append(reason_of(response.status)).append("\r\n");
    add(head, "Date", date(now));
    for (const auto& [name, value] : response.headers.all()) add(head, name, value);
    for (const auto& [name, value] : common_headers) {
        if (!brings(response, name)) add(head, name, value);
    }
    if (has_length(response.status))
        add(head, "Content-Length", std::to_string(response.body ? response.body->size() : 0));
    if (last) add(head, "Connection", "close");
    return head.append("\r\n");
}

}  // namespace watchbill::http
