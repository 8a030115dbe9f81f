// What went wrong on the way to a server, as sentences for people. Internal to src/sources.
#pragma once

#include <curl/curl.h>

#include "watchbill/result.h"

namespace watchbill {

// Why we ended a transfer ourselves.
enum class StopReason { none, too_large, stopped, body_unwanted };

struct TransferDetails {
    StopReason reason = StopReason::none;
    long certificate_verdict = 0;  // CURLINFO_SSL_VERIFYRESULT: OpenSSL's X509_V_ERR_..., 0 for none
};

// Uses none of libcurl's own message buffers: those may quote the URL.
tl::unexpected<Error> transfer_error(CURLcode code, const TransferDetails& details);

}  // namespace watchbill
