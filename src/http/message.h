// What came in and what goes out, free of any server library: handlers are functions from one to the other.
// Values.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/field_text.h"
#include "service/nameless_copies.h"

namespace watchbill::http {

// In order, names compared without case (RFC 9110 5.1). Kept in one piece and in the form in which they are
// sent: headers are made and dropped with every request and every answer.
class Headers {
public:
    struct Field {  // views into the headers, until these change
        std::string_view name;
        std::string_view value;
    };
    class Iterator {
    public:
        Iterator(const Headers& headers, size_t at) : headers_(&headers), at_(at) {}
        Field operator*() const { return headers_->field(at_); }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        bool operator==(const Iterator&) const = default;

    private:
        const Headers* headers_;
        size_t at_;
    };

    void add(std::string_view name, std::string_view value);
    // Adds to the list that the first field of that name is (RFC 9110 5.6.1); a field of its own where there
    // is none.
    void append(std::string_view name, std::string_view value);
    // All values of that name as one list (RFC 9110 5.3); nothing when there is none.
    std::optional<std::string> get(std::string_view name) const;
    bool has(std::string_view name) const { return find(name, 0) < size(); }

    // As they are sent, each with its line end.
    std::string_view lines() const { return text_; }

    size_t size() const { return places_.size(); }
    Iterator begin() const { return {*this, 0}; }
    Iterator end() const { return {*this, size()}; }

private:
    struct Place {
        size_t begin = 0;  // of the line
        size_t name = 0;   // its length
        size_t value = 0;  // likewise
    };
    Field field(size_t at) const {
        const Place& place = places_[at];
        const char* const line = text_.data() + place.begin;
        return {{line, place.name}, {line + place.name + field_colon.size(), place.value}};
    }

    // The first of that name from there on; size() when there is none.
    size_t find(std::string_view name, size_t from) const;

    std::string text_;
    std::vector<Place> places_;
};

bool same_length_without_case(std::string_view a, std::string_view b);  // ASCII, of one length
inline bool same_without_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && same_length_without_case(a, b);
}

// Who asks, as the audit log will have it.
struct Caller {
    std::string who = {};   // "token:ops bot"; "" on routes that anybody may use
    std::string from = {};  // the peer's address: "192.0.2.7"
};

struct Request {
    std::string method;  // case-sensitive (RFC 9110 9.1)
    std::string target;  // as sent: path and query, percent-encoded
    Headers headers;
    std::string body = {};  // whole, at most what its route takes (http/router.h)
    Caller caller = {};     // `who` is the router's to set, once it has looked at the request's credentials
    std::string id = {};    // names it in the log and in the answer; the router's to set
    // When all of it was there; unset: just now.
    std::optional<std::chrono::steady_clock::time_point> arrived = {};
};

struct Response {
    int status = 200;
    Headers headers;
    // Shared, so that a snapshot's bytes are not copied until they are written. Null: no body. For HEAD the
    // body that GET would have: whoever writes it sends its length only.
    std::shared_ptr<const std::string> body;
    // The same bytes, where they are kept as files, too, for as long as `body` is; null: they are not.
    const NamelessCopies* files = nullptr;
    std::string failure = {};  // what went wrong here, in the words of our log; never sent
};

Response text_response(int status, std::string_view content_type, std::string body);

}  // namespace watchbill::http
