#include "service/idempotency.h"

#include "crypto/crypto.h"

namespace watchbill {

std::string kept_answer_name(std::string_view method, std::string_view path, std::string_view key) {
    std::string text(method);
    text.append(" ").append(path).append("\n").append(key);
    return "request " + crypto::sha256_hex(text);
}

std::string body_digest(std::string_view body) { return crypto::sha256_hex(body); }

}  // namespace watchbill
