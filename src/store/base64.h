// RFC 4648 section 4: bytes as text, with padding. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace watchbill::store {

std::string base64_encode(std::string_view bytes);
// Nothing when the text has a length, a character or a padding that base64_encode() never writes.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace watchbill::store
