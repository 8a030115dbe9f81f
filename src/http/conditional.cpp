#include "http/conditional.h"

#include <algorithm>

#include "http/http_date.h"
#include "words/ascii.h"

namespace watchbill::http {

namespace {

bool list_has_etag(std::string_view list, std::string_view etag) {
    if (trim(list) == "*") return true;
    const auto tags = entity_tags(list);
    return std::any_of(tags.begin(), tags.end(), [etag](const EntityTag& tag) { return tag.text == etag; });
}

}  // namespace

std::vector<EntityTag> entity_tags(std::string_view list) {
    std::vector<EntityTag> tags;
    for (;;) {
        list.remove_prefix(std::min(list.find_first_not_of(" \t,"), list.size()));
        const bool is_weak = list.starts_with("W/");
        if (is_weak) list.remove_prefix(2);
        const size_t end = list.starts_with('"') ? list.find('"', 1) : std::string_view::npos;
        if (end == std::string_view::npos) return tags;
        const EntityTag tag{list.substr(0, end + 1), is_weak};
        list = trim(list.substr(end + 1));
        if (!list.empty() && list.front() != ',') return tags;
        tags.push_back(tag);
    }
}

bool is_not_modified(const Conditions& conditions, const Representation& current, Instant now) {
    if (conditions.if_none_match) return list_has_etag(*conditions.if_none_match, current.etag);
    if (!conditions.if_modified_since) return false;
    const auto since = parse_http_date(trim(*conditions.if_modified_since), now);
    return since && current.last_modified <= *since;
}

}  // namespace watchbill::http
