#include "http/server/gate.h"

#include <netdb.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <system_error>
#include <unordered_map>

namespace watchbill::http {

namespace {

using Time = std::chrono::steady_clock::time_point;
using Id = std::uint64_t;  // of a connection, never used twice
// Ids of what is none.
constexpr Id wake_id = 0;
constexpr Id listener_id = 1;

constexpr int newcomers_per_round = 64;
// Few, so that somebody's many requests in one go do not hold up the others.
constexpr size_t again_per_round = 8;
// Where connections become scarce, those that do nothing have so long.
constexpr std::chrono::milliseconds idle_when_crowded{500};
// So much is never refused for want of memory: a calendar client's request fits, and an order.
constexpr size_t always_granted = size_t{4} * 1024;
// A client that was told that its body is too large may be in the middle of sending it.
constexpr size_t most_swallowed = size_t{1024} * 1024;

// An unhurried phone network; whoever is slower than that is more often an attack than a client.
std::chrono::milliseconds time_for(size_t bytes) {
    return std::chrono::milliseconds(bytes * 1000 / (size_t{16} * 1024));
}

Descriptor checked(int number, const char* what) {
    // At start only: a process without descriptors cannot serve.
    if (number < 0) throw std::system_error(errno, std::generic_category(), what);
    return Descriptor(number);
}

IpAddress address_of(const sockaddr_storage& socket, socklen_t size) {
    std::array<char, NI_MAXHOST> text{};
    ::getnameinfo(reinterpret_cast<const sockaddr*>(&socket), size, text.data(), text.size(), nullptr, 0,
                  NI_NUMERICHOST);
    const std::string_view address = text.data();
    return IpAddress::parse(address.substr(0, address.find('%'))).value_or(IpAddress());
}

struct Connection {
    enum class Phase {
        idle,       // between two requests
        reading,    // in the middle of one
        answering,  // a worker has it
        writing,
        leaving,  // the last answer is sent
    };

    Id id;
    Descriptor socket;
    IpAddress peer;
    Wire wire;
    Phase phase = Phase::idle;
    Time since = {};  // in this phase
    Time deadline = {};
    size_t requests = 0;
    std::string input = {};    // came and was not answered yet
    size_t held = 0;           // of it, as the gate counts them
    size_t awaited = 0;        // bytes of input with which the request is whole, once that is known
    bool has_more = false;     // something may have come that is not in the input
    bool is_finished = false;  // the peer sends nothing more
    bool is_last = false;      // the answer under way is
    size_t swallowed = 0;      // of what came after it
    Output output = {};

    void enter(Phase next, std::chrono::milliseconds patience) {
        phase = next;
        since = std::chrono::steady_clock::now();
        deadline = since + patience;
    }
};

}  // namespace

// Some of the connections, and the thread that serves them: all but post() is that thread's.
class Gate::Loop {
public:
    explicit Loop(Gate& gate)
        : gate_(gate),
          epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
          wake_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
        watch(wake_.get(), EPOLLIN, wake_id);
    }
    // Takes newcomers, and shares them with the others.
    void listen() { watch(gate_.listener_.socket.get(), EPOLLIN | EPOLLET, listener_id); }

    void post(std::function<void()> task) {
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(task));
        ::eventfd_write(wake_.get(), 1);
    }

    void run() {
        const ConnectionLimits& limits = gate_.options_.limits;
        // Deadlines are looked at together, a little late: nobody minds.
        const auto between = std::clamp(std::min({limits.head, limits.idle, limits.body, limits.answer}) / 4,
                                        std::chrono::milliseconds(5), std::chrono::milliseconds(250));
        Time next = {};
        for (Time now; !is_over(now = std::chrono::steady_clock::now());) {
            try {
                if (now >= next || gate_.is_draining_) {
                    next = now + between;
                    sweep(now);
                }
                go_round(again_.empty() ? between : std::chrono::milliseconds(0));
            } catch (const std::exception&) {
                // Out of memory: what was to be done waits for a deadline, the server goes on.
            }
        }
        while (!connections_.empty()) close(connections_.begin()->second);
    }

