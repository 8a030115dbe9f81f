#include "http/server.h"

#include <sys/resource.h>

#include <algorithm>
#include <thread>

#include "http/event_loop.h"
#include "http/listener.h"

namespace watchbill::http {

namespace {

// For the database, calendars being fetched, logs.
constexpr size_t descriptors_for_others = 128;
constexpr size_t read_at_once = size_t{32} * 1024;

// Asks for as many descriptors as the connections need, and returns how many connections they allow.
size_t make_room_for(size_t connections) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return connections;
    const rlim_t wanted = connections + descriptors_for_others;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = std::min(wanted, limit.rlim_max);
        if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::getrlimit(RLIMIT_NOFILE, &limit);
    }
    const size_t allowed = std::max<size_t>(limit.rlim_cur, 2 * descriptors_for_others);
    return std::min(connections, allowed - descriptors_for_others);
}

Census::Limits possible(Census::Limits limits) {
    limits.connections = make_room_for(limits.connections);
    return limits;
}

std::vector<IpRange> joined(std::vector<IpRange> ranges, const std::vector<IpRange>& more) {
    ranges.insert(ranges.end(), more.begin(), more.end());
    return ranges;
}

}  // namespace

class Server::Front {
public:
    Front(const Router& router, const Clock& clock, const ServerOptions& options, Listener listener)
        : options_(options),
          listener_(std::move(listener)),
          body_limit_([&router](std::string_view method, std::string_view target) {
              return router.body_limit(method, target);
          }),
          input_(options.input_bytes),
          census_(possible(options.connections), joined(options.exempt, options.trusted_proxies),
                  router.watch()),
          dispatcher_(std::make_unique<Dispatcher>(router, options.dispatch, options.trusted_proxies)) {
        const ConnectionSurroundings around{
            options_.limits,
            body_limit_,
            clock,
            input_,
            {},
            std::vector<char>(read_at_once),
            [&router](Response response) { return router.turn_away({}, std::move(response)); }};
        for (size_t i = 0; i < options.loops; ++i) {
            loops_.push_back(
                std::make_unique<EventLoop>(*dispatcher_, census_, make_plain_transport_, around));
        }
        loops_.front()->accept_from(listener_, [this](Accepted accepted) { deal(std::move(accepted)); });
    }
    ~Front() { stop(); }

    std::uint16_t port() const { return listener_.port(); }

    void start() {
        for (const auto& loop : loops_) threads_.emplace_back([&loop = *loop] { loop.run(); });
    }

    void stop() {
        for (const auto& loop : loops_) loop->drain(options_.drain);
        for (std::thread& thread : threads_) thread.join();
        threads_.clear();
        // What its workers still answer goes into the loops' mailboxes, and no further.
        dispatcher_.reset();
    }

private:
    // To each loop in turn. Whoever is too many is not told: under attack, every answer is one too many.
    void deal(Accepted accepted) {
        auto admitted = census_.admit(accepted.peer);
        if (!admitted) return;
        loops_[next_loop_]->adopt({std::move(accepted.socket), accepted.peer, std::move(*admitted)});
        next_loop_ = (next_loop_ + 1) % loops_.size();
    }

    const ServerOptions options_;
    Listener listener_;
    const BodyLimit body_limit_;
    const EventLoop::MakeTransport make_plain_transport_ = make_plain_transport;
    InputBudget input_;
    Census census_;
    std::unique_ptr<Dispatcher> dispatcher_;
    std::vector<std::unique_ptr<EventLoop>> loops_;
    size_t next_loop_ = 0;  // used by the first loop's thread
    std::vector<std::thread> threads_;
};

Server::Server(std::unique_ptr<Front> front) : front_(std::move(front)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::open(const Router& router, const Clock& clock,
                                             const ServerOptions& options) {
    auto listener = Listener::open(options.host, options.port);
    if (!listener) return tl::unexpected(listener.error());
    return std::unique_ptr<Server>(
        new Server(std::make_unique<Front>(router, clock, options, std::move(*listener))));
}

std::uint16_t Server::port() const { return front_->port(); }
void Server::start() { front_->start(); }
void Server::stop() { front_->stop(); }

}  // namespace watchbill::http
