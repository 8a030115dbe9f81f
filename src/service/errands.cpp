#include "service/errands.h"

namespace watchbill {

std::shared_ptr<Errands::Ticket> Errands::ask(Errand errand) {
    auto ticket = std::make_shared<Ticket>(Ticket{std::move(errand), std::nullopt});
    const std::lock_guard lock(mutex_);
    asked_.push_back(ticket);
    return ticket;
}

Result<RefreshReport> Errands::wait_for(const Ticket& ticket, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    answered_.wait_for(lock, patience, [&] { return ticket.answer.has_value() || closed_; });
    if (ticket.answer) return *ticket.answer;
    if (closed_) return fail(ErrorCode::unavailable, "the service is stopping; ask again when it runs");
    return fail(ErrorCode::timeout,
                "it takes longer than expected and goes on; ask later how the calendars fare");
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
