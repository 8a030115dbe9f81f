// What a client would rather have (RFC 9110 12). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/server/message.h"

namespace watchbill::http {

// Items of a header's list, and how welcome each is, 0 to 1 (RFC 9110 12.4.2): of "fr-CA;q=0.8, *" "fr-CA"
// and "*". Items with a malformed weight are left out. Refers to the list.
std::vector<std::pair<std::string_view, double>> weighted_items(std::string_view list);
// Of the header Accept-Encoding (RFC 9110 12.5.3): gzip is acceptable and not less welcome than plain bytes.
bool wants_gzip(const std::optional<std::string>& accept_encoding);
// Has the answer packed for whoever wants that, where it is a text of some size that was made for one
// request, and no ETag names its bytes.
void offer_packing(const Request& request, Response& response);

}  // namespace watchbill::http
