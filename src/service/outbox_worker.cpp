#include "service/outbox_worker.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace watchbill {

namespace {

constexpr Duration early_cap = std::chrono::minutes(5);
constexpr Duration early = std::chrono::hours(1);
constexpr Duration late_cap = std::chrono::minutes(30);
constexpr Duration longest_age = std::chrono::hours(72);
constexpr int least_attempts = 5;
// Once the server works again, what waited for it goes out soon.
constexpr Duration server_cap = std::chrono::minutes(1);
constexpr Duration forget_every = std::chrono::hours(24);
constexpr Duration check_store_every = std::chrono::seconds(10);
// What is due and cannot be had: another worker is at it, or at what goes before it.
constexpr Duration least_wait = std::chrono::seconds(1);
// A connection is kept for what comes right after.
constexpr Duration keep_connection = std::chrono::seconds(1);

static_assert(longest_retry_pause >= late_cap + late_cap / 5);

std::vector<MessageTransport*> one_or_none(MessageTransport* transport) {
    if (transport == nullptr) return {};
    return {transport};
}

}  // namespace

std::optional<Duration> retry_delay(int attempts, Duration age, double fraction) {
    if (age >= longest_age && attempts >= least_attempts) return std::nullopt;
    return doubled_delay(attempts, age < early ? early_cap : late_cap, fraction);
}

OutboxWorker::OutboxWorker(OutboxStore& store, std::vector<MessageTransport*> transports, const Clock& clock,
                           OutboxMeter& meter, spdlog::logger& log, std::function<double()> fraction,
                           OutboxWorkerOptions options)
    : store_(store),
      clock_(clock),
      meter_(meter),
      log_(log),
      fraction_(std::move(fraction)),
      options_(std::move(options)),
      senders_(transports.size()),
      pace_(transports.size()) {
    assert(!options_.name.empty() && options_.claim > Duration(0));
    for (size_t i = 0; i < transports.size(); ++i) senders_[i].transport = transports[i];
}

OutboxWorker::OutboxWorker(OutboxStore& store, MessageTransport* transport, const Clock& clock,
                           OutboxMeter& meter, spdlog::logger& log, std::function<double()> fraction,
                           OutboxWorkerOptions options)
    : OutboxWorker(store, one_or_none(transport), clock, meter, log, std::move(fraction),
                   std::move(options)) {}

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
    has_work_.notify_all();
}

void OutboxWorker::run() {
    for (Sender& sender : senders_) sender.thread = std::thread([this, &sender] { work(sender); });
    while (!stopping_.stop_requested()) {
        const Duration wait = look();
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, wait, [this] { return rung_; });
        rung_ = false;
    }
    has_work_.notify_all();
    for (Sender& sender : senders_) {
        sender.thread.join();
        // Claimed while we were told to stop, and handed to a thread that had ended already.
        if (const auto job = std::exchange(sender.job, std::nullopt))
            settle(*job, given_back(*job, clock_.now()));
    }
    settle_left_over();
}

Instant OutboxWorker::tick() {
    const Duration wait = look();
    for (Sender& sender : senders_) {
        if (std::exchange(sender.connected, false)) sender.transport->end_batch();
    }
    return clock_.now() + wait;
}

Duration OutboxWorker::look() {
    const auto pause = [this] {
        const std::lock_guard lock(mutex_);
        return store_pace_.pause_left(clock_.steady_now());
    };
    if (const Duration left = pause(); left > Duration(0)) return left;
    check_store();
    if (const Duration left = pause(); left > Duration(0)) return left;
    free_dead_claims();
    settle_left_over();
    renew_claims();
    while (hand_out()) {
    }
    forget_old();
    const Duration wait = measure();
    const Duration left = pause();
    return left > Duration(0) ? left : wait;
}

size_t OutboxWorker::under_way() const {
    return static_cast<size_t>(
        std::count_if(senders_.begin(), senders_.end(), [](const Sender& sender) { return sender.busy; }));
}

bool OutboxWorker::hand_out() {
    const Instant now = clock_.now();
    OutboxClaim claim{options_.name, now, now + options_.claim, 0, options_.transport};
    {
        const std::lock_guard lock(mutex_);
        const SteadyInstant steady = clock_.steady_now();
        if (stopping_.stop_requested() || store_pace_.is_paused(steady)) return false;
        const auto free = std::count_if(senders_.begin(), senders_.end(),
                                        [](const Sender& sender) { return !sender.busy && !sender.closing; });
        const auto retrying = std::count_if(senders_.begin(), senders_.end(), [](const Sender& sender) {
            return sender.busy && sender.retrying;
        });
        claim.limit =
            static_cast<int>(std::min(static_cast<size_t>(free), pace_.may_begin(steady, under_way())));
        // Whoever hangs at each attempt must not keep all connections busy.
        const auto most_retries = std::max<size_t>(1, senders_.size() / 2);
        claim.most_retries = std::max(0, static_cast<int>(most_retries) - static_cast<int>(retrying));
        claim.untried_first = pace_.is_failing();
    }
    if (claim.limit == 0) return false;
    // Looked at before it is claimed: reading waits for nobody.
    const auto due = store_.has_due_outbox(claim);
    if (!was_read(due) || !*due) return false;
    auto claimed = store_.claim_outbox(claim);
    if (!was_written(claimed)) return false;
    bool handed = false;
    for (OutboxEntry& entry : *claimed) handed = hand(std::move(entry)) || handed;
    return handed;
}

