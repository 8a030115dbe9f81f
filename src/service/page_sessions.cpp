#include "service/page_sessions.h"

#include <algorithm>
#include <charconv>

#include "crypto/crypto.h"

namespace watchbill {

namespace {

// A phone that is taken up at night should not ask for a token first; a month is what people expect of
// "stay signed in".
constexpr Duration session_length = std::chrono::days(30);
constexpr size_t longest_value = 192;
// 128 bits: nobody meets another one's.
constexpr size_t id_bytes = 16;
// How long a session that another process ended may still work, and how often a busy one is looked up.
constexpr Duration remembered_for = std::chrono::seconds(3);
// People's browsers, and who tries values of their own does not get here: they are signed.
constexpr size_t most_remembered = 10'000;

struct Parts {
    std::string token;
    std::string id;
    Instant ends;
    std::string_view payload;
    std::string_view signature;
};

// What is before the first dot, which goes with it.
std::optional<std::string_view> take_part(std::string_view& text) {
    const size_t dot = text.find('.');
    if (dot == std::string_view::npos || dot == 0) return std::nullopt;
    const std::string_view part = text.substr(0, dot);
    text.remove_prefix(dot + 1);
    return part;
}

std::optional<Parts> split(std::string_view value) {
    if (value.size() > longest_value) return std::nullopt;
    std::string_view rest = value;
    const auto token = take_part(rest);
    const auto id = take_part(rest);
    const auto number = take_part(rest);
    if (!token || !id || !number || rest.find('.') != std::string_view::npos) return std::nullopt;
    long long seconds = 0;
    const auto [end, error] = std::from_chars(number->data(), number->data() + number->size(), seconds);
    if (error != std::errc() || end != number->data() + number->size()) return std::nullopt;
    return Parts{std::string(*token), std::string(*id), Instant(std::chrono::seconds(seconds)),
                 value.substr(0, value.size() - rest.size() - 1), rest};
}

}  // namespace

PageSessions::PageSessions(std::string_view server_secret, ApiTokens& tokens, Store& store,
                           const Clock& clock)
    : key_(crypto::hmac_sha256_hex(server_secret, "watchbill-page-session-key")),
      tokens_(tokens),
      store_(store),
      clock_(clock) {}

std::string PageSessions::sign(std::string_view payload) const {
    return crypto::hmac_sha256_hex(key_, payload);
}

Instant PageSessions::end_of(const ApiToken& token) const {
    const Instant usual = clock_.now() + session_length;
    return token.expires_at ? std::min(usual, *token.expires_at) : usual;
}

std::string PageSessions::value_of(const ApiToken& token, const std::string& id) const {
    const std::string payload =
        token.id + "." + id + "." + std::to_string(end_of(token).time_since_epoch().count());
    return payload + "." + sign(payload);
}

std::string PageSessions::open(const ApiToken& token) const {
    return value_of(token, crypto::random_hex(id_bytes));
}

std::string PageSessions::renew(const PageSession& session) const {
    return value_of(session.token, session.id);
}

Result<std::optional<PageSession>> PageSessions::find(std::string_view value) {
    const auto parts = split(value);
    if (!parts || !crypto::equal_in_constant_time(parts->signature, sign(parts->payload)))
        return std::nullopt;
    if (parts->ends <= clock_.now()) return std::nullopt;
    const auto ended = has_ended(parts->id);
    if (!ended) return tl::unexpected(ended.error());
    if (*ended) return std::nullopt;
    auto token = tokens_.find_by_id(parts->token);
    if (!token) return tl::unexpected(token.error());
    if (!*token) return std::nullopt;
    return PageSession{std::move(**token), parts->id, parts->ends};
}

Result<void> PageSessions::end(std::string_view value) {
    const auto parts = split(value);
    if (!parts || !crypto::equal_in_constant_time(parts->signature, sign(parts->payload))) return {};
    const std::string digest = crypto::sha256_hex(parts->id);
    {
        const std::lock_guard lock(mutex_);
        known_.insert_or_assign(digest, Known{true, clock_.steady_now()});
    }
    // No cookie of the session that was given out so far ends later; a day more for clocks that differ.
    return store_.end_page_session(digest, clock_.now() + session_length + std::chrono::days(1));
}

Result<bool> PageSessions::has_ended(const std::string& id) {
    const std::string digest = crypto::sha256_hex(id);
    const SteadyInstant now = clock_.steady_now();
    {
        const std::lock_guard lock(mutex_);
        const auto known = known_.find(digest);
        if (known != known_.end() && (known->second.ended || now - known->second.asked_at < remembered_for))
            return known->second.ended;
    }
    auto ended = store_.page_session_has_ended(digest);
    if (!ended) return ended;
    const std::lock_guard lock(mutex_);
    if (known_.size() >= most_remembered)
        std::erase_if(known_, [](const auto& one) { return !one.second.ended; });
    const auto [known, is_new] = known_.try_emplace(digest, Known{*ended, now});
    // Whoever signed out meanwhile is out, whatever the store said before that.
    if (!is_new && !known->second.ended) known->second = Known{*ended, now};
    return known->second.ended;
}

}  // namespace watchbill
