// What came in and what goes out: a thin view of cpp-httplib's request, whose header stays in this folder,
// and what becomes its response. Not thread-safe.
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
}

namespace watchbill::http {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

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
    bool has_header(std::string_view name) const { return header(name).has_value(); }
    const HeaderList& headers() const { return headers_; }

    // For HEAD, too, what GET would have: its length only is sent.
    void set_body(std::string bytes) { body_ = std::make_shared<const std::string>(std::move(bytes)); }
    // Sent from where it lies, so that a snapshot is not copied.
    void share_body(std::shared_ptr<const std::string> bytes) {
        body_ = std::move(bytes);
        is_shared_ = true;
    }
    bool is_shared() const { return is_shared_; }
    const std::string& body() const;
    const std::shared_ptr<const std::string>& shared_body() const { return body_; }  // may be null

    int status;
    std::string failure = {};      // what went wrong here, in the words of our log; never sent
    bool is_to_be_packed = false;  // with gzip, by the library

private:
    HeaderList headers_;
    std::shared_ptr<const std::string> body_;  // null: none
    bool is_shared_ = false;
};

// By default for its asker alone: nothing on the way may keep it.
Response text_response(int status, std::string_view content_type, std::string body,
                       std::string_view cache_control = "private, no-store");

}  // namespace watchbill::http
