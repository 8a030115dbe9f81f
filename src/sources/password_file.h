// A password, or a token that stands for one, in a file of its own, so that no configuration holds it.
#pragma once

#include <string>

#include "watchbill/result.h"

namespace watchbill {

// Without the line end behind it. `kind` is what messages call it: "password", "token".
// Errors: those of RegularFile (regular_file.h), and refused for a NUL byte.
Result<std::string> read_password_file(const std::string& path, const std::string& kind = "password");

}  // namespace watchbill
