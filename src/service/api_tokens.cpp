#include "service/api_tokens.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "crypto/crypto.h"

namespace watchbill {

namespace {

constexpr std::string_view prefix = "wb_";  // so that scanners find tokens in places where none should be
constexpr size_t token_secret_bytes = 32;   // 256 bits
constexpr size_t id_bytes = 5;              // to type, and no two of some thousands alike
constexpr size_t longest_name = 100;

// How long a revoked token may still work, and how often a busy one is looked up.
constexpr Duration remembered_for = std::chrono::seconds(3);
// "Last used" is for people who tidy up: a write per request would cost more than the request.
constexpr Duration use_noted_every = std::chrono::minutes(1);
// After a failure, each of which may have taken a moment of somebody's request.
constexpr Duration use_noted_again = std::chrono::seconds(5);

constexpr std::array scopes = {ApiScope::read, ApiScope::incident, ApiScope::mail, ApiScope::admin};

bool is_secret(std::string_view text) {
    if (!text.starts_with(prefix) || text.size() != prefix.size() + 2 * token_secret_bytes) return false;
    text.remove_prefix(prefix.size());
    return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_printable_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool is_valid(const ApiToken& token, Instant now) {
    return !token.revoked_at && (!token.expires_at || now < *token.expires_at);
}

}  // namespace

std::string_view scope_name(ApiScope scope) {
    switch (scope) {
        case ApiScope::read: return "read";
        case ApiScope::incident: return "incident";
        case ApiScope::mail: return "mail";
        case ApiScope::admin: return "admin";
    }
    assert(false && "every scope has a name");
    return "";
}

std::optional<ApiScope> scope_from_name(std::string_view name) {
    const auto* const found = std::find_if(scopes.begin(), scopes.end(),
                                           [name](ApiScope scope) { return scope_name(scope) == name; });
    return found == scopes.end() ? std::nullopt : std::optional(*found);
}

bool allows(const ApiToken& token, ApiScope needed) {
    return std::any_of(token.scopes.begin(), token.scopes.end(), [needed](const std::string& name) {
        return name == scope_name(needed) || name == scope_name(ApiScope::admin);
    });
}

Result<NewApiToken> make_api_token(const TokenRequest& request) {
    assert(!request.scopes.empty());
    if (request.name.empty() || request.name.size() > longest_name || !is_printable_ascii(request.name)) {
        return fail(ErrorCode::invalid_input,
                    "a token's name is 1 to 100 ASCII characters on one line, and says what it is for");
    }
    if (request.expires_at && *request.expires_at <= request.now)
        return fail(ErrorCode::invalid_input, "a token's end must lie in the future");

    NewApiToken made;
    made.secret = std::string(prefix) + crypto::random_hex(token_secret_bytes);
    made.token.id = crypto::random_hex(id_bytes);
    made.token.name = request.name;
    made.token.digest = crypto::sha256_hex(made.secret);
    for (const ApiScope scope : scopes) {
        const auto& wanted = request.scopes;
        if (std::find(wanted.begin(), wanted.end(), scope) != wanted.end())
            made.token.scopes.emplace_back(scope_name(scope));
    }
    made.token.created_at = request.now;
    made.token.expires_at = request.expires_at;
    return made;
}

Result<std::optional<ApiToken>> ApiTokens::find(std::string_view secret) {
    if (!is_secret(secret)) return std::nullopt;
    return valid(known_, crypto::sha256_hex(secret), &ApiTokens::look_up_digest);
}

Result<std::optional<ApiToken>> ApiTokens::find_by_id(const std::string& id) {
    return valid(known_by_id_, id, &ApiTokens::look_up_id);
}

Result<std::optional<ApiToken>> ApiTokens::valid(Memory& memory, const std::string& key, Lookup look_up) {
    const Instant now = clock_.now();
    auto token = recall(memory, key, look_up, now);
    if (!token) return token;
    if (!*token || !is_valid(**token, now)) return std::nullopt;
    note_use(**token, now);
    return token;
}

Result<std::optional<ApiToken>> ApiTokens::recall(Memory& memory, const std::string& key, Lookup look_up,
                                                  Instant now) {
    {
        const std::lock_guard lock(mutex_);
        const auto known = memory.find(key);
        // A clock that was set back makes nothing last longer.
        if (known != memory.end() && known->second.read_at <= now &&
            now - known->second.read_at < remembered_for) {
            return known->second.token;
        }
    }
    auto found = (this->*look_up)(key);
    if (!found) return found;
    const std::lock_guard lock(mutex_);
    if (*found) {
        memory.insert_or_assign(key, Known{**found, now});
    } else {
        memory.erase(key);
    }
    return found;
}

Result<std::optional<ApiToken>> ApiTokens::look_up_digest(const std::string& digest) {
    return store_.find_api_token(digest);
}

// Tokens are few, and this is asked once in some seconds.
Result<std::optional<ApiToken>> ApiTokens::look_up_id(const std::string& id) {
    auto all = store_.api_tokens();
    if (!all) return tl::unexpected(all.error());
    const auto found =
        std::find_if(all->begin(), all->end(), [&](const ApiToken& token) { return token.id == id; });
    return found == all->end() ? std::nullopt : std::optional(*found);
}

void ApiTokens::note_use(const ApiToken& token, Instant now) {
    {
        const std::lock_guard lock(mutex_);
        const auto [noted, first] =
            last_noted_use_.try_emplace(token.id, token.last_used_at.value_or(Instant{}));
        const Duration since = now - noted->second;
        if (since >= Duration(0) && since < use_noted_every) return;
        noted->second = now;
    }
    // It is for information only: a request does not fail because this cannot be written.
    if (store_.touch_api_token(token.id, now)) return;
    const std::lock_guard lock(mutex_);
    last_noted_use_[token.id] = now - use_noted_every + use_noted_again;
}

}  // namespace watchbill
