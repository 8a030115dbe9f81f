#include "mail/smtp_transport.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

#include "mail/smtp_session.h"

namespace watchbill::mail {

namespace {

using Clock = std::chrono::steady_clock;

struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// As in src/sources: libcurl counts, and the first of all calls comes before any other thread uses it.
void ensure_curl_is_ready() {
    static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    assert(code == CURLE_OK);
    static_cast<void>(code);
}

// One mail on its way: what the callbacks share with deliver().
struct Passage {
    std::string_view left;  // of the mail's bytes
    SmtpSession session;
    const std::stop_token& stop;
    std::chrono::milliseconds grace;
    std::optional<Clock::time_point> stopping_since = std::nullopt;
};

size_t on_read(char* buffer, size_t size, size_t count, void* user) {
    Passage& passage = *static_cast<Passage*>(user);
    passage.session.content_begins();
    const size_t length = std::min(passage.left.size(), size * count);
    std::copy_n(passage.left.data(), length, buffer);
    passage.left.remove_prefix(length);
    if (length == 0) passage.session.content_ends();
    return length;
}

// The server's lines would go to standard output otherwise.
size_t on_write(char*, size_t size, size_t count, void*) { return size * count; }

int on_debug(CURL*, curl_infotype type, char* data, size_t size, void* user) {
    SmtpSession& session = static_cast<Passage*>(user)->session;
    if (type == CURLINFO_HEADER_OUT) session.sent({data, size});
    if (type == CURLINFO_HEADER_IN) session.answered({data, size});
    return 0;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    Passage& passage = *static_cast<Passage*>(user);
    if (!passage.stop.stop_requested()) return 0;
    const Clock::time_point now = Clock::now();
    if (!passage.stopping_since) passage.stopping_since = now;
    return now - *passage.stopping_since >= passage.grace ? 1 : 0;
}

// Sets options and remembers the first that could not be set, so that nothing is ever sent with less
// protection than asked for.
class Options {
public:
    explicit Options(CURL* handle) : handle_(handle) {}

    template <typename Value>
    void set(CURLoption option, Value value) {
        if (code_ == CURLE_OK) code_ = curl_easy_setopt(handle_, option, value);
    }
    CURLcode code() const { return code_; }

private:
    CURL* handle_;
    CURLcode code_ = CURLE_OK;
};

// Nothing that could end its command early or mean another route, and ASCII: what few servers take (SMTPUTF8,
// RFC 6531) must not look like trouble of the server's.
bool is_plain(const MemberId& address) {
    constexpr std::string_view special = "<>\"\\,;";
    const std::string& text = address.email();
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return c > ' ' && c < 0x7f && special.find(c) == std::string_view::npos;
    });
}

std::string domain_of(const MemberId& address) {
    return address.email().substr(address.email().rfind('@') + 1);
}

