// One GET by libcurl, without redirects. Internal to src/sources.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "sources/http_source.h"
#include "sources/url.h"

namespace watchbill {

struct HttpRequest {
    const Url& url;
    const Credentials& credentials;  // sent as Basic (RFC 7617) unless empty
    const Validators& last;          // sent as If-None-Match and If-Modified-Since
    std::chrono::milliseconds timeout;
};

struct HttpAnswer {
    long status = 0;
    std::string bytes;  // decoded; only of a 200
    Validators validators;
    std::string location;  // where a redirect leads; "" for none
    std::optional<Duration> retry_after;
    std::chrono::milliseconds took{};
};

// Not thread-safe; several GETs one after the other reuse the connection.
class HttpTransfer {
public:
    explicit HttpTransfer(const HttpOptions& options);

    // Errors, without `where`: unavailable, timeout, too_large, refused (the certificate).
    Result<HttpAnswer> get(const HttpRequest& request);

private:
    struct FreeHandle {
        void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    };

    const HttpOptions& options_;
    std::unique_ptr<CURL, FreeHandle> handle_;
};

}  // namespace watchbill