bool OutboxWorker::hand(OutboxEntry entry) {
    std::unique_lock lock(mutex_);
    // A claim of ours that had expired while the message is under way: it was renewed by that.
    if (!held_ids_.insert(entry.message.id).second) return false;
    // First one that has a connection: a server may take no second one beside it. Last one that ends its
    // connection, which it may have begun since the claim: it goes on with this afterwards.
    const auto fitness = [](const Sender& sender) {
        if (sender.busy) return 0;
        if (sender.closing) return 1;
        return sender.connected ? 3 : 2;
    };
    const auto free =
        std::max_element(senders_.begin(), senders_.end(),
                         [&](const Sender& a, const Sender& b) { return fitness(a) < fitness(b); });
    assert(free != senders_.end() && !free->busy && "no more are claimed than there are senders");
    free->busy = true;
    free->retrying = entry.attempts > 0;
    pace_.begun(clock_.steady_now(), under_way());
    if (free->thread.joinable()) {
        free->job = std::move(entry);
        lock.unlock();
        has_work_.notify_all();
        return true;
    }
    free->connected = true;
    lock.unlock();
    send(*free, entry);
    return true;
}

void OutboxWorker::work(Sender& sender) {
    std::unique_lock lock(mutex_);
    const auto has_job = [&] { return sender.job.has_value() || stopping_.stop_requested(); };
    for (;;) {
        if (sender.connected && !has_work_.wait_for(lock, keep_connection, has_job)) {
            sender.connected = false;
            sender.closing = true;
            lock.unlock();
            sender.transport->end_batch();
            ring();  // there may have been something for it meanwhile
            lock.lock();
            sender.closing = false;
        }
        if (!sender.connected) has_work_.wait(lock, has_job);
        if (!sender.job) break;
        const OutboxEntry entry = *std::exchange(sender.job, std::nullopt);
        sender.connected = true;
        lock.unlock();
        send(sender, entry);
        ring();
        lock.lock();
    }
    const bool connected = std::exchange(sender.connected, false);
    lock.unlock();
    if (connected) sender.transport->end_batch();
}

void OutboxWorker::send(Sender& sender, const OutboxEntry& entry) {
    std::unique_lock lock(mutex_);
    const bool give_back = stopping_.stop_requested() || pace_.is_paused(clock_.steady_now());
    lock.unlock();
    bool broken = false;
    if (give_back) {
        settle(entry, given_back(entry, clock_.now()));
    } else {
        const DeliveryReport report = sender.transport->deliver(entry.message, stopping_.get_token());
        broken = report.delivery == Delivery::no_server;
        const DeliveryOutcome outcome = judge(entry, report);
        settle(entry, outcome);
        // Who is stopping breaks mails off: that says nothing of the server.
        const bool says_something = outcome.attempted && !stopping_.stop_requested();
        if (says_something && options_.on_settled) options_.on_settled(report);
    }
    lock.lock();
    sender.busy = false;
    if (broken) sender.connected = false;
}

DeliveryOutcome OutboxWorker::judge(const OutboxEntry& entry, const DeliveryReport& report) {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.now();
    const SteadyInstant steady = clock_.steady_now();
    const bool no_server = report.delivery == Delivery::no_server;
    if (!no_server) {
        if (pace_.worked(steady, under_way())) log_.info("the mail server takes mails again");
    } else if (!report.in_message) {
        switch (pace_.failed(steady, under_way() - 1, fraction_())) {
            case DeliveryPace::Failure::crowded: return given_back(entry, now);
            case DeliveryPace::Failure::first: log_.error("no mail can be sent: {}", report.error); break;
            case DeliveryPace::Failure::again: break;
        }
    }
    const auto settled = [&](DeliveryState state, const std::string& error) {
        if (state == DeliveryState::failed)
            log_.error("the {} {} has failed for good: {}", options_.noun, entry.message.id, error);
        meter_.note_attempt(state);
        return DeliveryOutcome{state, now, {}, error, true};
    };
    if (report.delivery == Delivery::accepted) return settled(DeliveryState::sent, "");
    if (report.delivery == Delivery::refused_for_good) return settled(DeliveryState::failed, report.error);
    const auto delay =
        retry_delay(entry.attempts + 1, steps_.passed(entry.message.created_at, now), fraction_());
    if (!delay) return settled(DeliveryState::failed, report.error + "; it was tried for three days");
    if (!no_server || report.in_message)
        log_.warn("the {} {} is tried again later: {}", options_.noun, entry.message.id, report.error);
    meter_.note_attempt(DeliveryState::queued);
    const Duration wait =
        no_server ? std::max(pace_.pause_left(steady), std::min(*delay, server_cap)) : *delay;
    return {DeliveryState::queued, now, now + wait, report.error, true};
}

