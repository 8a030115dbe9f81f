#include "http/server/api_client.h"

#include <httplib.h>

#include <algorithm>

namespace watchbill::http {

namespace {

constexpr size_t most_bytes = size_t{10} * 1024 * 1024;

struct Failure {
    httplib::Error cause;
    ErrorCode code;
    const char* message;
};
constexpr Failure failures[] = {
    {httplib::Error::Connection, ErrorCode::unavailable,
     "the server accepts no connection: check its address and the network"},
    {httplib::Error::ConnectionTimeout, ErrorCode::timeout, "the server took too long to answer"},
    {httplib::Error::Canceled, ErrorCode::too_large, "the server's answer is larger than the 10 MB allowed"},
    {httplib::Error::SSLConnection, ErrorCode::unavailable,
     "no secure connection can be made: check that the address is https there"},
    {httplib::Error::SSLLoadingCerts, ErrorCode::unavailable,
     "the file of trusted certificates cannot be read"},
    {httplib::Error::SSLServerVerification, ErrorCode::refused,
     "the server's certificate cannot be verified: check its address, its date, and that this system trusts "
     "who signed it (or name that authority with --ca-file)"},
};

tl::unexpected<Error> failed(httplib::Error cause) {
    for (const Failure& failure : failures)
        if (failure.cause == cause) return fail(failure.code, failure.message);
    return fail(ErrorCode::unavailable, "the server ended the connection, or did not answer in time (" +
                                            httplib::to_string(cause) + ")");
}

}  // namespace

Result<ApiAnswer> ask_api(const ApiRequest& request, std::chrono::seconds patience) {
    const std::string& url = request.url;
    const std::string lines = url + request.token + request.idempotency_key;
    if (std::any_of(lines.begin(), lines.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }))
        return fail(ErrorCode::invalid_input, "the server's address, the token or the key has a line break");
    const size_t path = url.find('/', std::min(url.find("://"), url.size()) + 3);
    if (!(url.starts_with("http://") || url.starts_with("https://")) || path == std::string::npos)
        return fail(ErrorCode::invalid_input, "the server's address must begin with http:// or https://",
                    url);
    ApiAnswer answer;
    httplib::Request sent;
    sent.method = request.method;
    sent.path = url.substr(path);
    sent.body = request.body;
    sent.headers = {{"Accept", "application/json"},
                    {"Authorization", "Bearer " + request.token},
                    {"User-Agent", "watchbill"}};
    if (!request.body.empty()) sent.headers.emplace("Content-Type", "application/json");
    if (!request.idempotency_key.empty()) sent.headers.emplace("Idempotency-Key", request.idempotency_key);
    sent.content_receiver = [&answer](const char* bytes, size_t count, auto...) {
        if (count > most_bytes - answer.body.size()) return false;
        answer.body.append(bytes, count);
        return true;
    };
    try {
        httplib::Client client(url.substr(0, path));
        client.set_connection_timeout(patience.count());
        client.set_read_timeout(patience.count());
        client.set_write_timeout(patience.count());
        client.enable_server_certificate_verification(true);
        if (!request.ca_file.empty()) client.set_ca_cert_path(request.ca_file);
        const httplib::Result received = client.send(sent);
        if (!received) return failed(received.error());
        answer.status = received->status;
        return answer;
    } catch (const std::exception&) {
        return fail(ErrorCode::invalid_input, "the server's address cannot be read: check host and port",
                    url);
    }
}

}  // namespace watchbill::http
