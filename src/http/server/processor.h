// cpp-httplib's part: it reads a request whose head was judged, and writes the answer. Thread-safe.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "http/server/request_handler.h"
#include "http/server/wire.h"

namespace watchbill::http {

// Bytes on their way out: the second ones are somebody else's, kept for as long as they are sent.
struct Output {
    std::string first;
    std::shared_ptr<const std::string> shared;
    std::string_view second;
};

// One request and its answer.
struct Exchange {
    std::string_view head;
    size_t body;  // bytes that stand behind it; those that were not read stay
    Wire& wire;   // they are there: nothing is waited for
    IpAddress peer;
    bool is_last;  // the connection ends after it
    const std::atomic<bool>& is_draining;
    std::shared_ptr<const RequestHandler::Route> route = {};
    std::optional<Refusal> refusal = {};  // then the answer is this
    bool is_request = true;  // what came is one: the refusal of what is none has a head of our own
    bool is_answered = false;
    Output output = {};
};

class Processor {
public:
    // The handler must outlive it.
    static std::unique_ptr<Processor> make(RequestHandler& handler);
    virtual ~Processor() = default;

    virtual void process(Exchange& exchange) = 0;
};

}  // namespace watchbill::http
