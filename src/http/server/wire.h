// Bytes in and out of accepted sockets, in the clear or encrypted: TLS 1.2 and 1.3, HTTP/1.1 by ALPN. With
// src/crypto the only user of OpenSSL; shows nothing of it.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "watchbill/result.h"
#include "watchbill/time.h"

struct ssl_st;
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

    // What is wrong with the certificate at this time, in one sentence.
    std::optional<std::string> complaint(Instant now) const;

private:
    friend class Wire;
    std::shared_ptr<ssl_ctx_st> context_;
    std::string file_;  // of the certificate
};

// Never waits. Not thread-safe.
class Wire {
public:
    // The socket is non-blocking, and outlives the wire; the context need not. Without one: in the clear.
    Wire(int socket, const std::optional<TlsContext>& tls);

    // Bytes that came; 0: nothing more will; -1: none are there. `has_more`: there may be more already, of
    // which the socket will not tell.
    ssize_t receive(std::span<char> room, bool& has_more);
    // Of both, one behind the other: bytes sent; 0: not now; -1: the peer is gone.
    ssize_t send(std::string_view first, std::string_view second);
    // Tells the peer that nothing more comes.
    void end_writing();

private:
    ssize_t begin();
    ssize_t failure();
    bool is_usable() const;

    int socket_;
    std::shared_ptr<ssl_ctx_st> context_;  // null: in the clear
    std::shared_ptr<ssl_st> ssl_;          // null: the handshake has not begun
    bool is_broken_ = false;               // nothing more may be asked of it
};

}  // namespace watchbill::http
