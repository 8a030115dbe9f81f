#include "http/conditional.h"

#include <array>

#include "http/field_text.h"
#include "http/http_date.h"
#include "http/message.h"

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

// A weight in thousandths: "1", "0.5", "0.001"; nothing when malformed (RFC 9110 12.4.2).
std::optional<int> parse_weight(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
    int weight = (text[0] - '0') * 1000;
    if (text.size() == 1) return weight;
    if (text[1] != '.') return std::nullopt;
    constexpr std::array<int, 3> places{100, 10, 1};
    for (size_t i = 2; i < text.size(); ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        weight += (text[i] - '0') * places[i - 2];
    }
    return weight <= 1000 ? std::optional(weight) : std::nullopt;
}

struct Coding {
    std::string_view name;
    int weight = 1000;
};

std::optional<Coding> parse_coding(std::string_view item) {
    const size_t semicolon = item.find(';');
    Coding coding{trim(item.substr(0, semicolon)), 1000};
    if (coding.name.empty()) return std::nullopt;
    if (semicolon == std::string_view::npos) return coding;
    const std::string_view parameter = trim(item.substr(semicolon + 1));
    if (parameter.size() < 2 || (parameter[0] != 'q' && parameter[0] != 'Q') || parameter[1] != '=')
        return std::nullopt;
    const auto weight = parse_weight(parameter.substr(2));
    if (!weight) return std::nullopt;
    coding.weight = *weight;
    return coding;
}

}  // namespace

bool is_not_modified(const Conditions& conditions, const Representation& current, Instant now) {
    if (conditions.if_none_match) return list_has_etag(*conditions.if_none_match, current.etag);
    if (!conditions.if_modified_since) return false;
    const auto since = parse_http_date(trim(*conditions.if_modified_since), now);
    return since && current.last_modified <= *since;
}

bool wants_gzip(const std::optional<std::string>& accept_encoding) {
    if (!accept_encoding) return false;
    std::optional<int> gzip;
    std::optional<int> identity;
    std::optional<int> any;
    std::string_view list = *accept_encoding;
    while (!list.empty()) {
        const size_t comma = list.find(',');
        const std::string_view item = list.substr(0, comma);
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
        const auto coding = parse_coding(item);
        if (!coding) continue;
        if (same_without_case(coding->name, "gzip") || same_without_case(coding->name, "x-gzip"))
            gzip = coding->weight;
        if (same_without_case(coding->name, "identity")) identity = coding->weight;
        if (coding->name == "*") any = coding->weight;
    }
    const int gzip_weight = gzip.value_or(any.value_or(0));
    return gzip_weight > 0 && gzip_weight >= identity.value_or(0);
}

}  // namespace watchbill::http
