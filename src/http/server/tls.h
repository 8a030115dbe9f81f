// Encrypted connections: TLS 1.2 and 1.3, HTTP/1.1 by ALPN. With src/crypto the only user of OpenSSL; shows
// nothing of it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "http/server/wire.h"
#include "watchbill/result.h"
#include "watchbill/time.h"

namespace watchbill::http {

// Of PEM files: the server's certificate, followed by those between it and the root; its private key.
struct TlsFiles {
    std::string certificate;
    std::string key;
};

// One certificate in use. Immutable; thread-safe.
class TlsContext {
public:
    // Errors: not_found, unavailable (cannot be read), invalid_input (no certificate, no key, or not a pair).
    static Result<std::shared_ptr<const TlsContext>> load(const TlsFiles& files);
    ~TlsContext();

    // The socket is non-blocking, and outlives the wire; the context need not. Throws std::bad_alloc.
    std::unique_ptr<Wire> accept(int socket) const;
    // What is wrong with the certificate at this time, in one sentence.
    std::optional<std::string> complaint(Instant now) const;

private:
    struct Parts;
    explicit TlsContext(std::unique_ptr<const Parts> parts);
    std::unique_ptr<const Parts> parts_;
};

}  // namespace watchbill::http
