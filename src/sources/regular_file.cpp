#include "sources/regular_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace watchbill {

namespace {

tl::unexpected<Error> open_error(int reason, const std::string& what) {
    switch (reason) {
        case ENOENT:
        case ENOTDIR:
            return fail(ErrorCode::not_found,
                        what + " does not exist: create it, or correct its path in the team's file");
        case EACCES:
        case EPERM:
            return fail(ErrorCode::refused,
                        what + " may not be read: give the service's user the right to read it");
        case ENXIO:  // a socket
            return fail(ErrorCode::refused,
                        what + " is not a regular file: name a file, no directory, pipe or device");
        default:
            return fail(ErrorCode::unavailable, what + " cannot be opened (" + std::strerror(reason) +
                                                    "): check its path and the disk");
    }
}

std::string nanoseconds(const timespec& time) {
    return std::to_string(time.tv_sec) + "." + std::to_string(time.tv_nsec);
}

}  // namespace

RegularFile::RegularFile(std::unique_ptr<std::FILE, Close> file, std::string_view what)
    : file_(std::move(file)), what_(what) {}

Result<RegularFile> RegularFile::open(const std::string& path, std::string_view what) {
    const std::string name(what);
    // A NUL would silently end the path early and name another file.
    if (path.find('\0') != std::string::npos) return open_error(ENOENT, name);
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) return open_error(errno, name);
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(descriptor);
        return open_error(ENXIO, name);
    }
    std::unique_ptr<std::FILE, Close> file(::fdopen(descriptor, "rb"));
    if (file == nullptr) {
        const int reason = errno;
        ::close(descriptor);
        return open_error(reason, name);
    }
    return RegularFile(std::move(file), what);
}

std::string RegularFile::identity() const {
    struct stat status {};
    if (::fstat(::fileno(file_.get()), &status) != 0) return "";
    // ctime too: tools that write in place and then set the old mtime back cannot set that one back.
    return "size=" + std::to_string(status.st_size) + " mtime=" + nanoseconds(status.st_mtim) +
           " ctime=" + nanoseconds(status.st_ctim) + " inode=" + std::to_string(status.st_ino);
}

Result<std::string> RegularFile::read(size_t max_bytes) const {
    std::string bytes;
    char buffer[64 * 1024];
    // One byte more than allowed tells a file that is too large; its size is not asked, for it may grow.
    while (bytes.size() <= max_bytes) {
        const size_t wanted = std::min(sizeof(buffer), max_bytes + 1 - bytes.size());
        const size_t count = std::fread(buffer, 1, wanted, file_.get());
        bytes.append(buffer, count);
        if (count < wanted) break;
    }
    if (std::ferror(file_.get()) != 0) {
        return fail(ErrorCode::unavailable, what_ + " cannot be read: check the disk");
    }
    if (bytes.size() > max_bytes) {
        return fail(ErrorCode::too_large, what_ + " is larger than the " + std::to_string(max_bytes) +
                                              " bytes allowed: remove old events from it");
    }
    return bytes;
}

}  // namespace watchbill
