#include "sources/api_client.h"

#include <curl/curl.h>

#include <memory>
#include <new>

#include "sources/curl_errors.h"
#include "sources/header_list.h"
#include "sources/limits.h"

namespace watchbill {

namespace {

struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct Receiver {
    std::string bytes;
    bool too_large = false;
};

size_t on_answer(char* data, size_t, size_t count, void* user) {
    Receiver& receiver = *static_cast<Receiver*>(user);
    if (count > max_calendar_bytes - receiver.bytes.size()) {
        receiver.too_large = true;
        return 0;
    }
    receiver.bytes.append(data, count);
    return count;
}

bool has_control_character(const std::string& text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') return true;
    }
    return false;
}

}  // namespace

Result<ApiAnswer> ask_api(const ApiRequest& request, std::chrono::milliseconds timeout) {
    for (const std::string* text : {&request.url, &request.token, &request.idempotency_key}) {
        if (has_control_character(*text))
            return fail(ErrorCode::invalid_input,
                        "the server's address, the token or the key has a line break");
    }
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, FreeHandle> owned(ready == CURLE_OK ? curl_easy_init() : nullptr);
    CURL* const handle = owned.get();
    if (handle == nullptr) return transfer_error(CURLE_FAILED_INIT, {});

    HeaderList headers;
    append(headers, "Accept: application/json");
    append(headers, "Authorization: Bearer " + request.token);
    if (!request.body.empty()) append(headers, "Content-Type: application/json");
    if (!request.idempotency_key.empty()) append(headers, "Idempotency-Key: " + request.idempotency_key);

    Receiver receiver;
    CURLcode code = CURLE_OK;
    const auto set = [&](CURLoption option, auto value) {
        if (code == CURLE_OK) code = curl_easy_setopt(handle, option, value);
    };
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!request.ca_file.empty()) set(CURLOPT_CAINFO, request.ca_file.c_str());
    set(CURLOPT_USERAGENT, "watchbill");
    set(CURLOPT_HTTPHEADER, headers.get());
    if (!request.body.empty()) {
        set(CURLOPT_POSTFIELDS, request.body.c_str());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    } else if (request.method != "GET") {
        set(CURLOPT_POSTFIELDS, "");
    }
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    set(CURLOPT_WRITEFUNCTION, &on_answer);
    set(CURLOPT_WRITEDATA, static_cast<void*>(&receiver));
    if (code == CURLE_OK) code = curl_easy_perform(handle);
    if (code != CURLE_OK) {
        long verdict = 0;
        curl_easy_getinfo(handle, CURLINFO_SSL_VERIFYRESULT, &verdict);
        return transfer_error(code, {receiver.too_large ? StopReason::too_large : StopReason::none, verdict});
    }
    ApiAnswer answer;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
    answer.body = std::move(receiver.bytes);
    return answer;
}

}  // namespace watchbill
