#include "http/server/wire.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <new>
#include <system_error>

namespace watchbill::http {

namespace {

// The "intermediate" list of Mozilla's guideline, without the slow finite-field ones; of TLS 1.3 all are
// good.
constexpr const char* tls12_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

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

std::shared_ptr<SSL_CTX> make_context() {
    std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
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
    // Asked for the pass phrase of a key: nobody is there to type it.
    SSL_CTX_set_default_passwd_cb(context.get(), [](char*, int, int, void*) { return -1; });
    return context;
}

tl::unexpected<Error> not_usable(const std::string& what, const char* otherwise, const std::string& file) {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return fail(ErrorCode::invalid_input,
                "the file holds no TLS " + what +
                    (reason == nullptr ? "" : " (" + std::string(reason) + ")") + "; it must " + otherwise,
                file);
}

}  // namespace

Result<TlsContext> TlsContext::load(const TlsFiles& files) {
    for (const auto& [what, file] : {std::pair("certificate", files.certificate), {"key", files.key}}) {
        struct stat status {};
        if (::stat(file.c_str(), &status) == 0) continue;
        return fail(
            errno == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable,
            std::string("the TLS ") + what + " cannot be read: " + std::generic_category().message(errno),
            file);
    }
    TlsContext made;
    made.context_ = make_context();
    made.file_ = files.certificate;
    SSL_CTX* const context = made.context_.get();
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
        return not_usable("certificate in PEM form",
                          "begin with the server's own, followed by those between it and the root",
                          files.certificate);
    // Tells also when the two do not belong together.
    if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1)
        return not_usable("key in PEM form that belongs to the certificate", "not be encrypted", files.key);
    return made;
}

std::optional<std::string> TlsContext::complaint(Instant now) const {
    const X509* const certificate = SSL_CTX_get0_certificate(context_.get());
    std::time_t time = now.time_since_epoch().count();
    if (X509_cmp_time(X509_get0_notAfter(certificate), &time) < 0)
        return "the TLS certificate has expired: clients refuse it (" + file_ + ")";
    if (X509_cmp_time(X509_get0_notBefore(certificate), &time) > 0)
        return "the TLS certificate is not valid yet: clients refuse it (" + file_ + ")";
    return std::nullopt;
}

Wire::Wire(int socket, const std::optional<TlsContext>& tls)
    : socket_(socket), context_(tls ? tls->context_ : nullptr) {}

// What OpenSSL needs for a handshake, some 50 KB, is made once the client's first record is whole: the kernel
// keeps it until then. 1: it was; otherwise as receive().
ssize_t Wire::begin() {
    constexpr size_t head = 5;
    std::array<unsigned char, head + SSL3_RT_MAX_PLAIN_LENGTH> first;
    const ssize_t got = ::recv(socket_, first.data(), first.size(), MSG_PEEK);
    if (got == 0 || (got < 0 && errno != EAGAIN)) return 0;
    if (got < static_cast<ssize_t>(head)) return -1;
    const size_t whole = head + first[3] * size_t{256} + first[4];
    if (first[0] != SSL3_RT_HANDSHAKE || whole > first.size()) return 0;
    if (static_cast<size_t>(got) < whole) return -1;
    ssl_.reset(SSL_new(context_.get()), &SSL_free);
    if (!ssl_ || SSL_set_fd(ssl_.get(), socket_) != 1) throw std::bad_alloc();
    SSL_set_accept_state(ssl_.get());
    return 1;
}

// 0, or -1 where it may go on later.
ssize_t Wire::failure() {
    const int error = SSL_get_error(ssl_.get(), 0);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return -1;
    is_broken_ = error != SSL_ERROR_ZERO_RETURN;
    return 0;
}

bool Wire::is_usable() const { return ssl_ && !is_broken_ && SSL_is_init_finished(ssl_.get()) == 1; }

ssize_t Wire::receive(std::span<char> room, bool& has_more) {
    has_more = false;
    if (!context_) {
        const ssize_t got = ::recv(socket_, room.data(), room.size(), 0);
        has_more = got == static_cast<ssize_t>(room.size());
        return got >= 0 || errno == EAGAIN ? got : 0;
    }
    if (is_broken_) return 0;
    if (const ssize_t begun = ssl_ ? 1 : begin(); begun <= 0) return begun;
    size_t got = 0;
    ERR_clear_error();
    has_more = SSL_read_ex(ssl_.get(), room.data(), room.size(), &got) == 1;  // also makes the handshake
    return has_more ? static_cast<ssize_t>(got) : failure();
}

ssize_t Wire::send(std::string_view first, std::string_view second) {
    if (!context_) {
        // sendmsg() does not change what it sends, but iovec serves readers too.
        std::array<iovec, 2> pieces{{{const_cast<char*>(first.data()), first.size()},
                                     {const_cast<char*>(second.data()), second.size()}}};
        msghdr message{};
        message.msg_iov = pieces.data();
        message.msg_iovlen = pieces.size();
        const ssize_t sent = ::sendmsg(socket_, &message, MSG_NOSIGNAL);
        return sent >= 0 ? sent : (errno == EAGAIN ? 0 : -1);
    }
    if (!is_usable()) return -1;
    // A write that did not go through is tried again with the same bytes, as OpenSSL asks for.
    const std::string_view bytes = first.empty() ? second : first;
    size_t sent = 0;
    ERR_clear_error();
    if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) == 1) return static_cast<ssize_t>(sent);
    return failure() == 0 ? -1 : 0;
}

void Wire::end_writing() {
    ERR_clear_error();
    if (is_usable()) SSL_shutdown(ssl_.get());
    ::shutdown(socket_, SHUT_WR);
}

}  // namespace watchbill::http
