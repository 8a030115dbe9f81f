// A mail held against what mail programs write, before a parser sees a byte of it: the size, the number and
// the nesting of its headers, and how many parts and parameters it has. GMime's address parser recurses once
// a group ("a:a:a:..."), its MIME parser once a part. Pure, thread-safe; time grows with the mail's size
// alone.
//
// Nothing is parsed here, so nothing can be parsed otherwise than there: what is dangerous is counted
// wherever in the mail it could be taken for a header, whatever quotes, comments and boundaries say.
#pragma once

#include <optional>
#include <string_view>

#include "watchbill/replies.h"

namespace watchbill::mail {

// Exchange takes 256 KB of header, Postfix 100 KB in a field (message_size and header_size_limit); those that
// filters add have some 60 KB altogether.
inline constexpr size_t largest_header = size_t{256} * 1024;
inline constexpr size_t largest_field = size_t{64} * 1024;
inline constexpr int most_fields = 1000;
// In one address field. Groups do not nest (RFC 5322 3.4), and whom an answer goes to is one mailbox; a
// display name may hold one ("Ops: Bob"). GMime needs some 130 bytes of stack for each.
inline constexpr int most_colons = 100;
// Of comments and angle brackets.
inline constexpr int deepest_nesting = 20;
// Of one Content-Type or Content-Disposition; long file names have a few for their continuations (RFC 2231).
inline constexpr int most_parameters = 100;
inline constexpr size_t largest_content_field = size_t{16} * 1024;
// Multiparts and messages, and lines that may part them. Each part costs a kilobyte.
inline constexpr int most_containers = 100;
inline constexpr int most_delimiters = 2000;

// Nothing when all is within the limits. Codes: header_too_large, header_too_nested, too_many_parts.
std::optional<MailRefusal> beyond_header_limits(std::string_view mail);

}  // namespace watchbill::mail
