// Admits requests: takes connections, holds them while they wait, looks at what has come without reading it,
// and has answered what is whole and within its limits.
//
//     listener -> epoll -> head and body are there, judged -> processor, at once or on a worker -> epoll ->
//     next
//
// Waiting costs no thread, and in the clear no memory of this process: the kernel keeps the bytes. All
// threads wait at one epoll; who gets a connection's event has it alone until it is armed again.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "http/server/listener.h"
#include "http/server/processor.h"
#include "http/server/tls.h"

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

struct ConnectionCounts {
    size_t connections = 10000;
    // Browsers open six; an office behind one address has many clients, each for a moment.
    size_t per_address = 128;
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
    ConnectionCounts connections = {};
    size_t input_bytes =
        size_t{32} * 1024 * 1024;            // of bodies that are announced and not all there, together
    std::chrono::milliseconds drain{10000};  // for the requests under way when the server stops
};

class Gate {
public:
    // Listens when it returns, and answers from start() on. The handler must outlive it. Errors: unavailable
    // (the address is taken, or not ours), those of TlsContext::load().
    static Result<std::unique_ptr<Gate>> open(RequestHandler& handler, const GateOptions& options);
    ~Gate();  // stops

    std::uint16_t port() const { return port_of(listener_); }
    void start();
    // For connections from now on; those that are open stay as they are. Thread-safe.
    void use(TlsContext tls);
    std::optional<TlsContext> tls() const;
    // Takes no further connection, ends the idle ones, and returns when the requests under way are answered,
    // or could not be within `drain`.
    void stop();

private:
    struct Connection;
    using Id = std::uint64_t;  // never used twice
    using Time = std::chrono::steady_clock::time_point;

    Gate(RequestHandler& handler, const GateOptions& options, Descriptor listener,
         std::optional<TlsContext> tls);
    enum class Step {
        waits,  // until its socket stirs, or its time is over
        again,  // there may be something to do already
        gone,   // closed, or handed on: nobody may touch it here
    };
    void run(bool sweeps);
    void accept();
    bool admit(Accepted accepted);
    void sweep();
    void forget(Id id, const IpAddress& peer);
    Connection* claim(Id id, std::uint32_t events);
    void release(Connection& connection, Step step);

    Step go_on(Connection& connection, bool is_overdue, std::span<char> room);
    Step read(Connection& connection, bool is_overdue, std::span<char> room);
    Step refuse(Connection& connection, Refusal refusal);
    Step handle(Connection& connection, const Head& head, std::shared_ptr<const RequestHandler::Route> route,
                size_t seen);
    // `looked_at`: bytes in front of the body that are done with then.
    Step process(Connection& connection, Exchange exchange, size_t looked_at = 0);
    Step flush(Connection& connection);
    Step take_leave(Connection& connection);
    Step close(Connection& connection);

    std::optional<Refusal> expect_body(Connection& connection, const Head& head, bool has_begun);

    RequestHandler& handler_;
    const GateOptions options_;
    Descriptor listener_;
    std::unique_ptr<Processor> processor_;
    Descriptor epoll_;
    Descriptor end_;  // an eventfd: the threads are to end
    std::atomic<bool> is_draining_ = false;
    std::atomic<bool> is_over_ = false;  // draining has taken too long
    std::atomic<bool> accepts_ = true;
    std::atomic<size_t> announced_ = 0;  // bytes of bodies
    std::vector<std::thread> threads_;

    mutable std::mutex mutex_;  // of all that follows
    std::condition_variable became_empty_;
    std::unordered_map<Id, Connection> connections_;
    std::map<IpAddress, size_t> by_subscriber_;
    std::optional<TlsContext> tls_;
    Id next_id_ = 2;
};

}  // namespace watchbill::http
