// URLs of calendars: parsed once by libcurl's parser, the same that will open the connection, so that no two
// parsers disagree about the host (RFC 3986). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace watchbill {

struct Credentials {
    std::string user;
    std::string password;
    std::string token = {};  // of a bearer (RFC 6750), instead of the two
    bool empty() const { return user.empty() && password.empty() && token.empty(); }
};

// Only http and https; "webcal" and "webcals" are https.
struct Url {
    std::string text;  // without credentials and fragment. A secret: never print it
    std::string scheme;
    std::string host;  // lower case; safe to print
    std::string port;
    Credentials credentials;  // those that stood in it

    // Nothing when it is no URL of these schemes.
    static std::optional<Url> parse(std::string_view text);
    // A Location header (RFC 9110 10.2.2), absolute or relative to `base`.
    static std::optional<Url> resolve(const Url& base, std::string_view reference);
    bool is_https() const { return scheme == "https"; }
};

// Whether we follow a redirect: https goes to https anywhere, http to the same host: the same port, or https
// there. (What arrived by plain http may have been forged on the way, and must not send us elsewhere.)
bool may_follow(const Url& from, const Url& to);

// The same scheme, host and port (RFC 6454 4).
bool same_origin(const Url& a, const Url& b);

// Whether the credentials for `from` may be sent to `to`: the same scheme, host and port, or the same host
// where http became https.
bool same_audience(const Url& from, const Url& to);

}  // namespace watchbill
