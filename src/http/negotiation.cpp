#include "http/negotiation.h"

#include <algorithm>
#include <charconv>

#include "words/ascii.h"

namespace watchbill::http {

namespace {

// Of one packet; what fits in it is not sooner there for being smaller.
constexpr size_t worth_compressing = 1400;

// "q=0.8", or nothing, which is 1.
std::optional<double> weight_of(std::string_view parameter) {
    if (parameter.empty()) return 1;
    if (!same_without_case(parameter.substr(0, 2), "q=")) return std::nullopt;
    double weight = 0;
    const char* const end = parameter.data() + parameter.size();
    const auto [rest, error] = std::from_chars(parameter.data() + 2, end, weight);
    const bool valid = error == std::errc() && rest == end && weight >= 0 && weight <= 1;
    return valid ? std::optional(weight) : std::nullopt;
}

}  // namespace

std::vector<std::pair<std::string_view, double>> weighted_items(std::string_view list) {
    std::vector<std::pair<std::string_view, double>> items;
    for (const std::string_view item : split(list, ',')) {
        const size_t semicolon = std::min(item.find(';'), item.size());
        if (const auto weight = weight_of(trim(item.substr(std::min(item.size(), semicolon + 1)))))
            items.emplace_back(trim(item.substr(0, semicolon)), *weight);
    }
    return items;
}

bool wants_gzip(const std::optional<std::string>& accept_encoding) {
    std::optional<double> gzip;
    double identity = 0;
    double any = 0;
    for (const auto& [name, weight] :
         weighted_items(accept_encoding ? *accept_encoding : std::string_view())) {
        if (same_without_case(name, "gzip") || same_without_case(name, "x-gzip")) gzip = weight;
        if (same_without_case(name, "identity")) identity = weight;
        if (name == "*") any = weight;
    }
    const double wanted = gzip.value_or(any);
    return wanted > 0 && wanted >= identity;
}

void offer_packing(const Request& request, Response& response) {
    if (response.status != 200 || response.is_shared() || response.body().size() < worth_compressing ||
        response.has_header("Content-Encoding") || response.has_header("ETag"))
        return;
    const std::string type = response.header("Content-Type").value_or("");
    if (!type.starts_with("application/json") && !type.starts_with("text/html") &&
        !type.starts_with("text/csv"))
        return;
    response.append_header("Vary", "Accept-Encoding");
    response.is_to_be_packed = wants_gzip(request.header("Accept-Encoding"));
}

}  // namespace watchbill::http
