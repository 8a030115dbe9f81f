// Mails handed to the configured mail server (RFC 5321) by libcurl: one server, one connection for as many
// mails as come one after the other, encrypted and authenticated as configured.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "mail/compose.h"
#include "watchbill/ports.h"

namespace watchbill::mail {

enum class Encryption {
    // STARTTLS before anything else is said; without it no mail is sent. Also for smtps://.
    required,
    // STARTTLS where the server offers it. Whoever sits in between could take the offer away, so that nothing
    // is won by insisting on a certificate that a server of this machine seldom has: it is verified only
    // where
    // a password follows.
    when_offered,
    never,
};

struct SmtpOptions {
    std::string url;  // "smtp://host:port" or "smtps://host:port", without credentials or path
    Sender sender;
    Encryption encryption = Encryption::required;
    std::string user;  // "" for none
    // Asked for each connection, so that a changed password file is read without a restart.
    std::function<Result<std::string>()> password;
    std::string ca_file;  // PEM; "" for the system's certificates
    std::chrono::milliseconds connect_timeout{10'000};
    // For one answer. RFC 5321 4.5.3.2 wants minutes, and servers that delay strangers on purpose use some of
    // them; but mails of an incident wait behind.
    std::chrono::milliseconds answer_timeout{60'000};
    std::chrono::milliseconds mail_timeout{120'000};
    // What a mail under way still gets once we are to stop.
    std::chrono::milliseconds grace{5'000};
};

// How a mail server received us.
struct SmtpAbilities {
    bool encrypted = false;
    bool authenticated = false;
};

// Connects, encrypts and authenticates as for a mail, sends none and says goodbye. Thread-safe. Errors:
// unavailable for a server that is not reached or takes too long, refused for one that offers or takes less
// than is asked of it; those of the password.
Result<SmtpAbilities> check_smtp(const SmtpOptions& options);

// Not thread-safe.
class SmtpTransport final : public MessageTransport {
public:
    explicit SmtpTransport(SmtpOptions options);
    ~SmtpTransport() override;
    SmtpTransport(const SmtpTransport&) = delete;
    SmtpTransport& operator=(const SmtpTransport&) = delete;

    DeliveryReport deliver(const OutboxMessage& message, const std::stop_token& stop) override;
    void end_batch() override;
    Duration longest_delivery() const override;

private:
    struct Connection;
    void close_connection();  // without a goodbye
    const SmtpOptions options_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace watchbill::mail
