// The refresh flow: calendars -> plans -> published feeds, team by team, for as long as the process runs.
//
// It wakes when a calendar is due, a slow fetch has come in, a day turns in one of a team's zones, or the
// configuration was reloaded. What it makes it hangs out on the notice board; requests read only that.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "service/errands.h"
#include "service/feed_links.h"
#include "service/notice_board.h"
#include "service/team_calendars.h"
#include "service/team_draft.h"
#include "service/wake_signal.h"
#include "service/worker_pool.h"
#include "watchbill/ports.h"

namespace watchbill {

struct ServiceOptions {
    size_t fetchers = 8;  // most calendars are waited for, not worked on: more than there are cores
    // So long the fast calendars wait for the slow ones before a plan is made without their news; a slow one
    // makes a plan of its own when it comes in.
    std::chrono::milliseconds patience{2000};
    // Called by the thread that runs the flow, each time a team's notice was replaced.
    std::function<void(const TeamNotice&)> on_posted;
};

class Service {
public:
    // All must outlive it.
    Service(const Ports& ports, const Clock& clock, FeedTokens tokens, NoticeBoard& board,
            ServiceOptions options = {});
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    // The teams to serve from now on, at the start and after a reload. Unchanged teams go on as they are; the
    // others show what they showed until their new plan is there. Thread-safe.
    void set_teams(std::vector<Team> teams);
    // Works until stop(). Blocks.
    void run();
    void stop();  // thread-safe

    // Asks the thread that runs the flow, and waits so long for it; what was asked goes on when nobody waits
    // any more. Thread-safe. Errors: not_found (no such team), timeout, unavailable (the service stops, the
    // calendars are still being read for the first time, or another process holds the database while the
    // thread's CallDeadline runs out), and those of the store.
    //
    // Asks all the team's calendars, due or not, and plans once each has answered or failed.
    Result<RefreshReport> refresh_now(const std::string& team, std::chrono::milliseconds patience);
    // Plans with the calendars as they were last read, for what the store has learned since: an override.
    Result<RefreshReport> replan_now(const std::string& team, std::chrono::milliseconds patience);

    // Does what is due, and says when something will be due next. run() calls it; it is not thread-safe.
    Instant tick();
    // Something was written that it should look at soon: an incident. Thread-safe.
    void nudge() { wake_.ring(); }
    // Until the fetches under way are in, or so long. True when all are.
    bool wait_for_fetches(std::chrono::milliseconds patience) { return pool_.wait_until_idle(patience); }

private:
    struct Desk;   // one team at work
    struct Round;  // its calendars asked once for everybody who waits for that
    using Tickets = std::vector<std::shared_ptr<Errands::Ticket>>;

    void apply_new_teams();
    void read_for_new_windows(Moment now);
    bool take_errands(Moment now);  // true when calendars are being asked, as the next two
    bool fetch_due(Moment now);
    void begin_round(Desk& desk, Tickets tickets, Moment now);
    void finish_rounds(Moment now);
    void note_changes(Desk& desk);
    void replan_changed(Moment now);
    Result<void> replan(Desk& desk, Moment now);
    Result<RefreshReport> replan_for_errand(Desk& desk, Moment now);
    // What was published before, by a process that has ended.
    void show_published(Desk& desk, Instant now);
    void show(Desk& desk, const TeamDraft& draft, std::shared_ptr<const TeamAvailability> availability);
    void post(Desk& desk);
    std::optional<Error> held_up() const;  // by whoever holds the database
    Instant next_wake(Moment now) const;
    Desk* find_desk(std::string_view team) const;  // null when there is none

    const Ports ports_;
    const Clock& clock_;
    const FeedTokens tokens_;
    NoticeBoard& board_;
    const ServiceOptions options_;
    std::vector<std::unique_ptr<Desk>> desks_;
    Errands errands_{[this] { wake_.ring(); }};
    std::vector<Round> rounds_;  // under way, one a team at most
    Tickets waiting_;            // for the next round of their team

    WakeSignal wake_;
    std::mutex mutex_;
    std::optional<std::vector<Team>> new_teams_;  // guarded by mutex_

    WorkerPool pool_;  // last: its jobs use what stands above
};

}  // namespace watchbill
