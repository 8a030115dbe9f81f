#include "http/dispatcher.h"

#include "http/client_address.h"
#include "http/own_page.h"
#include "http/problem.h"

namespace watchbill::http {

namespace {

bool carries_credentials(const Request& request) {
    return request.headers.has("Authorization") || (request.method == "POST" && request.target == "/sign-in");
}

// Many people's answers come from one gateway, which returns them to their senders where it is answered 429:
// mails have a limit of their own (http/mail_routes.h), and are to come again whatever is in the way.
bool is_incoming_mail(const Request& request) {
    return request.method == "POST" && request.target == "/api/v1/mail";
}

Response refuse_for(std::chrono::seconds wait, int status, const std::string& detail) {
    Response response = problem(status, detail);
    response.headers.add("Retry-After", std::to_string(wait.count()));
    return response;
}

}  // namespace

// A request on its way through a queue and a worker, for as long as it lives. Its body counts, whether or not
// somebody still waits for the answer.
class Dispatcher::Load {
public:
    Load(std::atomic<size_t>& bytes, Request& request)
        : bytes_(bytes), size_(request.body.size()), before_(bytes_.fetch_add(size_)) {
        request_ = std::move(request);
    }
    ~Load() { bytes_ -= size_; }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    // One alone is never too much: its route allows it.
    bool fits(size_t most) const { return size_ == 0 || before_ == 0 || before_ + size_ <= most; }
    Request& request() { return request_; }

private:
    std::atomic<size_t>& bytes_;
    const size_t size_;
    const size_t before_;  // of others
    Request request_;
};

Dispatcher::Dispatcher(const Router& router, const DispatchLimits& limits,
                       std::vector<IpRange> trusted_proxies)
    : router_(router),
      limits_(limits),
      trusted_proxies_(std::move(trusted_proxies)),
      failed_authentication_(limits.failed_authentication),
      changes_(limits.changes),
      readers_(limits.readers),
      changers_(limits.changers) {}

std::optional<Response> Dispatcher::refuse(const Request& request, const IpAddress& client,
                                           RateLimit::Time now) {
    if (carries_credentials(request)) {
        const int status = is_incoming_mail(request) ? 503 : 429;
        if (const auto wait = failed_authentication_.look(client, now))
            return refuse_for(*wait, status, "Too many wrong API tokens came from this address.");
    }
    if (!is_safe_method(request.method) && !is_incoming_mail(request)) {
        if (const auto wait = changes_.take(client, now))
            return refuse_for(*wait, 429, "Too many changes are asked for from this address.");
    }
    return std::nullopt;
}

Response Dispatcher::answer(Request& request, const Router::Destination& destination, const IpAddress& client,
                            RateLimit::Time now) {
    Response response = router_.answer(request, destination);
    if (response.status == 401 && carries_credentials(request)) failed_authentication_.take(client, now);
    return response;
}

std::optional<Response> Dispatcher::dispatch(Request request, const IpAddress& peer, RateLimit::Time now,
                                             Later later) {
    const IpAddress client = client_address(peer, request.headers, trusted_proxies_);
    request.caller.from = client.text();
    request.arrived = now;
    if (auto refused = refuse(request, client, now))
        return router_.turn_away(std::move(request), std::move(*refused));
    auto destination = router_.find(request.method, request.target);
    if (destination.pace() == Pace::at_once) return answer(request, destination, client, now);
    WorkerPool& workers = is_safe_method(request.method) ? readers_ : changers_;
    // std::function wants what it holds to be copyable, and a request is not worth a copy.
    const auto load = std::make_shared<Load>(body_bytes_, request);
    const bool taken =
        load->fits(limits_.body_bytes) &&
        workers.try_submit(
            [this, load, destination = std::move(destination), client, now, later = std::move(later)] {
                later(answer(load->request(), destination, client, now));
            },
            limits_.waiting);
    if (taken) return std::nullopt;
    return router_.turn_away(
        std::move(load->request()),
        refuse_for(std::chrono::seconds(1), 503, "Too many requests are waiting. Trying again will work."));
}

}  // namespace watchbill::http
