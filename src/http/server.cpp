#include "http/server.h"

#include <sys/resource.h>

#include <algorithm>
#include <cassert>
#include <csignal>
#include <mutex>
#include <thread>

#include "http/event_loop.h"
#include "http/listener.h"

namespace watchbill::http {

namespace {

// For the database, calendars being fetched, logs, and feeds that are kept as files, a few of each team.
constexpr size_t descriptors_for_others = 1024;
constexpr size_t read_at_once = size_t{16} * 1024;

// Asks for as many descriptors as the connections need, and returns how many connections they allow.
size_t make_room_for(size_t connections) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return connections;
    const rlim_t wanted = connections + descriptors_for_others;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = std::min(wanted, limit.rlim_max);
        if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::getrlimit(RLIMIT_NOFILE, &limit);
    }
    // Where there are few, half of them.
    const size_t others = std::min<size_t>(limit.rlim_cur / 2, descriptors_for_others);
    return std::min<size_t>(connections, limit.rlim_cur - others);
}

Census::Limits possible(Census::Limits limits) {
    limits.connections = make_room_for(limits.connections);
    return limits;
}

// OpenSSL and sendfile() write to sockets whose peer is gone as to any file, which would end the process. To
// be called on the thread that does.
void ignore_broken_pipes() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

std::vector<IpRange> joined(std::vector<IpRange> ranges, const std::vector<IpRange>& more) {
    ranges.insert(ranges.end(), more.begin(), more.end());
    return ranges;
}

}  // namespace

class Server::Front {
public:
    Front(const Router& router, const Clock& clock, const ServerOptions& options, Listener listener,
          std::shared_ptr<const TlsContext> tls)
        : options_(options),
          clock_(clock),
          listener_(std::move(listener)),
          tls_(std::move(tls)),
          make_transport_([this](int socket) {
              const auto context = tls_in_use();
              return context ? context->accept(socket) : make_plain_transport(socket);
          }),
          body_limit_([&router](std::string_view method, std::string_view target) {
              return router.find(method, target).body_limit();
          }),
          census_(possible(options.connections), joined(options.exempt, options.trusted_proxies),
                  router.watch()),
          dispatcher_(std::make_unique<Dispatcher>(router, options.dispatch, options.trusted_proxies)) {
        ConnectionSurroundings around{
            0,
            options_.limits,
            body_limit_,
            clock,
            InputBudget(options_.input_bytes / options_.loops),
            {},
            std::vector<char>(read_at_once),
            [&router](Response response) { return router.turn_away({}, std::move(response)); }};
        for (; around.loop < options.loops; ++around.loop) {
            loops_.push_back(std::make_unique<EventLoop>(*dispatcher_, census_, make_transport_, around));
        }
        loops_.front()->accept_from(listener_, [this](Accepted accepted) { deal(std::move(accepted)); });
    }
    ~Front() { stop(); }

    std::uint16_t port() const { return listener_.port(); }

    void use(std::shared_ptr<const TlsContext> context) {
        assert(tls_in_use() != nullptr);
        const std::lock_guard lock(tls_mutex_);
        tls_ = std::move(context);
    }
    std::shared_ptr<const TlsContext> tls_in_use() const {
        const std::lock_guard lock(tls_mutex_);
        return tls_;
    }
    Instant now() const { return clock_.now(); }

    void start() {
        for (const auto& loop : loops_)
            threads_.emplace_back([&loop = *loop] {
                ignore_broken_pipes();
                loop.run();
            });
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
    const Clock& clock_;
    Listener listener_;
    mutable std::mutex tls_mutex_;
    std::shared_ptr<const TlsContext> tls_;  // under the mutex; null: in the clear
    const EventLoop::MakeTransport make_transport_;
    const BodyLimit body_limit_;
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
    std::shared_ptr<const TlsContext> tls;
    if (options.tls) {
        auto loaded = TlsContext::load(*options.tls);
        if (!loaded) return tl::unexpected(loaded.error());
        tls = std::move(*loaded);
    }
    auto listener = Listener::open(options.host, options.port);
    if (!listener) return tl::unexpected(listener.error());
    return std::unique_ptr<Server>(
        new Server(std::make_unique<Front>(router, clock, options, std::move(*listener), std::move(tls))));
}

std::uint16_t Server::port() const { return front_->port(); }
void Server::start() { front_->start(); }

Result<void> Server::use_certificate(const TlsFiles& files) {
    auto loaded = TlsContext::load(files);
    if (!loaded) return tl::unexpected(loaded.error());
    front_->use(std::move(*loaded));
    return {};
}

std::optional<std::string> Server::certificate_complaint() const {
    const auto tls = front_->tls_in_use();
    return tls == nullptr ? std::nullopt : tls->complaint(front_->now());
}

void Server::stop() { front_->stop(); }

}  // namespace watchbill::http
