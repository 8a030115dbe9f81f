#include "sources/credentials.h"

#include <algorithm>
#include <utility>

#include "sources/password_file.h"

namespace watchbill {

namespace {

// RFC 6750 2.1: it goes into a header as it is.
bool is_bearer_token(std::string_view token) {
    return !token.empty() &&
           std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

Result<Credentials> credentials_of(const CalendarRef& calendar, const Url& url) {
    Credentials credentials;
    if (!calendar.token_file.empty()) {
        Result<std::string> token = read_password_file(calendar.token_file, "token");
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
    Result<std::string> password = read_password_file(calendar.password_file);
    if (!password) return tl::unexpected<Error>(std::move(password.error()));
    credentials.password = std::move(*password);
    return credentials;
}

}  // namespace watchbill
