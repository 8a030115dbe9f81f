#include "service/escalation_worker.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>

namespace watchbill {

namespace {

// However far the next thing is: other processes write to the store, and the wall clock may be set.
constexpr Duration longest_nap = std::chrono::minutes(1);
constexpr Duration retry = std::chrono::seconds(30);

}  // namespace

EscalationWorker::EscalationWorker(IncidentDesk& desk, const NoticeBoard& board, const Clock& clock,
                                   spdlog::logger& log)
    : desk_(desk), board_(board), clock_(clock), log_(log) {}

void EscalationWorker::run() {
    while (wake_.wait_for(look())) {
    }
}

Duration EscalationWorker::look() {
    try {
        const auto next = desk_.escalate_due(board_, clock_.now());
        return next ? std::clamp(*next - clock_.now(), Duration(0), longest_nap) : longest_nap;
    } catch (const std::exception& error) {
        log_.error("escalating incidents failed, and is tried again in 30 s: {}", error.what());
        return retry;
    }
}

}  // namespace watchbill
