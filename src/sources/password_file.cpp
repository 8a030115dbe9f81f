#include "sources/password_file.h"

#include "sources/regular_file.h"

namespace watchbill {

namespace {

// A password is a line; more is a wrong file.
constexpr size_t max_password_bytes = 4096;

}  // namespace

Result<std::string> read_password_file(const std::string& path) {
    const Result<RegularFile> file = RegularFile::open(path, "the password file");
    if (!file) return tl::unexpected<Error>(file.error());
    Result<std::string> password = file->read(max_password_bytes);
    if (!password) {
        Error error = password.error();
        if (error.code == ErrorCode::too_large) {
            error.message = "the password file is too long for a password: name the file that holds just it";
        }
        return tl::unexpected<Error>(std::move(error));
    }
    while (!password->empty() && (password->back() == '\n' || password->back() == '\r')) password->pop_back();
    if (password->find('\0') != std::string::npos) {
        return fail(ErrorCode::refused, "the password file holds a NUL byte: write the password as text");
    }
    return password;
}

}  // namespace watchbill
