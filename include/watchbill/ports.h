// What the service needs from the world, as abstract classes. Implementations live in src/sources, src/store
// and src/service; tests bring their own. Every call may block; thread-safety is stated for each.
#pragma once

#include <stop_token>
#include <string>

#include "watchbill/outbox.h"
#include "watchbill/result.h"
#include "watchbill/store.h"
#include "watchbill/team.h"
#include "watchbill/time.h"

namespace watchbill {

// Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    // What people call the time. It may jump, in both directions: decide by it what is due on a date, never
    // how long something has taken or when to look again.
    virtual Instant now() const = 0;
    // Never goes back.
    virtual SteadyInstant steady_now() const = 0;
};

struct Fetched {
    bool not_modified = false;  // then bytes is empty: the last copy is still good
    std::string bytes;          // at most 10 MB
    Validators validators;
};

// Thread-safe: different calendars are fetched side by side.
class CalendarSource {
public:
    virtual ~CalendarSource() = default;
    // What overlaps `window` is in the answer; of what lies outside of it a source may leave out what it
    // likes. `last` are those of the copy that the caller would go on to use.
    // Errors: not_found, unavailable, timeout, too_large, refused. Neither the message nor `where` holds the
    // URL's path, query or credentials.
    virtual Result<Fetched> fetch(const CalendarRef& calendar, const Validators& last, Interval window) = 0;
};

// What came of one message.
enum class Delivery {
    accepted,          // the server has it and answers for it
    refused_for_now,   // 4xx for this mail: greylisting, a full mailbox; a calendar that cannot be reached
    refused_for_good,  // 5xx for this mail: no such mailbox, say
    no_server,         // it concerns every one: no connection, no TLS, a wrong password, a broken session
};

struct DeliveryReport {
    Delivery delivery = Delivery::accepted;
    std::string error;  // a sentence without content of the mail; "" when it was accepted
    // With `no_server`: it came in the middle of this message, which may be the reason. The others go on.
    bool in_message = false;
};

// What carries the outbox's messages of one kind: mails to a mail server, events into calendars.
// Not thread-safe: one thread's.
class MessageTransport {
public:
    virtual ~MessageTransport() = default;
    // Blocks for at most `longest_delivery`. Mails sent one after the other share a connection. Once `stop`
    // is requested one that is under way still gets a moment to be acknowledged.
    virtual DeliveryReport deliver(const OutboxMessage& message, const std::stop_token& stop) = 0;
    // Nothing more to send for a while: ends the connection.
    virtual void end_batch() = 0;
    virtual Duration longest_delivery() const = 0;
};

}  // namespace watchbill
