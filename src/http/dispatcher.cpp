#include "http/dispatcher.h"

#include "http/client_address.h"
#include "http/http_date.h"
#include "http/negotiation.h"
#include "http/own_page.h"
#include "http/problem.h"

namespace watchbill::http {

namespace {

// Many people's answers come from one gateway, which returns them to their senders where it is answered 429:
// mails have a limit of their own (http/mail_routes.h), and are to come again whatever is in the way.
constexpr std::string_view incoming_mail = "/api/v1/mail";

bool carries_credentials(const Request& request, std::string_view route) {
    return request.has_header("Authorization") || (request.method() == "POST" && route == "/sign-in");
}

// A body on its way through a queue and a worker counts for as long as this lives, whether or not somebody
// still waits for the answer.
class Load {
public:
    Load(std::atomic<size_t>& bytes, size_t size)
        : bytes_(bytes), size_(size), before_(bytes_.fetch_add(size)) {}
    ~Load() { bytes_ -= size_; }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    // One alone is never too much: its route allows it.
    bool fits(size_t most) const { return size_ == 0 || before_ == 0 || before_ + size_ <= most; }

private:
    std::atomic<size_t>& bytes_;
    const size_t size_;
    const size_t before_;  // of others
};

struct Found final : RequestHandler::Route {
    Router::Destination destination;
    bool is_safe = false;
};

// What keeps browsers from making more of an answer than it is. Feed addresses are secrets: no page may carry
// them on, show them in a frame, or take them in.
constexpr std::array<std::pair<const char*, std::string_view>, 5> for_browsers{
    {{"X-Content-Type-Options", "nosniff"},
     {"Referrer-Policy", "no-referrer"},
     {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
     {"X-Frame-Options", "DENY"},
     {"Cross-Origin-Resource-Policy", "same-origin"}}};

}  // namespace

Dispatcher::Dispatcher(const Router& router, const Clock& clock, const DispatchLimits& limits,
                       std::vector<IpRange> trusted_proxies)
    : router_(router),
      clock_(clock),
      limits_(limits),
      trusted_proxies_(std::move(trusted_proxies)),
      failed_authentication_(limits.failed_authentication),
      changes_(limits.changes),
      readers_(std::make_unique<WorkerPool>(limits.readers)),
      changers_(std::make_unique<WorkerPool>(limits.changers)) {}

std::shared_ptr<const RequestHandler::Route> Dispatcher::route(std::string_view method,
                                                               std::string_view target) const {
    const auto found = std::make_shared<Found>();
    found->destination = router_.find(method, target);
    found->body_limit = found->destination.body_limit();
    found->is_safe = is_safe_method(method);
    found->is_at_once = found->destination.pace() == Pace::at_once;
    return found;
}

bool Dispatcher::try_run(const Route& route, size_t body, std::function<void()> job) {
    // std::function wants what it holds to be copyable.
    const auto load = std::make_shared<Load>(body_bytes_, body);
    if (!load->fits(limits_.body_bytes)) return false;
    WorkerPool& workers = static_cast<const Found&>(route).is_safe ? *readers_ : *changers_;
    return workers.try_submit([load, job = std::move(job)] { job(); }, limits_.waiting);
}

void Dispatcher::finish() {
    readers_.reset();
    changers_.reset();
}

IpAddress Dispatcher::client_of(const Request& request) const {
    if (trusted_proxies_.empty()) return request.peer;
    return client_address(request.peer, request.header("X-Forwarded-For"), trusted_proxies_);
}

Response Dispatcher::route_or_refuse(Request& request, const Router::Destination& destination) {
    const IpAddress client = client_of(request);
    request.caller.from = client.text();
    const std::string_view route = destination.pattern();
    if (!is_safe_method(request.method()) && route != incoming_mail) {
        if (const auto wait = changes_.take(client, request.arrived))
            return router_.turn_away(
                request, problem_for(*wait, 429, "Too many changes are asked for from this address."));
    }
    return router_.answer(request, destination, [&](Response& response) {
        if (response.status != 401 || !carries_credentials(request, route)) return;
        const auto wait = failed_authentication_.take(client, request.arrived);
        if (!wait) return;
        response = problem_for(*wait, route == incoming_mail ? 503 : 429,
                               "Too many wrong API tokens came from this address.");
    });
}

Response Dispatcher::complete(Response response) const {
    response.add_header("Date", format_http_date(clock_.now()));
    // What the client has already came with its own (RFC 9110 15.4.5, RFC 9111 3.2).
    if (response.status == 304) return response;
    for (const auto& [name, value] : for_browsers) {
        if (!response.has_header(name)) response.add_header(name, value);
    }
    return response;
}

Response Dispatcher::answer(Request& request, const Route& route) {
    Response response = complete(route_or_refuse(request, static_cast<const Found&>(route).destination));
    offer_packing(request, response);
    return response;
}

Response Dispatcher::refuse(Request& request, const Refusal& refusal) {
    request.caller.from = client_of(request).text();
    return complete(router_.turn_away(request, refusal.status == 503
                                                   ? problem_for(std::chrono::seconds(1), 503, refusal.detail)
                                                   : problem(refusal.status, refusal.detail)));
}

void Dispatcher::note_connection(bool is_open) {
    if (router_.watch() != nullptr) router_.watch()->note_connection(is_open);
}

}  // namespace watchbill::http
