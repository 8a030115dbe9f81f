// RFC 1952. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace watchbill {

enum class GzipEffort {
    thorough,  // for what is compressed once and sent many times
    quick,     // for an answer that somebody waits for
};

// Same bytes in, same bytes out: the header has no time and no name.
std::string gzip(std::string_view bytes, GzipEffort effort = GzipEffort::thorough);

}  // namespace watchbill
