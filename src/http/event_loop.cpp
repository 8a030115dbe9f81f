#include "http/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <system_error>

namespace watchbill::http {

namespace {

// Ids of what is no connection.
constexpr EventLoop::ConnectionId bell_id = 0;
constexpr EventLoop::ConnectionId listener_id = 1;
constexpr EventLoop::ConnectionId first_connection_id = 2;

constexpr size_t events_per_round = 256;
// Who sends many requests in one go is answered one of them at a time. The others are looked at where there
// is time: so much in each round, so that those who ask for one thing at a time hardly notice.
constexpr std::chrono::microseconds for_the_unfinished{1000};
constexpr int newcomers_per_round = 64;
// Deadlines are looked at together, one after the other: some thousand take some microseconds, and nobody
// minds being closed that much later.
constexpr std::chrono::milliseconds between_checks{20};
// Where connections become scarce, those that do nothing have so long.
constexpr std::chrono::milliseconds idle_when_crowded{500};
constexpr std::chrono::milliseconds pause_of_accepting{100};

Descriptor checked(int number, const char* what) {
    // At start only: a process without descriptors cannot serve.
    if (number < 0) throw std::system_error(errno, std::generic_category(), what);
    return Descriptor(number);
}

}  // namespace

EventLoop::EventLoop(Dispatcher& dispatcher, Census& census, const MakeTransport& make_transport,
                     const ConnectionSurroundings& around)
    : dispatcher_(dispatcher),
      census_(census),
      make_transport_(make_transport),
      around_(around),
      epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      bell_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      next_id_(first_connection_id) {
    watch(bell_.get(), EPOLLIN, bell_id);
}

void EventLoop::watch(int descriptor, std::uint32_t events, std::uint64_t id) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = id;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor, &event) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void EventLoop::accept_from(Listener& listener, std::function<void(Accepted)> hand_on) {
    listener_ = &listener;
    hand_on_ = std::move(hand_on);
    watch(listener.socket(), EPOLLIN, listener_id);
}

template <typename Put>
void EventLoop::post(const Put& put) {
    {
        const std::lock_guard lock(mutex_);
        put(mail_);
        if (std::exchange(has_rung_, true)) return;
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(bell_.get(), &one, sizeof(one));
}

void EventLoop::adopt(Newcomer newcomer) {
    post([&newcomer](Mail& mail) { mail.newcomers.push_back(std::move(newcomer)); });
}

void EventLoop::deliver(ConnectionId connection, Response response) {
    post([&](Mail& mail) { mail.answers.emplace_back(connection, std::move(response)); });
}

void EventLoop::drain(std::chrono::milliseconds patience) {
    post([patience](Mail& mail) { mail.drain = patience; });
}

void EventLoop::run() {
    while (!drain_until_ || !clients_.empty()) {
        wait();
        read_mail();
        go_on_with_unfinished();
        if (now_ >= next_check_) check_deadlines();
    }
}

void EventLoop::go_on_with_unfinished() {
    if (unfinished_.empty()) return;
    const SteadyTime until = std::chrono::steady_clock::now() + for_the_unfinished;
    // Those that are not finished after this either come behind the others.
    for (size_t left = unfinished_.size(); left > 0; --left) {
        const ConnectionId id = unfinished_.front();
        unfinished_.pop_front();
        if (const auto found = clients_.find(id); found != clients_.end()) {
            found->second->unfinished = false;
            drive(id, *found->second);
        }
        if (std::chrono::steady_clock::now() >= until) return;
    }
}

int EventLoop::patience() const {
    if (!unfinished_.empty()) return 0;
    if (next_check_ == SteadyTime::max()) return -1;
    const auto until = std::max(next_check_, last_check_ + between_checks);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now_);
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

void EventLoop::wait() {
    std::array<epoll_event, events_per_round> events;
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), patience());
    now_ = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<size_t>(i)];
        const ConnectionId id = event.data.u64;
        if (id == bell_id) {
            std::uint64_t rung = 0;
            [[maybe_unused]] const ssize_t read = ::read(bell_.get(), &rung, sizeof(rung));
            continue;
        }
        if (id == listener_id) {
            accept_some();
            continue;
        }
        const auto found = clients_.find(id);
        if (found == clients_.end()) continue;
        found->second->connection.stir(event.events);
        drive(id, *found->second);
    }
}

void EventLoop::accept_some() {
    for (int i = 0; i < newcomers_per_round && listener_ != nullptr; ++i) {
        Accepted accepted;
        switch (listener_->accept(accepted)) {
            case Listener::Outcome::accepted: hand_on_(std::move(accepted)); break;
            case Listener::Outcome::nobody: return;
            case Listener::Outcome::failing:
                // It would stay readable, and the loop would spin.
                ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, listener_->socket(), nullptr);
                accept_again_ = now_ + pause_of_accepting;
                check_at(accept_again_);
                return;
        }
    }
}

