#include "http/server/gate.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace watchbill::http {

namespace {

// Ids of what is no connection.
constexpr std::uint64_t end_id = 0;
constexpr std::uint64_t listener_id = 1;

constexpr size_t room_for_a_head = size_t{32} * 1024;
// Few, so that another thread finds some as well.
constexpr size_t events_per_round = 16;
constexpr int newcomers_per_round = 64;
// Where connections become scarce, those that do nothing have so long.
constexpr std::chrono::milliseconds idle_when_crowded{500};
// So much is never refused for want of memory: an order fits.
constexpr size_t always_granted = size_t{4} * 1024;
// A client that was told that its body is too large may be in the middle of sending it.
constexpr size_t most_swallowed = size_t{1024} * 1024;
constexpr std::uint32_t edges = EPOLLIN | EPOLLOUT | EPOLLRDHUP | static_cast<std::uint32_t>(EPOLLET);

// An unhurried phone network; whoever is slower than that is more often an attack than a client.
std::chrono::milliseconds time_for(size_t bytes) {
    return std::chrono::milliseconds(bytes * 1000 / (16 * 1024));
}

Descriptor checked(int number, const char* what) {
    // At start only: a process without descriptors cannot serve.
    if (number < 0) throw std::system_error(errno, std::generic_category(), what);
    return Descriptor(number);
}

bool watch(const Descriptor& epoll, int change, int descriptor, std::uint32_t events, std::uint64_t id) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = id;
    return ::epoll_ctl(epoll.get(), change, descriptor, &event) == 0;
}

}  // namespace

// Whoever has claimed it may change it; the others look at it under the mutex while nobody has.
struct Gate::Connection {
    enum class Phase { idle, reading, writing, leaving };

    Descriptor socket;
    IpAddress peer;
    Id id;
    std::unique_ptr<Wire> wire;
    bool is_claimed = false;
    bool has_stirred = false;  // while it was claimed
    bool is_finished = false;  // the peer sends nothing more
    Phase phase = Phase::idle;
    Time since = {};  // in this phase
    Time deadline = {};
    size_t requests = 0;
    size_t announced = 0;   // bytes of the body that is awaited
    size_t swallowed = 0;   // of what came after the last answer
    bool is_last = false;   // the answer under way is
    bool has_more = false;  // behind the request that is answered
    Output output = {};

    void enter(Phase next, std::chrono::milliseconds patience) {
        phase = next;
        since = std::chrono::steady_clock::now();
        deadline = since + patience;
    }
};

Gate::Gate(RequestHandler& handler, const GateOptions& options, Descriptor listener,
           std::optional<TlsContext> tls)
    : handler_(handler),
      options_(options),
      listener_(std::move(listener)),
      processor_(Processor::make(handler)),
      epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      end_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      tls_(std::move(tls)) {
    watch(epoll_, EPOLL_CTL_ADD, end_.get(), EPOLLIN, end_id);
    watch(epoll_, EPOLL_CTL_ADD, listener_.get(), EPOLLIN, listener_id);
}

Result<std::unique_ptr<Gate>> Gate::open(RequestHandler& handler, const GateOptions& options) {
    std::optional<TlsContext> tls;
    if (options.tls) {
        auto loaded = TlsContext::load(*options.tls);
        if (!loaded) return tl::unexpected(loaded.error());
        tls = std::move(*loaded);
    }
    auto listener = listen_on(options.host, options.port);
    if (!listener) return tl::unexpected(listener.error());
    return std::unique_ptr<Gate>(new Gate(handler, options, std::move(*listener), std::move(tls)));
}

Gate::~Gate() { stop(); }

void Gate::use(TlsContext tls) {
    const std::lock_guard lock(mutex_);
    tls_ = std::move(tls);
}

std::optional<TlsContext> Gate::tls() const {
    const std::lock_guard lock(mutex_);
    return tls_;
}

void Gate::start() {
    for (size_t i = 0; i < options_.loops; ++i) threads_.emplace_back([this, i] { run(i == 0); });
}

