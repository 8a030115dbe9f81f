// A mail that came in -> the calendar part in it and who sent it. Everything in it is hostile: headers, size,
// depth and the number of parts are bounded before anything is parsed (header_limits.h); what is no answer to
// an invitation is refused by name. Thread-safe.
//
// Who sent it is what its From says (from_field.h): whoever hands mails over vouches for it (SPF, DKIM, DMARC
// are the mail server's trade). A mail that the mail server said failed them is refused
// (authentication_results.h).
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "watchbill/replies.h"

namespace watchbill::mail {

// An answer to an invitation has a few KB; 1 MB leaves room for the thread quoted below it.
inline constexpr size_t largest_mail = size_t{1} * 1024 * 1024;

// `authserv_id` is the name that the mail server gives itself in Authentication-Results, "" where the topmost
// field is taken for its own.
//
// Refusals: too_large, no_mail, header_too_large, header_too_nested, malformed_header, no_sender,
// several_senders, unauthenticated, too_many_parts, bounce, auto_reply, no_calendar.
tl::expected<ReceivedMail, MailRefusal> read_mail(std::string_view bytes, std::string_view authserv_id = {});

class MimeReader final : public MailReader {
public:
    explicit MimeReader(std::string authserv_id = {}) : authserv_id_(std::move(authserv_id)) {}

    tl::expected<ReceivedMail, MailRefusal> read(std::string_view bytes) const override {
        return read_mail(bytes, authserv_id_);
    }

private:
    const std::string authserv_id_;
};

}  // namespace watchbill::mail
