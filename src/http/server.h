// The HTTP server: listens, hands each request to the router and writes its answer. Sole header of src/http
// that stands before httplib; shows nothing of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "http/connection.h"
#include "http/router.h"
#include "watchbill/ports.h"
#include "watchbill/result.h"

namespace watchbill::http {

struct ServerOptions {
    std::string host = "127.0.0.1";  // without brackets: "::1"
    std::uint16_t port = 0;          // 0: any free one
    // One serves one connection at a time. Idle ones leave after five seconds, answers take microseconds: so
    // many are enough for a few thousand subscribers.
    size_t threads = 32;
    ConnectionLimits limits;
};

class Server {
public:
    // Listens when it returns, and answers from start() on. The router and the clock must outlive it. Errors:
    // unavailable (the address is taken, or not ours).
    static Result<std::unique_ptr<Server>> open(const Router& router, const Clock& clock,
                                                const ServerOptions& options);
    ~Server();  // stops
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const;
    void start();
    // Takes no further connection, and returns when the requests under way are answered.
    void stop();

private:
    class Listener;
    explicit Server(std::unique_ptr<Listener> listener);
    std::unique_ptr<Listener> listener_;
};

}  // namespace watchbill::http
