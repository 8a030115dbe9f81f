// Whether the client's copy is still good (RFC 9110 13). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/time.h"

namespace watchbill::http {

struct EntityTag {
    std::string_view text;  // with its quotes
    bool is_weak = false;
};
// Of a header's list, as far as it is well-formed (RFC 9110 8.8.3). Refers to the list.
std::vector<EntityTag> entity_tags(std::string_view list);

struct Representation {
    std::string_view etag;  // with its quotes
    Instant last_modified;
};

struct Conditions {
    std::optional<std::string> if_none_match;
    std::optional<std::string> if_modified_since;
};

// For GET and HEAD. If-None-Match decides alone when it is there (13.1.3), comparing weakly (13.1.2). What is
// malformed is no match: the client gets the whole answer.
bool is_not_modified(const Conditions& conditions, const Representation& current, Instant now);

}  // namespace watchbill::http
