#include "mail/smtp_session.h"

#include <algorithm>

#include "words/letter_case.h"

namespace watchbill::mail {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool begins_with_verb(std::string_view line, std::string_view verb) {
    if (line.size() < verb.size()) return false;
    for (size_t i = 0; i < verb.size(); ++i) {
        if (upper_case(line[i]) != verb[i]) return false;
    }
    return true;
}

// "5.1.1" at the beginning of the text behind the code (RFC 2034 4); "" when there is none.
std::string enhanced_code(std::string_view text) {
    size_t end = 0;
    int dots = 0;
    while (end < text.size() && end < 9 && (is_digit(text[end]) || text[end] == '.'))
        dots += text[end++] == '.' ? 1 : 0;
    const bool whole = end == text.size() || text[end] == ' ' || text[end] == '\r' || text[end] == '\n';
    if (dots != 2 || !whole || !is_digit(text.front())) return {};
    return std::string(text.substr(0, end));
}

std::string step_in_words(SmtpStep step) {
    switch (step) {
        case SmtpStep::mail_from: return "the sender";
        case SmtpStep::recipient: return "the recipient";
        case SmtpStep::data:
        case SmtpStep::content: return "the mail";
        case SmtpStep::connecting:
        case SmtpStep::greeting: break;
    }
    return "the connection";
}

std::string moment_in_words(const SmtpSession& session) {
    switch (session.step()) {
        case SmtpStep::connecting: return "before anything was sent";
        case SmtpStep::greeting: return "before it was told of a mail";
        case SmtpStep::mail_from: return "when it was told the sender";
        case SmtpStep::recipient: return "when it was told the recipient";
        case SmtpStep::data: return "before the message was sent";
        case SmtpStep::content: break;
    }
    return session.is_whole() ? "after the message was sent and before it said whether it took it"
                              : "while the message was being sent";
}

}  // namespace

void SmtpSession::sent(std::string_view line) {
    // Saying goodbye takes nothing back of what was answered before.
    over_ = over_ || begins_with_verb(line, "QUIT");
    if (over_) return;
    code_ = 0;
    status_.clear();
    if (begins_with_verb(line, "MAIL FROM"))
        step_ = SmtpStep::mail_from;
    else if (begins_with_verb(line, "RCPT TO"))
        step_ = SmtpStep::recipient;
    else if (begins_with_verb(line, "DATA"))
        step_ = SmtpStep::data;
    else
        step_ = SmtpStep::greeting;  // EHLO, STARTTLS, AUTH and its continuations
}

void SmtpSession::answered(std::string_view line) {
    if (over_ || line.size() < 3 || !std::all_of(line.begin(), line.begin() + 3, is_digit)) return;
    code_ = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    status_ = std::string(line.substr(0, 3));
    if (line.size() < 5) return;
    if (const std::string enhanced = enhanced_code(line.substr(4)); !enhanced.empty())
        status_ += ' ' + enhanced;
}

bool SmtpSession::is_in_message() const {
    return step_ == SmtpStep::recipient || step_ == SmtpStep::data || step_ == SmtpStep::content;
}

DeliveryReport failure_of(const SmtpSession& session, bool closed) {
    const int kind = session.code() / 100;
    const bool about_this_mail = session.is_in_message();
    // 421: the server closes the session, whatever it was asked (RFC 5321 4.2.1).
    if (session.code() == 421)
        return {Delivery::no_server, "the mail server ended the session (" + session.status() + ")"};
    // The codes of answers that it gave before it went away mean nothing.
    if (kind != 4 && kind != 5) {
        return {Delivery::no_server,
                closed ? "the mail server closed the connection " + moment_in_words(session)
                       : "the mail server gave an answer that makes no sense " + moment_in_words(session),
                about_this_mail};
    }
    const std::string refused =
        "the mail server refused " + step_in_words(session.step()) + " (" + session.status() + ")";
    if (about_this_mail) return {kind == 5 ? Delivery::refused_for_good : Delivery::refused_for_now, refused};
    // The sender is the same for all mails: a mistake of configuration that people can mend, not the mail's.
    if (session.step() == SmtpStep::mail_from)
        return {Delivery::no_server, refused + ": check \"from\", \"user\" and what the server lets it send"};
    return {Delivery::no_server, refused};
}

DeliveryReport timeout_of(const SmtpSession& session) {
    std::string error = "the mail server took too long to answer";
    if (session.step() != SmtpStep::connecting) error += " (" + moment_in_words(session) + ")";
    return {Delivery::no_server, error, session.is_in_message()};
}

}  // namespace watchbill::mail
