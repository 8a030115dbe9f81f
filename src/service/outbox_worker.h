// Sends what waits in the outbox for one transport, over several connections, on threads of its own: a server
// that is slow or dead delays nobody else, and a recipient who is delays few others.
//
// A message is claimed for some seconds when it is about to be handed to the server, the claim is renewed as
// long as that lasts, and then the message is settled: sent, to be tried again, or failed. Whoever dies in
// between leaves a claim that expires, or that the next worker of this machine frees at its start; the
// message is sent again under the same Message-ID. What was acknowledged and settled is not sent twice; an
// outcome that cannot be written is kept until it can.
//
// Pauses follow the steady clock. What stands in the store follows the wall clock, and is mistrusted where it
// lies further ahead than it could (watchbill/outbox.h).
#pragma once

#include <spdlog/logger.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

#include "service/delivery_pace.h"
#include "service/metrics.h"
#include "service/store_health.h"
#include "service/store_pace.h"
#include "service/wall_steps.h"
#include "watchbill/outbox.h"
#include "watchbill/ports.h"
#include "watchbill/replies.h"

namespace watchbill {

// When a message that failed for now is tried again; nothing: never, it has failed for good. `attempts` with
// this one, `age` since it was written, `fraction` in [0, 1) for jitter. Pure.
//
// 5 s, doubled up to 5 minutes (greylisting lets one in after that), from its second hour on up to half an
// hour; 3 days in all (RFC 5321 4.5.4.1 wants 4 to 5 of a mail server; an incident of three days ago invites
// nobody). However old it is, it has at least 5 attempts: somebody may have asked for it again.
std::optional<Duration> retry_delay(int attempts, Duration age, double fraction);

struct OutboxWorkerOptions {
    std::string name;  // unique to the process and its start
    Transport transport = Transport::mail;
    std::string noun = "mail";      // what it delivers, for the log
    Duration look = Duration(5);    // how often it looks for what other processes have written
    Duration claim = Duration(10);  // renewed meanwhile
    Duration remember = std::chrono::hours(24 * 90);  // settled messages, for those who ask
    // Whether the process of a worker of that name has ended for certain. Unset: nobody can tell.
    std::function<bool(const std::string&)> is_gone;
    // Told what came of each attempt, once it is in the store, by the thread that made it. May be empty.
    std::function<void(const DeliveryReport&)> on_settled = {};
    StoreHealth* health = nullptr;  // to be told whether the store can be written; may be null
};

class OutboxWorker final : public OutboxBell {
public:
    // All must outlive it. One message at a time is under way on each transport; without any it only counts
    // what waits. `fraction` returns numbers in [0, 1).
    OutboxWorker(OutboxStore& store, std::vector<MessageTransport*> transports, const Clock& clock,
                 OutboxMeter& meter, spdlog::logger& log, std::function<double()> fraction,
                 OutboxWorkerOptions options);
    // With one transport, or null for none.
    OutboxWorker(OutboxStore& store, MessageTransport* transport, const Clock& clock, OutboxMeter& meter,
                 spdlog::logger& log, std::function<double()> fraction, OutboxWorkerOptions options);

    void ring() override;
    // Works until stop(), with a thread for each transport. Blocks.
    void run();
    // Thread-safe. A mail under way gets its moment (MessageTransport), the others are given back.
    void stop();

    // Sends what is due, one after the other, and says when something will be due next. For whoever has no
    // threads; not thread-safe.
    Instant tick();

private:
    struct Sender {
        MessageTransport* transport = nullptr;
        std::thread thread;
        // Guarded by mutex_:
        std::optional<OutboxEntry> job;
        bool busy = false;       // has a job, or is at it
        bool retrying = false;   // with one that was tried before
        bool connected = false;  // end_batch is due
        bool closing = false;    // is at end_batch
    };
    struct Unsettled {
        OutboxEntry entry;
        DeliveryOutcome outcome;
    };

    Duration look();  // a round: what is to be done now, and how long to wait for the next
    bool hand_out();  // false: nothing more to do for now
    bool hand(OutboxEntry entry);
    void work(Sender& sender);  // the thread of one
    void send(Sender& sender, const OutboxEntry& entry);
    DeliveryOutcome judge(const OutboxEntry& entry, const DeliveryReport& report);
    static DeliveryOutcome given_back(const OutboxEntry& entry, Instant now);
    void settle(const OutboxEntry& entry, const DeliveryOutcome& outcome);
    void settle_left_over();
    void free_dead_claims();
    void renew_claims();
    void check_store();
    void forget_old();
    Duration measure();        // and when there is something to do next
    size_t under_way() const;  // with mutex_ held

    // Note what came of it, and complain now and then.
    template <typename Value>
    bool was_read(const Result<Value>& result);
    template <typename Value>
    bool was_written(const Result<Value>& result);
    void complain(const Error& error);

    OutboxStore& store_;
    const Clock& clock_;
    OutboxMeter& meter_;
    spdlog::logger& log_;
    const std::function<double()> fraction_;  // guarded by mutex_
    const OutboxWorkerOptions options_;

    // The dispatcher's own:
    bool freed_ = false;
    SteadyInstant renew_next_{};
    SteadyInstant forget_next_{};

    std::stop_source stopping_;
    mutable std::mutex mutex_;
    std::condition_variable woken_;     // the dispatcher
    std::condition_variable has_work_;  // senders
    // Guarded by mutex_:
    bool rung_ = false;
    std::vector<Sender> senders_;     // their number never changes
    std::set<std::string> held_ids_;  // under way, or sent and not settled yet
    std::vector<Unsettled> unsettled_;
    DeliveryPace pace_;
    StorePace store_pace_;
    WallSteps steps_;
};

}  // namespace watchbill
