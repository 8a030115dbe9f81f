// One calendar of a team: asks its source when it is due, keeps the last good copy in the store, and holds
// what the calendar says. A source that fails or answers with something unreadable changes nothing but the
// state: the last good contents stay in use.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "rotation/classify.h"
#include "rotation/planner.h"
#include "service/source_state.h"
#include "time/zone.h"
#include "watchbill/ports.h"
#include "watchbill/replies.h"

namespace spdlog {
class logger;
}

namespace watchbill {

class Metrics;
class TeamMeter;

// The store's key for a calendar: a hash of where it is and as whom it is asked, so no secret is a key.
std::string source_key(const CalendarRef& calendar);

// An attempt to read a calendar that just ended.
struct FetchAttempt {
    Instant ended;
    int failures = 0;                          // in a row, with this one; 0 after a success
    std::optional<Duration> retry_after = {};  // what the peer asked for
    Duration refresh{};                        // the team's pace
};
// When the calendar is asked next. Thread-safe; brings its own jitter.
using Pacing = std::function<Instant(const FetchAttempt&)>;

// What the service works with. All must outlive whoever holds it.
struct Ports {
    CalendarSource* source = nullptr;
    Store* store = nullptr;  // null: nothing is remembered (plan --fresh)
    const Planner* planner = nullptr;
    spdlog::logger* log = nullptr;
    Pacing pacing = [](const FetchAttempt& attempt) { return attempt.ended + attempt.refresh; };
    Metrics* metrics = nullptr;  // null: nothing is counted
    OutboxBell* bell = nullptr;  // rung when something was written to the outbox; null: the worker finds it
};

struct KeptCalendar {
    CalendarRef calendar;
    Zone zone;  // for floating times and all-day events
    // What a reading means: for a member's calendar its classification, for a holiday calendar its days.
    std::function<ClassifiedCalendar(const CalendarReading&)> interpret;
    Duration refresh;            // how often the source is asked
    TeamMeter* meter = nullptr;  // null: what comes of it is not counted
};

// Thread-safe; load_copy and refresh wait for each other.
class CalendarKeeper {
public:
    CalendarKeeper(KeptCalendar kept, const Ports& ports);

    // Reads the last good copy from the store, without asking the source: at the start, and for another
    // window when the day has turned. Does nothing when the contents in use are of this window already.
    void load_copy(Interval window);
    // Asks the source and reads what it answers. Never throws: what goes wrong becomes the state.
    void refresh(Instant now, Interval window);

    // True when it is time to ask the source and nobody does so already; the caller then must refresh.
    bool claim_if_due(Instant now);
    SourceState state() const;
    std::shared_ptr<const ClassifiedCalendar> contents() const;  // null: nothing could be read yet

private:
    using Contents = std::shared_ptr<const ClassifiedCalendar>;

    Result<Contents> read(std::string_view bytes, Interval window) const;
    Result<void> take_answer(const Fetched& fetched, Instant now, Interval window);
    Result<void> reuse_copy(Instant now, Interval window);
    void save_copy(const Fetched& fetched, Instant now);
    void use(Contents contents, Interval window);
    void note_success(Instant now);
    void note_failure(Error error, Instant now);
    void warn_of_store(const Error& error) const;

    const KeptCalendar kept_;
    const std::string key_;
    const Ports ports_;

    std::mutex working_;  // held while a copy is loaded or a source asked; guards the four below
    Validators validators_;
    std::string content_hash_;  // of the bytes that `contents_` was read from
    Interval window_;           // that `contents_` was read for
    Instant saved_at_;          // the store's note of when the source last answered

    mutable std::mutex mutex_;  // guards what others look at
    Contents contents_;
    SourceState state_;
    int failures_ = 0;  // in a row
    bool claimed_ = false;
};

}  // namespace watchbill
