#include "sources/credentials.h"

#include <algorithm>
#include <utility>

#include "sources/regular_file.h"

namespace watchbill {

namespace {

// A password or a token is a line; more is a wrong file. The longest tokens (signed ones) have 2 to 3 KB.
constexpr size_t max_secret_bytes = 4096;

// `kind` is "password" or "token".
Result<std::string> read_secret(const std::string& path, const std::string& kind) {
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

// RFC 6750 2.1: it goes into a header as it is.
bool is_bearer_token(std::string_view token) {
    return !token.empty() &&
           std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

Result<Credentials> credentials_of(const CalendarRef& calendar, const Url& url) {
    Credentials credentials;
    if (!calendar.token_file.empty()) {
        Result<std::string> token = read_secret(calendar.token_file, "token");
        if (!token) return tl::unexpected<Error>(std::move(token.error()));
        if (!is_bearer_token(*token)) {
            return fail(ErrorCode::refused,
                        "the token file does not hold a token on one line, without blanks: write just it");
        }
        credentials.token = std::move(*token);
        return credentials;
    }
    if (calendar.user.empty() && calendar.password_file.empty()) return url.credentials;
    credentials.user = calendar.user;
    if (calendar.password_file.empty()) return credentials;
    Result<std::string> password = read_secret(calendar.password_file, "password");
    if (!password) return tl::unexpected<Error>(std::move(password.error()));
    credentials.password = std::move(*password);
    return credentials;
}

}  // namespace watchbill
