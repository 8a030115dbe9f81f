// Which pages of other sites may read answers in a browser (CORS, the Fetch standard 3.3). None, unless their
// origins are configured. Values.
#pragma once

#include <string>
#include <vector>

#include "http/server/message.h"

namespace watchbill::http {

class CrossOrigin {
public:
    CrossOrigin() = default;
    // Each exactly as browsers send it: "https://dashboard.example.com", no path, no default port.
    explicit CrossOrigin(std::vector<std::string> origins) : origins_(std::move(origins)) {}

    // Adds to an answer what lets a page of one of the origins read it, and to that of a preflight what the
    // page may send. Never cookies or a browser's stored passwords: a page brings its own token.
    void permit(const Request& request, Response& response) const;

private:
    std::vector<std::string> origins_;
};

}  // namespace watchbill::http
