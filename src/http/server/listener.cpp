#include "http/server/listener.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace watchbill::http {

namespace {

// Who connects while the threads are busy for a moment; the kernel's own bound (net.core.somaxconn) is 4096.
constexpr int most_waiting = 1024;

// Large enough for either family, and read as the one that it says it is.
union SocketAddress {
    sockaddr any;
    sockaddr_in in4;
    sockaddr_in6 in6;
};

Descriptor listen_at(const addrinfo& address) {
    Descriptor opened(::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!opened.is_open()) return opened;
    // Each is an improvement only: without it, it works as well.
    const auto set = [&opened](int level, int option, int value) {
        ::setsockopt(opened.get(), level, option, &value, sizeof(value));
    };
    // A restart need not wait for what is left of old connections. Not SO_REUSEPORT: a second server would
    // take half of the requests.
    set(SOL_SOCKET, SO_REUSEADDR, 1);
    // "::" takes IPv4, too.
    if (address.ai_family == AF_INET6) set(IPPROTO_IPV6, IPV6_V6ONLY, 0);
    // Inherited by what is accepted. Answers leave in one piece: there is nothing to wait for.
    set(IPPROTO_TCP, TCP_NODELAY, 1);
    const bool listens = ::bind(opened.get(), address.ai_addr, address.ai_addrlen) == 0 &&
                         ::listen(opened.get(), most_waiting) == 0;
    return listens ? std::move(opened) : Descriptor();
}

IpAddress address_of(const SocketAddress& socket) {
    IpAddress::Bytes bytes{};
    if (socket.any.sa_family == AF_INET6) {
        std::copy_n(socket.in6.sin6_addr.s6_addr, bytes.size(), bytes.begin());
    } else {
        bytes[10] = bytes[11] = 0xff;
        std::memcpy(&bytes[12], &socket.in4.sin_addr, sizeof(socket.in4.sin_addr));
    }
    return IpAddress(bytes);
}

}  // namespace

Result<Descriptor> listen_on(const std::string& host, std::uint16_t port) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
    std::string reason = failed != 0 ? ::gai_strerror(failed) : "";
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
    for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
        Descriptor socket = listen_at(*address);
        if (socket.is_open()) return Result<Descriptor>(std::move(socket));
        reason = std::strerror(errno);
    }
    return fail(ErrorCode::unavailable, "cannot listen on " + host + " port " + std::to_string(port) + ": " +
                                            reason + "; choose another address with `listen` or --listen");
}

std::uint16_t port_of(const Descriptor& listener) {
    SocketAddress bound{};
    socklen_t size = sizeof(bound);
    ::getsockname(listener.get(), &bound.any, &size);
    return ntohs(bound.any.sa_family == AF_INET6 ? bound.in6.sin6_port : bound.in4.sin_port);
}

Result<std::optional<Accepted>> accept_from(const Descriptor& listener) {
    for (;;) {
        SocketAddress peer{};
        socklen_t size = sizeof(peer);
        const int socket = ::accept4(listener.get(), &peer.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) return Accepted{Descriptor(socket), address_of(peer)};
        if (errno == EAGAIN || errno == EINVAL) return std::nullopt;
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            return fail(ErrorCode::unavailable, std::strerror(errno));
        // Anything else is about a connection that is gone already (accept(2) passes on network errors).
    }
}

}  // namespace watchbill::http
