// What came in and what goes out: thin views of cpp-httplib's request and response, whose header stays in
// this folder. Not thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "watchbill/ip_address.h"

namespace httplib {
struct Request;
struct Response;
}  // namespace httplib

namespace watchbill::http {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

// Items of a header's list, and how welcome each is, 0 to 1 (RFC 9110 12.4.2): of "fr-CA;q=0.8, *" "fr-CA"
// and "*". Items with a malformed weight are left out. Refers to the list.
std::vector<std::pair<std::string_view, double>> weighted_items(std::string_view list);
// Of the header Accept-Encoding (RFC 9110 12.5.3): gzip is acceptable and not less welcome than plain bytes.
bool wants_gzip(const std::optional<std::string>& accept_encoding);

// Who asks, as the audit log will have it.
struct Caller {
    std::string who = {};   // "token:ops bot"; "" on routes that anybody may use
    std::string from = {};  // the client's address: "192.0.2.7"
};

// Refers to the library's request, which must outlive it.
class Request {
public:
    explicit Request(const httplib::Request& raw) : raw_(&raw) {}

    const std::string& method() const;  // case-sensitive (RFC 9110 9.1)
    const std::string& target() const;  // as sent: path and query, percent-encoded; without a fragment
    const std::string& body() const;    // whole, at most what its route takes
    // All values of that name as one list (RFC 9110 5.3); nothing when there is none.
    std::optional<std::string> header(const std::string& name) const;
    bool has_header(const std::string& name) const;
    // Of the query or of a form in the body, decoded (the WHATWG URL standard 5.1): the first of that name,
    // or "".
    std::string parameter(const std::string& name) const;

    Caller caller = {};   // the router's to set, once it has looked at the request's credentials
    std::string id = {};  // names it in the log and in the answer; the router's to set
    IpAddress peer = {};  // at the other end of the connection: a proxy, perhaps
    // When all of it was there.
    std::chrono::steady_clock::time_point arrived = std::chrono::steady_clock::now();

private:
    const httplib::Request* raw_;
};

// What becomes the library's response.
class Response {
public:
    explicit Response(int its_status = 200) : status(its_status) {}

    // Neither may hold a control character: a line end would begin a header of somebody else's choice
    // (asserted).
    void add_header(std::string name, std::string_view value);
    // Adds to the list that the first header of that name is (RFC 9110 5.6.1); a header of its own where
    // there is none.
    void append_header(const std::string& name, std::string_view value);
    std::optional<std::string> header(std::string_view name) const;  // the first of that name
    bool has_header(std::string_view name) const { return find(name) != nullptr; }
    const HeaderList& headers() const { return headers_; }

    // For HEAD, too, what GET would have: its length only is sent.
    void set_body(std::string bytes);
    // Sent from where it lies, so that a snapshot is not copied. Never compressed.
    void share_body(std::shared_ptr<const std::string> bytes) { shared_ = std::move(bytes); }
    const std::string& body() const { return shared_ ? *shared_ : body_; }

    // Hands all of it over, once. A text of some size is left to the library to compress, unless an ETag
    // names its bytes. What was shared is returned, to be kept until it is sent.
    std::shared_ptr<const std::string> move_to(httplib::Response& raw);

    int status;
    std::string failure = {};  // what went wrong here, in the words of our log; never sent

private:
    const std::string* find(std::string_view name) const;

    HeaderList headers_;
    std::string body_;
    std::shared_ptr<const std::string> shared_;  // instead of it
};

// By default for its asker alone: nothing on the way may keep it.
Response text_response(int status, std::string_view content_type, std::string body,
                       std::string_view cache_control = "private, no-store");

}  // namespace watchbill::http
