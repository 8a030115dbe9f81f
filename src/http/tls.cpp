#include "http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

namespace watchbill::http {

namespace {

template <auto free>
struct FreeWith {
    template <typename T>
    void operator()(T* handle) const {
        free(handle);
    }
};
using SslContext = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, FreeWith<SSL_free>>;

// The "intermediate" list of Mozilla's guideline, without the slow finite-field ones; of TLS 1.3 all are
// good.
constexpr const char* tls12_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

// What a TLS record holds.
constexpr size_t record = size_t{16} * 1024;

class TlsTransport final : public Transport {
public:
    explicit TlsTransport(Ssl ssl) : ssl_(std::move(ssl)) {}

    Transfer read(std::span<char> to) override {
        if (failed_) return {Status::ended, 0};
        if (!may_read_) return {Status::blocked, 0};
        size_t got = 0;
        ERR_clear_error();
        if (SSL_read_ex(ssl_.get(), to.data(), to.size(), &got) == 1) return {Status::done, got};
        return after_failure(may_read_);
    }

    Transfer write(const Outgoing& outgoing) override {
        if (failed_) return {Status::ended, 0};
        if (!may_write_) return {Status::blocked, 0};
        // Head and body in one record where they fit. A write that did not go through is tried again with the
        // same bytes, as OpenSSL asks for.
        const auto& [head, body, file, offset] = outgoing;
        std::array<char, record> together;
        std::string_view bytes = head.empty() ? body : head;
        if (!head.empty() && !body.empty() && head.size() < together.size()) {
            const size_t of_head = head.copy(together.data(), head.size());
            const size_t of_body = body.copy(together.data() + of_head, together.size() - of_head);
            bytes = {together.data(), of_head + of_body};
        }
        size_t sent = 0;
        ERR_clear_error();
        if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) == 1) return {Status::done, sent};
        return after_failure(may_write_);
    }

    void end_writing() override {
        ERR_clear_error();
        if (!failed_ && SSL_is_init_finished(ssl_.get()) == 1) SSL_shutdown(ssl_.get());
        ::shutdown(SSL_get_fd(ssl_.get()), SHUT_WR);
    }

    void stir(std::uint32_t) override {
        // Either may wait for either.
        may_read_ = true;
        may_write_ = true;
    }

private:
    Transfer after_failure(bool& may_try) {
        switch (SSL_get_error(ssl_.get(), 0)) {
            case SSL_ERROR_WANT_READ:
            case SSL_ERROR_WANT_WRITE: may_try = false; return {Status::blocked, 0};
            case SSL_ERROR_ZERO_RETURN: return {Status::ended, 0};
            default: failed_ = true; return {Status::ended, 0};
        }
    }

    Ssl ssl_;
    bool may_read_ = false;
    bool may_write_ = true;
    bool failed_ = false;  // nothing more may be asked of it
};

// Of a client's list ("2 h2 8 http/1.1"), what we speak; where that is not in it, nothing, as if neither
// side knew ALPN.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*) {
    // Static, since the choice points into it.
    static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* found = nullptr;
    const int outcome = SSL_select_next_proto(&found, size, ours.data(), ours.size(), offered, offered_size);
    *chosen = found;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

// Asked for the pass phrase of a key: nobody is there to type it.
int no_pass_phrase(char*, int, int, void*) { return -1; }

std::string reason() {
    const unsigned long error = ERR_peek_last_error();
    const char* const words = error == 0 ? nullptr : ERR_reason_error_string(error);
    ERR_clear_error();
    return words == nullptr ? "" : std::string(" (") + words + ")";
}

Result<void> check_readable(const char* what, const std::string& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) == 0) return {};
    const ErrorCode code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable;
    return fail(code,
                std::string("the ") + what + " cannot be read: " + std::generic_category().message(errno),
                file);
}

SslContext make_context() {
    SslContext context(SSL_CTX_new(TLS_server_method()));
    if (!context) throw std::bad_alloc();
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context.get(), tls12_ciphers);
    // Renegotiation is a way to make us work. That a peer leaves without a word is ordinary: lengths tell
    // whether a message was whole.
    SSL_CTX_set_options(context.get(),
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    // Buffers of idle connections would be 34 KB for each.
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                        SSL_MODE_RELEASE_BUFFERS);
    // Sessions are resumed by tickets, which clients keep.
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
    SSL_CTX_set_default_passwd_cb(context.get(), no_pass_phrase);
    return context;
}

}  // namespace

struct TlsContext::Parts {
    SslContext context;
    std::string file;  // of the certificate
};

TlsContext::TlsContext(std::unique_ptr<const Parts> parts) : parts_(std::move(parts)) {}
TlsContext::~TlsContext() = default;

Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsFiles& files) {
    if (auto readable = check_readable("TLS certificate", files.certificate); !readable)
        return tl::unexpected(readable.error());
    if (auto readable = check_readable("TLS key", files.key); !readable)
        return tl::unexpected(readable.error());
    SslContext context = make_context();
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1) {
        return fail(ErrorCode::invalid_input,
                    "the file holds no TLS certificate in PEM form" + reason() +
                        "; it must begin with the server's own, followed by those between it and the root",
                    files.certificate);
    }
    // Tells also when the two do not belong together.
    if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context.get()) != 1) {
        return fail(ErrorCode::invalid_input,
                    "the file holds no TLS key in PEM form that belongs to the certificate" + reason() +
                        "; it must not be encrypted",
                    files.key);
    }
    return std::shared_ptr<const TlsContext>(
        new TlsContext(std::make_unique<const Parts>(Parts{std::move(context), files.certificate})));
}

std::unique_ptr<Transport> TlsContext::accept(int socket) const {
    Ssl ssl(SSL_new(parts_->context.get()));
    if (!ssl || SSL_set_fd(ssl.get(), socket) != 1) throw std::bad_alloc();
    SSL_set_accept_state(ssl.get());
    return std::make_unique<TlsTransport>(std::move(ssl));
}

std::optional<std::string> TlsContext::complaint(Instant now) const {
    const X509* const certificate = SSL_CTX_get0_certificate(parts_->context.get());
    std::time_t time = now.time_since_epoch().count();
    if (X509_cmp_time(X509_get0_notAfter(certificate), &time) < 0)
        return "the TLS certificate has expired: clients refuse it (" + parts_->file + ")";
    if (X509_cmp_time(X509_get0_notBefore(certificate), &time) > 0)
        return "the TLS certificate is not valid yet: clients refuse it (" + parts_->file + ")";
    return std::nullopt;
}

}  // namespace watchbill::http
