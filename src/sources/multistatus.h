// Answers of DAV servers: multistatus (RFC 4918 13) with what CalDAV and its relatives put into it. Hostile
// bytes are bounded before and while they are parsed; no entity is ever expanded. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/result.h"

namespace watchbill::dav {

// One resource. Of properties only those that the server gave with a status of success.
struct Resource {
    std::string href;  // as it came: a path, or a whole URL
    long status = 0;   // of the resource itself: 404 for one that is gone; 0 where only properties have one
    long property_status = 0;  // of the last properties that it would not give, 0 for none
    std::string etag;
    std::optional<std::string> calendar_data;
    std::string sync_token;
    std::string ctag;
    std::string principal;               // href of current-user-principal
    std::string outbox;                  // href of schedule-outbox-URL
    std::vector<std::string> addresses;  // calendar-user-address-set, as they came: "mailto:a@example.com"
    bool is_collection = false;
    bool is_calendar = false;
    bool can_sync = false;                               // its supported-report-set has sync-collection
    std::optional<std::vector<std::string>> components;  // supported-calendar-component-set, in upper case
    std::optional<bool> may_write;                       // as current-user-privilege-set tells
};

struct Multistatus {
    std::vector<Resource> resources;
    std::string sync_token;  // the new one, in an answer to sync-collection
};

// Takes the bytes: they are parsed in place. Errors: refused (no multistatus, no XML, XML with a DOCTYPE),
// too_large.
Result<Multistatus> parse_multistatus(std::string bytes);

// Whether the body of a refusal names that precondition (RFC 4918 16), of WebDAV or of CalDAV:
// "no-uid-conflict".
bool names_precondition(std::string bytes, std::string_view name);

}  // namespace watchbill::dav
