// One calendar of a team: asks its source when it is due, keeps the last good copy in the store, and holds
// what the calendar says. A source that fails or answers with something unreadable changes nothing but the
// state: the last good contents stay in use.
//
// What was last read belongs to the calendar's owner, not to its address: a calendar at a new address uses
// what was read of its owner at the old ones until it has been read once itself.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "rotation/classify.h"
#include "rotation/planner.h"
#include "service/moment.h"
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

// Whose calendar it is.
struct CalendarOwner {
    std::string team;
    std::string name;  // a member's address, or "holidays/" and the site
    int place = 0;     // among the owner's calendars
};

// A hash of where a calendar is and as whom it is asked, so no secret is a key. Versions before copies had
// owners kept them by it.
std::string source_key(const CalendarRef& calendar);
// The store's key for what was read of the owner there; the place does not matter.
std::string copy_key(const CalendarOwner& owner, const CalendarRef& calendar);

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
    CalendarOwner owner = {};
    // Keys of copies that were read of the owner at addresses which are not theirs any more. They are in use,
    // together, until this calendar has been read once; then they are forgotten.
    std::vector<std::string> predecessors = {};
};

// Thread-safe; load_copy and refresh wait for each other.
class CalendarKeeper {
public:
    CalendarKeeper(KeptCalendar kept, const Ports& ports);

    // Reads the last good copy from the store, without asking the source: at the start, and for another
    // window when the day has turned. Does nothing when the contents in use are of this window already. Never
    // throws.
    void load_copy(Interval window, Moment now);
    // Asks the source and reads what it answers. Never throws: what goes wrong becomes the state.
    void refresh(Moment now, Interval window);

    // True when it is time to ask the source and nobody does so already; the caller then must refresh.
    bool claim_if_due(SteadyInstant now);
    SteadyInstant due() const;  // when it is asked next
    SourceState state(Moment now) const;
    std::shared_ptr<const ClassifiedCalendar> contents() const;  // null: nothing could be read yet
    // It has contents, or its source was asked in vain, be it by an earlier process.
    bool read_or_tried() const;
    // Of the copies that are still needed: this calendar's own, or those that stand in for it.
    std::vector<std::string> copy_keys() const;

private:
    using Contents = std::shared_ptr<const ClassifiedCalendar>;

    Result<Contents> read(std::string_view bytes, Interval window) const;
    Result<std::optional<SourceCopy>> stored_copy() const;
    void read_copy(Interval window, Moment now);
    void use_copy(SourceCopy copy, Interval window, Moment now);
    void use_predecessors(Interval window, Moment now);
    void forget_predecessors();
    Result<void> take_answer(const Fetched& fetched, Instant now, Interval window);
    Result<void> reuse_copy(Instant now, Interval window);
    void save_copy(const Fetched& fetched, Instant now);
    void save_that_tried(Instant now);
    void use(Contents contents, Interval window);
    void use_stale(Contents contents, Interval window, Instant read_at, Moment now);
    void note_success(Moment now);
    void note_failure(Error error, Moment now);
    void warn_of_store(const Error& error) const;

    const KeptCalendar kept_;
    const std::string key_;
    const Ports ports_;

    std::mutex working_;  // held while a copy is loaded or a source asked; guards the four below
    Validators validators_;
    std::string content_hash_;  // of the bytes that `contents_` was read from; "" for predecessors'
    Interval window_;           // that `contents_` was read for
    Instant saved_at_;          // the store's note of when the source last answered

    mutable std::mutex mutex_;  // guards what others look at
    Contents contents_;
    SourceState state_;  // but for its instants
    std::optional<Moment> last_attempt_;
    std::optional<Moment> last_success_;
    SteadyInstant due_ = SteadyInstant::min();
    bool tried_before_ = false;  // by an earlier process, in vain
    bool copy_is_own_ = false;   // what the store has of it is under its own key
    int failures_ = 0;           // in a row
    bool claimed_ = false;
};

}  // namespace watchbill
