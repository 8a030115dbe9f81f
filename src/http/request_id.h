// A name for each request, by which its answer and its line in the log are found.
#pragma once

#include <optional>
#include <string>

namespace watchbill::http {

// `given` (the header X-Request-Id), where a proxy or the client gave one of 1 to 64 characters
// [A-Za-z0-9._-]; otherwise 128 random bits in hexadecimal. They tell requests apart, and are no secret.
// Thread-safe.
std::string request_id_of(std::optional<std::string> given);

}  // namespace watchbill::http
