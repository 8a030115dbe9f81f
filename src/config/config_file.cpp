#include "config/config_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace watchbill {

namespace fs = std::filesystem;

namespace {

// A team of 1000 members with ten calendars each fits; a log file given by mistake does not.
constexpr size_t largest_file = 1'000'000;
// More team files than any organisation writes: a wrong folder was given.
constexpr size_t most_team_files = 1000;

class FileDescriptor {
public:
    explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
    ~FileDescriptor() {
        if (descriptor_ >= 0) close(descriptor_);
    }
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    int get() const { return descriptor_; }

private:
    int descriptor_;
};

tl::unexpected<Error> system_failure(int error) {
    const ErrorCode code = error == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable;
    return fail(code, "cannot be read: " + std::generic_category().message(error));
}

}  // namespace

Result<std::string> read_config_file(const fs::path& path) {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.get() < 0) return system_failure(errno);
    struct stat status {};
    if (fstat(file.get(), &status) != 0) return system_failure(errno);
    if (!S_ISREG(status.st_mode)) return fail(ErrorCode::refused, "is not a regular file");

    std::string bytes;
    std::array<char, 16384> buffer;
    while (true) {
        const ssize_t count = read(file.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_failure(errno);
        if (count == 0) return bytes;
        bytes.append(buffer.data(), static_cast<size_t>(count));
        if (bytes.size() > largest_file)
            return fail(ErrorCode::too_large, "is larger than 1 MB; split it, or give the right file");
    }
}

Result<std::vector<fs::path>> toml_files_in(const fs::path& folder) {
    std::error_code error;
    fs::directory_iterator entries(folder, error);
    if (error) return system_failure(error.value());
    std::vector<fs::path> files;
    for (; entries != fs::directory_iterator(); entries.increment(error)) {
        const fs::path& path = entries->path();
        if (path.extension() != ".toml" || path.filename().native().starts_with('.')) continue;
        files.push_back(path);
        if (files.size() > most_team_files)
            return fail(ErrorCode::too_large, "holds more than 1000 team files; give the right folder");
    }
    if (error) return system_failure(error.value());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace watchbill
