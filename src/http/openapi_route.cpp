#include "http/openapi_route.h"

#include "http/openapi_document.h"

namespace watchbill::http {

void add_openapi_route(Router& router) {
    const auto document = std::make_shared<const std::string>(openapi_document());
    router.add_at_once("/openapi.json", [document](const Request&, const PathValues&) {
        Response response;
        response.headers.add("Content-Type", "application/json");
        // No secret, and the same until the next version is installed.
        response.headers.add("Cache-Control", "public, max-age=300");
        response.body = document;
        return response;
    });
}

}  // namespace watchbill::http
