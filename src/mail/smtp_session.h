// What a mail server was asked and what it answered, and what follows from it for one mail. Pure; internal to
// src/mail.
#pragma once

#include <string>
#include <string_view>

#include "watchbill/ports.h"

namespace watchbill::mail {

// How far the session of one mail came.
enum class SmtpStep { connecting, greeting, mail_from, recipient, data, content };

class SmtpSession {
public:
    // A line that was sent, and one that was answered; without or with its line end.
    void sent(std::string_view line);
    void answered(std::string_view line);
    // The mail's text is on its way.
    void content_begins() { step_ = SmtpStep::content; }
    void content_ends() { whole_ = true; }

    SmtpStep step() const { return step_; }
    // All of the mail's text was handed over.
    bool is_whole() const { return step_ == SmtpStep::content && whole_; }
    // What happens now may be this mail's doing, and the next one's not.
    bool is_in_message() const;
    // The code of the last answer to what was sent last; 0 while there is none.
    int code() const { return code_; }
    // "550 5.1.1": code and enhanced status code (RFC 3463), without the server's words, which may quote the
    // mail; "" while there is no answer.
    const std::string& status() const { return status_; }

private:
    SmtpStep step_ = SmtpStep::connecting;
    bool whole_ = false;
    bool over_ = false;  // we said goodbye
    int code_ = 0;
    std::string status_;
};

// After a failure that is no failure of the connection's making (TLS, name, password; the caller tells
// those). `closed`: no answer came that would not fit; the connection ended.
DeliveryReport failure_of(const SmtpSession& session, bool closed = true);
// After an answer did not come in time.
DeliveryReport timeout_of(const SmtpSession& session);

}  // namespace watchbill::mail
