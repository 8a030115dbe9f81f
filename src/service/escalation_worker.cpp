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
                                   spdlog::logger& log, CoverService* covers)
    : desk_(desk), covers_(covers), board_(board), clock_(clock), log_(log) {}

void EscalationWorker::run() {
    while (wake_.wait_for(look())) {
    }
}

Duration EscalationWorker::look() {
    try {
        auto next = desk_.escalate_due(board_, clock_.now());
        const auto cover = covers_ != nullptr ? covers_->ask_due(board_, clock_.now()) : std::nullopt;
        if (cover && (!next || *cover < *next)) next = cover;
        return next ? std::clamp(*next - clock_.now(), Duration(0), longest_nap) : longest_nap;
    } catch (const std::exception& error) {
        log_.error("escalating failed, and is tried again in 30 s: {}", error.what());
        return retry;
    }
}

}  // namespace watchbill
