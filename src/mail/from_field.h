// Who sent a mail: the one address in its one From (RFC 5322 3.6.2), read more strictly than mail programs
// do. What two programs could take for two addresses is refused: the mail server that vouches for the sender
// may have looked at the other one. Thread-safe.
#pragma once

#include <tl/expected.hpp>
#include <vector>

#include "mail/raw_header.h"

namespace watchbill::mail {

// Refusals: no_sender, several_senders.
tl::expected<MemberId, MailRefusal> sender_of(const std::vector<HeaderField>& header);

}  // namespace watchbill::mail
