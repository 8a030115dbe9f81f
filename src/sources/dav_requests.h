// What a CalDAV server is asked, as XML: PROPFIND (RFC 4918 9.1), calendar-query and calendar-multiget
// (RFC 4791 7.8, 7.9), sync-collection (RFC 6578 3.2). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "watchbill/time.h"

namespace watchbill::dav {

// Text between tags and in attributes; what XML 1.0 has no way to write is left out.
std::string escaped(std::string_view text);

// What kind of thing the address is, what it can do, and whether it has changed.
std::string collection_properties();
// Who we are to the server, and where that person's mail for calendars goes out (RFC 5397, RFC 6638).
std::string principal_properties();
std::string etag_property();

// Everything in the collection that has a `component` ("VEVENT"), or only what overlaps `span`, or has a
// `property` ("RRULE") in it: hrefs, ETags and the calendars themselves.
std::string calendar_query(std::string_view component);
std::string calendar_query(std::string_view component, Interval span);
std::string calendar_query(std::string_view component, std::string_view property);
std::string calendar_multiget(const std::vector<std::string>& hrefs);
// What changed since the state that `token` stands for.
std::string sync_collection(std::string_view token);

}  // namespace watchbill::dav
