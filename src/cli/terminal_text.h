// Text from outside on a terminal. Pure.
#pragma once

#include <string>
#include <string_view>

namespace watchbill::cli {

// Without control characters (C0, DEL, C1 as UTF-8), which could move the cursor, recolour the screen or
// start a line that looks like ours: each becomes a blank. Without what turns a line around or cannot be
// seen, either.
std::string terminal_safe(std::string_view text);

}  // namespace watchbill::cli
