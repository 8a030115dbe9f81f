// One collection on a WebDAV server, asked by several requests that together keep one limit of time and one
// of size. Internal to src/sources.
#pragma once

#include <string>
#include <string_view>

#include "sources/http_session.h"
#include "sources/multistatus.h"
#include "watchbill/team.h"

namespace watchbill::dav {

// Not thread-safe; one for each errand. The options must outlive it.
class Client {
public:
    // Errors, without `where`: refused (no web address), those of the credentials' files.
    static Result<Client> open(const CalendarRef& calendar, const HttpOptions& options);

    // To the collection. Where redirects lead is the collection from then on.
    // Errors, without `where`: those of HttpSession, and for propfind the status', and refused for what is no
    // multistatus.
    Result<Multistatus> propfind(std::string body, std::string_view depth);
    Result<HttpAnswer> report(std::string body, std::string_view depth);
    Result<HttpAnswer> options();

    // To another resource of the same server. An href that leads to another one is refused: credentials are
    // not for it, and what it says is not this calendar.
    Result<Multistatus> propfind_at(const std::string& href, std::string body);
    Result<HttpAnswer> send_to(const std::string& href, HttpCall call);

    // The resource's path and query, by which it is told from others however it is written; refused where
    // it is on another server.
    Result<std::string> path_of(const std::string& href) const;
    // The href of a resource in the collection. `name` has nothing that a URL would have to encode.
    std::string member(std::string_view name) const;

private:
    Client(const HttpOptions& options, HttpPlace place) : session_(options), place_(std::move(place)) {}

    Result<HttpAnswer> send(HttpPlace& place, HttpCall call);
    Result<Url> resolve(const std::string& href) const;

    HttpSession session_;
    HttpPlace place_;
    size_t bytes_left_ = max_dav_bytes;
};

}  // namespace watchbill::dav
