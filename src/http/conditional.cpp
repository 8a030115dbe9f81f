#include "http/conditional.h"

#include "http/http_date.h"
#include "http/server/message.h"

namespace watchbill::http {

namespace {

// The entity tag at the front of `list`, without "W/"; takes it and the comma after it away. Nothing at the
// end of the list or where it is malformed.
std::optional<std::string_view> take_etag(std::string_view& list) {
    while (!list.empty() && (list.front() == ' ' || list.front() == '\t' || list.front() == ','))
        list.remove_prefix(1);
    if (list.starts_with("W/")) list.remove_prefix(2);
    if (!list.starts_with('"')) return std::nullopt;
    const size_t end = list.find('"', 1);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view tag = list.substr(0, end + 1);
    list.remove_prefix(end + 1);
    const std::string_view rest = trim(list);
    if (!rest.empty() && rest.front() != ',') return std::nullopt;
    return tag;
}

bool list_has_etag(std::string_view list, std::string_view etag) {
    if (trim(list) == "*") return true;
    while (const auto tag = take_etag(list)) {
        if (*tag == etag) return true;
    }
    return false;
}

}  // namespace

bool is_not_modified(const Conditions& conditions, const Representation& current, Instant now) {
    if (conditions.if_none_match) return list_has_etag(*conditions.if_none_match, current.etag);
    if (!conditions.if_modified_since) return false;
    const auto since = parse_http_date(trim(*conditions.if_modified_since), now);
    return since && current.last_modified <= *since;
}

}  // namespace watchbill::http
