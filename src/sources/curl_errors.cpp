#include "sources/curl_errors.h"

#include <string>

namespace watchbill {

namespace {

tl::unexpected<Error> too_large() {
    return fail(ErrorCode::too_large,
                "the calendar is larger than the 10 MB allowed: publish fewer months, or split it");
}

// The numbers are OpenSSL's (x509_vfy.h) and part of its ABI.
std::string certificate_problem(long verdict) {
    switch (verdict) {
        case 9: return "is not valid yet: check the clocks";
        case 10: return "has expired: its server's administrator must renew it";
        case 18:
        case 19:
        case 20:
        case 21:
            return "is signed by nobody this system trusts: add its authority to the system's certificates, "
                   "or name it in SSL_CERT_FILE";
        case 1:  // libcurl compares the names first, and leaves "unspecified" when they differ
            return "is for another host name: check the calendar's address";
        default: return "cannot be verified: check the calendar's address";
    }
}

}  // namespace

tl::unexpected<Error> transfer_error(CURLcode code, const TransferDetails& details) {
    if (details.reason == StopReason::too_large) return too_large();
    if (details.reason == StopReason::stopped) {
        return fail(ErrorCode::unavailable, "the service is stopping: the calendar is read after its start");
    }
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return fail(ErrorCode::unavailable,
                        "the host's name cannot be resolved: check the calendar's address and the network");
        case CURLE_COULDNT_RESOLVE_PROXY:
            return fail(ErrorCode::unavailable,
                        "the proxy's name cannot be resolved: check http_proxy and https_proxy");
        case CURLE_COULDNT_CONNECT:
            return fail(ErrorCode::unavailable,
                        "the server accepts no connection: check the calendar's address and the network");
        case CURLE_OPERATION_TIMEDOUT:
            return fail(ErrorCode::timeout, "the server took too long to answer: it is asked again later");
        case CURLE_PEER_FAILED_VERIFICATION:
            return fail(ErrorCode::refused,
                        "the server's certificate " + certificate_problem(details.certificate_verdict));
        case CURLE_SSL_CONNECT_ERROR:
            return fail(ErrorCode::unavailable,
                        "no secure connection can be made: check that the address is https there");
        case CURLE_SSL_CACERT_BADFILE:
            return fail(ErrorCode::unavailable,
                        "the file of trusted certificates cannot be read: check SSL_CERT_FILE");
        case CURLE_PARTIAL_FILE:
        case CURLE_GOT_NOTHING:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_HTTP2:
        case CURLE_HTTP2_STREAM:
            return fail(ErrorCode::unavailable,
                        "the server ended the connection before its answer was complete: it is asked again "
                        "later");
        case CURLE_BAD_CONTENT_ENCODING:
            return fail(ErrorCode::unavailable,
                        "the server's answer is compressed wrongly: it is asked again later");
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_UNSUPPORTED_PROTOCOL:
            return fail(ErrorCode::unavailable,
                        "the server's answer is no proper HTTP: check the calendar's address");
        default:
            return fail(ErrorCode::unavailable, std::string("the transfer failed (") +
                                                    curl_easy_strerror(code) + "): it is asked again later");
    }
}

}  // namespace watchbill
