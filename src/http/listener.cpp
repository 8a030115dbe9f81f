#include "http/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace watchbill::http {

namespace {

// Who connects while the loop is busy for a moment; the kernel's own bound (net.core.somaxconn) is 4096.
constexpr int most_waiting = 1024;

struct FreeAddresses {
    void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};

void set_option(int socket, int level, int option, int value) {
    // Each is an improvement only: without it, it works as well.
    ::setsockopt(socket, level, option, &value, sizeof(value));
}

Descriptor listen_on(const addrinfo& address) {
    Descriptor opened(
        ::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol));
    if (!opened.is_open()) return opened;
    // A restart need not wait for what is left of old connections. Not SO_REUSEPORT: a second server would
    // take half of the requests.
    set_option(opened.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    // "::" takes IPv4, too.
    if (address.ai_family == AF_INET6) set_option(opened.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
    // Inherited by what is accepted. Answers leave in one piece: there is nothing to wait for.
    set_option(opened.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    const bool listens = ::bind(opened.get(), address.ai_addr, address.ai_addrlen) == 0 &&
                         ::listen(opened.get(), most_waiting) == 0;
    return listens ? std::move(opened) : Descriptor();
}

IpAddress peer_address(const sockaddr_storage& peer) {
    IpAddress::Bytes bytes{};
    if (peer.ss_family == AF_INET6) {
        sockaddr_in6 in6{};
        std::memcpy(&in6, &peer, sizeof(in6));
        std::memcpy(bytes.data(), &in6.sin6_addr, bytes.size());
    } else {
        sockaddr_in in4{};
        std::memcpy(&in4, &peer, sizeof(in4));
        bytes[10] = bytes[11] = 0xff;
        std::memcpy(bytes.data() + 12, &in4.sin_addr, sizeof(in4.sin_addr));
    }
    return IpAddress(bytes);
}

std::uint16_t port_of(int socket) {
    sockaddr_storage bound{};
    socklen_t size = sizeof(bound);
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
    // The port stands at the same place in both families.
    sockaddr_in in4{};
    std::memcpy(&in4, &bound, sizeof(in4));
    return ntohs(in4.sin_port);
}

}  // namespace

Listener::Listener(Descriptor socket) : socket_(std::move(socket)), port_(port_of(socket_.get())) {}

Result<Listener> Listener::open(const std::string& host, std::uint16_t port) {
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    std::string reason;
    if (const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
        failed != 0) {
        reason = ::gai_strerror(failed);
    }
    const std::unique_ptr<addrinfo, FreeAddresses> addresses(found);
    for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
        Descriptor socket = listen_on(*address);
        if (socket.is_open()) return Listener(std::move(socket));
        reason = std::strerror(errno);
    }
    return fail(ErrorCode::unavailable, "cannot listen on " + host + " port " + std::to_string(port) + ": " +
                                            reason + "; choose another address with `listen` or --listen");
}

Listener::Outcome Listener::accept(Accepted& to) const {
    for (;;) {
        sockaddr_storage peer{};
        socklen_t size = sizeof(peer);
        const int socket =
            ::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            to = {Descriptor(socket), peer_address(peer)};
            return Outcome::accepted;
        }
        switch (errno) {
            case EAGAIN: return Outcome::nobody;
            case EMFILE:
            case ENFILE:
            case ENOBUFS:
            case ENOMEM: return Outcome::failing;
            // Anything else is about a connection that is gone already (accept(2) passes on network errors).
            default: break;
        }
    }
}

}  // namespace watchbill::http
