// JSON in requests and answers. What a client sends is judged before it is parsed: its type, its depth; what
// is no UTF-8 is no JSON (RFC 8259 8.1).
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "http/server/message.h"
#include "watchbill/time.h"

namespace watchbill::http {

using Json = nlohmann::ordered_json;  // members in the order in which they are documented

// As bytes. Titles and labels come from files that people wrote, and details may repeat what a client sent,
// in whatever bytes: what is no UTF-8 is replaced.
std::string json_text(const Json& body);

// By default for its asker alone: nothing on the way may keep it.
Response json_response(int status, const Json& body, std::string_view cache_control = "private, no-store");

// As "2026-12-03T08:00:00Z".
Json instant_or_null(const std::optional<Instant>& instant);

// Far more than any request of ours nests.
inline constexpr int max_json_depth = 16;

// The object that is the request's body; an empty body is an empty object. Members that are not `known` are
// refused with the known ones, so that a misspelt option is never taken for its default. Otherwise the answer
// that says what is wrong: 415, 400.
tl::expected<Json, Response> read_json_object(const Request& request,
                                              const std::vector<std::string_view>& known);

}  // namespace watchbill::http