void Gate::stop() {
    if (is_draining_.exchange(true)) return;
    watch(epoll_, EPOLL_CTL_DEL, listener_.get(), 0, listener_id);
    ::shutdown(listener_.get(), SHUT_RDWR);  // whoever connects now is refused
    // What is in the middle of being sent is no request yet.
    sweep();
    {
        std::unique_lock lock(mutex_);
        became_empty_.wait_for(lock, options_.drain,
                               [this] { return connections_.empty() || threads_.empty(); });
        is_over_ = true;
        for (auto& [id, connection] : connections_) ::shutdown(connection.socket.get(), SHUT_RDWR);
    }
    handler_.finish();
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(end_.get(), &one, sizeof(one));
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    while (!connections_.empty()) close(connections_.begin()->second);
}

void Gate::run(bool sweeps) {
    std::vector<char> room(room_for_a_head);
    std::array<epoll_event, events_per_round> events;
    const ConnectionLimits& limits = options_.limits;
    // Deadlines are looked at together, a little late: nobody minds.
    const auto between = std::clamp(std::min({limits.head, limits.idle, limits.body, limits.answer}) / 4,
                                    std::chrono::milliseconds(5), std::chrono::milliseconds(250));
    Time next = std::chrono::steady_clock::now() + between;
    for (;;) {
        const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                       sweeps ? static_cast<int>(between.count()) : -1);
        for (int i = 0; i < count; ++i) {
            const epoll_event& event = events[static_cast<size_t>(i)];
            if (event.data.u64 == end_id) return;
            if (event.data.u64 == listener_id) {
                accept();
            } else if (Connection* const connection = claim(event.data.u64, event.events)) {
                release(*connection, go_on(*connection, false, room));
            }
        }
        if (!sweeps || std::chrono::steady_clock::now() < next) continue;
        sweep();
        next = std::chrono::steady_clock::now() + between;
    }
}

void Gate::accept() {
    for (int i = 0; i < newcomers_per_round; ++i) {
        auto accepted = accept_from(listener_);
        if (!accepted) {
            // It would stay readable, and the threads would spin.
            if (accepts_.exchange(false)) watch(epoll_, EPOLL_CTL_DEL, listener_.get(), 0, listener_id);
            return;
        }
        if (!*accepted) return;
        // Whoever is too many is not told: under attack, every answer is one too many.
        if (admit(std::move(**accepted))) handler_.note_connection(true);
    }
}

bool Gate::admit(Accepted accepted) {
    const int socket = accepted.socket.get();
    const IpAddress peer = accepted.peer;
    const std::lock_guard lock(mutex_);
    if (connections_.size() >= options_.connections.connections || is_draining_) return false;
    const auto others = by_subscriber_.find(peer.subscriber());
    if (others != by_subscriber_.end() && others->second >= options_.connections.per_address &&
        !contains(options_.exempt, peer))
        return false;
    const Id id = next_id_++;
    try {
        ++by_subscriber_[peer.subscriber()];
        Connection connection{std::move(accepted.socket), peer, id,
                              tls_ ? tls_->accept(socket) : plain_wire(socket)};
        connection.enter(Connection::Phase::idle, options_.limits.head);
        connections_.emplace(id, std::move(connection));
        if (watch(epoll_, EPOLL_CTL_ADD, socket, edges, id)) return true;
    } catch (const std::exception&) {
        // Out of memory: this connection ends, the server goes on.
    }
    forget(id, peer);
    return false;
}

// Under the mutex.
void Gate::forget(Id id, const IpAddress& peer) {
    connections_.erase(id);
    const auto place = by_subscriber_.find(peer.subscriber());
    if (place != by_subscriber_.end() && --place->second == 0) by_subscriber_.erase(place);
}

Gate::Connection* Gate::claim(Id id, std::uint32_t events) {
    const std::lock_guard lock(mutex_);
    const auto found = connections_.find(id);
    if (found == connections_.end()) return nullptr;  // the event came late
    Connection& connection = found->second;
    if (std::exchange(connection.is_claimed, true)) {
        connection.has_stirred = true;
        return nullptr;
    }
    if ((events & EPOLLRDHUP) != 0) connection.is_finished = true;
    return &connection;
}

