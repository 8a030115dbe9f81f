#include "http/server/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

namespace watchbill::http {

namespace {

using SslContext = std::shared_ptr<SSL_CTX>;
using Ssl = std::unique_ptr<SSL, decltype(&SSL_free)>;

// The "intermediate" list of Mozilla's guideline, without the slow finite-field ones; of TLS 1.3 all are
// good.
constexpr const char* tls12_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

// What a TLS record holds.
constexpr size_t record = size_t{16} * 1024;
// A request's head goes into it.
constexpr size_t looked_at = size_t{32} * 1024;
// Unlike in the clear, what is not taken yet lies in this process: so much for all connections, without what
// fits into `granted_to_each`, as a calendar client's request does. Some thousand dripping ones must not take
// what the service needs; whoever is too many is closed.
constexpr size_t most_held = size_t{8} * 1024 * 1024;
constexpr size_t granted_to_each = size_t{4} * 1024;
std::atomic<size_t> held_by_all = 0;

class TlsWire final : public Wire {
public:
    TlsWire(SslContext context, int socket) : context_(std::move(context)), socket_(socket) {}
    ~TlsWire() override { hold(0); }

    Seen look(std::span<char>) override {
        pull(looked_at);
        return {bytes_, ended_};
    }
    size_t count(size_t wanted) override {
        pull(wanted);
        return bytes_.size();
    }
    void wait_for(size_t) override {}

    void skip(size_t bytes) override { take(nullptr, bytes); }

    ssize_t take(char* to, size_t size) override {
        pull(std::min(size, record));
        const size_t taken = std::min(size, bytes_.size());
        if (taken == 0) return ended_ ? 0 : -1;
        if (to != nullptr) bytes_.copy(to, taken);
        bytes_.erase(0, taken);
        if (bytes_.empty()) std::string().swap(bytes_);
        hold(bytes_.size());
        return static_cast<ssize_t>(taken);
    }

    ssize_t send(std::string_view first, std::string_view second) override {
        if (!is_usable()) return -1;
        // A write that did not go through is tried again with the same bytes, as OpenSSL asks for.
        const std::string_view bytes = first.empty() ? second : first;
        size_t sent = 0;
        ERR_clear_error();
        if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) == 1)
            return static_cast<ssize_t>(sent);
        note_failure();
        return ended_ ? -1 : 0;
    }

    void end_writing() override {
        ERR_clear_error();
        if (is_usable()) SSL_shutdown(ssl_.get());
        ::shutdown(socket_, SHUT_WR);
    }

    bool holds_bytes() const override {
        return !bytes_.empty() || (ssl_ != nullptr && SSL_has_pending(ssl_.get()) == 1);
    }

private:
    bool is_usable() const { return ssl_ != nullptr && !failed_ && SSL_is_init_finished(ssl_.get()) == 1; }

    // What OpenSSL needs for a handshake, some 50 KB, is made once the client's first record is whole: the
    // kernel keeps it until then.
    void begin() {
        std::array<unsigned char, 5> head{};
        const ssize_t got = ::recv(socket_, head.data(), head.size(), MSG_PEEK);
        if (got == 0 || (got < 0 && errno != EAGAIN)) ended_ = true;
        if (got != static_cast<ssize_t>(head.size())) return;
        const size_t whole = head.size() + head[3] * size_t{256} + head[4];
        if (head[0] != SSL3_RT_HANDSHAKE || whole > record + head.size()) ended_ = true;
        int there = 0;
        if (ended_ || ::ioctl(socket_, FIONREAD, &there) != 0 || static_cast<size_t>(there) < whole) return;
        ssl_.reset(SSL_new(context_.get()));
        if (!ssl_ || SSL_set_fd(ssl_.get(), socket_) != 1) throw std::bad_alloc();
        SSL_set_accept_state(ssl_.get());
    }

    // Until so many are there, or nothing more is to be had now. Makes the handshake, too.
    void pull(size_t wanted) {
        if (!ssl_ && !ended_) begin();
        if (!ssl_) return;
        std::array<char, record> piece;
        while (!ended_ && bytes_.size() < wanted) {
            size_t got = 0;
            ERR_clear_error();
            if (SSL_read_ex(ssl_.get(), piece.data(), piece.size(), &got) != 1) return note_failure();
            bytes_.append(piece.data(), got);
            hold(bytes_.size());
            if (bytes_.size() > granted_to_each && held_by_all > most_held) ended_ = true;
        }
    }

    void note_failure() {
        const int error = SSL_get_error(ssl_.get(), 0);
        if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
        ended_ = true;
        failed_ = error != SSL_ERROR_ZERO_RETURN;  // then nothing more may be asked of it
    }

    void hold(size_t bytes) {
        const size_t counted = bytes > granted_to_each ? bytes : 0;
        held_by_all += counted - std::exchange(held_, counted);
    }

    SslContext context_;
    int socket_;
    Ssl ssl_{nullptr, &SSL_free};  // null: the handshake has not begun
    std::string bytes_;            // read and not taken
    size_t held_ = 0;              // as it is counted
    bool ended_ = false;
    bool failed_ = false;
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

SslContext make_context() {
    SslContext context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
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

Result<TlsContext> TlsContext::load(const TlsFiles& files) {
    const std::pair<const char*, std::string> named[] = {{"certificate", files.certificate},
                                                         {"key", files.key}};
    for (const auto& [what, file] : named) {
        struct stat status {};
        if (::stat(file.c_str(), &status) == 0) continue;
        return fail(
            errno == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable,
            std::string("the TLS ") + what + " cannot be read: " + std::generic_category().message(errno),
            file);
    }
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
    TlsContext made;
    made.context_ = std::move(context);
    made.file_ = files.certificate;
    return made;
}

std::unique_ptr<Wire> TlsContext::accept(int socket) const {
    return std::make_unique<TlsWire>(context_, socket);
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

}  // namespace watchbill::http
