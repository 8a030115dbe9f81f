// One HTTP request by libcurl, without redirects. Internal to src/sources.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sources/http_source.h"
#include "sources/limits.h"
#include "sources/url.h"

namespace watchbill {

// What is asked, wherever redirects lead.
struct HttpCall {
    std::string method = "GET";
    std::vector<std::string> headers;  // "Name: value", without line breaks
    std::string body;
    size_t max_bytes = max_calendar_bytes;  // of a 200 or 207
    size_t max_refusal_bytes = 0;           // of any other answer: what is longer is cut off
};

struct HttpRequest {
    const Url& url;
    const Credentials& credentials;  // sent as Basic (RFC 7617) or Bearer (RFC 6750) unless empty
    const HttpCall& call;
    std::chrono::milliseconds timeout;
};

struct HttpAnswer {
    long status = 0;
    std::string bytes;  // decoded
    Validators validators;
    std::string location;  // where a redirect leads; "" for none
    std::string dav;       // all DAV headers (RFC 4918 10.1), joined by commas
    std::optional<Duration> retry_after;
    std::chrono::milliseconds took{};
};

// A header's value that can be sent back and stored as text: visible ASCII, and no longer than servers send.
bool is_plain_header(std::string_view value);

// Not thread-safe; several requests one after the other reuse the connection.
class HttpTransfer {
public:
    explicit HttpTransfer(const HttpOptions& options);

    // Errors, without `where`: unavailable, timeout, too_large, refused (the certificate).
    Result<HttpAnswer> perform(const HttpRequest& request);

private:
    struct FreeHandle {
        void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    };

    const HttpOptions& options_;
    std::unique_ptr<CURL, FreeHandle> handle_;
};

}  // namespace watchbill
