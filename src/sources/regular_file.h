// An open regular file, read with a bound. Directories, pipes, sockets and devices are refused, and opening
// never blocks, so that a path pointing at one of them cannot hang the service.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "watchbill/result.h"

namespace watchbill {

class RegularFile {
public:
    // `what` names the file in errors ("the calendar file"): its path may be private and is not printed.
    // Errors: not_found, refused (not a regular file, no right to read it), unavailable.
    static Result<RegularFile> open(const std::string& path, std::string_view what);

    // Text that changes whenever the file does: size, times of change in nanoseconds, inode. "" when the
    // file cannot be asked.
    std::string identity() const;

    // Everything. Errors: too_large (over max_bytes), unavailable.
    Result<std::string> read(size_t max_bytes) const;

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    RegularFile(std::unique_ptr<std::FILE, Close> file, std::string_view what);

    std::unique_ptr<std::FILE, Close> file_;
    std::string what_;
};

}  // namespace watchbill
