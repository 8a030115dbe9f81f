// Who asks, and may they? Bearer tokens in requests (RFC 6750), and the sessions of the web page.
#pragma once

#include "http/router.h"
#include "service/page_sessions.h"

namespace watchbill::http {

// Sessions of the web page count as well, in requests without an Authorization header. What changes something
// must then have been sent by our page (http/own_page.h): 403 otherwise. All must outlive the router.
struct PageAccess {
    PageSessions* sessions = nullptr;         // null: no sessions
    const std::string* public_url = nullptr;  // not null where there are sessions
    bool secure() const { return public_url != nullptr && public_url->starts_with("https://"); }
};

// The guard of a router whose routes ask for API tokens. It answers 401 with WWW-Authenticate where the token
// is missing or not valid, 403 where it lacks the scope, 503 where the store cannot say. `tokens` must
// outlive the router.
Guard guard_with(ApiTokens& tokens, const PageAccess& page = {});

}  // namespace watchbill::http
