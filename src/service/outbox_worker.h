// Sends what waits in the outbox for one transport, on a thread of its own: a server that is slow or dead
// delays nobody else.
//
// A message is claimed for some minutes, handed to the mail server and settled: sent, to be tried again, or
// failed. Whoever dies in between leaves a claim that expires, and the next worker, of whichever process,
// sends the message again under the same Message-ID. What was acknowledged and settled is not sent twice.
#pragma once

#include <spdlog/logger.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>

#include "service/metrics.h"
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

// How long all messages wait after so many failures in a row that were the server's: 5 s, doubled up to one
// minute. Pure.
Duration server_pause(int failures, double fraction);

struct OutboxWorkerOptions {
    std::string name;  // unique to the process and its start
    Transport transport = Transport::mail;
    std::string noun = "mail";    // what it delivers, for the log
    Duration look = Duration(5);  // how often it looks for what other processes have written
    Duration claim = Duration(10 * 60);
    int batch = 20;                                   // messages claimed at a time
    Duration remember = std::chrono::hours(24 * 90);  // settled messages, for those who ask
};

class OutboxWorker final : public OutboxBell {
public:
    // All must outlive it. Without a transport it only counts what waits. `fraction` returns numbers in [0,
    // 1).
    OutboxWorker(OutboxStore& store, MessageTransport* transport, const Clock& clock, OutboxMeter& meter,
                 spdlog::logger& log, std::function<double()> fraction, OutboxWorkerOptions options);

    void ring() override;
    // Works until stop(). Blocks.
    void run();
    // Thread-safe. A mail under way gets its moment (MessageTransport), the others are given back.
    void stop();

    // Sends what is due, and says when something will be due next. run() calls it; it is not thread-safe.
    Instant tick();

private:
    bool send_batch(Instant now);  // false: nothing more to do for now
    void send(const OutboxEntry& entry);
    void settle(const OutboxEntry& entry, const DeliveryOutcome& outcome);
    void give_back(const OutboxEntry& entry);
    DeliveryOutcome outcome_of(const OutboxEntry& entry, const DeliveryReport& report, Instant now);
    void note_server(bool works, const std::string& error, Instant now);
    void forget_old(Instant now);
    void complain(const Error& error);

    OutboxStore& store_;
    MessageTransport* const transport_;  // null for none
    const Clock& clock_;
    OutboxMeter& meter_;
    spdlog::logger& log_;
    const std::function<double()> fraction_;
    const OutboxWorkerOptions options_;

    int server_failures_ = 0;  // in a row
    Instant paused_until_;
    Instant forget_next_;
    bool store_complained_ = false;

    std::stop_source stopping_;
    std::mutex mutex_;
    std::condition_variable woken_;
    bool rung_ = false;
};

}  // namespace watchbill
