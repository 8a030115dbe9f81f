// What becomes of a complete request: refused because its sender does too much, answered at once, or given to
// a worker. Thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "http/rate_limit.h"
#include "http/router.h"
#include "service/worker_pool.h"

namespace watchbill::http {

struct DispatchLimits {
    // Handlers that wait (a refresh, a plan) hold one for up to half a minute.
    size_t workers = 16;
    // Behind them. At a few milliseconds each, whoever is last waits for about a second.
    size_t waiting = 256;
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
    std::optional<Response> refuse(const Request& request, const IpAddress& client, RateLimit::Time now);
    Response answer(Request request, const IpAddress& client, RateLimit::Time now);

    const Router& router_;
    const DispatchLimits limits_;
    const std::vector<IpRange> trusted_proxies_;
    RateLimit failed_authentication_;
    RateLimit changes_;
    WorkerPool workers_;  // last: ends first, and its jobs use the rest
};

}  // namespace watchbill::http
