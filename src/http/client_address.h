// Where a request comes from when it comes through proxies. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "watchbill/ip_address.h"

namespace watchbill::http {

// The peer's, unless it is a trusted proxy: then the rightmost address of `forwarded_for` (the header
// X-Forwarded-For) that is none. What stands left of it anybody may have written. Where an entry is no
// address, the proxy that noted it.
IpAddress client_address(const IpAddress& peer, const std::optional<std::string>& forwarded_for,
                         const std::vector<IpRange>& trusted_proxies);

}  // namespace watchbill::http
