#include "service/calendar_watch.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "ical/event_copy.h"

namespace watchbill {

namespace {

// Most answer within minutes.
constexpr Duration young = std::chrono::hours(1);
// How often it looks which incidents are open: others may open them too.
constexpr Duration look = std::chrono::seconds(15);
// Of more that are open at once only the newest are read.
constexpr int most_incidents = 200;

Duration interval_of(const Team& team, const Incident& incident, Instant now) {
    const Duration often = team.incident_calendar->read_every;
    return now < incident.changed_at + young ? often : std::max(often, team.refresh);
}

}  // namespace

void CalendarWatch::run() {
    while (!stopping_.stop_requested()) {
        const Duration wait = std::clamp(tick() - clock_.now(), Duration(1), look);
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, wait, [this] { return nudged_ || stopping_.stop_requested(); });
        nudged_ = false;
    }
}

void CalendarWatch::stop() {
    stopping_.request_stop();
    nudge();
}

void CalendarWatch::nudge() {
    {
        const std::lock_guard lock(mutex_);
        nudged_ = true;
    }
    woken_.notify_all();
}

Instant CalendarWatch::tick() {
    const Moment now = moment_of(clock_);
    Due due;
    for (const auto& notice : board_.all()) {
        if (notice->team->incident_calendar && !stopping_.stop_requested()) look_at(*notice, now, due);
    }
    due_ = std::move(due);
    SteadyInstant next = now.steady + look;
    for (const auto& [uid, at] : due_) next = std::min(next, at);
    return now.wall + std::chrono::ceil<Duration>(next - now.steady);
}

void CalendarWatch::look_at(const TeamNotice& notice, Moment now, Due& due) {
    const Team& team = *notice.team;
    // Asked for before there is an incident: its mails need not wait to know then. What went wrong is logged.
    static_cast<void>(calendars_.schedules(team.incident_calendar->calendar));
    if (!notice.ready()) return;
    const auto open = store_.incidents(team.name, {IncidentState::open, std::nullopt, most_incidents});
    if (!open) return;
    for (const Incident& incident : *open) {
        const auto known = due_.find(incident.uid);
        SteadyInstant at = known == due_.end() ? now.steady : known->second;
        if (at <= now.steady && !stopping_.stop_requested()) {
            read(notice, incident);
            at = clock_.steady_now() + interval_of(team, incident, now.wall);
        }
        due[incident.uid] = at;
    }
}

void CalendarWatch::read(const TeamNotice& notice, const Incident& incident) {
    const auto stored = calendars_.read(notice.team->incident_calendar->calendar, incident.uid);
    if (!stored) return;  // not there yet; else it was logged, and is tried again
    const auto copy = ical::read_copy(stored->bytes, incident.uid);
    if (!copy) return;  // somebody put something else there; the next change puts it right
    CalendarAnswers answers;
    answers.sequence = copy->sequence;
    for (const ical::CopyAttendee& one : copy->attendees) {
        answers.answers.push_back({one.member, one.status});
        if (one.by_client || !one.unreachable || incident.find(one.member) == nullptr) continue;
        // The server said so only after it had taken the event.
        const auto released = store_.release_mails(incident.team, incident.id, one.member, clock_.now());
        if (released) bell_.ring();
    }
    const auto outcome =
        desk_.read_back({*notice.team, *notice.plan, *notice.availability}, incident.id, answers);
    if (!outcome) {
        log_.error("team {}: incident {}: answers in the calendar cannot be kept: {}", incident.team,
                   incident.id, outcome.error().error.message);
    }
}

}  // namespace watchbill