void Gate::release(Connection& connection, Step step) {
    if (step == Step::gone) return;
    const std::lock_guard lock(mutex_);
    connection.is_claimed = false;
    if (!std::exchange(connection.has_stirred, false) && step == Step::waits) return;
    // Has epoll look at it again, behind the others.
    watch(epoll_, EPOLL_CTL_MOD, connection.socket.get(), edges, connection.id);
}

Gate::Step Gate::close(Connection& connection) {
    announced_ -= connection.announced;
    {
        const std::lock_guard lock(mutex_);
        forget(connection.id, IpAddress(connection.peer));
        if (connections_.empty()) became_empty_.notify_all();
    }
    handler_.note_connection(false);
    return Step::gone;
}

void Gate::sweep() {
    using Phase = Connection::Phase;
    std::vector<Connection*> overdue;
    {
        const std::lock_guard lock(mutex_);
        const Time now = std::chrono::steady_clock::now();
        const bool is_crowded = connections_.size() * 4 > options_.connections.connections * 3;
        for (auto& [id, connection] : connections_) {
            if (connection.is_claimed) continue;
            const bool is_reading = connection.phase == Phase::idle || connection.phase == Phase::reading;
            const bool loiters =
                is_crowded && connection.phase == Phase::idle && now - connection.since >= idle_when_crowded;
            connection.is_claimed =
                loiters || now >= connection.deadline || is_over_ || (is_draining_ && is_reading);
            if (connection.is_claimed) overdue.push_back(&connection);
        }
    }
    std::array<char, room_for_a_head> room;
    for (Connection* const connection : overdue) release(*connection, go_on(*connection, true, room));
    if (is_draining_ || accepts_.exchange(true)) return;
    watch(epoll_, EPOLL_CTL_ADD, listener_.get(), EPOLLIN, listener_id);
}

Gate::Step Gate::go_on(Connection& connection, bool is_overdue, std::span<char> room) {
    using Phase = Connection::Phase;
    if ((is_overdue && (connection.phase != Phase::reading || is_draining_)) || is_over_)
        return close(connection);
    try {
        switch (connection.phase) {
            case Phase::idle:
            case Phase::reading: return read(connection, is_overdue, room);
            case Phase::writing: return flush(connection);
            case Phase::leaving: return take_leave(connection);
        }
    } catch (const std::exception&) {
        return close(connection);  // out of memory: as in admit()
    }
    return Step::waits;
}

Gate::Step Gate::read(Connection& connection, bool is_overdue, std::span<char> room) {
    using Phase = Connection::Phase;
    const Wire::Seen seen = connection.wire->look(room);
    const bool is_finished = connection.is_finished || seen.ended;
    if (seen.bytes.empty()) return is_finished || is_overdue ? close(connection) : Step::waits;
    auto head = judge_head(seen.bytes);
    if (!head) return refuse(connection, std::move(head.error()));
    if (*head) {
        const Head& whole = **head;
        auto route = handler_.route(whole.method, whole.target);
        if (whole.body > route->body_limit)
            return refuse(connection, {413, "The request's body is larger than " +
                                                std::to_string(route->body_limit / 1024) + " KB."});
        const size_t all = whole.end + whole.body;
        const size_t there = seen.bytes.size() < all ? connection.wire->count(all) : all;
        if (there >= all) return handle(connection, whole, std::move(route), seen.bytes.size());
        if (connection.announced == 0 && !is_finished && !is_overdue) {
            if (auto refusal = expect_body(connection, whole, there > whole.end))
                return refuse(connection, std::move(*refusal));
        }
    }
    if (is_finished) return close(connection);
    if (is_overdue) return refuse(connection, {408, "The request did not arrive in time."});
    // The first head's time began with the connection.
    if (connection.phase == Phase::idle && connection.requests > 0)
        connection.enter(Phase::reading, options_.limits.head);
    connection.phase = Phase::reading;
    return Step::waits;
}

// Once for each body.
std::optional<Refusal> Gate::expect_body(Connection& connection, const Head& head, bool has_begun) {
    connection.announced = head.body;
    const size_t all = announced_ += head.body;
    if (head.body > always_granted && all > options_.input_bytes)
        return Refusal{503, "Too much is being sent at once. Trying again will work."};
    connection.enter(Connection::Phase::reading, options_.limits.body + time_for(head.body));
    connection.wire->wait_for(head.end + head.body);
    // A client that has begun to send does not wait.
    if (head.waits_for_continue && !has_begun) connection.wire->send("HTTP/1.1 100 Continue\r\n\r\n", "");
    return std::nullopt;
}

