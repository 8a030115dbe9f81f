// Admits requests: takes connections, holds them while they wait, looks at what has come, and has answered
// what is whole and within its limits.
//
//     listener -> epoll -> head judged, body there -> processor, at once or on a worker -> epoll -> next
//
// Waiting costs no thread, and no more memory than has come. A connection belongs to one thread (Gate::Loop)
// from its beginning to its end.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http/server/processor.h"
#include "http/server/wire.h"
#include "watchbill/ip_address.h"

namespace watchbill::http {

struct ConnectionLimits {
    std::chrono::milliseconds head{5000};      // from its first byte (the first one's: from the connection's
                                               // beginning) until a head is complete, however it drips
    std::chrono::milliseconds idle{15000};     // until the first byte of a further request
    std::chrono::milliseconds body{5000};      // until a body is there, and a second more for each 16 KB
    std::chrono::milliseconds answer{10000};   // until an answer is taken, and a second more for each 16 KB
    std::chrono::milliseconds farewell{1000};  // for what a client still sends after its last answer
    size_t requests = 1000;                    // on one connection, then it has to make a new one
};

struct GateOptions {
    std::string host = "127.0.0.1";    // without brackets: "::1"
    std::uint16_t port = 0;            // 0: any free one
    std::optional<TlsFiles> tls = {};  // without: in the clear, behind a proxy that encrypts
    // From these come as many connections as there are: who is on this machine is trusted not to attack it.
    std::vector<IpRange> exempt = {*IpRange::parse("127.0.0.0/8"), *IpRange::parse("::1")};
    // Threads that serve connections. One serves some ten thousand requests a second.
    size_t loops = 2;
    ConnectionLimits limits = {};
    size_t connections = 10000;
    // Browsers open six; an office behind one address has many clients, each for a moment.
    size_t per_address = 128;
    size_t input_bytes = size_t{6} * 1024 * 1024;  // of requests that are not whole yet, together
    std::chrono::milliseconds drain{10000};        // for the requests under way when the server stops
};

class Gate {
public:
    // Listens when it returns, and answers from start() on. The handler must outlive it. Errors: unavailable
    // (the address is taken, or not ours), those of TlsContext::load().
    static Result<std::unique_ptr<Gate>> open(RequestHandler& handler, const GateOptions& options);
    ~Gate();  // stops

    std::uint16_t port() const { return listener_.port; }
    void start();
    // For connections from now on; those that are open stay as they are. Errors: those of TlsContext::load():
    // nothing changes then. Thread-safe.
    Result<void> use_certificate(const TlsFiles& files);
    std::optional<TlsContext> tls() const;  // that which is in use
    // Takes no further connection, ends the idle ones, and returns when the requests under way are answered,
    // or could not be within `drain`.
    void stop();

private:
    class Loop;
    using Time = std::chrono::steady_clock::time_point;

    Gate(RequestHandler& handler, const GateOptions& options);
    // Counts a connection in, unless there are too many. Thread-safe.
    bool admit(const IpAddress& peer);
    void forget(const IpAddress& peer);

    RequestHandler& handler_;
    const GateOptions options_;
    std::atomic<bool> is_draining_ = false;
    Time drained_ = {};  // by then
    Processor processor_;
    Processor::Listener listener_;
    std::atomic<size_t> connections_ = 0;
    std::atomic<size_t> held_ = 0;  // bytes of requests that are not whole yet
    std::vector<std::unique_ptr<Loop>> loops_;
    std::vector<std::thread> threads_;

    mutable std::mutex mutex_;  // of all that follows
    std::map<IpAddress, size_t> by_subscriber_;
    std::optional<TlsContext> tls_;
};

}  // namespace watchbill::http
