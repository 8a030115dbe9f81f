#include "http/connection.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "http/problem.h"

namespace watchbill::http {

namespace {

// An unhurried phone network; whoever is slower than that is more often an attack than a client.
constexpr size_t least_bytes_per_second = size_t{16} * 1024;

// So much is never refused for want of memory: a calendar client's request fits.
constexpr size_t always_granted = size_t{4} * 1024;

// A client that was told that its body is too large may be in the middle of sending it.
constexpr size_t most_swallowed = size_t{1024} * 1024;

std::chrono::milliseconds time_for(size_t bytes) {
    return std::chrono::milliseconds(bytes * 1000 / least_bytes_per_second);
}

}  // namespace

Connection::Connection(std::unique_ptr<Transport> transport, ConnectionSurroundings& around, SteadyTime now)
    : transport_(std::move(transport)),
      around_(around),
      reader_(around.body_limit),
      phase_began_(now),
      deadline_(now + around.limits.head) {}

Connection::~Connection() { around_.input.change(counted_, 0); }

void Connection::enter(Phase phase, SteadyTime now, SteadyTime deadline) {
    phase_ = phase;
    phase_began_ = now;
    deadline_ = deadline;
}

void Connection::listen(SteadyTime now) {
    body_awaited_ = false;
    enter(Phase::reading, now, now + (reader_.idle() ? around_.limits.idle : around_.limits.head));
}

void Connection::stir(std::uint32_t epoll_events) {
    transport_->stir(epoll_events);
    // While nothing is read or written, nothing else would tell.
    if ((epoll_events & (EPOLLHUP | EPOLLERR)) != 0 && phase_ == Phase::handling) reset_ = true;
}

Connection::Step Connection::advance(SteadyTime now) {
    for (;;) {
        std::optional<Step> step;
        switch (phase_) {
            case Phase::reading: step = read(now); break;
            case Phase::handling: return reset_ ? Step::closed : Step::waits;
            case Phase::writing: step = write(now); break;
            case Phase::farewell: step = swallow(); break;
        }
        if (step) return *step;
    }
}

// Nothing: the phase changed, or there is more to read.
std::optional<Connection::Step> Connection::read(SteadyTime now) {
    switch (reader_.advance()) {
        case RequestReader::Step::complete: return Step::request;
        case RequestReader::Step::refused: refuse(reader_.refusal(), now); return std::nullopt;
        case RequestReader::Step::asks_for_body:
            head_ = "HTTP/1.1 100 Continue\r\n\r\n";
            interim_ = true;
            sent_ = 0;
            enter(Phase::writing, now, now + around_.limits.answer);
            return std::nullopt;
        case RequestReader::Step::needs_bytes: break;
    }
    if (reader_.body_size() > 0 && !body_awaited_) {
        body_awaited_ = true;
        deadline_ = now + around_.limits.body + time_for(reader_.body_size());
    }
    return receive(now);
}

std::optional<Connection::Step> Connection::receive(SteadyTime now) {
    const auto [status, bytes] = transport_->read(around_.scratch);
    if (status == Transport::Status::blocked) return Step::waits;
    if (status == Transport::Status::ended) return Step::closed;
    if (reader_.idle() && requests_ > 0) deadline_ = now + around_.limits.head;
    if (may_hold(bytes)) {
        reader_.append({around_.scratch.data(), bytes});
        count();
    } else {
        refuse({503, "Too much is being sent at once. Trying again will work."}, now);
    }
    return std::nullopt;
}

void Connection::count() {
    const size_t held = reader_.held();
    around_.input.change(std::exchange(counted_, held), held);
}

// Asked before memory is taken: what is given back at once would leave its hole in the heap all the same.
bool Connection::may_hold(size_t more) const {
    return reader_.held() + more <= always_granted || !around_.input.is_spent_by_others(counted_);
}

std::optional<Connection::Step> Connection::write(SteadyTime now) {
    const std::string_view head = head_;
    const std::string_view body = body_ ? std::string_view(*body_) : std::string_view();
    const int file = files_ ? files_->descriptor(around_.loop) : -1;
    while (sent_ < head.size() + body.size()) {
        const size_t of_head = std::min(sent_, head.size());
        const size_t of_body = sent_ - of_head;
        const auto [status, bytes] =
            transport_->write({head.substr(of_head), body.substr(of_body), file, of_body});
        if (status == Transport::Status::blocked) return Step::waits;
        if (status == Transport::Status::ended) return Step::closed;
        sent_ += bytes;
    }
    head_.clear();
    body_.reset();
    files_ = nullptr;
    if (std::exchange(interim_, false)) {
        enter(Phase::reading, now, now + around_.limits.body + time_for(reader_.body_size()));
    } else if (last_) {
        transport_->end_writing();
        enter(Phase::farewell, now, now + around_.limits.farewell);
    } else {
        listen(now);
    }
    return std::nullopt;
}

// What still comes after the last answer: closing with bytes unread would reset the connection, and the
// client might never see the answer.
std::optional<Connection::Step> Connection::swallow() {
    while (swallowed_ <= most_swallowed) {
        const auto [status, bytes] = transport_->read(around_.scratch);
        if (status == Transport::Status::blocked) return Step::waits;
        if (status == Transport::Status::ended) return Step::closed;
        swallowed_ += bytes;
    }
    return Step::closed;
}

Request Connection::take_request() {
    assert(phase_ == Phase::reading);
    Request request = reader_.take();
    count();
    ++requests_;
    head_only_ = request.method == "HEAD";
    enter(Phase::handling, phase_began_, SteadyTime::max());
    return request;
}

void Connection::answer(Response response, SteadyTime now) {
    assert(phase_ == Phase::handling);
    const bool last = !reader_.keeps_connection() || requests_ >= around_.limits.requests || finishing_;
    send(std::move(response), !head_only_, last, now);
}

void Connection::refuse(const Refusal& refusal, SteadyTime now) {
    Response response = problem(refusal.status, refusal.detail);
    if (refusal.status == 503) response.headers.add("Retry-After", "1");
    if (around_.note_refusal) response = around_.note_refusal(std::move(response));
    reader_ = RequestReader(around_.body_limit);
    count();
    send(std::move(response), true, true, now);
}

void Connection::send(Response response, bool with_body, bool last, SteadyTime now) {
    last_ = last;
    around_.heads.write(head_, response, around_.clock.now(), last);
    if (with_body) {
        body_ = std::move(response.body);
        files_ = response.files;
    }
    sent_ = 0;
    const size_t size = head_.size() + (body_ ? body_->size() : 0);
    enter(Phase::writing, now, now + around_.limits.answer + time_for(size));
}

Connection::Step Connection::expire(SteadyTime now) {
    if (phase_ != Phase::reading || reader_.idle()) return Step::closed;
    refuse({408, "The request did not arrive in time."}, now);
    return advance(now);
}

}  // namespace watchbill::http
