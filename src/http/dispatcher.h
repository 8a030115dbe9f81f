// What becomes of a request: refused because its sender does too much, or answered by its route. Thread-safe.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "http/rate_limit.h"
#include "http/router.h"
#include "http/server/processor.h"
#include "service/worker_pool.h"
#include "watchbill/ports.h"

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
    // Wrong tokens: somebody mistypes, or a script goes on with a token that was revoked. What is right is
    // never counted, and never refused for the others' sake: 256 bits are not guessed, but each failure is
    // noted.
    Rate failed_authentication{20, std::chrono::seconds(3)};
    // Each change is written to disk and planned anew.
    Rate changes{120, std::chrono::milliseconds(500)};
};

class Dispatcher final : public RequestHandler {
public:
    // The router and the clock must outlive it.
    Dispatcher(const Router& router, const Clock& clock, const DispatchLimits& limits,
               std::vector<IpRange> trusted_proxies);

    std::shared_ptr<const Route> route(std::string_view method, std::string_view target) const override;
    bool try_run(const Route& route, size_t body, std::function<void()> job) override;
    void finish() override;
    Response answer(Request& request, const Route& route) override;
    Response refuse(Request& request, const Refusal& refusal) override;
    void note_connection(bool is_open) override;

private:
    IpAddress client_of(const Request& request) const;
    Response route_or_refuse(Request& request, const Router::Destination& destination);
    Response complete(Response response) const;

    const Router& router_;
    const Clock& clock_;
    const DispatchLimits limits_;
    const std::vector<IpRange> trusted_proxies_;
    RateLimit failed_authentication_;
    RateLimit changes_;
    std::atomic<size_t> body_bytes_ = 0;
    std::unique_ptr<WorkerPool> readers_;
    std::unique_ptr<WorkerPool> changers_;
};

}  // namespace watchbill::http
