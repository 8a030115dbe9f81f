// The server's secret: signs feed URLs. Whoever reads it can make every feed's URL.
#pragma once

#include <filesystem>
#include <string>

#include "watchbill/result.h"

namespace watchbill {

// Reads the secret; makes the file (mode 0600, 256 random bits) where there is none. Two processes starting
// at once end up with the same secret. Errors: refused (others may read it, or it is no regular file),
// damaged (too short), unavailable.
Result<std::string> load_or_make_secret(const std::filesystem::path& path);

}  // namespace watchbill
