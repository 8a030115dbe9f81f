#include "sources/http_transfer.h"

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

#include "sources/curl_errors.h"
#include "sources/header_list.h"

namespace watchbill {

namespace {

// Outlook's published calendars refuse what does not look like a browser (CALENDARS.md 25); the last word
// tells an administrator who reads the log of their server.
constexpr const char* user_agent =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 "
    "Watchbill/0.1";

constexpr long status_ok = 200;
constexpr long status_multi = 207;  // RFC 4918 11.1

// curl_global_init is to be called once, before any other thread uses libcurl; a local static is that.
void ensure_curl_is_ready() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    assert(code == CURLE_OK);
    static_cast<void>(code);
}

// Sets options and remembers the first that could not be set, so that a transfer never runs with less
// protection than we asked for.
class Options {
public:
    explicit Options(CURL* handle) : handle_(handle) {}

    template <typename Value>
    void set(CURLoption option, Value value) {
        if (code_ == CURLE_OK) code_ = curl_easy_setopt(handle_, option, value);
    }
    CURLcode code() const { return code_; }

private:
    CURL* handle_;
    CURLcode code_ = CURLE_OK;
};

HeaderList request_headers(const HttpCall& call) {
    HeaderList list;
    for (const std::string& line : call.headers) append(list, line);
    // Bodies are small: asking first whether they are welcome costs more than sending them.
    if (!call.body.empty()) append(list, "Expect:");
    return list;
}

// What the callbacks share with perform().
struct Progress {
    CURL* handle;
    const HttpCall& call;
    const std::stop_token& stop;
    std::string bytes;
    StopReason reason = StopReason::none;
};

size_t on_body(char* data, size_t, size_t count, void* user) {
    Progress& progress = *static_cast<Progress*>(user);
    long status = 0;
    curl_easy_getinfo(progress.handle, CURLINFO_RESPONSE_CODE, &status);
    if (status != status_ok && status != status_multi) {  // a refusal's reason stands at its beginning
        const size_t wanted = std::min(count, progress.call.max_refusal_bytes - progress.bytes.size());
        progress.bytes.append(data, wanted);
        if (wanted == count) return count;
        progress.reason = StopReason::body_unwanted;
        return 0;
    }
    // Not CURLOPT_MAXFILESIZE: it would hide the status of a long error page.
    curl_off_t announced = 0;  // -1 for unknown
    curl_easy_getinfo(progress.handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
    const size_t most = progress.call.max_bytes;
    if (announced > static_cast<curl_off_t>(most) || count > most - progress.bytes.size()) {
        progress.reason = StopReason::too_large;
        return 0;
    }
    progress.bytes.append(data, count);
    return count;
}

// libcurl calls it with each piece that arrives and about once a second: the bytes on the wire, which a bad
// compression could make many more than the decoded ones.
int on_progress(void* user, curl_off_t, curl_off_t downloaded, curl_off_t, curl_off_t) {
    Progress& progress = *static_cast<Progress*>(user);
    if (progress.stop.stop_requested()) progress.reason = StopReason::stopped;
    if (downloaded > static_cast<curl_off_t>(progress.call.max_bytes))
        progress.reason = StopReason::too_large;
    return progress.reason == StopReason::none ? 0 : 1;
}

std::string header(CURL* handle, const char* name) {
    curl_header* found = nullptr;
    if (curl_easy_header(handle, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK) return "";
    return found->value;
}

std::string plain_header(CURL* handle, const char* name) {
    std::string value = header(handle, name);
    return is_plain_header(value) ? value : "";
}

std::string joined_headers(CURL* handle, const char* name) {
    constexpr size_t most = 32;
    std::string joined;
    curl_header* found = nullptr;
    for (size_t i = 0; i < most && curl_easy_header(handle, name, i, CURLH_HEADER, -1, &found) == CURLHE_OK;
         ++i)
        joined += (i == 0 ? "" : ",") + std::string(found->value);
    return joined;
}

HttpAnswer read_answer(CURL* handle, std::string bytes) {
    HttpAnswer answer;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
    answer.bytes = std::move(bytes);
    answer.validators = {plain_header(handle, "ETag"), plain_header(handle, "Last-Modified")};
    // Not CURLINFO_REDIRECT_URL: it is not there when we ended the transfer at the body.
    answer.location = header(handle, "Location");
    answer.dav = joined_headers(handle, "DAV");
    curl_off_t seconds = 0;
    if (curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK && seconds > 0) {
        answer.retry_after = Duration(seconds);
    }
    curl_off_t microseconds = 0;
    curl_easy_getinfo(handle, CURLINFO_TOTAL_TIME_T, &microseconds);
    answer.took = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::microseconds(microseconds));
    return answer;
}

}  // namespace

bool is_plain_header(std::string_view value) {
    constexpr size_t longest = 1024;
    return value.size() <= longest &&
           std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

HttpTransfer::HttpTransfer(const HttpOptions& options) : options_(options) {
    ensure_curl_is_ready();
    handle_.reset(curl_easy_init());
}

Result<HttpAnswer> HttpTransfer::perform(const HttpRequest& request) {
    CURL* const handle = handle_.get();
    if (handle == nullptr) return transfer_error(CURLE_FAILED_INIT, {});
    curl_easy_reset(handle);  // keeps the connection
    const HeaderList headers = request_headers(request.call);
    Progress progress{handle, request.call, options_.stop, {}};

    Options options(handle);
    options.set(CURLOPT_URL, request.url.text.c_str());
    options.set(CURLOPT_PROTOCOLS_STR, "http,https");
    options.set(CURLOPT_FOLLOWLOCATION, 0L);  // our rules, in HttpSession
    options.set(CURLOPT_NOSIGNAL, 1L);        // several threads
    options.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    options.set(CURLOPT_SSL_VERIFYPEER, 1L);
    options.set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options_.ca_file.empty()) options.set(CURLOPT_CAINFO, options_.ca_file.c_str());
    options.set(CURLOPT_USERAGENT, user_agent);
    options.set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    options.set(CURLOPT_HTTPHEADER, headers.get());
    if (request.call.method != "GET") options.set(CURLOPT_CUSTOMREQUEST, request.call.method.c_str());
    if (!request.call.body.empty()) {
        options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.call.body.size()));
        options.set(CURLOPT_POSTFIELDS, request.call.body.c_str());  // not copied: it outlives the transfer
    }
    if (!request.credentials.token.empty()) {
        options.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
        options.set(CURLOPT_XOAUTH2_BEARER, request.credentials.token.c_str());
    } else if (!request.credentials.empty()) {
        options.set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
        options.set(CURLOPT_USERNAME, request.credentials.user.c_str());
        options.set(CURLOPT_PASSWORD, request.credentials.password.c_str());
    }
    options.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    options.set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    options.set(CURLOPT_LOW_SPEED_LIMIT, options_.low_speed_bytes);
    options.set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.low_speed_window.count()));
    options.set(CURLOPT_WRITEFUNCTION, &on_body);
    options.set(CURLOPT_WRITEDATA, static_cast<void*>(&progress));
    options.set(CURLOPT_NOPROGRESS, 0L);
    options.set(CURLOPT_XFERINFOFUNCTION, &on_progress);
    options.set(CURLOPT_XFERINFODATA, static_cast<void*>(&progress));

    CURLcode code = options.code();
    if (code == CURLE_OK) code = curl_easy_perform(handle);
    if (progress.reason == StopReason::body_unwanted) code = CURLE_OK;
    if (code != CURLE_OK) {
        long verdict = 0;
        curl_easy_getinfo(handle, CURLINFO_SSL_VERIFYRESULT, &verdict);
        return transfer_error(code, {progress.reason, verdict});
    }
    return read_answer(handle, std::move(progress.bytes));
}

}  // namespace watchbill