private:
    using Phase = Connection::Phase;

    bool watch(int descriptor, std::uint32_t events, Id id) {
        epoll_event event{};
        event.events = events;
        event.data.u64 = id;
        return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
    }

    void go_round(std::chrono::milliseconds patience) {
        std::array<epoll_event, 64> events;
        const int count =
            ::epoll_wait(epoll_.get(), events.data(), events.size(), static_cast<int>(patience.count()));
        for (int i = 0; i < count; ++i) {
            const epoll_event& event = events[static_cast<size_t>(i)];
            switch (event.data.u64) {
                case wake_id: run_tasks(); break;
                case listener_id: accept(); break;
                default: serve(event.data.u64, event.events);
            }
        }
        for (size_t i = std::min(again_.size(), again_per_round); i > 0; --i) {
            const Id id = again_.front();
            again_.pop_front();
            serve(id);
        }
    }

    bool is_over(Time now) const {
        return gate_.is_draining_ && (connections_.empty() || now >= gate_.drained_);
    }

    void run_tasks() {
        eventfd_t count = 0;
        ::eventfd_read(wake_.get(), &count);
        std::vector<std::function<void()>> tasks;
        {
            const std::lock_guard lock(mutex_);
            tasks.swap(tasks_);
        }
        for (const auto& task : tasks) task();
    }

    void accept() {
        for (int i = 0; i < newcomers_per_round; ++i) {
            sockaddr_storage from{};
            socklen_t size = sizeof(from);
            auto socket = std::make_shared<Descriptor>(::accept4(gate_.listener_.socket.get(),
                                                                 reinterpret_cast<sockaddr*>(&from), &size,
                                                                 SOCK_NONBLOCK | SOCK_CLOEXEC));
            // Without descriptors or memory the next sweep tries again. Any other error is about a connection
            // that is gone already (accept(2) passes on network errors).
            if (!socket->is_open() && (errno == EAGAIN || errno == EINVAL || errno == EMFILE ||
                                       errno == ENFILE || errno == ENOBUFS || errno == ENOMEM))
                return;
            if (!socket->is_open()) continue;
            Loop& theirs = *gate_.loops_[++accepted_ % gate_.loops_.size()];
            theirs.post([&theirs, socket, peer = address_of(from, size)] { theirs.begin(*socket, peer); });
        }
        post([this] { accept(); });
    }

    void begin(Descriptor& socket, const IpAddress& peer) {
        // Whoever is too many is not told: under attack, every answer is one too many.
        if (!gate_.admit(peer)) return;
        const int number = socket.get();
        const Id id = next_id_++;
        try {
            Connection connection{id, std::move(socket), peer, Wire(number, gate_.tls())};
            connection.enter(Phase::idle, gate_.options_.limits.head);
            connections_.emplace(id, std::move(connection));
        } catch (const std::exception&) {
            return gate_.forget(peer);
        }
        gate_.handler_.note_connection(true);
        if (!watch(number, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, id)) close(connections_.at(id));
    }

    void close(Connection& connection) {
        gate_.held_ -= connection.held;
        gate_.forget(connection.peer);
        connections_.erase(connection.id);
        gate_.handler_.note_connection(false);
    }

    // Has a connection do something, unless it is gone meanwhile.
    template <typename Deed>
    void with(Id id, Deed deed) {
        const auto found = connections_.find(id);
        if (found == connections_.end()) return;
        try {
            deed(found->second);
        } catch (const std::exception&) {
            // Out of memory: this connection ends, the server goes on.
            close(found->second);
        }
    }

    void serve(Id id, std::uint32_t events = 0) {
        with(id, [&](Connection& connection) {
            connection.has_more = true;  // or it can be written to: the handshake waits for that, too
            connection.is_finished = connection.is_finished || (events & EPOLLRDHUP) != 0;
            switch (connection.phase) {
                case Phase::idle:
                case Phase::reading: return read(connection);
                case Phase::answering: return;
                case Phase::writing: return flush(connection);
                case Phase::leaving: return take_leave(connection);
            }
        });
    }

    void sweep(Time now) {
        const bool is_crowded = gate_.connections_ * 4 > gate_.options_.connections * 3;
        for (auto next = connections_.begin(); next != connections_.end();) {
            Connection& connection = (next++)->second;
            const bool is_idle = connection.phase == Phase::idle;
            const bool is_reading = connection.phase == Phase::reading;
            const bool is_late = now >= connection.deadline;
            if (is_late && is_reading && !gate_.is_draining_) {
                with(connection.id, [this](Connection& late) {
                    refuse(late, {408, "The request did not arrive in time."});
                });
            } else if (is_late || (gate_.is_draining_ && (is_idle || is_reading)) ||
                       (is_crowded && is_idle && now - connection.since >= idle_when_crowded)) {
                close(connection);
            }
        }
        if (gate_.loops_.front().get() == this && !gate_.is_draining_) accept();
    }

    void read(Connection& connection) {
        while (!consider(connection)) {
            if (connection.held > 0 && gate_.held_ > gate_.options_.input_bytes)
                return void(
                    refuse(connection, {503, "Too much is being sent at once. Trying again will work."}));
            if (!connection.has_more) return;
            const ssize_t got = connection.wire.receive(room_, connection.has_more);
            // To see the end, it is read once more than necessary.
            connection.has_more = connection.has_more || (got > 0 && connection.is_finished);
            if (got == 0) return close(connection);
            if (got < 0) return;
            connection.input.append(room_.data(), static_cast<size_t>(got));
            count_input(connection);
        }
    }

    void count_input(Connection& connection) {
        const size_t taken = connection.input.capacity();
        const size_t counted = taken > always_granted ? taken : 0;
        gate_.held_ += counted - std::exchange(connection.held, counted);
    }

    // True: there was a request, whole or not to be taken, and the connection may be gone.
    bool consider(Connection& connection) {
        if (connection.input.empty() || connection.input.size() < connection.awaited) return false;
        auto judged = judge_head(connection.input);
        if (!judged) return refuse(connection, std::move(judged.error()));
        const ConnectionLimits& limits = gate_.options_.limits;
        if (!*judged) {
            // The first head's time began with the connection.
            if (connection.phase == Phase::idle && connection.requests > 0)
                connection.enter(Phase::reading, limits.head);
            connection.phase = Phase::reading;
            return false;
        }
        const Head& head = **judged;
        auto route = gate_.handler_.route(head.method, head.target);
        if (head.body > route->body_limit)
            return refuse(connection, {413, "The request's body is larger than " +
                                                std::to_string(route->body_limit / 1024) + " KB."});
        connection.awaited = head.end + head.body;
        if (connection.input.size() >= connection.awaited) {
            handle(connection, head, std::move(route));
            return true;
        }
        connection.enter(Phase::reading, limits.body + time_for(head.body));
        // A client that has begun to send does not wait.
        if (head.waits_for_continue && connection.input.size() == head.end)
            connection.wire.send("HTTP/1.1 100 Continue\r\n\r\n", "");
        return false;
    }

    void handle(Connection& connection, const Head& head,
                std::shared_ptr<const RequestHandler::Route> route) {
        Exchange exchange;
        exchange.peer = connection.peer;
        exchange.body = head.body;
        exchange.is_last = head.is_last || ++connection.requests >= gate_.options_.limits.requests;
        exchange.route = std::move(route);
        std::string rest = connection.input.substr(std::exchange(connection.awaited, 0));
        connection.input.resize(connection.input.size() - rest.size());
        connection.input.erase(0, head.end - head.bytes.size());  // an empty line in front
        exchange.bytes = std::exchange(connection.input, std::move(rest));
        count_input(connection);
        if (exchange.route->is_at_once && exchange.body == 0) return process(connection, exchange);
        connection.phase = Phase::answering;
        connection.deadline = Time::max();
        // What a std::function holds has to be one that can be copied.
        const auto shared = std::make_shared<Exchange>(std::move(exchange));
        const auto job = [this, id = connection.id, shared] {
            gate_.processor_.process(*shared);
            post([this, id, shared] { with(id, [&](Connection& its) { answer(its, std::move(*shared)); }); });
        };
        if (gate_.handler_.try_run(*shared->route, shared->body, job)) return;
        shared->refusal = {503, "Too many requests are waiting. Trying again will work."};
        process(connection, *shared);
    }

    bool refuse(Connection& connection, Refusal refusal) {
        std::string().swap(connection.input);
        count_input(connection);
        Exchange exchange;
        exchange.peer = connection.peer;
        // The library writes all answers; it reads this instead of what it would take for something else.
        exchange.bytes = "- / HTTP/1.0\r\n\r\n";
        exchange.is_last = true;
        exchange.refusal = std::move(refusal);
        process(connection, exchange);
        return true;
    }

    void process(Connection& connection, Exchange& exchange) {
        gate_.processor_.process(exchange);
        answer(connection, std::move(exchange));
    }

    void answer(Connection& connection, Exchange exchange) {
        connection.is_last = exchange.is_last || exchange.output.first.empty();
        connection.output = std::move(exchange.output);
        const size_t size = connection.output.first.size() + connection.output.second.size();
        connection.enter(Phase::writing, gate_.options_.limits.answer + time_for(size));
        flush(connection);
    }

    void flush(Connection& connection) {
        auto& [first, shared, second] = connection.output;
        size_t begin = 0;  // of `first`
        while (begin < first.size() || !second.empty()) {
            const ssize_t sent = connection.wire.send(std::string_view(first).substr(begin), second);
            if (sent < 0) return close(connection);
            if (sent == 0) return void(first.erase(0, begin));
            const size_t of_first = std::min(first.size() - begin, static_cast<size_t>(sent));
            begin += of_first;
            second.remove_prefix(static_cast<size_t>(sent) - of_first);
        }
        connection.output = {};
        if (connection.is_last) {
            connection.wire.end_writing();
            connection.enter(Phase::leaving, gate_.options_.limits.farewell);
            return take_leave(connection);
        }
        connection.enter(Phase::idle, gate_.options_.limits.idle);
        // Behind the others.
        if (connection.has_more || !connection.input.empty()) again_.push_back(connection.id);
    }

    // What still comes after the last answer: closing with bytes unread would reset the connection, and the
    // client might never see the answer.
    void take_leave(Connection& connection) {
        while (connection.swallowed <= most_swallowed) {
            const ssize_t taken = connection.wire.receive(room_, connection.has_more);
            if (taken < 0) return;
            if (taken == 0) break;
            connection.swallowed += static_cast<size_t>(taken);
        }
        close(connection);
    }

    Gate& gate_;
    Descriptor epoll_;
    Descriptor wake_;  // an eventfd: there are tasks
    std::unordered_map<Id, Connection> connections_;
    Id next_id_ = listener_id + 1;
    size_t accepted_ = 0;
    std::deque<Id> again_;  // to be served though their sockets tell nothing new
    std::array<char, size_t{32} * 1024> room_;

    std::mutex mutex_;
    std::vector<std::function<void()>> tasks_;
};

