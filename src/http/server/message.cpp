#include "http/server/message.h"

#include <httplib.h>

#include <algorithm>
#include <cassert>
#include <charconv>

namespace watchbill::http {

namespace {

// Of one packet; what fits in it is not sooner there for being smaller.
constexpr size_t worth_compressing = 1400;

template <typename Raw>
std::optional<std::string> list_of(const Raw& raw, const std::string& name) {
    std::optional<std::string> list;
    const auto [begin, end] = raw.headers.equal_range(name);
    for (auto field = begin; field != end; ++field) {
        if (list) {
            list->append(", ").append(field->second);
        } else {
            list = field->second;
        }
    }
    return list;
}

bool is_compressible(const Response& response) {
    if (response.status != 200 || response.body().size() < worth_compressing) return false;
    const std::string type = response.header("Content-Type").value_or("");
    return (type.starts_with("application/json") || type.starts_with("text/html") ||
            type.starts_with("text/csv")) &&
           !response.has_header("Content-Encoding") && !response.has_header("ETag");
}

}  // namespace

bool same_without_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&lower](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) {
    const size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

bool wants_gzip(const std::optional<std::string>& accept_encoding) {
    std::optional<double> gzip;
    double identity = 0;
    double any = 0;
    std::string_view list = accept_encoding ? std::string_view(*accept_encoding) : std::string_view();
    while (!list.empty()) {
        const std::string_view item = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), item.size() + 1));
        const std::string_view name = trim(item.substr(0, item.find(';')));
        double weight = 1;
        if (item.find(';') != std::string_view::npos) {
            const std::string_view parameter = trim(item.substr(item.find(';') + 1));
            if (!same_without_case(parameter.substr(0, 2), "q=")) continue;
            const char* const end = parameter.data() + parameter.size();
            const auto [rest, error] = std::from_chars(parameter.data() + 2, end, weight);
            if (error != std::errc() || rest != end || !(weight >= 0 && weight <= 1)) continue;
        }
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
std::optional<std::string> Request::header(const std::string& name) const { return list_of(*raw_, name); }
bool Request::has_header(const std::string& name) const { return raw_->has_header(name); }

std::string Request::parameter(const std::string& name) const {
    const auto found = raw_->params.find(name);
    return found == raw_->params.end() ? "" : found->second;
}

Response::Response(int its_status) : status(its_status), raw_(std::make_unique<httplib::Response>()) {}
Response::~Response() = default;
Response::Response(Response&& other) noexcept = default;
Response::Response(const Response& other)
    : status(other.status),
      failure(other.failure),
      raw_(std::make_unique<httplib::Response>(*other.raw_)),
      shared_(other.shared_) {}
Response& Response::operator=(Response other) noexcept {
    status = other.status;
    failure.swap(other.failure);
    raw_.swap(other.raw_);
    shared_.swap(other.shared_);
    return *this;
}

void Response::add_header(const std::string& name, std::string_view value) {
    assert(std::none_of(value.begin(), value.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; }));
    raw_->headers.emplace(name, value);
}

void Response::append_header(const std::string& name, std::string_view value) {
    const auto first = raw_->headers.find(name);
    if (first == raw_->headers.end()) return add_header(name, value);
    first->second.append(", ").append(value);
}

std::optional<std::string> Response::header(const std::string& name) const { return list_of(*raw_, name); }
bool Response::has_header(const std::string& name) const { return raw_->has_header(name); }
HeaderList Response::headers() const { return {raw_->headers.begin(), raw_->headers.end()}; }

void Response::set_body(std::string bytes) {
    shared_.reset();
    raw_->body = std::move(bytes);
}

void Response::share_body(std::shared_ptr<const std::string> bytes) {
    raw_->body.clear();
    shared_ = std::move(bytes);
}

const std::string& Response::body() const { return shared_ ? *shared_ : raw_->body; }

std::shared_ptr<const std::string> Response::move_to(httplib::Response& raw) {
    if (!shared_ && is_compressible(*this)) {
        append_header("Vary", "Accept-Encoding");
    } else if (!shared_ && !raw_->body.empty()) {
        // The library compresses what it is given as a body, and leaves alone what it is given piece by
        // piece.
        shared_ = std::make_shared<const std::string>(std::move(raw_->body));
        raw_->body.clear();
    }
    raw = std::move(*raw_);
    raw.status = status;
    if (!shared_ || shared_->empty()) return nullptr;
    const std::string type = list_of(raw, "Content-Type").value_or("application/octet-stream");
    raw.headers.erase("Content-Type");
    raw.set_content_provider(shared_->size(), type,
                             [bytes = shared_.get()](size_t from, size_t size, httplib::DataSink& sink) {
                                 return sink.write(bytes->data() + from, size);
                             });
    return std::move(shared_);
}

Response text_response(int status, std::string_view content_type, std::string body) {
    Response response(status);
    response.add_header("Content-Type", content_type);
    response.set_body(std::move(body));
    return response;
}

}  // namespace watchbill::http
