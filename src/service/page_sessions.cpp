#include "service/page_sessions.h"

#include <algorithm>
#include <charconv>

#include "crypto/crypto.h"

namespace watchbill {

namespace {

// A phone that is taken up at night should not ask for a token first; a month is what people expect of
// "stay signed in".
constexpr Duration session_length = std::chrono::days(30);
constexpr size_t longest_value = 128;

struct Parts {
    std::string id;
    Instant ends;
    std::string_view payload;
    std::string_view signature;
};

std::optional<Parts> split(std::string_view value) {
    if (value.size() > longest_value) return std::nullopt;
    const size_t first = value.find('.');
    const size_t last = value.rfind('.');
    if (first == std::string_view::npos || first == last) return std::nullopt;
    const std::string_view number = value.substr(first + 1, last - first - 1);
    long long seconds = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), seconds);
    if (error != std::errc() || end != number.data() + number.size()) return std::nullopt;
    return Parts{std::string(value.substr(0, first)), Instant(std::chrono::seconds(seconds)),
                 value.substr(0, last), value.substr(last + 1)};
}

}  // namespace

PageSessions::PageSessions(std::string_view server_secret, ApiTokens& tokens, const Clock& clock)
    : key_(crypto::hmac_sha256_hex(server_secret, "watchbill-page-session-key")),
      tokens_(tokens),
      clock_(clock) {}

std::string PageSessions::sign(std::string_view payload) const {
    return crypto::hmac_sha256_hex(key_, payload);
}

Instant PageSessions::end_of(const ApiToken& token) const {
    const Instant usual = clock_.now() + session_length;
    return token.expires_at ? std::min(usual, *token.expires_at) : usual;
}

std::string PageSessions::open(const ApiToken& token) const {
    const std::string payload = token.id + "." + std::to_string(end_of(token).time_since_epoch().count());
    return payload + "." + sign(payload);
}

Result<std::optional<PageSession>> PageSessions::find(std::string_view value) {
    const auto parts = split(value);
    if (!parts || !crypto::equal_in_constant_time(parts->signature, sign(parts->payload)))
        return std::nullopt;
    if (parts->ends <= clock_.now()) return std::nullopt;
    auto token = tokens_.find_by_id(parts->id);
    if (!token) return tl::unexpected(token.error());
    if (!*token) return std::nullopt;
    return PageSession{std::move(**token), parts->ends};
}

}  // namespace watchbill
