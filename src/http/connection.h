// One accepted socket: heads and bodies in, answers out, all within deadlines. Not thread-safe; the socket is
// the caller's to close.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "http/request_head.h"

namespace watchbill::http {

struct ConnectionLimits {
    std::chrono::milliseconds idle{5000};      // until the first byte of a (further) request
    std::chrono::milliseconds head{10000};     // from there until its head is complete, however it drips
    std::chrono::milliseconds body{10000};     // until all of its body is there: 64 KB at 6.4 KB/s
    std::chrono::milliseconds answer{30000};   // until the client has taken the whole answer
    std::chrono::milliseconds farewell{1000};  // for what a refused client still sends
    size_t requests = 1000;                    // on one connection, then it has to make a new one
};

class Connection {
public:
    // `stop` becomes readable when the server stops: nothing is waited for any longer.
    Connection(int socket, int stop, const ConnectionLimits& limits)
        : socket_(socket), stop_(stop), limits_(limits) {}

    enum class Outcome { complete, closed, refused };
    // `complete`: head() is a whole head that passed inspection. `refused`: verdict() says why. `closed`: the
    // client went away or sent nothing in time, or the server stops.
    Outcome read_head();
    const std::string& head() const { return head_; }
    const HeadVerdict& verdict() const { return verdict_; }
    // The body that the verdict of a complete head speaks of. Nothing: it did not come in time, or whole.
    std::optional<std::string> read_body();

    bool send(std::string_view bytes);  // false: the client is gone or too slow
    // Ends our side and swallows what still comes for a moment: closing with bytes unread would reset the
    // connection, and the client might never see the answer.
    void say_farewell();

private:
    using Deadline = std::chrono::steady_clock::time_point;
    bool wait(short events, Deadline deadline) const;
    bool receive(Deadline deadline);
    bool take_head();

    int socket_;
    int stop_;
    const ConnectionLimits& limits_;
    std::string unread_;  // received, and not part of a head yet
    std::string head_;
    HeadVerdict verdict_;
};

}  // namespace watchbill::http