DeliveryOutcome OutboxWorker::given_back(const OutboxEntry& entry, Instant now) {
    return {DeliveryState::queued, now, std::min(entry.next_attempt, now), entry.last_error, false};
}

void OutboxWorker::settle(const OutboxEntry& entry, const DeliveryOutcome& outcome) {
    const auto settled = store_.settle_outbox(entry.message.id, options_.name, outcome);
    if (!was_written(settled)) {
        const std::lock_guard lock(mutex_);
        unsettled_.push_back({entry, outcome});
        return;
    }
    if (!*settled) {
        log_.warn("the claim on the {} {} had expired: another worker may have sent it too", options_.noun,
                  entry.message.id);
    }
    const std::lock_guard lock(mutex_);
    held_ids_.erase(entry.message.id);
}

void OutboxWorker::settle_left_over() {
    std::vector<Unsettled> left_over;
    {
        const std::lock_guard lock(mutex_);
        left_over.swap(unsettled_);
    }
    for (const Unsettled& one : left_over) settle(one.entry, one.outcome);
}

void OutboxWorker::free_dead_claims() {
    if (freed_ || !options_.is_gone) return;
    const auto claimants = store_.outbox_claimants();
    if (!was_read(claimants)) return;
    for (const std::string& worker : *claimants) {
        if (worker == options_.name || !options_.is_gone(worker)) continue;
        if (!was_written(store_.free_outbox_claims(worker, clock_.now()))) return;
        log_.info("what an ended process was sending is sent again");
    }
    freed_ = true;
}

void OutboxWorker::renew_claims() {
    const SteadyInstant now = clock_.steady_now();
    std::vector<std::string> ids;
    {
        const std::lock_guard lock(mutex_);
        // By a clock that was set they end too early, or not for long.
        if (steps_.note(clock_.now(), now)) renew_next_ = now;
        ids.assign(held_ids_.begin(), held_ids_.end());
    }
    const auto renew = [&] {
        return now >= renew_next_ &&
               was_written(store_.renew_outbox_claims(options_.name, ids, clock_.now() + options_.claim));
    };
    if (ids.empty() || renew()) renew_next_ = now + options_.claim / 3;
}

void OutboxWorker::check_store() {
    if (options_.health == nullptr) return;
    {
        const std::lock_guard lock(mutex_);
        if (!store_pace_.is_unsure(clock_.steady_now(), check_store_every)) return;
    }
    const auto checked = store_.check_writable();
    options_.health->note("writing", checked ? std::nullopt : std::optional(checked.error().message));
    was_written(checked);
}

void OutboxWorker::forget_old() {
    const SteadyInstant now = clock_.steady_now();
    if (now < forget_next_) return;
    if (was_written(store_.forget_outbox(clock_.now() - options_.remember)))
        forget_next_ = now + forget_every;
}

Duration OutboxWorker::measure() {
    const auto summary = store_.outbox_summary(options_.transport);
    if (!was_read(summary)) return options_.look;
    const std::lock_guard lock(mutex_);
    meter_.note_waiting(*summary);
    Duration wait = options_.look;
    if (!senders_.empty() && summary->next_due) {
        const Duration due = std::max(*summary->next_due - clock_.now(), least_wait);
        wait = std::min(wait, std::max(due, pace_.pause_left(clock_.steady_now())));
    }
    return held_ids_.empty() ? wait : std::min(wait, std::max(options_.claim / 3, least_wait));
}

template <typename Value>
bool OutboxWorker::was_read(const Result<Value>& result) {
    if (!result) complain(result.error());
    return result.has_value();
}

template <typename Value>
bool OutboxWorker::was_written(const Result<Value>& result) {
    if (!result) {
        complain(result.error());
        return false;
    }
    const std::lock_guard lock(mutex_);
    if (store_pace_.worked(clock_.steady_now())) log_.info("the outbox can be written again");
    return true;
}

void OutboxWorker::complain(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (store_pace_.failed(clock_.steady_now()))
        log_.error("the outbox cannot be read or written, and is tried again: {}: {}", error.where,
                   error.message);
}

}  // namespace watchbill
