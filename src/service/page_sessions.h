// Who is signed in to the web page. A session is a signed value that the browser keeps in a cookie: the id of
// an API token, one of its own, and when it ends. Only what was ended before is kept here: signing out ends
// the session everywhere, whoever has its cookie, at once in this process and within seconds in others; so
// does revoking the token.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "service/api_tokens.h"

namespace watchbill {

struct PageSession {
    ApiToken token;
    std::string id;  // stays when the session is renewed
    Instant ends;
};

// Thread-safe.
class PageSessions {
public:
    // All must outlive it. The server's secret signs through a key of its own, so that no signed value of
    // another kind is ever a session.
    PageSessions(std::string_view server_secret, ApiTokens& tokens, Store& store, const Clock& clock);

    // "1a2b3c4d5e." and 32 hex digits, ".1798012800." and 64 hex digits. `token` was just found with its
    // secret.
    std::string open(const ApiToken& token) const;
    // The same session for another month.
    std::string renew(const PageSession& session) const;
    // When a session ends that is opened now: the token's own end, or 30 days on.
    Instant end_of(const ApiToken& token) const;

    // Nothing for a value that we did not sign, that has ended or was ended, or whose token is revoked or
    // expired. Errors: those of the store.
    Result<std::optional<PageSession>> find(std::string_view value);
    // Ends the session of a value that we signed, in all its renewals; any other value is none. Errors: those
    // of the store; then it is over in this process only, until that ends.
    Result<void> end(std::string_view value);

private:
    std::string sign(std::string_view payload) const;
    std::string value_of(const ApiToken& token, const std::string& id) const;
    Result<bool> has_ended(const std::string& id);

    const std::string key_;
    ApiTokens& tokens_;
    Store& store_;
    const Clock& clock_;

    struct Known {
        bool ended = false;  // for ever
        SteadyInstant asked_at;
    };
    std::mutex mutex_;
    std::map<std::string, Known> known_;  // by digest: a few seconds' memory in front of the store
};

}  // namespace watchbill
