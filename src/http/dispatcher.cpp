#include "http/dispatcher.h"

#include <memory>

#include "http/client_address.h"
#include "http/own_page.h"
#include "http/problem.h"

namespace watchbill::http {

namespace {

bool carries_credentials(const Request& request) { return request.headers.get("Authorization").has_value(); }

Response refuse_for(std::chrono::seconds wait, int status, const std::string& detail) {
    Response response = problem(status, detail);
    response.headers.add("Retry-After", std::to_string(wait.count()));
    return response;
}

}  // namespace

Dispatcher::Dispatcher(const Router& router, const DispatchLimits& limits,
                       std::vector<IpRange> trusted_proxies)
    : router_(router),
      limits_(limits),
      trusted_proxies_(std::move(trusted_proxies)),
      failed_authentication_(limits.failed_authentication),
      changes_(limits.changes),
      workers_(limits.workers) {}

std::optional<Response> Dispatcher::refuse(const Request& request, const IpAddress& client,
                                           RateLimit::Time now) {
    if (carries_credentials(request)) {
        if (const auto wait = failed_authentication_.look(client, now))
            return refuse_for(*wait, 429, "Too many wrong API tokens came from this address.");
    }
    if (!is_safe_method(request.method)) {
        if (const auto wait = changes_.take(client, now))
            return refuse_for(*wait, 429, "Too many changes are asked for from this address.");
    }
    return std::nullopt;
}

Response Dispatcher::answer(Request request, const IpAddress& client, RateLimit::Time now) {
    const bool has_credentials = carries_credentials(request);
    Response response = router_.answer(std::move(request));
    if (has_credentials && response.status == 401) failed_authentication_.take(client, now);
    return response;
}

std::optional<Response> Dispatcher::dispatch(Request request, const IpAddress& peer, RateLimit::Time now,
                                             Later later) {
    const IpAddress client = client_address(peer, request.headers, trusted_proxies_);
    request.caller.from = client.text();
    request.arrived = now;
    if (auto refused = refuse(request, client, now))
        return router_.turn_away(std::move(request), std::move(*refused));
    if (router_.pace(request.method, request.target) == Pace::at_once)
        return answer(std::move(request), client, now);
    // std::function wants what it holds to be copyable, and a request is not worth a copy.
    auto held = std::make_shared<Request>(std::move(request));
    const bool taken = workers_.try_submit(
        [this, held, client, now, later = std::move(later)] { later(answer(std::move(*held), client, now)); },
        limits_.waiting);
    if (taken) return std::nullopt;
    return router_.turn_away(
        std::move(*held),
        refuse_for(std::chrono::seconds(1), 503, "Too many requests are waiting. Trying again will work."));
}

}  // namespace watchbill::http
