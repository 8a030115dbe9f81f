// Names and digests under which answers are kept for requests that come again with their Idempotency-Key.
// Pure.
#pragma once

#include <string>
#include <string_view>

namespace watchbill {

// Of a key that came with a request to that path: not the key itself, which another route may be sent too.
std::string kept_answer_name(std::string_view method, std::string_view path, std::string_view key);
std::string body_digest(std::string_view body);

}  // namespace watchbill
