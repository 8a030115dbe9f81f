#include "service/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "crypto/crypto.h"
#include "service/descriptor.h"

namespace watchbill {

namespace {

constexpr size_t signing_secret_bytes = 32;  // 256 bits, as many as HMAC-SHA-256 makes use of
constexpr size_t least_length = 32;          // of a secret that people bring: 32 characters
constexpr size_t greatest_size = 4096;

tl::unexpected<Error> cannot(const std::string& what, const std::filesystem::path& path) {
    return fail(ErrorCode::unavailable, "the secret file cannot be " + what + ": " + std::strerror(errno),
                path.string());
}

Result<void> make_secret(const std::filesystem::path& path) {
    // Written aside and linked into place, so that nobody ever reads half a secret.
    const std::string aside = path.string() + "." + crypto::random_hex(8);
    {
        const Descriptor file(
            ::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!file.is_open()) return cannot("made", path);
        const std::string secret = crypto::random_hex(signing_secret_bytes) + "\n";
        if (!write_all(file, secret) || ::fsync(file.get()) != 0) {
            const auto error = cannot("written", path);
            ::unlink(aside.c_str());
            return error;
        }
    }
    const bool linked = ::link(aside.c_str(), path.c_str()) == 0 || errno == EEXIST;
    const int reason = errno;
    ::unlink(aside.c_str());
    errno = reason;
    if (!linked) return cannot("made", path);
    return {};
}

Result<std::string> read_secret(const Descriptor& file, const std::filesystem::path& path) {
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return cannot("read", path);
    if (!S_ISREG(status.st_mode)) {
        return fail(ErrorCode::refused, "the secret file must be a regular file", path.string());
    }
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        return fail(
            ErrorCode::refused,
            "others than its owner may use the secret file: run chmod 600 on it, and if they may have "
            "read it, delete it (all feed URLs then change)",
            path.string());
    }
    std::array<char, greatest_size> buffer;
    size_t size = 0;
    for (;;) {
        const ssize_t got = ::read(file.get(), buffer.data() + size, buffer.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return cannot("read", path);
        if (got == 0) break;
        size += static_cast<size_t>(got);
        if (size == buffer.size()) {
            return fail(ErrorCode::damaged, "the secret file is too long for a secret (4096 bytes or more)",
                        path.string());
        }
    }
    std::string_view secret(buffer.data(), size);
    const auto end = secret.find_last_not_of("\r\n\t ");
    secret = secret.substr(0, end == std::string_view::npos ? 0 : end + 1);
    if (secret.size() < least_length) {
        return fail(
            ErrorCode::damaged,
            "the secret file holds fewer than 32 characters: delete it, and a new one is made (all feed "
            "URLs then change)",
            path.string());
    }
    return std::string(secret);
}

}  // namespace

Result<std::string> load_or_make_secret(const std::filesystem::path& path) {
    for (const bool may_make : {true, false}) {
        const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        if (file.is_open()) return read_secret(file, path);
        if (errno != ENOENT || !may_make) return cannot("read", path);
        if (auto made = make_secret(path); !made) return tl::unexpected(made.error());
    }
    return cannot("read", path);
}

}  // namespace watchbill
