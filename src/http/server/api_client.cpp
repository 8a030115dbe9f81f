#include "http/server/api_client.h"

#include <httplib.h>

#include <algorithm>

namespace watchbill::http {

namespace {

constexpr size_t most_bytes = size_t{10} * 1024 * 1024;

bool has_control_character(const std::string& text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

tl::unexpected<Error> error_of(httplib::Error error) {
    switch (error) {
        case httplib::Error::ConnectionTimeout:
            return fail(ErrorCode::timeout, "the server took too long to answer");
        case httplib::Error::Canceled:
            return fail(ErrorCode::too_large, "the server's answer is larger than the 10 MB allowed");
        case httplib::Error::SSLServerVerification:
            return fail(
                ErrorCode::refused,
                "the server's certificate cannot be verified: check its address, its date, and that this "
                "system trusts who signed it (or name that authority with --ca-file)");
        case httplib::Error::SSLLoadingCerts:
            return fail(ErrorCode::unavailable, "the file of trusted certificates cannot be read");
        case httplib::Error::SSLConnection:
            return fail(ErrorCode::unavailable,
                        "no secure connection can be made: check that the address is https there");
        case httplib::Error::Connection:
            return fail(ErrorCode::unavailable,
                        "the server accepts no connection: check its address and the network");
        default: break;
    }
    return fail(ErrorCode::unavailable, "the server ended the connection, or did not answer in time (" +
                                            httplib::to_string(error) + ")");
}

}  // namespace

Result<ApiAnswer> ask_api(const ApiRequest& request, std::chrono::seconds patience) {
    for (const std::string* text : {&request.url, &request.token, &request.idempotency_key}) {
        if (has_control_character(*text))
            return fail(ErrorCode::invalid_input,
                        "the server's address, the token or the key has a line break");
    }
    const size_t path = request.url.find('/', std::min(request.url.find("://"), request.url.size() - 1) + 3);
    if (!(request.url.starts_with("http://") || request.url.starts_with("https://")) ||
        path == std::string::npos)
        return fail(ErrorCode::invalid_input, "the server's address must begin with http:// or https://",
                    request.url);
    ApiAnswer answer;
    httplib::Request sent;
    sent.method = request.method;
    sent.path = request.url.substr(path);
    sent.headers = {{"Accept", "application/json"},
                    {"Authorization", "Bearer " + request.token},
                    {"User-Agent", "watchbill"}};
    if (!request.body.empty()) sent.headers.emplace("Content-Type", "application/json");
    if (!request.idempotency_key.empty()) sent.headers.emplace("Idempotency-Key", request.idempotency_key);
    sent.body = request.body;
    sent.content_receiver = [&answer](const char* bytes, size_t count, auto...) {
        if (count > most_bytes - answer.body.size()) return false;
        answer.body.append(bytes, count);
        return true;
    };
    try {
        httplib::Client client(request.url.substr(0, path));
        client.set_connection_timeout(patience.count());
        client.set_read_timeout(patience.count());
        client.set_write_timeout(patience.count());
        client.set_follow_location(false);
        client.enable_server_certificate_verification(true);
        if (!request.ca_file.empty()) client.set_ca_cert_path(request.ca_file);
        const httplib::Result received = client.send(sent);
        if (!received) return error_of(received.error());
        answer.status = received->status;
    } catch (const std::exception&) {
        return fail(ErrorCode::invalid_input, "the server's address cannot be read: check host and port",
                    request.url);
    }
    return answer;
}

}  // namespace watchbill::http
