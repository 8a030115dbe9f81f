#include "http/server/message.h"

#include <httplib.h>

#include <algorithm>
#include <cassert>

#include "words/ascii.h"

namespace watchbill::http {

const std::string& Request::method() const { return raw_->method; }
const std::string& Request::target() const { return raw_->target; }
const std::string& Request::body() const { return raw_->body; }
bool Request::has_header(const std::string& name) const { return raw_->has_header(name); }
std::string Request::parameter(const std::string& name) const { return raw_->get_param_value(name); }

std::optional<std::string> Request::header(const std::string& name) const {
    const auto [begin, end] = raw_->headers.equal_range(name);
    if (begin == end) return std::nullopt;
    std::string list = begin->second;
    for (auto field = std::next(begin); field != end; ++field) list.append(", ").append(field->second);
    return list;
}

void Response::add_header(std::string name, std::string_view value) {
    assert(std::none_of(value.begin(), value.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }));
    headers_.emplace_back(std::move(name), value);
}

void Response::append_header(const std::string& name, std::string_view value) {
    for (auto& [field, list] : headers_)
        if (same_without_case(field, name)) return void(list.append(", ").append(value));
    add_header(name, value);
}

std::optional<std::string> Response::header(std::string_view name) const {
    for (const auto& [field, value] : headers_)
        if (same_without_case(field, name)) return value;
    return std::nullopt;
}

const std::string& Response::body() const {
    static const std::string none;
    return body_ ? *body_ : none;
}

Response text_response(int status, std::string_view content_type, std::string body,
                       std::string_view cache_control) {
    Response response(status);
    response.add_header("Content-Type", content_type);
    response.add_header("Cache-Control", cache_control);
    response.set_body(std::move(body));
    return response;
}

}  // namespace watchbill::http