void EventLoop::read_mail() {
    Mail mail;
    {
        const std::lock_guard lock(mutex_);
        if (!has_rung_) return;
        std::swap(mail, mail_);
        has_rung_ = false;
    }
    for (Newcomer& newcomer : mail.newcomers) welcome(std::move(newcomer));
    for (auto& [id, response] : mail.answers) {
        const auto found = clients_.find(id);
        if (found == clients_.end()) continue;  // it did not wait for its answer
        answer(id, *found->second, std::move(response));
    }
    if (mail.drain) begin_draining(*mail.drain);
}

void EventLoop::answer(ConnectionId id, Client& client, Response response) {
    try {
        client.connection.answer(std::move(response), now_);
    } catch (const std::exception&) {
        settle(id, client, Connection::Step::closed);  // out of memory: as in welcome()
        return;
    }
    drive(id, client);
}

void EventLoop::welcome(Newcomer newcomer) {
    if (drain_until_) return;
    const int socket = newcomer.socket.get();
    const ConnectionId id = next_id_++;
    Client* client = nullptr;
    try {
        const auto [entry, added] = clients_.emplace(
            id, std::make_unique<Client>(std::move(newcomer), make_transport_(socket), around_, now_));
        client = entry->second.get();
        watch(socket, EPOLLIN | EPOLLOUT | EPOLLRDHUP | static_cast<std::uint32_t>(EPOLLET), id);
    } catch (const std::exception&) {
        // Out of memory, of this process or the kernel: this connection ends, the server goes on.
        clients_.erase(id);
        return;
    }
    // What was sent already is an event of its own.
    settle(id, *client, Connection::Step::waits);
}

void EventLoop::drive(ConnectionId id, Client& client) {
    Connection::Step step = Connection::Step::closed;
    try {
        step = go_on(id, client);
    } catch (const std::exception&) {
        // Out of memory: likewise.
    }
    settle(id, client, step);
}

Connection::Step EventLoop::go_on(ConnectionId id, Client& client) {
    Connection& connection = client.connection;
    for (bool answered = false;; answered = true) {
        const Connection::Step step = connection.advance(now_);
        if (step != Connection::Step::request) return step;
        if (answered) break;
        auto answer =
            dispatcher_.dispatch(connection.take_request(), client.peer, now_,
                                 [this, id](Response response) { deliver(id, std::move(response)); });
        if (!answer) return Connection::Step::waits;
        connection.answer(std::move(*answer), now_);
    }
    if (!std::exchange(client.unfinished, true)) unfinished_.push_back(id);
    return Connection::Step::waits;
}

void EventLoop::settle(ConnectionId id, Client& client, Connection::Step step) {
    if (step == Connection::Step::closed || (drain_until_ && client.connection.is_reading())) {
        clients_.erase(id);
        return;
    }
    check_at(client.connection.deadline());
    if (census_.is_crowded()) check_at(now_ + idle_when_crowded);
}

void EventLoop::check_at(SteadyTime time) { next_check_ = std::min(next_check_, time); }

void EventLoop::check_deadlines() {
    if (now_ < last_check_ + between_checks) return;
    last_check_ = now_;
    next_check_ = SteadyTime::max();
    if (listener_ != nullptr && accept_again_ != SteadyTime()) {
        if (now_ >= accept_again_) {
            accept_again_ = SteadyTime();
            watch(listener_->socket(), EPOLLIN, listener_id);
        } else {
            check_at(accept_again_);
        }
    }
    if (drain_until_ && now_ >= *drain_until_) clients_.clear();
    const bool crowded = census_.is_crowded();
    std::vector<ConnectionId> over;
    for (const auto& [id, client] : clients_) {
        const Connection& connection = client->connection;
        const bool loiters =
            crowded && connection.is_idle() && now_ - connection.phase_began() >= idle_when_crowded;
        if (loiters || now_ >= connection.deadline()) {
            over.push_back(id);
        } else {
            check_at(connection.deadline());
        }
    }
    for (const ConnectionId id : over) {
        Client& client = *clients_.at(id);
        settle(id, client, client.connection.expire(now_));
    }
    if (crowded && !clients_.empty()) check_at(now_ + idle_when_crowded);
    if (drain_until_) check_at(*drain_until_);
}

void EventLoop::begin_draining(std::chrono::milliseconds patience) {
    drain_until_ = now_ + patience;
    check_at(*drain_until_);
    if (listener_ != nullptr) {
        listener_->close();
        listener_ = nullptr;
    }
    // What they are in the middle of sending is no request yet.
    std::erase_if(clients_, [](const auto& entry) { return entry.second->connection.is_reading(); });
    for (auto& [id, client] : clients_) client->connection.take_no_further_requests();
}

}  // namespace watchbill::http