Gate::Step Gate::refuse(Connection& connection, Refusal refusal) {
    // The library writes all answers; it reads this instead of what it would take for something else.
    Exchange exchange{"GET / HTTP/1.0\r\n\r\n", 0, *connection.wire, connection.peer, true, is_draining_};
    exchange.refusal = std::move(refusal);
    exchange.is_request = false;
    return process(connection, std::move(exchange));
}

Gate::Step Gate::handle(Connection& connection, const Head& head,
                        std::shared_ptr<const RequestHandler::Route> route, size_t seen) {
    const bool at_once = route->is_at_once && head.body == 0;
    connection.is_last = head.is_last || ++connection.requests >= options_.limits.requests;
    connection.has_more = seen != head.end;
    connection.wire->wait_for(1);
    Exchange exchange{head.bytes,         head.body,    *connection.wire, connection.peer,
                      connection.is_last, is_draining_, std::move(route)};
    // What was looked at stays where it is until it is skipped.
    if (at_once) return process(connection, std::move(exchange), head.end);
    // Std's functions are copied, and share what they hold then.
    const auto bytes = std::make_shared<const std::string>(head.bytes);
    const std::string method(head.method);
    exchange.head = *bytes;
    connection.wire->take(nullptr, head.end);
    const bool taken = handler_.try_run(method, exchange.body, [this, &connection, bytes, exchange] {
        release(connection, process(connection, exchange));
    });
    if (taken) return Step::gone;
    exchange.refusal = {503, "Too many requests are waiting. Trying again will work."};
    return process(connection, std::move(exchange));
}

Gate::Step Gate::process(Connection& connection, Exchange exchange, size_t looked_at) {
    try {
        processor_->process(exchange);
        if (looked_at > 0) connection.wire->skip(looked_at);
        size_t untaken = exchange.body;
        while (untaken > 0) {
            const ssize_t dropped = connection.wire->take(nullptr, untaken);
            if (dropped <= 0) break;
            untaken -= static_cast<size_t>(dropped);
        }
        connection.is_last = exchange.is_last || untaken > 0;
        connection.output = std::move(exchange.output);
        announced_ -= std::exchange(connection.announced, 0);
        const size_t size = connection.output.first.size() + connection.output.second.size();
        connection.enter(Connection::Phase::writing, options_.limits.answer + time_for(size));
        return flush(connection);
    } catch (const std::exception&) {
        return close(connection);  // out of memory
    }
}

Gate::Step Gate::flush(Connection& connection) {
    auto& [first, shared, second] = connection.output;
    size_t begin = 0;  // of `first`
    while (begin < first.size() || !second.empty()) {
        const ssize_t sent = connection.wire->send(std::string_view(first).substr(begin), second);
        if (sent < 0) return close(connection);
        if (sent == 0) {
            first.erase(0, begin);
            return Step::waits;
        }
        const size_t of_first = std::min(first.size() - begin, static_cast<size_t>(sent));
        begin += of_first;
        second.remove_prefix(static_cast<size_t>(sent) - of_first);
    }
    connection.output = {};
    if (connection.is_last) {
        connection.wire->end_writing();
        connection.enter(Connection::Phase::leaving, options_.limits.farewell);
        return take_leave(connection);
    }
    connection.enter(Connection::Phase::idle, options_.limits.idle);
    const bool has_more = connection.has_more || connection.is_finished || connection.wire->holds_bytes();
    return has_more ? Step::again : Step::waits;
}

// What still comes after the last answer: closing with bytes unread would reset the connection, and the
// client might never see the answer.
Gate::Step Gate::take_leave(Connection& connection) {
    while (connection.swallowed <= most_swallowed) {
        const ssize_t taken = connection.wire->take(nullptr, room_for_a_head);
        if (taken == 0) break;
        if (taken < 0) return Step::waits;
        connection.swallowed += static_cast<size_t>(taken);
    }
    return close(connection);
}

}  // namespace watchbill::http
