// The HTTP server: takes connections, reads requests within limits, has the router answer them.
//
//     listener -> event loop -> complete request -> router, at once or on a worker -> event loop -> answer
//
// Connections cost no thread. Shared between threads are only, with a mutex each: every loop's mailbox, the
// census, the rate limits, the certificate in use and the workers' queue.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "http/census.h"
#include "http/connection.h"
#include "http/dispatcher.h"
#include "http/tls.h"
#include "service/feed_snapshot.h"
#include "watchbill/ports.h"
#include "watchbill/result.h"

namespace watchbill::http {

struct ServerOptions {
    std::string host = "127.0.0.1";    // without brackets: "::1"
    std::uint16_t port = 0;            // 0: any free one
    std::optional<TlsFiles> tls = {};  // without: in the clear, behind a proxy that encrypts
    // From these, and from nobody else, X-Forwarded-For is believed.
    std::vector<IpRange> trusted_proxies = {};
    // From these, and from the proxies, come as many connections as there are: who is on this machine is
    // trusted not to attack it.
    std::vector<IpRange> exempt = {*IpRange::parse("127.0.0.0/8"), *IpRange::parse("::1")};
    // Threads that serve connections. One serves some ten thousand requests a second.
    size_t loops = feed_senders;
    ConnectionLimits limits = {};
    DispatchLimits dispatch = {};
    Census::Limits connections = {};               // fewer where the process may not have so many descriptors
    size_t input_bytes = size_t{2} * 1024 * 1024;  // received and not handled yet, shared out to the loops
    std::chrono::milliseconds drain{10000};        // for the requests under way when the server stops
};

class Server {
public:
    // Listens when it returns, and answers from start() on. The router and the clock must outlive it. Errors:
    // unavailable (the address is taken, or not ours), those of TlsContext::load().
    static Result<std::unique_ptr<Server>> open(const Router& router, const Clock& clock,
                                                const ServerOptions& options);
    ~Server();  // stops
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const;
    void start();
    // For connections from now on; those that are open stay as they are. To be used with a server that has
    // TLS. Errors: those of TlsContext::load(): nothing changes then. Thread-safe.
    Result<void> use_certificate(const TlsFiles& files);
    // What is wrong with the certificate in use.
    std::optional<std::string> certificate_complaint() const;
    // Takes no further connection, ends the idle ones, and returns when the requests under way are answered,
    // or could not be within `drain`.
    void stop();

private:
    class Front;
    explicit Server(std::unique_ptr<Front> front);
    std::unique_ptr<Front> front_;
};

}  // namespace watchbill::http
