// Outcomes that may fail for reasons outside our control (bad input, a failing peer, a damaged file).
// Our own bugs are not errors: they assert.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace watchbill {

enum class ErrorCode {
    invalid_input,   // what was given is malformed or breaks a rule; the same call will fail again
    not_found,       // the named thing does not exist
    not_a_calendar,  // bytes arrived, but they are no iCalendar
    too_large,       // over a bound on size, depth or count
    timeout,         // over a bound on time
    unavailable,     // a peer or file cannot be reached now; trying later may work
    refused,         // a peer answered no, or policy forbids it (a redirect to another host, say)
    conflict,        // somebody else changed the same thing first
    damaged,         // stored data fails its own checks
    newer_version,   // stored data was written by a newer Watchbill
};

// The name scripts see ("not_a_calendar"); never changes once released.
std::string_view code_name(ErrorCode code);

struct Error {
    ErrorCode code = ErrorCode::invalid_input;
    std::string message;  // one sentence for a person: what is wrong and what to do. Never a secret.
    std::string where;    // "file:line:col", a calendar's label or "" when there is no place
    // With `unavailable`: how long the peer asked us to wait (RFC 9110 10.2.3).
    std::optional<std::chrono::seconds> retry_after = std::nullopt;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string where = {}) {
    return tl::unexpected<Error>(Error{code, std::move(message), std::move(where)});
}

}  // namespace watchbill