// Where to and how safely: the same for all that goes over one connection.
void set_connection(const SmtpOptions& smtp, const std::string& password, Options& options) {
    options.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    options.set(CURLOPT_PROXY, "");  // not the web's
    options.set(CURLOPT_NOSIGNAL, 1L);
    options.set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    const bool verify = smtp.encryption != Encryption::when_offered || !smtp.user.empty();
    options.set(CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
    options.set(CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
    options.set(CURLOPT_USE_SSL,
                static_cast<long>(smtp.encryption == Encryption::required       ? CURLUSESSL_ALL
                                  : smtp.encryption == Encryption::when_offered ? CURLUSESSL_TRY
                                                                                : CURLUSESSL_NONE));
    if (!smtp.ca_file.empty()) options.set(CURLOPT_CAINFO, smtp.ca_file.c_str());
    if (!smtp.user.empty()) {
        options.set(CURLOPT_USERNAME, smtp.user.c_str());
        options.set(CURLOPT_PASSWORD, password.c_str());
    }
}

bool is_open(CURL* handle) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK && socket != CURL_SOCKET_BAD;
}

DeliveryReport report_of(CURLcode code, const SmtpSession& session) {
    const auto no_server = [](std::string why) {
        return DeliveryReport{Delivery::no_server, std::move(why)};
    };
    switch (code) {
        case CURLE_OK: return {};
        case CURLE_COULDNT_RESOLVE_HOST:
            return no_server("the mail server's name cannot be resolved: check \"smtp\" and the network");
        case CURLE_COULDNT_CONNECT:
            return no_server("the mail server accepts no connection: check \"smtp\" and that it runs");
        case CURLE_OPERATION_TIMEDOUT: return timeout_of(session);
        case CURLE_WEIRD_SERVER_REPLY: return failure_of(session, false);
        case CURLE_PEER_FAILED_VERIFICATION:
            return no_server(
                "the mail server's certificate cannot be verified: check its name and authority");
        case CURLE_USE_SSL_FAILED:
            return no_server(
                "the mail server offers no STARTTLS, so that nothing was sent: use smtps:// or set "
                "\"starttls\"");
        case CURLE_SSL_CONNECT_ERROR:
            return no_server("no encrypted connection to the mail server can be made");
        case CURLE_LOGIN_DENIED:
            return no_server(
                "the mail server refuses the user or the password: check \"user\" and "
                "\"password_file\"");
        case CURLE_ABORTED_BY_CALLBACK: return no_server("the service stopped before the mail was taken");
        case CURLE_OUT_OF_MEMORY: return no_server("there is not enough memory to send a mail");
        default: return failure_of(session);
    }
}

// What a session said, without a mail in it.
struct Rehearsal {
    SmtpSession session;
    bool began_tls = false;
    bool tried_password = false;
};

int on_rehearsal(CURL*, curl_infotype type, char* data, size_t size, void* user) {
    Rehearsal& rehearsal = *static_cast<Rehearsal*>(user);
    const std::string_view line(data, size);
    if (type == CURLINFO_HEADER_IN) rehearsal.session.answered(line);
    if (type != CURLINFO_HEADER_OUT) return 0;
    rehearsal.session.sent(line);
    rehearsal.began_tls = rehearsal.began_tls || line.starts_with("STARTTLS");
    rehearsal.tried_password = rehearsal.tried_password || line.starts_with("AUTH ");
    return 0;
}

// NOOP: a command that means nothing (RFC 5321 4.1.1.9) makes libcurl connect, encrypt and authenticate.
void set_noop(const std::string& url, Options& options) {
    options.set(CURLOPT_URL, url.c_str());
    options.set(CURLOPT_CUSTOMREQUEST, "NOOP");
    options.set(CURLOPT_NOBODY, 1L);
    options.set(CURLOPT_FORBID_REUSE, 1L);
    options.set(CURLOPT_WRITEFUNCTION, &on_write);
}

bool is_refusal(CURLcode code) {
    return code == CURLE_LOGIN_DENIED || code == CURLE_USE_SSL_FAILED ||
           code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR;
}

}  // namespace

Result<SmtpAbilities> check_smtp(const SmtpOptions& smtp) {
    ensure_curl_is_ready();
    std::string password;
    if (!smtp.user.empty() && smtp.password) {
        Result<std::string> read = smtp.password();
        if (!read) return tl::unexpected(read.error());
        password = std::move(*read);
    }
    const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
    if (handle == nullptr) throw std::bad_alloc();
    Rehearsal rehearsal;
    const std::string url = smtp.url + '/' + domain_of(smtp.sender.address);
    Options options(handle.get());
    set_connection(smtp, password, options);
    set_noop(url, options);
    options.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(smtp.connect_timeout.count()));
    options.set(CURLOPT_TIMEOUT_MS, static_cast<long>(smtp.mail_timeout.count()));
    options.set(CURLOPT_VERBOSE, 1L);
    options.set(CURLOPT_DEBUGFUNCTION, &on_rehearsal);
    options.set(CURLOPT_DEBUGDATA, static_cast<void*>(&rehearsal));
    CURLcode code = options.code();
    if (code == CURLE_OK) code = curl_easy_perform(handle.get());
    if (code != CURLE_OK) {
        return fail(is_refusal(code) ? ErrorCode::refused : ErrorCode::unavailable,
                    report_of(code, rehearsal.session).error);
    }
    // libcurl goes on without a password where the server asks for none; mails would be refused later.
    if (!smtp.user.empty() && !rehearsal.tried_password) {
        return fail(
            ErrorCode::refused,
            "the mail server offers no AUTH that is known, so that \"user\" and \"password_file\" cannot be "
            "used: remove them or check \"smtp\" and \"starttls\"");
    }
    return SmtpAbilities{rehearsal.began_tls || smtp.url.starts_with("smtps:"), rehearsal.tried_password};
}

struct SmtpTransport::Connection {
    std::unique_ptr<CURL, FreeHandle> handle{curl_easy_init()};
    std::string password;
};

