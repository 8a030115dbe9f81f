// Errors as problem details (RFC 9457). Pure.
#pragma once

#include <string>
#include <string_view>

#include "http/message.h"
#include "watchbill/result.h"

namespace watchbill::http {

// `detail` is one sentence for a person, never a secret; the title is the status in words. The extension
// member "code" is for scripts, and stable: that of the error, or what the status stands for.
Response problem(int status, std::string_view code, const std::string& detail);
Response problem(int status, const std::string& detail);
// With the status that the error's code calls for. What is broken on our side (damaged, newer_version) is
// not explained to those outside.
Response problem(const Error& error);

std::string_view status_title(int status);
std::string_view status_code_name(int status);  // "not_found"
int status_of(ErrorCode code);

}  // namespace watchbill::http
