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
// At a time, those first that have waited longest: the others are read right after.
constexpr size_t most_reads = 100;

// The messages about an incident say that its event was put into the calendar, and that nothing more is on
// its way there.
bool is_settled(const std::vector<MessageDelivery>& messages) {
    const auto newest = std::find_if(messages.begin(), messages.end(), [](const MessageDelivery& one) {
        return one.transport == Transport::caldav;
    });
    return newest != messages.end() && newest->state == DeliveryState::sent;
}

}  // namespace

void CalendarWatch::run() {
    while (!stopping_.stop_requested()) {
        const auto next = tick() - clock_.steady_now();
        wake_.wait_for(std::clamp<SteadyInstant::duration>(next, Duration(1), look));
    }
}

void CalendarWatch::stop() {
    stopping_.request_stop();
    wake_.stop();
}

SteadyInstant CalendarWatch::tick() {
    const SteadyInstant now = clock_.steady_now();
    std::map<std::string, Reading> known;
    for (const auto& notice : board_.all()) {
        if (notice->team->incident_calendar && !stopping_.stop_requested()) look_at(*notice, now, known);
    }
    readings_ = std::move(known);
    SteadyInstant next = now + look;
    for (const auto& [uid, reading] : readings_) next = std::min(next, reading.due);
    return next;
}

void CalendarWatch::look_at(const TeamNotice& notice, SteadyInstant now,
                            std::map<std::string, Reading>& known) {
    const Team& team = *notice.team;
    // Asked for before there is an incident: its mails need not wait to know then. What went wrong is logged.
    static_cast<void>(calendars_.schedules(team.incident_calendar->calendar));
    if (!notice.ready()) return;
    const auto open = store_.incidents(team.name, {IncidentState::open});
    if (!open) return;
    std::vector<const Incident*> due;
    for (const Incident& incident : *open) {
        const auto before = readings_.find(incident.uid);
        Reading reading = before == readings_.end() ? Reading{now, incident.changed_at, now} : before->second;
        if (before == readings_.end() || reading.changed_at != incident.changed_at) {
            // However far ahead or behind the wall clock is, it is young for no longer than that.
            const Duration age = clock_.now() - incident.changed_at;
            reading.changed_at = incident.changed_at;
            reading.young_until = now + young - std::clamp(age, Duration(0), young);
        }
        if (reading.due <= now) due.push_back(&incident);
        known[incident.uid] = reading;
    }
    std::stable_sort(due.begin(), due.end(), [&known](const Incident* a, const Incident* b) {
        return known.at(a->uid).due < known.at(b->uid).due;
    });
    if (due.size() > most_reads) due.resize(most_reads);
    for (const Incident* incident : due) {
        if (stopping_.stop_requested()) return;
        read(notice, *incident);
        Reading& reading = known.at(incident->uid);
        const Duration often = team.incident_calendar->read_every;
        reading.due =
            clock_.steady_now() + (now < reading.young_until ? often : std::max(often, team.refresh));
    }
}

void CalendarWatch::read(const TeamNotice& notice, const Incident& incident) {
    const auto stored = calendars_.read(notice.team->incident_calendar->calendar, incident.uid);
    if (!stored) {
        if (stored.error().code == ErrorCode::not_found) restore(notice, incident);
        return;  // else it was logged, and is tried again
    }
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

void CalendarWatch::restore(const TeamNotice& notice, const Incident& incident) {
    const auto messages = store_.deliveries(incident.team, incident.id);
    if (!messages || !is_settled(*messages)) return;
    // It may have been put since it was looked for.
    const auto again = calendars_.read(notice.team->incident_calendar->calendar, incident.uid);
    if (again || again.error().code != ErrorCode::not_found) return;
    const auto outcome = desk_.restore_event({*notice.team, *notice.plan, *notice.availability}, incident.id);
    if (!outcome) {
        log_.error("team {}: incident {}: its event was deleted from the calendar and cannot be put back: {}",
                   incident.team, incident.id, outcome.error().error.message);
    } else if (outcome->changed) {
        log_.warn("team {}: incident {}: its event was deleted from the calendar", incident.team,
                  incident.id);
    }
}

}  // namespace watchbill