Gate::Gate(RequestHandler& handler, const GateOptions& options)
    : handler_(handler), options_(options), processor_(handler, is_draining_) {}

Result<std::unique_ptr<Gate>> Gate::open(RequestHandler& handler, const GateOptions& options) {
    std::unique_ptr<Gate> gate(new Gate(handler, options));
    if (options.tls) {
        if (auto used = gate->use_certificate(*options.tls); !used) return tl::unexpected(used.error());
    }
    auto listener = gate->processor_.listen(options.host, options.port);
    if (!listener) return tl::unexpected(listener.error());
    gate->listener_ = std::move(*listener);
    for (size_t i = 0; i < options.loops; ++i) gate->loops_.push_back(std::make_unique<Loop>(*gate));
    return gate;
}

Gate::~Gate() { stop(); }

void Gate::start() {
    loops_.front()->listen();
    for (const auto& loop : loops_) threads_.emplace_back([&loop] { loop->run(); });
}

Result<void> Gate::use_certificate(const TlsFiles& files) {
    auto loaded = TlsContext::load(files);
    if (!loaded) return tl::unexpected(loaded.error());
    const std::lock_guard lock(mutex_);
    tls_ = std::move(*loaded);
    return {};
}

std::optional<TlsContext> Gate::tls() const {
    const std::lock_guard lock(mutex_);
    return tls_;
}

bool Gate::admit(const IpAddress& peer) {
    const std::lock_guard lock(mutex_);
    if (connections_ >= options_.connections || is_draining_) return false;
    size_t& others = by_subscriber_[peer.subscriber()];
    if (others >= options_.per_address && !contains(options_.exempt, peer)) return false;
    ++others;
    ++connections_;
    return true;
}

void Gate::forget(const IpAddress& peer) {
    const std::lock_guard lock(mutex_);
    --connections_;
    const auto others = by_subscriber_.find(peer.subscriber());
    if (--others->second == 0) by_subscriber_.erase(others);
}

void Gate::stop() {
    if (is_draining_) return;
    drained_ = std::chrono::steady_clock::now() + options_.drain;
    is_draining_ = true;
    ::shutdown(listener_.socket.get(), SHUT_RDWR);  // whoever connects now is refused
    // What is in the middle of being sent is no request yet.
    for (const auto& loop : loops_) loop->post([] {});
    for (std::thread& thread : threads_) thread.join();
    handler_.finish();
}

}  // namespace watchbill::http
