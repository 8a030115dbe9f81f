// RFC 1952, for snapshots that are compressed once and sent many times. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace watchbill {

// Same bytes in, same bytes out: the header has no time and no name.
std::string gzip(std::string_view bytes);

}  // namespace watchbill
