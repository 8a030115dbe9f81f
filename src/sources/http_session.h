// HTTP requests with redirects by our rules, under one time limit for all of them. Internal to src/sources.
#pragma once

#include <chrono>

#include "sources/http_source.h"
#include "sources/http_transfer.h"
#include "sources/url.h"

namespace watchbill {

// Where something is asked, and as whom.
struct HttpPlace {
    Url url;
    Credentials credentials;
};

// Not thread-safe; one for each fetch. The options must outlive it.
class HttpSession {
public:
    explicit HttpSession(const HttpOptions& options);

    // Redirects are followed with the same method and body; `place` is then where the answer came from, and
    // without credentials once another server was asked. Errors, without `where`: those of HttpTransfer,
    // refused (a redirect that is not to be followed), timeout.
    Result<HttpAnswer> send(HttpPlace& place, const HttpCall& call);

private:
    const HttpOptions& options_;
    HttpTransfer transfer_;
    std::chrono::milliseconds left_;
};

// What a status other than success means for the calendar; without `where`.
tl::unexpected<Error> status_error(const HttpAnswer& answer);

}  // namespace watchbill
