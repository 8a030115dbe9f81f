// A mail that came in -> the calendar part in it and who sent it. Everything in it is hostile: size, depth
// and the number of parts are bounded; what is no answer to an invitation is refused by name. Thread-safe.
//
// Who sent it is what its From says: whoever hands mails over vouches for it (SPF, DKIM, DMARC are the mail
// server's trade). A mail that says of itself that it failed them is refused.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "watchbill/replies.h"

namespace watchbill::mail {

// An answer to an invitation has a few KB; 1 MB leaves room for the thread quoted below it.
inline constexpr size_t largest_mail = size_t{1} * 1024 * 1024;

// Refusals: too_large, no_mail, no_sender, several_senders, unauthenticated, too_many_parts, bounce,
// auto_reply, no_calendar.
tl::expected<ReceivedMail, MailRefusal> read_mail(std::string_view bytes);

class MimeReader final : public MailReader {
public:
    tl::expected<ReceivedMail, MailRefusal> read(std::string_view bytes) const override {
        return read_mail(bytes);
    }
};

}  // namespace watchbill::mail
