#include "http/compression.h"

#include <catch2/catch.hpp>

#include "http/router.h"
#include "service/gzip.h"

namespace compression_test {

using namespace watchbill;
using namespace watchbill::http;

namespace {

const std::string long_text(5000, 'x');

Response answer(const std::string& type, const std::string& body, const std::string& accepted,
                const std::string& etag = "") {
    Response response = text_response(200, type, body);
    if (!etag.empty()) response.headers.add("ETag", etag);
    Request request{"GET", "/", {}};
    if (!accepted.empty()) request.headers.add("Accept-Encoding", accepted);
    compress_for(request, response);
    return response;
}

bool is_packed(const Response& response) { return response.headers.get("Content-Encoding") == "gzip"; }

}  // namespace

TEST_CASE("Long texts are compressed for whoever takes that, and caches are told what decides") {
    for (const char* type : {"application/json", "text/html; charset=utf-8", "text/csv; charset=utf-8"}) {
        INFO(type);
        const Response packed = answer(type, long_text, "gzip, deflate, br");
        CHECK(is_packed(packed));
        CHECK(*packed.body == gzip(long_text, GzipEffort::quick));
        CHECK(packed.headers.get("Vary") == "Accept-Encoding");
        for (const char* other : {"", "br", "gzip;q=0"}) {
            const Response plain = answer(type, long_text, other);
            CHECK_FALSE(is_packed(plain));
            CHECK(*plain.body == long_text);
            CHECK(plain.headers.get("Vary") == "Accept-Encoding");
        }
    }
}

TEST_CASE("What is short, no text, or named by an ETag stays as it is") {
    CHECK_FALSE(is_packed(answer("application/json", "{}", "gzip")));
    CHECK_FALSE(is_packed(answer("image/png", long_text, "gzip")));
    CHECK_FALSE(is_packed(answer("application/json", long_text, "gzip", "\"1\"")));
}

TEST_CASE("The router compresses answers of workers, and not those that an event loop makes") {
    Router router([](const Request&, ApiScope) -> tl::expected<std::string, Response> { return "somebody"; });
    const auto send = [](const Request&, const PathValues&) {
        return text_response(200, "application/json", long_text);
    };
    router.add("GET", "/worker", Access::anybody, send);
    router.add_at_once("/loop", send);
    const auto ask = [&](const std::string& target) {
        Request request{"GET", target, {}};
        request.headers.add("Accept-Encoding", "gzip");
        return router.answer(std::move(request));
    };
    CHECK(is_packed(ask("/worker")));
    CHECK_FALSE(is_packed(ask("/loop")));
}

}  // namespace compression_test
