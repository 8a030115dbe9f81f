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

void set_option(int socket, int level, int option, int value) {
    // Each is an improvement only: without it, it works as well.
    ::setsockopt(socket, level, option, &value, sizeof(value));
}

Descriptor listen_on(const addrinfo& address) {
    Descriptor opened(::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
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

// As IPv6, into which IPv4 is mapped.
sockaddr_in6 as_ipv6(const sockaddr_storage& address) {
    sockaddr_in6 in6{};
    std::memcpy(&in6, &address, sizeof(in6));
    if (address.ss_family == AF_INET6) return in6;
    sockaddr_in in4{};
    std::memcpy(&in4, &address, sizeof(in4));
    in6.sin6_port = in4.sin_port;
    std::fill_n(in6.sin6_addr.s6_addr, 10, std::uint8_t{0});
    std::fill_n(in6.sin6_addr.s6_addr + 10, 2, std::uint8_t{0xff});
    std::memcpy(in6.sin6_addr.s6_addr + 12, &in4.sin_addr, sizeof(in4.sin_addr));
    return in6;
}

std::uint16_t port_of(int socket) {
    sockaddr_storage bound{};
    socklen_t size = sizeof(bound);
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size);
    return ntohs(as_ipv6(bound).sin6_port);
}

}  // namespace

Listener::Listener(Descriptor socket) : socket_(std::move(socket)), port_(port_of(socket_.get())) {}

Result<Listener> Listener::open(const std::string& host, std::uint16_t port) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
    std::string reason = failed != 0 ? ::gai_strerror(failed) : "";
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
    for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
        Descriptor socket = listen_on(*address);
        if (socket.is_open()) return Listener(std::move(socket));
        reason = std::strerror(errno);
    }
    return fail(ErrorCode::unavailable, "cannot listen on " + host + " port " + std::to_string(port) + ": " +
                                            reason + "; choose another address with `listen` or --listen");
}

void Listener::shut() const { ::shutdown(socket_.get(), SHUT_RDWR); }

Listener::Outcome Listener::accept(Accepted& to) const {
    for (;;) {
        sockaddr_storage peer{};
        socklen_t size = sizeof(peer);
        const int socket =
            ::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            IpAddress::Bytes bytes{};
            std::copy_n(as_ipv6(peer).sin6_addr.s6_addr, bytes.size(), bytes.begin());
            to = {Descriptor(socket), IpAddress(bytes)};
            return Outcome::accepted;
        }
        if (errno == EAGAIN || errno == EINVAL) return Outcome::nobody;
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            return Outcome::failing;
        // Anything else is about a connection that is gone already (accept(2) passes on network errors).
    }
}

}  // namespace watchbill::http
