// What stands behind the server: where requests go, and who answers them. Thread-safe.
#pragma once

#include <functional>
#include <string_view>

#include "http/server/head.h"
#include "http/server/message.h"

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
    virtual bool try_run(std::string_view method, size_t body, std::function<void()> job) = 0;
    // Waits for those that have begun; the others never run.
    virtual void finish() = 0;

    // `route` is what route() made of it.
    virtual Response answer(Request& request, const Route& route) = 0;
    // `request` is null where what came never became one.
    virtual Response refuse(Request* request, const Refusal& refusal) = 0;

    virtual void note_connection(bool is_open) = 0;  // or is closed
};

}  // namespace watchbill::http
