// The socket that people connect to, and who comes to it. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "service/descriptor.h"
#include "watchbill/ip_address.h"
#include "watchbill/result.h"

namespace watchbill::http {

// `host` is a name or an address, without brackets; port 0 takes any free one. The socket does not block.
// Errors: unavailable (the address is taken, or not ours).
Result<Descriptor> listen_on(const std::string& host, std::uint16_t port);
std::uint16_t port_of(const Descriptor& listener);

struct Accepted {
    Descriptor socket;  // non-blocking
    IpAddress peer;
};

// Nothing: nobody waits. Errors: unavailable (no descriptors, no memory): the listener stays readable, so
// come back later.
Result<std::optional<Accepted>> accept_from(const Descriptor& listener);

}  // namespace watchbill::http
