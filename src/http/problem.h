// Errors as problem details (RFC 9457). Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "http/server/message.h"
#include "watchbill/result.h"

namespace watchbill {
struct ActionError;
}

namespace watchbill::http {

// `detail` is one sentence for a person, never a secret; the title is the status in words. The extension
// member "code" is for scripts, and stable: that of the error, or what the status stands for.
Response problem(int status, std::string_view code, const std::string& detail);
Response problem(int status, const std::string& detail);
// With Retry-After: the same request may be answered otherwise then.
Response problem_for(std::chrono::seconds wait, int status, const std::string& detail);
// With the status that the error's code calls for. What is broken on our side (damaged, newer_version) is
// not explained to those outside, but in Response::failure.
Response problem(const Error& error);

// Of what people ask for and a rule is against: 422 for what is understood and cannot be done (RFC 9110
// 15.5.21); otherwise what the error calls for.
Response problem(const ActionError& refused);

// The same problem, which names the request that met it: whoever asks about it can be told what our log says.
Response with_request_id(Response problem, const std::string& id);

int status_of(ErrorCode code);

}  // namespace watchbill::http
