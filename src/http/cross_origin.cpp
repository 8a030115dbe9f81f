#include "http/cross_origin.h"

#include <algorithm>

namespace watchbill::http {

namespace {

// A browser asks first whether it may send the page's request (Fetch 3.3.2). The answer is that of OPTIONS.
bool is_preflight(const Request& request, const Response& response) {
    return request.method() == "OPTIONS" && response.status == 204 &&
           request.header("Access-Control-Request-Method");
}

}  // namespace

void CrossOrigin::permit(const Request& request, Response& response) const {
    if (origins_.empty()) return;
    // Also for those who send no origin: a cache must not give one page what was meant for another.
    response.append_header("Vary", "Origin");
    const auto origin = request.header("Origin");
    if (!origin || std::find(origins_.begin(), origins_.end(), *origin) == origins_.end()) return;
    response.add_header("Access-Control-Allow-Origin", *origin);
    if (is_preflight(request, response)) {
        response.add_header("Access-Control-Allow-Methods", response.header("Allow").value_or(""));
        response.add_header("Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match");
        // Ten minutes: a page that asks often asks once, and a changed configuration is soon known.
        response.add_header("Access-Control-Max-Age", "600");
    } else {
        response.add_header("Access-Control-Expose-Headers", "ETag, Retry-After, WWW-Authenticate");
    }
}

}  // namespace watchbill::http
