// What becomes of a complete request: refused because its sender does too much, answered at once, or given to
// a worker. Thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "http/rate_limit.h"
#include "http/router.h"
#include "service/worker_pool.h"

namespace watchbill::http {

struct DispatchLimits {
    // For reads, which take some milliseconds and wait for nobody.
    size_t readers = 4;
    // For changes, which wait until they are planned, or calendars are read: each holds one for up to half a
    // minute. Apart from reads, or enough of them would hold up everybody who only looks.
    size_t changers = 12;
    // Behind either. At a few milliseconds each, the last reader waits for less than a second; changes that
    // wait for one plan go on together.
    size_t waiting = 256;
    // Of bodies that wait or are worked on, together: a queue of large ones must not take all memory.
    size_t body_bytes = size_t{8} * 1024 * 1024;
    // Wrong tokens: somebody mistypes, or a script goes on with a token that was revoked. 256 bits are not
    // guessed, but each attempt costs a look into the database.
    Rate failed_authentication{20, std::chrono::seconds(3)};
    // Each change is written to disk and planned anew.
    Rate changes{120, std::chrono::milliseconds(500)};
};

class Dispatcher {
public:
    // The router must outlive it.
    Dispatcher(const Router& router, const DispatchLimits& limits, std::vector<IpRange> trusted_proxies);

    // The answer, or nothing: then `later` gets it, on another thread.
    using Later = std::function<void(Response)>;
    std::optional<Response> dispatch(Request request, const IpAddress& peer, RateLimit::Time now,
                                     Later later);

private:
    class Load;
    std::optional<Response> refuse(const Request& request, const IpAddress& client, RateLimit::Time now);
    Response answer(Request& request, const Router::Destination& destination, const IpAddress& client,
                    RateLimit::Time now);

    const Router& router_;
    const DispatchLimits limits_;
    const std::vector<IpRange> trusted_proxies_;
    RateLimit failed_authentication_;
    RateLimit changes_;
    std::atomic<size_t> body_bytes_ = 0;
    // Last: they end first, and their jobs use the rest.
    WorkerPool readers_;
    WorkerPool changers_;
};

}  // namespace watchbill::http
