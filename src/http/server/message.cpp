#include "http/server/message.h"

#include <httplib.h>

#include <algorithm>
#include <cassert>
#include <charconv>

#include "words/ascii.h"

namespace watchbill::http {

namespace {

// Of one packet; what fits in it is not sooner there for being smaller.
constexpr size_t worth_compressing = 1400;

bool is_compressible(const Response& response) {
    if (response.status != 200 || response.body().size() < worth_compressing) return false;
    const std::string type = response.header("Content-Type").value_or("");
    return (type.starts_with("application/json") || type.starts_with("text/html") ||
            type.starts_with("text/csv")) &&
           !response.has_header("Content-Encoding") && !response.has_header("ETag");
}

// "q=0.8", or nothing, which is 1.
std::optional<double> weight_of(std::string_view parameter) {
    if (parameter.empty()) return 1;
    if (!same_without_case(parameter.substr(0, 2), "q=")) return std::nullopt;
    double weight = 0;
    const char* const end = parameter.data() + parameter.size();
    const auto [rest, error] = std::from_chars(parameter.data() + 2, end, weight);
    const bool valid = error == std::errc() && rest == end && weight >= 0 && weight <= 1;
    return valid ? std::optional(weight) : std::nullopt;
}

}  // namespace

std::vector<std::pair<std::string_view, double>> weighted_items(std::string_view list) {
    std::vector<std::pair<std::string_view, double>> items;
    for (const std::string_view item : split(list, ',')) {
        const size_t semicolon = std::min(item.find(';'), item.size());
        if (const auto weight = weight_of(trim(item.substr(std::min(item.size(), semicolon + 1)))))
            items.emplace_back(trim(item.substr(0, semicolon)), *weight);
    }
    return items;
}

bool wants_gzip(const std::optional<std::string>& accept_encoding) {
    std::optional<double> gzip;
    double identity = 0;
    double any = 0;
    for (const auto& [name, weight] :
         weighted_items(accept_encoding ? *accept_encoding : std::string_view())) {
        if (same_without_case(name, "gzip") || same_without_case(name, "x-gzip")) gzip = weight;
        if (same_without_case(name, "identity")) identity = weight;
        if (name == "*") any = weight;
    }
    const double wanted = gzip.value_or(any);
    return wanted > 0 && wanted >= identity;
}

const std::string& Request::method() const { return raw_->method; }
const std::string& Request::target() const { return raw_->target; }
const std::string& Request::body() const { return raw_->body; }
bool Request::has_header(const std::string& name) const { return raw_->has_header(name); }

std::optional<std::string> Request::header(const std::string& name) const {
    const auto [begin, end] = raw_->headers.equal_range(name);
    if (begin == end) return std::nullopt;
    std::string list = begin->second;
    for (auto field = std::next(begin); field != end; ++field) list.append(", ").append(field->second);
    return list;
}

std::string Request::parameter(const std::string& name) const {
    const auto found = raw_->params.find(name);
    return found == raw_->params.end() ? "" : found->second;
}

const std::string* Response::find(std::string_view name) const {
    const auto found = std::find_if(headers_.begin(), headers_.end(), [name](const auto& field) {
        return same_without_case(field.first, name);
    });
    return found == headers_.end() ? nullptr : &found->second;
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
    const std::string* const value = find(name);
    return value == nullptr ? std::nullopt : std::optional(*value);
}

void Response::set_body(std::string bytes) {
    shared_.reset();
    body_ = std::move(bytes);
}

std::shared_ptr<const std::string> Response::move_to(httplib::Response& raw) {
    raw.headers.clear();
    // The library compresses what it is given as a body, and leaves alone what it is given piece by piece.
    if (!shared_ && is_compressible(*this)) {
        append_header("Vary", "Accept-Encoding");
        raw.body = std::move(body_);
    } else if (!shared_ && !body_.empty()) {
        shared_ = std::make_shared<const std::string>(std::move(body_));
    }
    raw.status = status;
    const bool is_shared = shared_ && !shared_->empty();
    std::string type = "application/octet-stream";
    for (auto& [name, value] : headers_) {
        if (is_shared && same_without_case(name, "Content-Type")) {
            type = std::move(value);
        } else {
            raw.headers.emplace(std::move(name), std::move(value));
        }
    }
    if (!is_shared) return nullptr;
    raw.set_content_provider(shared_->size(), type,
                             [bytes = shared_.get()](size_t from, size_t size, httplib::DataSink& sink) {
                                 return sink.write(bytes->data() + from, size);
                             });
    return std::move(shared_);
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
