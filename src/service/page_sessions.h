// Who is signed in to the web page. A session is a signed value that the browser keeps in a cookie: the id of
// an API token and when the session ends. Nothing is kept here, and each request asks the store whether the
// token still stands: revoking it ends its sessions within seconds.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/api_tokens.h"

namespace watchbill {

struct PageSession {
    ApiToken token;
    Instant ends;
};

// Thread-safe.
class PageSessions {
public:
    // Both must outlive it. The server's secret signs through a key of its own, so that no signed value of
    // another kind is ever a session.
    PageSessions(std::string_view server_secret, ApiTokens& tokens, const Clock& clock);

    // "1a2b3c4d5e.1798012800." and 64 hex digits. `token` was just found with its secret.
    std::string open(const ApiToken& token) const;
    // When a session ends that is opened now: the token's own end, or 30 days on.
    Instant end_of(const ApiToken& token) const;

    // Nothing for a value that we did not sign, has ended, or whose token is revoked or expired. Errors:
    // those of the store.
    Result<std::optional<PageSession>> find(std::string_view value);

private:
    std::string sign(std::string_view payload) const;

    const std::string key_;
    ApiTokens& tokens_;
    const Clock& clock_;
};

}  // namespace watchbill
