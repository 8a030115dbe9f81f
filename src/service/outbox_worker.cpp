#include "service/outbox_worker.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace watchbill {

namespace {

constexpr Duration first_delay{5};
constexpr Duration early_cap = std::chrono::minutes(5);
constexpr Duration early = std::chrono::hours(1);
constexpr Duration late_cap = std::chrono::minutes(30);
constexpr Duration longest_age = std::chrono::hours(72);
constexpr int least_attempts = 5;
constexpr Duration pause_cap = std::chrono::minutes(1);
constexpr Duration forget_every = std::chrono::hours(24);

// Twice as long each time, up to `cap`, spread over +-20 %.
Duration doubled(int times, Duration cap, double fraction) {
    const Duration plain = std::min(cap, first_delay * (1 << std::clamp(times - 1, 0, 20)));
    return std::chrono::ceil<Duration>(std::chrono::duration<double>(plain) * (0.8 + 0.4 * fraction));
}

}  // namespace

std::optional<Duration> retry_delay(int attempts, Duration age, double fraction) {
    if (age >= longest_age && attempts >= least_attempts) return std::nullopt;
    return doubled(attempts, age < early ? early_cap : late_cap, fraction);
}

Duration server_pause(int failures, double fraction) { return doubled(failures, pause_cap, fraction); }

OutboxWorker::OutboxWorker(OutboxStore& store, MessageTransport* transport, const Clock& clock,
                           OutboxMeter& meter, spdlog::logger& log, std::function<double()> fraction,
                           OutboxWorkerOptions options)
    : store_(store),
      transport_(transport),
      clock_(clock),
      meter_(meter),
      log_(log),
      fraction_(std::move(fraction)),
      options_(std::move(options)) {
    assert(!options_.name.empty());
    assert(transport == nullptr || transport->longest_delivery() < options_.claim);
}

void OutboxWorker::ring() {
    {
        const std::lock_guard lock(mutex_);
        rung_ = true;
    }
    woken_.notify_all();
}

void OutboxWorker::stop() {
    stopping_.request_stop();
    ring();
}

void OutboxWorker::run() {
    while (!stopping_.stop_requested()) {
        const Instant next = tick();
        const Duration wait = std::clamp(next - clock_.now(), Duration(0), options_.look);
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, wait, [this] { return rung_; });
        rung_ = false;
    }
    if (transport_ != nullptr) transport_->end_batch();
}

Instant OutboxWorker::tick() {
    Instant now = clock_.now();
    const bool paused = now < paused_until_;
    if (transport_ != nullptr && !paused) {
        while (!stopping_.stop_requested() && send_batch(now)) now = clock_.now();
        transport_->end_batch();
        now = clock_.now();
    }
    forget_old(now);
    const auto summary = store_.outbox_summary(options_.transport);
    if (!summary) {
        complain(summary.error());
        return now + options_.look;
    }
    store_complained_ = false;
    meter_.note_waiting(*summary);
    if (transport_ == nullptr || !summary->next_due) return now + options_.look;
    return std::max(*summary->next_due, paused_until_);
}

bool OutboxWorker::send_batch(Instant now) {
    // Looked at before it is claimed: reading waits for nobody.
    const auto summary = store_.outbox_summary(options_.transport);
    if (!summary) {
        complain(summary.error());
        return false;
    }
    if (!summary->next_due || *summary->next_due > now) return false;
    const auto claimed =
        store_.claim_outbox({options_.name, now, now + options_.claim, options_.batch, options_.transport});
    if (!claimed) {
        complain(claimed.error());
        return false;
    }
    for (const OutboxEntry& entry : *claimed) {
        const Instant latest = *entry.claimed_until - transport_->longest_delivery();
        const bool too_late = clock_.now() >= latest;
        if (stopping_.stop_requested() || clock_.now() < paused_until_ || too_late)
            give_back(entry);
        else
            send(entry);
    }
    return !claimed->empty() && clock_.now() >= paused_until_;
}

void OutboxWorker::send(const OutboxEntry& entry) {
    const DeliveryReport report = transport_->deliver(entry.message, stopping_.get_token());
    const Instant now = clock_.now();
    note_server(report.delivery != Delivery::no_server, report.error, now);
    const DeliveryOutcome outcome = outcome_of(entry, report, now);
    if (outcome.state == DeliveryState::failed)
        log_.error("the {} {} has failed for good: {}", options_.noun, entry.message.id, outcome.error);
    else if (report.delivery == Delivery::refused_for_now)
        log_.warn("the {} {} is tried again later: {}", options_.noun, entry.message.id, outcome.error);
    meter_.note_attempt(outcome.state);
    settle(entry, outcome);
}

DeliveryOutcome OutboxWorker::outcome_of(const OutboxEntry& entry, const DeliveryReport& report,
                                         Instant now) {
    if (report.delivery == Delivery::accepted) return {DeliveryState::sent, now, {}, "", true};
    if (report.delivery == Delivery::refused_for_good)
        return {DeliveryState::failed, now, {}, report.error, true};
    const auto delay = retry_delay(entry.attempts + 1, now - entry.message.created_at, fraction_());
    if (!delay) return {DeliveryState::failed, now, {}, report.error + "; it was tried for three days", true};
    // Once the server works again, what waited for it goes out soon.
    const bool server = report.delivery == Delivery::no_server;
    const Instant next = server ? std::max(paused_until_, now + std::min(*delay, pause_cap)) : now + *delay;
    return {DeliveryState::queued, now, next, report.error, true};
}

void OutboxWorker::note_server(bool works, const std::string& error, Instant now) {
    if (works) {
        if (server_failures_ > 0) log_.info("the mail server takes mails again");
        server_failures_ = 0;
        paused_until_ = {};
        return;
    }
    if (server_failures_++ == 0) log_.error("no mail can be sent: {}", error);
    paused_until_ = now + server_pause(server_failures_, fraction_());
}

void OutboxWorker::settle(const OutboxEntry& entry, const DeliveryOutcome& outcome) {
    const auto settled = store_.settle_outbox(entry.message.id, options_.name, outcome);
    if (!settled) {
        // The claim expires, and the mail goes out again under the same Message-ID.
        complain(settled.error());
    } else if (!*settled) {
        log_.warn("the claim on the {} {} had expired: another worker may have sent it too", options_.noun,
                  entry.message.id);
    }
}

void OutboxWorker::give_back(const OutboxEntry& entry) {
    settle(entry, {DeliveryState::queued, clock_.now(), entry.next_attempt, entry.last_error, false});
}

void OutboxWorker::forget_old(Instant now) {
    if (now < forget_next_) return;
    if (const auto done = store_.forget_outbox(now - options_.remember); !done) return complain(done.error());
    forget_next_ = now + forget_every;
}

void OutboxWorker::complain(const Error& error) {
    if (!std::exchange(store_complained_, true))
        log_.error("the outbox cannot be read or written: {}: {}", error.where, error.message);
}

}  // namespace watchbill
