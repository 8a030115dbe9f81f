// The socket that people connect to. Thread-safe, but for being moved.
#pragma once

#include <cstdint>
#include <string>

#include "service/descriptor.h"
#include "watchbill/ip_address.h"
#include "watchbill/result.h"

namespace watchbill::http {

struct Accepted {
    Descriptor socket;  // non-blocking
    IpAddress peer;
};

class Listener {
public:
    // `host` is a name or an address, without brackets; port 0 takes any free one. Errors: unavailable (the
    // address is taken, or not ours).
    static Result<Listener> open(const std::string& host, std::uint16_t port);

    int socket() const { return socket_.get(); }
    std::uint16_t port() const { return port_; }
    void shut() const;  // whoever connects now is refused, and accept() finds nobody

    enum class Outcome {
        accepted,
        nobody,   // waits; the socket becomes readable when somebody does
        failing,  // no descriptors, no memory: it stays readable, so come back later
    };
    Outcome accept(Accepted& to) const;

private:
    explicit Listener(Descriptor socket);

    Descriptor socket_;
    std::uint16_t port_;
};

}  // namespace watchbill::http
