// Bounds that every kind of source keeps.
#pragma once

#include <cstddef>

namespace watchbill {

// DESIGN.md 5: a calendar is at most 10 MB. The largest real ones (ten years of a busy mailbox) stay below.
inline constexpr size_t max_calendar_bytes = size_t{10} * 1024 * 1024;

// What all answers of a CalDAV server during one fetch may come to: XML around the events and its escapes
// make them at most twice as long.
inline constexpr size_t max_dav_bytes = 2 * max_calendar_bytes;

// The head of a refusal is enough to read its reason (RFC 4918 16).
inline constexpr size_t max_refusal_bytes = size_t{64} * 1024;

// 10 MB of events that say anything at all (500 bytes with their VTIMEZONE) are fewer.
inline constexpr size_t max_dav_resources = 20'000;

// Each "<" may begin a node of the XML tree, 64 bytes of memory; a resource takes about 24 of them.
inline constexpr size_t max_xml_tags = 500'000;

// RFC 4918, 4791 and 6578 nest seven deep; nothing is looked for any deeper.
inline constexpr int max_xml_depth = 32;

}  // namespace watchbill
