// Watchbill's own API, asked by the command line: one request at a time, JSON both ways.
#pragma once

#include <chrono>
#include <string>

#include "watchbill/result.h"

namespace watchbill::http {

struct ApiRequest {
    std::string method;                // GET, POST, PATCH
    std::string url;                   // http:// or https://
    std::string token;                 // sent as Bearer (RFC 6750)
    std::string body = {};             // JSON; "" for none
    std::string idempotency_key = {};  // "" for none
    std::string ca_file = {};          // PEM; "" for the system's
};

struct ApiAnswer {
    int status = 0;
    std::string body;
};

// No redirects: the token is for that server alone. An answer of any status is an answer. `patience` is for
// each step: connecting, and every piece of the answer. Errors: unavailable, timeout, too_large (over 10 MB),
// refused (the certificate), invalid_input (a URL that is none).
Result<ApiAnswer> ask_api(const ApiRequest& request,
                          std::chrono::seconds patience = std::chrono::seconds(60));

}  // namespace watchbill::http
