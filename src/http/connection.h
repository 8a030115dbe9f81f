// One connection's life: requests in, answers out, each within its time and its share of memory. It never
// waits: whoever owns it tells it what happened, and asks when it wants to be told that time is over.
// Not thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/request_reader.h"
#include "http/response_head.h"
#include "http/transport.h"
#include "watchbill/ports.h"

namespace watchbill::http {

using SteadyTime = std::chrono::steady_clock::time_point;

struct ConnectionLimits {
    std::chrono::milliseconds head{5000};      // from its first byte (the first one's: from the connection's
                                               // beginning) until a head is complete, however it drips
    std::chrono::milliseconds idle{15000};     // until the first byte of a further request
    std::chrono::milliseconds body{5000};      // until a body is there, and a second more for each 16 KB
    std::chrono::milliseconds answer{10000};   // until an answer is taken, and a second more for each 16 KB
    std::chrono::milliseconds farewell{1000};  // for what a client still sends after its last answer
    size_t requests = 1000;                    // on one connection, then it has to make a new one
};

// Memory for what is received and not handled yet, of all connections of a loop together: some thousand
// dripping ones must not take what the service needs. One alone may take what its route allows. Not
// thread-safe.
class InputBudget {
public:
    explicit InputBudget(size_t most) : most_(most) {}
    void change(size_t from, size_t to) { used_ += to - from; }
    bool is_spent_by_others(size_t own) const { return used_ - own > most_; }

private:
    size_t most_;
    size_t used_ = 0;
};

// What the connections of one loop share.
struct ConnectionSurroundings {
    size_t loop = 0;  // which of them, from 0: files are there for each
    const ConnectionLimits& limits;
    const BodyLimit& body_limit;
    const Clock& clock;
    InputBudget input;
    ResponseHeads heads;
    std::vector<char> scratch;  // for what is read; of a size worth a system call
    // Where refusals of what never became a request are noted; an empty one: nowhere.
    std::function<Response(Response)> note_refusal = {};
};

class Connection {
public:
    enum class Step {
        waits,    // until stir(), answer() or the deadline
        request,  // take_request(), and answer() it now or later
        closed,   // it is over
    };

    Connection(std::unique_ptr<Transport> transport, ConnectionSurroundings& around, SteadyTime now);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void stir(std::uint32_t epoll_events);
    Step advance(SteadyTime now);
    Request take_request();
    void answer(Response response, SteadyTime now);  // to the request taken; advance() sends it

    // Never while a request is being handled: handlers have bounds of their own.
    SteadyTime deadline() const { return deadline_; }
    Step expire(SteadyTime now);  // the deadline is over

    bool is_idle() const { return phase_ == Phase::reading && reader_.idle(); }
    bool is_reading() const { return phase_ == Phase::reading; }
    SteadyTime phase_began() const { return phase_began_; }
    void take_no_further_requests() { finishing_ = true; }

private:
    enum class Phase { reading, handling, writing, farewell };

    void enter(Phase phase, SteadyTime now, SteadyTime deadline);
    void listen(SteadyTime now);
    std::optional<Step> read(SteadyTime now);
    std::optional<Step> receive(SteadyTime now);
    std::optional<Step> write(SteadyTime now);
    std::optional<Step> swallow();
    void refuse(const Refusal& refusal, SteadyTime now);
    void send(Response response, bool with_body, bool last, SteadyTime now);
    void count();
    bool may_hold(size_t more) const;

    std::unique_ptr<Transport> transport_;
    ConnectionSurroundings& around_;
    RequestReader reader_;
    Phase phase_ = Phase::reading;
    SteadyTime phase_began_;
    SteadyTime deadline_;
    size_t counted_ = 0;  // bytes of the input budget
    size_t requests_ = 0;
    size_t swallowed_ = 0;
    bool body_awaited_ = false;
    bool head_only_ = false;  // the request under way is a HEAD
    bool last_ = false;       // the answer under way is
    bool finishing_ = false;
    bool reset_ = false;  // by the peer

    std::string head_;  // of the answer, or all of an interim one
    std::shared_ptr<const std::string> body_;
    const NamelessCopies* files_ = nullptr;  // the same bytes, for as long as `body_`; may be null
    size_t sent_ = 0;
    bool interim_ = false;
};

}  // namespace watchbill::http
