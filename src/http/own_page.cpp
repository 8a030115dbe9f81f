#include "http/own_page.h"

#include "words/ascii.h"

namespace watchbill::http {

namespace {

// "https://rota.example.com:8443/watch" -> "https://rota.example.com:8443"
std::string_view origin_of(std::string_view url) {
    const size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return {};
    return url.substr(0, url.find('/', scheme + 3));
}

std::string_view host_of(std::string_view origin) {
    const size_t scheme = origin.find("://");
    return scheme == std::string_view::npos ? std::string_view() : origin.substr(scheme + 3);
}

}  // namespace

bool is_from_own_page(const Request& request, std::string_view public_url) {
    if (const auto site = request.header("Sec-Fetch-Site")) return *site == "same-origin";
    const auto origin = request.header("Origin");
    if (!origin || host_of(*origin).empty()) return false;
    if (same_without_case(*origin, origin_of(public_url))) return true;
    const auto host = request.header("Host");
    return host && same_without_case(host_of(*origin), *host);
}

bool is_safe_method(std::string_view method) {
    return method == "GET" || method == "HEAD" || method == "OPTIONS" || method == "TRACE";
}

}  // namespace watchbill::http
