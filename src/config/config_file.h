// Configuration files as bytes. They are input like any other: bounded, and only regular files are read.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "watchbill/result.h"

namespace watchbill {

// Symbolic links are followed (mounted secrets are links); pipes, devices and folders are refused. Errors:
// not_found, unavailable, refused, too_large.
Result<std::string> read_config_file(const std::filesystem::path& path);

// The *.toml files of a folder by name; hidden ones (editors' and mounts' own files) are left out. Errors:
// not_found, unavailable, too_large.
Result<std::vector<std::filesystem::path>> toml_files_in(const std::filesystem::path& folder);

}  // namespace watchbill
