#include "service/incident_calendars.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace watchbill {

namespace {

// A server's abilities change with its upgrades.
constexpr Duration abilities_last = std::chrono::hours(1);
// Shorter than an order to write an event waits for its next attempt (retry_delay): that one is not in vain.
constexpr Duration first_pause = std::chrono::seconds(3);
constexpr Duration longest_pause = std::chrono::minutes(1);

// The server itself is the matter, not what it was asked.
bool is_unreachable(const Error& error) {
    return error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout;
}

}  // namespace

bool IncidentCalendars::invites(const CalendarAbilities& abilities) const {
    const auto& own = abilities.organizers;
    return abilities.schedules && std::find(own.begin(), own.end(), organizer_) != own.end();
}

Inviter IncidentCalendars::inviter(const Team& team) const {
    const auto& configured = team.incident_calendar;
    if (!configured || configured->inviting == IncidentCalendar::Inviting::mail) return Inviter::mail;
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(configured->calendar);
    if (found == known_.end() || !found->second.abilities) return Inviter::unknown;
    return invites(*found->second.abilities) ? Inviter::server : Inviter::mail;
}

Result<bool> IncidentCalendars::schedules(const CalendarRef& calendar) {
    {
        const std::lock_guard lock(mutex_);
        const Known& known = known_[calendar];
        if (known.abilities && clock_.steady_now() < known.ask_again) return invites(*known.abilities);
    }
    auto abilities = asked<CalendarAbilities>(calendar, [](EventCalendar& it) { return it.discover(); });
    const std::lock_guard lock(mutex_);
    Known& known = known_[calendar];
    if (abilities) {
        known.abilities = std::move(*abilities);
        known.ask_again = clock_.steady_now() + abilities_last;
    } else if (!known.abilities || !is_unreachable(abilities.error())) {
        return tl::unexpected(std::move(abilities.error()));
    }
    // What it could do an hour ago it can still do when it is back.
    return invites(*known.abilities);
}

Result<StoredEvent> IncidentCalendars::read(const CalendarRef& calendar, const std::string& uid) {
    return asked<StoredEvent>(calendar, [&](EventCalendar& it) { return it.read(uid); });
}

Result<std::string> IncidentCalendars::put(const CalendarRef& calendar, const std::string& uid,
                                           const std::string& bytes, const std::optional<std::string>& etag) {
    return asked<std::string>(calendar, [&](EventCalendar& it) { return it.put(uid, bytes, etag); });
}

template <typename T, typename Use>
Result<T> IncidentCalendars::asked(const CalendarRef& calendar, const Use& use) {
    std::shared_ptr<EventCalendar> opened;
    {
        const std::lock_guard lock(mutex_);
        Known& known = known_[calendar];
        if (clock_.steady_now() < known.paused_until) return tl::unexpected(known.last_error);
        if (known.calendar == nullptr) known.calendar = make_(calendar);
        opened = known.calendar;
    }
    Result<T> result = use(*opened);
    note(calendar, result ? nullptr : &result.error());
    return result;
}

void IncidentCalendars::note(const CalendarRef& calendar, const Error* error) {
    const std::lock_guard lock(mutex_);
    Known& known = known_[calendar];
    if (error == nullptr || !is_unreachable(*error)) {
        if (known.failures > 0) log_.info("{}: its server answers again", calendar.label);
        known.failures = 0;
        return;
    }
    if (known.failures == 0) log_.error("{}: {}", calendar.label, error->message);
    known.last_error = *error;
    known.paused_until =
        clock_.steady_now() + std::min(longest_pause, first_pause * (1 << std::min(known.failures, 10)));
    ++known.failures;
}

}  // namespace watchbill
