// Serves many connections on one thread, which never waits for any of them (epoll, edge-triggered). What
// takes longer is done elsewhere and delivered.
//
// Shared between threads is the mailbox alone; connections belong to the loop's thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "http/census.h"
#include "http/connection.h"
#include "http/dispatcher.h"
#include "http/listener.h"
#include "service/descriptor.h"

namespace watchbill::http {

class EventLoop {
public:
    using ConnectionId = std::uint64_t;  // never used twice
    struct Newcomer {
        Descriptor socket;
        IpAddress peer;
        Census::Place place;
    };
    using MakeTransport = std::function<std::unique_ptr<Transport>(int socket)>;

    // Everything given must outlive the loop.
    EventLoop(Dispatcher& dispatcher, Census& census, const MakeTransport& make_transport,
              const ConnectionSurroundings& around);

    // Serves until drained.
    void run();
    // Before run(): this loop accepts, and hands each newcomer on.
    void accept_from(Listener& listener, std::function<void(Accepted)> hand_on);

    // The following are thread-safe.
    void adopt(Newcomer newcomer);
    void deliver(ConnectionId connection, Response response);
    // Accepts no more, ends idle connections now and the others with their next answer, all of them after
    // `patience`.
    void drain(std::chrono::milliseconds patience);

private:
    struct Client {
        Client(Newcomer newcomer, std::unique_ptr<Transport> transport, ConnectionSurroundings& around,
               SteadyTime now)
            : socket(std::move(newcomer.socket)),
              peer(newcomer.peer),
              place(std::move(newcomer.place)),
              connection(std::move(transport), around, now) {}
        Descriptor socket;
        IpAddress peer;
        Census::Place place;
        Connection connection;
        bool unfinished = false;  // stands in unfinished_
    };
    struct Mail {
        std::vector<Newcomer> newcomers;
        std::vector<std::pair<ConnectionId, Response>> answers;
        std::optional<std::chrono::milliseconds> drain;
    };

    template <typename Put>
    void post(const Put& put);
    void read_mail();
    void begin_draining(std::chrono::milliseconds patience);
    void watch(int descriptor, std::uint32_t events, std::uint64_t id);
    int patience() const;
    void wait();
    void go_on_with_unfinished();
    void accept_some();
    void welcome(Newcomer newcomer);
    // These three may end the client.
    void answer(ConnectionId id, Client& client, Response response);
    void drive(ConnectionId id, Client& client);
    void settle(ConnectionId id, Client& client, Connection::Step step);
    Connection::Step go_on(ConnectionId id, Client& client);
    void check_deadlines();
    void check_at(SteadyTime time);

    Dispatcher& dispatcher_;
    Census& census_;
    const MakeTransport& make_transport_;
    ConnectionSurroundings around_;
    Descriptor epoll_;
    Descriptor bell_;  // an eventfd: there is mail
    Listener* listener_ = nullptr;
    std::function<void(Accepted)> hand_on_;
    SteadyTime accept_again_;  // when accepting failed for want of descriptors

    std::unordered_map<ConnectionId, std::unique_ptr<Client>> clients_;
    ConnectionId next_id_;
    std::deque<ConnectionId> unfinished_;  // had their turn, and have more to do
    SteadyTime now_;                       // of this round
    SteadyTime next_check_ = SteadyTime::max();
    SteadyTime last_check_;
    std::optional<SteadyTime> drain_until_;

    std::mutex mutex_;
    Mail mail_;              // under the mutex
    bool has_rung_ = false;  // likewise: the loop will look
};

}  // namespace watchbill::http
