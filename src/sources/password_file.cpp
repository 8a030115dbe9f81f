#include "sources/password_file.h"

#include "sources/regular_file.h"

namespace watchbill {

namespace {

// A password or a token is a line; more is a wrong file. The longest tokens (signed ones) have 2 to 3 KB.
constexpr size_t max_secret_bytes = 4096;

}  // namespace

Result<std::string> read_password_file(const std::string& path, const std::string& kind) {
    const Result<RegularFile> file = RegularFile::open(path, "the " + kind + " file");
    if (!file) return tl::unexpected<Error>(file.error());
    Result<std::string> secret = file->read(max_secret_bytes);
    if (!secret) {
        Error error = secret.error();
        if (error.code == ErrorCode::too_large) {
            error.message =
                "the " + kind + " file is too long for a " + kind + ": name the file that holds just it";
        }
        return tl::unexpected<Error>(std::move(error));
    }
    while (!secret->empty() && (secret->back() == '\n' || secret->back() == '\r')) secret->pop_back();
    if (secret->find('\0') != std::string::npos) {
        return fail(ErrorCode::refused,
                    "the " + kind + " file holds a NUL byte: write the " + kind + " as text");
    }
    return secret;
}

}  // namespace watchbill
