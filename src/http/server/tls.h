// Encrypted connections: TLS 1.2 and 1.3, HTTP/1.1 by ALPN. With src/crypto the only user of OpenSSL; shows
// nothing of it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/server/wire.h"
#include "watchbill/result.h"
#include "watchbill/time.h"

struct ssl_ctx_st;

namespace watchbill::http {

// Of PEM files: the server's certificate, followed by those between it and the root; its private key.
struct TlsFiles {
    std::string certificate;
    std::string key;
};

// One certificate in use. Copies are the same one. Immutable; thread-safe.
class TlsContext {
public:
    // Errors: not_found, unavailable (cannot be read), invalid_input (no certificate, no key, or not a pair).
    static Result<TlsContext> load(const TlsFiles& files);

    // The socket is non-blocking, and outlives the wire; the context need not.
    std::unique_ptr<Wire> accept(int socket) const;
    // What is wrong with the certificate at this time, in one sentence.
    std::optional<std::string> complaint(Instant now) const;

private:
    std::shared_ptr<ssl_ctx_st> context_;
    std::string file_;  // of the certificate
};

}  // namespace watchbill::http
