#include "http/problem.h"

#include <nlohmann/json.hpp>

namespace watchbill::http {

std::string_view status_title(int status) {
    switch (status) {
        case 400: return "Bad Request";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 503: return "Service Unavailable";
        default: return "Error";
    }
}

Response problem(int status, const std::string& detail) {
    // No "type": it is "about:blank", and the title says what the status says (RFC 9457 4.2.1).
    const nlohmann::ordered_json body{
        {"title", status_title(status)}, {"status", status}, {"detail", detail}};
    Response response = text_response(status, "application/problem+json", body.dump() + "\n");
    response.headers.add("Cache-Control", "no-store");
    return response;
}

}  // namespace watchbill::http
