#include "service/errands.h"

#include <algorithm>

#include "watchbill/call_deadline.h"

namespace watchbill {

namespace {

// Each holds one of the server's threads: half of them stay free for those who only read.
constexpr size_t most_waiting = 16;
// What is asked then may take a moment itself.
constexpr std::chrono::milliseconds before_deadline{700};

}  // namespace

Result<RefreshReport> Errands::ask(Errand errand, std::chrono::milliseconds patience,
                                   const Hindrance& hindrance) {
    const auto end = std::chrono::steady_clock::now() + patience;
    std::unique_lock lock(mutex_);
    if (waiting_ >= most_waiting) {
        return fail(ErrorCode::unavailable,
                    "too many wait for this already; trying again in a moment will work");
    }
    const auto ticket = std::make_shared<Ticket>(Ticket{std::move(errand), std::nullopt});
    asked_.push_back(ticket);
    ++waiting_;
    lock.unlock();
    on_asked_();
    lock.lock();
    const auto is_over = [&] { return ticket->answer.has_value() || closed_; };
    std::optional<Error> hindered;
    if (const auto deadline = CallDeadline::current(); hindrance && deadline) {
        if (!answered_.wait_until(lock, std::min(end, *deadline - before_deadline), is_over)) {
            lock.unlock();
            hindered = hindrance();
            lock.lock();
        }
    }
    if (!hindered) answered_.wait_until(lock, end, is_over);
    --waiting_;
    if (ticket->answer) return *ticket->answer;
    if (hindered) return tl::unexpected(std::move(*hindered));
    if (closed_) return fail(ErrorCode::unavailable, "the service is stopping; ask again when it runs");
    return fail(ErrorCode::timeout,
                "this takes longer than expected and goes on; the calendars' states will show how it went");
}

std::vector<std::shared_ptr<Errands::Ticket>> Errands::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(asked_, {});
}

void Errands::answer(Ticket& ticket, Result<RefreshReport> report) {
    const std::lock_guard lock(mutex_);
    ticket.answer = std::move(report);
    answered_.notify_all();
}

void Errands::close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    answered_.notify_all();
}

}  // namespace watchbill
