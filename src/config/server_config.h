// watchbill.toml -> ServerConfig, and where what was written.
#pragma once

#include <toml++/toml.h>

#include <filesystem>

#include "config/config.h"
#include "config/problem_log.h"

namespace watchbill {

// What is usable, with defaults for the rest; the log says what is not. `folder` is the absolute folder of
// the file.
ConfiguredServer read_server_config(const toml::table& document, const std::filesystem::path& folder,
                                    ProblemLog& log);

}  // namespace watchbill
