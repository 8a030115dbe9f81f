// What stands behind the gate: whoever answers requests, and cpp-httplib, which reads them and writes the
// answers. Thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/server/head.h"
#include "http/server/message.h"
#include "service/descriptor.h"
#include "watchbill/result.h"

namespace watchbill::http {

class RequestHandler {
public:
    virtual ~RequestHandler() = default;

    // Where a request goes, known before its body is read. The handler's own may know more.
    struct Route {
        virtual ~Route() = default;
        size_t body_limit = 0;  // in bytes
        // It is answered from memory within microseconds, and waits for nobody: where connections are served,
        // since handing it on would take longer than the answer.
        bool is_at_once = false;
    };
    virtual std::shared_ptr<const Route> route(std::string_view method, std::string_view target) const = 0;
    // Has one of its threads do what answers a request with a body of that size. False: too much waits, it
    // never will.
    virtual bool try_run(const Route& route, size_t body, std::function<void()> job) = 0;
    // Waits for those that have begun; the others never run.
    virtual void finish() = 0;

    // `route` is what route() made of it.
    virtual Response answer(Request& request, const Route& route) = 0;
    // What never became a request is one with the method "-".
    virtual Response refuse(Request& request, const Refusal& refusal) = 0;

    virtual void note_connection(bool is_open) = 0;  // or is closed
};

// Bytes on their way out: the second ones are somebody else's, kept for as long as they are sent.
struct Output {
    std::string first;
    std::shared_ptr<const std::string> shared;
    std::string_view second;
};

// One request and its answer.
struct Exchange {
    std::string bytes;  // of a head that was judged, and of the body behind it
    size_t body = 0;    // how many of them are the body's
    IpAddress peer = {};
    bool is_last = false;  // the connection ends after it
    std::shared_ptr<const RequestHandler::Route> route = {};
    std::optional<Refusal> refusal = {};  // then the answer is this
    bool is_answered = false;
    Output output = {};  // nothing where there was no memory for it
};

class Processor {
public:
    // Both must outlive it. While draining every answer is its connection's last.
    Processor(RequestHandler& handler, const std::atomic<bool>& is_draining);
    ~Processor();

    struct Listener {
        Descriptor socket;  // does not block
        std::uint16_t port = 0;
    };
    // `host` is a name or an address, without brackets; port 0 takes any free one. To be called once, before
    // anything is processed. Errors: unavailable (the address is taken, or not ours).
    Result<Listener> listen(const std::string& host, std::uint16_t port);

    void process(Exchange& exchange) noexcept;

private:
    class Library;
    std::unique_ptr<Library> library_;
};

}  // namespace watchbill::http
