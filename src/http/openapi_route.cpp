#include "http/openapi_document.h"
#include "http/routes.h"

namespace watchbill::http {

void add_openapi_route(Router& router) {
    const auto document = std::make_shared<const std::string>(openapi_document());
    router.add_at_once("/openapi.json", [document](const Request&, const PathValues&) {
        Response response;
        response.add_header("Content-Type", "application/json");
        // No secret, and the same until the next version is installed.
        response.add_header("Cache-Control", "public, max-age=300");
        response.share_body(document);
        return response;
    });
}

}  // namespace watchbill::http
