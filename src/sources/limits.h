// Bounds that every kind of source keeps.
#pragma once

#include <cstddef>

namespace watchbill {

// DESIGN.md 5: a calendar is at most 10 MB. The largest real ones (ten years of a busy mailbox) stay below.
inline constexpr size_t max_calendar_bytes = size_t{10} * 1024 * 1024;

}  // namespace watchbill
