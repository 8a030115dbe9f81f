#include "service/event_transport.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "ical/event_copy.h"
#include "incident/texts.h"
#include "service/incident_desk.h"

namespace watchbill {

namespace {

// After that many conflicts, or after that long, it is left for later; longest_delivery() counts on it.
constexpr int most_rounds = 5;
constexpr Duration enough = std::chrono::seconds(20);
// How long mails are held at the least for whoever takes over from a dead process and finds the event there.
constexpr Duration grace = std::chrono::seconds(15);

// Trying again soon will not help: people are told by mail at once.
bool is_lasting(const Error& error) {
    return error.code != ErrorCode::unavailable && error.code != ErrorCode::timeout &&
           error.code != ErrorCode::conflict;
}

bool is_in(const std::vector<MemberId>& members, const MemberId& member) {
    return std::find(members.begin(), members.end(), member) != members.end();
}

ical::CopyOrder order_of(const Team& team, const Incident& incident, const std::string& url) {
    ical::CopyOrder order;
    order.event = incident_request(team, incident, url);
    if (incident.state == IncidentState::cancelled) order.event.method = InvitationMethod::cancel;
    for (size_t i = 0; i < incident.invitations.size(); ++i)
        order.invitees.push_back({order.event.invitees[i], incident.invitations[i].invited_sequence, false});
    return order;
}

}  // namespace

struct EventTransport::Task {
    std::shared_ptr<const TeamNotice> notice;
    const IncidentCalendar* calendar = nullptr;  // of its team
    std::string incident;
    Instant mails_wait_until;

    const std::string& team() const { return notice->team->name; }
};

DeliveryReport EventTransport::deliver(const OutboxMessage& message, const std::stop_token& stop) {
    const SteadyInstant began = clock_.steady_now();
    const auto notice = board_.find(message.team);
    if (notice == nullptr) return {Delivery::refused_for_now, "the incident's team is not served (yet)"};
    Task task{notice, nullptr, message.about, message.created_at + mails_wait};
    if (!notice->team->incident_calendar) {
        const auto released = release_all(task);
        return {released ? Delivery::refused_for_good : Delivery::refused_for_now,
                "the team has no incident calendar any more"};
    }
    task.calendar = &*notice->team->incident_calendar;
    for (int round = 1;; ++round) {
        const Result<void> done = bring_up_to_date(task);
        if (done) return {};
        const Error& error = done.error();
        const bool again = error.code == ErrorCode::conflict && round < most_rounds &&
                           clock_.steady_now() < began + enough && !stop.stop_requested();
        if (again) continue;
        // Only now: a process that died may have put it, and the server told people, without our knowing.
        if (is_lasting(error) || is_late(task)) {
            if (const auto released = release_all(task); !released)
                log_.error("team {}: {}", task.team(), released.error().message);
        }
        return {Delivery::refused_for_now, error.message};
    }
}

bool EventTransport::is_late(const Task& task) const {
    const Duration left = task.mails_wait_until - clock_.now();
    // Further ahead than it can be: the wall clock was set back.
    return left <= Duration(0) || left > mails_wait;
}

Result<void> EventTransport::bring_up_to_date(const Task& task) {
    const auto schedules = calendars_.schedules(task.calendar->calendar);
    const bool by_server =
        schedules && *schedules && task.calendar->inviting == IncidentCalendar::Inviting::automatic;
    if (schedules && !by_server) {
        if (const auto released = release_all(task); !released) return released;
    }
    if (!schedules) return tl::unexpected(schedules.error());
    const Instant now = clock_.now();
    // Nobody renews that, so that it outlasts the slowest server.
    const auto held = store_.hold_mails(task.team(), task.incident, now, now + longest_delivery() + grace);
    if (!held) return tl::unexpected(held.error());
    // After that: what changed since has mails of its own, which stay held.
    const auto incident = store_.find_incident(task.team(), task.incident);
    if (!incident) return tl::unexpected(incident.error());
    if (!*incident) return fail(ErrorCode::invalid_input, "the incident is not there any more");
    const auto standing = write_event(task, **incident, *held, by_server, *schedules);
    if (!standing) {
        // Nobody waits for longer than they would have, had it not been tried.
        if (is_late(task)) return tl::unexpected(standing.error());
        if (const auto back = store_.hold_mails(task.team(), task.incident, now, task.mails_wait_until);
            !back)
            return tl::unexpected(back.error());
        return tl::unexpected(standing.error());
    }
    if (!*schedules) return {};
    return settle_mails(task, **incident, *held, *standing);
}

Result<std::string> EventTransport::write_event(const Task& task, const Incident& incident,
                                                const HeldMails& held, bool by_server, bool schedules) {
    ical::CopyOrder order = order_of(*task.notice->team, incident, links_.public_url());
    for (ical::CopyInvitee& one : order.invitees)
        one.by_client = !by_server || is_in(held.by_mail, one.invitee.member);
    order.told = held.told;
    order.server_schedules = schedules;
    const CalendarRef& calendar = task.calendar->calendar;
    const auto stored = calendars_.read(calendar, incident.uid);
    if (!stored && stored.error().code != ErrorCode::not_found) return tl::unexpected(stored.error());
    std::string written;
    std::optional<std::string> etag;
    if (stored) {
        auto merged = ical::merge_copy(stored->bytes, order);
        if (!merged) return stored->bytes;
        written = std::move(*merged);
        etag = stored->etag;
    } else {
        // It never was there, or somebody took it away: there is nothing to cancel.
        if (incident.state == IncidentState::cancelled) return std::string();
        written = ical::write_copy(order);
    }
    if (const auto put = calendars_.put(calendar, incident.uid, written, etag); !put)
        return tl::unexpected(put.error());
    if (!schedules) return written;
    // Whom the server could not tell it says in its own copy. Without it, it is believed.
    const auto again = calendars_.read(calendar, incident.uid);
    return again ? again->bytes : written;
}

Result<void> EventTransport::settle_mails(const Task& task, const Incident& incident, const HeldMails& held,
                                          const std::string& standing) {
    ServerInvitations invitations;
    invitations.latest = held.latest;
    const auto copy = ical::read_copy(standing, incident.uid);
    for (const Invitation& one : incident.invitations) {
        if (!copy) break;
        const auto found =
            std::find_if(copy->attendees.begin(), copy->attendees.end(),
                         [&one](const auto& attendee) { return attendee.member == one.member; });
        const bool reached = found != copy->attendees.end() && !found->unreachable;
        if (reached && !found->by_client) invitations.by_server.push_back(one.member);
        if (!reached && !is_in(held.by_mail, one.member)) invitations.unreachable.push_back(one.member);
    }
    const auto left = store_.leave_to_server(task.team(), task.incident, invitations, clock_.now());
    if (!left || invitations.unreachable.empty()) return left;
    log_.warn("team {}: incident {}: the calendar's server cannot tell {} of its people; mail does",
              task.team(), task.incident, invitations.unreachable.size());
    bell_.ring();
    return {};
}

Result<void> EventTransport::hold_mails() { return store_.hold_behind_events(clock_.now() + grace); }

Result<void> EventTransport::release_all(const Task& task) {
    const auto released = store_.release_mails(task.team(), task.incident, std::nullopt, clock_.now());
    if (released) bell_.ring();
    return released;
}

}  // namespace watchbill
