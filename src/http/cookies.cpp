#include "http/cookies.h"

#include <fmt/format.h>

#include "words/ascii.h"

namespace watchbill::http {

namespace {

constexpr long long cookie_age = 365LL * 24 * 60 * 60;

std::string set_cookie(bool secure, std::string_view name, std::string_view value, long long seconds,
                       std::string_view same_site) {
    return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite={}{}", name, value, seconds, same_site,
                       secure ? "; Secure" : "");
}

}  // namespace

std::optional<std::string> cookie(const Request& request, std::string_view name) {
    const auto header = request.header("Cookie");
    if (!header) return std::nullopt;
    std::string_view rest = *header;
    while (!rest.empty()) {
        // HTTP/1.1 has one field; several, which arrive as a list, are taken apart too.
        const size_t end = std::min(rest.find_first_of(";,"), rest.size());
        const std::string_view pair = trim(rest.substr(0, end));
        rest.remove_prefix(std::min(rest.size(), end + 1));
        const size_t equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name)
            return std::string(pair.substr(equals + 1));
    }
    return std::nullopt;
}

std::string session_cookie_name(bool secure) { return secure ? "__Host-watchbill" : "watchbill"; }

std::string session_cookie(bool secure, const std::string& value, long long seconds) {
    return set_cookie(secure, session_cookie_name(secure), value, seconds, "Strict");
}

std::string language_cookie(bool secure, std::string_view language) {
    return set_cookie(secure, language_cookie_name, language, cookie_age, "Lax");
}

}  // namespace watchbill::http
