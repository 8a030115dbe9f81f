#include "http/compression.h"

#include "http/conditional.h"
#include "service/gzip.h"

namespace watchbill::http {

namespace {

// Of one packet; what fits in it is not sooner there for being smaller.
constexpr size_t worth_it = 1400;

bool is_text(const std::string& type) {
    return type.starts_with("application/json") || type.starts_with("text/html") ||
           type.starts_with("text/csv");
}

}  // namespace

void compress_for(const Request& request, Response& response) {
    if (response.status != 200 || response.body == nullptr || response.body->size() < worth_it) return;
    if (!is_text(response.headers.get("Content-Type").value_or(""))) return;
    if (response.headers.get("Content-Encoding") || response.headers.get("ETag")) return;
    response.headers.append("Vary", "Accept-Encoding");
    if (!wants_gzip(request.headers.get("Accept-Encoding"))) return;
    response.headers.add("Content-Encoding", "gzip");
    response.body = std::make_shared<const std::string>(gzip(*response.body, GzipEffort::quick));
    response.files = nullptr;
}

}  // namespace watchbill::http
