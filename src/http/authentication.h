// Bearer tokens in requests (RFC 6750): who asks, and may they?
#pragma once

#include "http/router.h"
#include "service/api_tokens.h"

namespace watchbill::http {

// The guard of a router whose routes ask for API tokens. It answers 401 with WWW-Authenticate where the token
// is missing or not valid, 403 where it lacks the scope, 503 where the store cannot say. `tokens` must
// outlive the router.
Guard guard_with(ApiTokens& tokens);

}  // namespace watchbill::http