SmtpTransport::SmtpTransport(SmtpOptions options) : options_(std::move(options)) { ensure_curl_is_ready(); }

SmtpTransport::~SmtpTransport() { close_connection(); }

void SmtpTransport::end_batch() {
    if (connection_ == nullptr) return;
    // libcurl says goodbye when it closes a connection, and waits two minutes for the answer unless that
    // happens in a transfer of ours.
    CURL* const handle = connection_->handle.get();
    curl_easy_reset(handle);
    const std::string url = options_.url + '/' + domain_of(options_.sender.address);
    Options options(handle);
    set_connection(options_, connection_->password, options);
    set_noop(url, options);
    options.set(CURLOPT_FTP_RESPONSE_TIMEOUT, 2L);
    options.set(CURLOPT_TIMEOUT_MS, 4000L);
    if (options.code() == CURLE_OK && is_open(handle)) curl_easy_perform(handle);
    close_connection();
}

void SmtpTransport::close_connection() {
    if (connection_ == nullptr) return;
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(connection_->handle.get(), CURLINFO_ACTIVESOCKET, &socket);
    if (socket != CURL_SOCKET_BAD) ::shutdown(socket, SHUT_RDWR);  // nobody waits for a goodbye
    connection_.reset();
}

Duration SmtpTransport::longest_delivery() const {
    return std::chrono::ceil<Duration>(options_.mail_timeout) + Duration(1);
}

DeliveryReport SmtpTransport::deliver(const OutboxMessage& message, const std::stop_token& stop) {
    if (!is_plain(message.recipient))
        return {Delivery::refused_for_good, "the recipient's address cannot be sent to: correct it"};
    if (connection_ == nullptr) {
        auto opened = std::make_unique<Connection>();
        if (opened->handle == nullptr) throw std::bad_alloc();
        if (!options_.user.empty() && options_.password) {
            Result<std::string> password = options_.password();
            if (!password) return {Delivery::no_server, password.error().message};
            opened->password = std::move(*password);
        }
        connection_ = std::move(opened);
    }
    CURL* const handle = connection_->handle.get();
    curl_easy_reset(handle);  // keeps the connection

    const std::string bytes = compose(message, options_.sender);
    Passage passage{bytes, {}, stop, options_.grace};
    // Its path is how we introduce ourselves (EHLO): servers want a name with a domain.
    const std::string url = options_.url + '/' + domain_of(options_.sender.address);
    const std::string from = '<' + options_.sender.address.email() + '>';
    const std::string to = '<' + message.recipient.email() + '>';
    const std::unique_ptr<curl_slist, FreeList> recipients(curl_slist_append(nullptr, to.c_str()));
    if (recipients == nullptr) throw std::bad_alloc();

    Options options(handle);
    options.set(CURLOPT_URL, url.c_str());
    set_connection(options_, connection_->password, options);
    options.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
    options.set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.mail_timeout.count()));
    // Whole seconds; libcurl's name for the time that any protocol's answer may take.
    options.set(CURLOPT_FTP_RESPONSE_TIMEOUT,
                std::max(1L, static_cast<long>(options_.answer_timeout.count() / 1000)));
    options.set(CURLOPT_MAIL_FROM, from.c_str());
    options.set(CURLOPT_MAIL_RCPT, recipients.get());
    options.set(CURLOPT_UPLOAD, 1L);
    options.set(CURLOPT_READFUNCTION, &on_read);
    options.set(CURLOPT_READDATA, static_cast<void*>(&passage));
    options.set(CURLOPT_WRITEFUNCTION, &on_write);
    options.set(CURLOPT_VERBOSE, 1L);  // for on_debug, which keeps no line
    options.set(CURLOPT_DEBUGFUNCTION, &on_debug);
    options.set(CURLOPT_DEBUGDATA, static_cast<void*>(&passage));
    options.set(CURLOPT_NOPROGRESS, 0L);
    options.set(CURLOPT_XFERINFOFUNCTION, &on_progress);
    options.set(CURLOPT_XFERINFODATA, static_cast<void*>(&passage));

    CURLcode code = options.code();
    if (code == CURLE_OK) code = curl_easy_perform(handle);
    DeliveryReport report = report_of(code, passage.session);
    // What a broken session left behind is not used again, nor a password that was refused.
    if (report.delivery == Delivery::no_server) close_connection();
    return report;
}

}  // namespace watchbill::mail
