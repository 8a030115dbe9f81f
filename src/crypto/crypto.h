// Hashes, keyed hashes and random bytes. With src/http (TLS) the only user of OpenSSL's headers. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace watchbill::crypto {

std::string sha256_hex(std::string_view bytes);                               // 64 lower-case hex digits
std::string hmac_sha256_hex(std::string_view key, std::string_view message);  // RFC 2104; 64 hex digits
std::string random_hex(size_t bytes);  // from the system's CSPRNG; 2 digits a byte

// Takes the same time wherever the first difference is. Lengths may leak.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace watchbill::crypto
