#include "service/team_calendars.h"

#include <algorithm>

#include "rotation/candidates.h"
#include "service/metrics.h"

namespace watchbill {

namespace {

// Holidays are days of the people who have them: those of the site, or everybody.
Zone zone_of_site(const Team& team, const std::string& site) {
    const auto member = std::find_if(team.members.begin(), team.members.end(),
                                     [&site](const Member& m) { return !site.empty() && m.site == site; });
    return Zone::get(member == team.members.end() ? team.zone : member->zone);
}

void merge(Availability& into, const Availability& more) {
    into.absences.insert(into.absences.end(), more.absences.begin(), more.absences.end());
    into.night_duties.insert(into.night_duties.end(), more.night_duties.begin(), more.night_duties.end());
}

// Sorted, as the vocabulary promises; what two calendars of a member both say counts once.
void tidy(Availability& availability) {
    auto& absences = availability.absences;
    std::stable_sort(absences.begin(), absences.end(),
                     [](const Absence& a, const Absence& b) { return a.when < b.when; });
    absences.erase(std::unique(absences.begin(), absences.end()), absences.end());
    auto& nights = availability.night_duties;
    std::sort(nights.begin(), nights.end());
    nights.erase(std::unique(nights.begin(), nights.end()), nights.end());
}

}  // namespace

TeamCalendars::TeamCalendars(std::shared_ptr<const Team> team, const Ports& ports) : team_(std::move(team)) {
    keep_members_calendars(ports);
    keep_holidays(ports);
}

void TeamCalendars::keep_members_calendars(const Ports& ports) {
    TeamMeter* const meter = ports.metrics != nullptr ? &ports.metrics->team(team_->name) : nullptr;
    const auto classifier = std::make_shared<const Classifier>(
        team_->keywords, team_->members, team_->date_order.value_or(usual_date_order(team_->zone)));
    for (const Member& member : team_->members) {
        for (const CalendarRef& calendar : member.calendars) {
            KeptCalendar kept{calendar, Zone::get(member.zone),
                              [classifier, team = team_, &member](const CalendarReading& reading) {
                                  return classify_calendar(*classifier, reading, member);
                              },
                              team_->refresh, meter};
            keepers_.push_back(std::make_shared<CalendarKeeper>(std::move(kept), ports));
            owners_.push_back(&member);
        }
    }
}

void TeamCalendars::keep_holidays(const Ports& ports) {
    TeamMeter* const meter = ports.metrics != nullptr ? &ports.metrics->team(team_->name) : nullptr;
    for (const HolidayCalendar& holiday : team_->holidays) {
        KeptCalendar kept{holiday.calendar, zone_of_site(*team_, holiday.site),
                          [](const CalendarReading& reading) {
                              ClassifiedCalendar contents;
                              contents.availability.absences = holidays_of(reading);
                              return contents;
                          },
                          team_->refresh, meter};
        keepers_.push_back(std::make_shared<CalendarKeeper>(std::move(kept), ports));
    }
}

TeamAvailability TeamCalendars::availability() const {
    TeamAvailability availability;
    for (size_t i = 0; i < owners_.size(); ++i) {
        if (const auto contents = keepers_[i]->contents())
            merge(availability[owners_[i]->id], contents->availability);
    }
    for (size_t i = 0; i < team_->holidays.size(); ++i) {
        if (const auto contents = keepers_[owners_.size() + i]->contents())
            add_holidays(availability, *team_, team_->holidays[i].site, contents->availability.absences);
    }
    for (auto& [member, theirs] : availability) tidy(theirs);
    return availability;
}

std::vector<MemberSwapEvents> TeamCalendars::swap_events() const {
    std::vector<MemberSwapEvents> all;
    for (const Member& member : team_->members) {
        MemberSwapEvents& theirs = all.emplace_back();
        theirs.member = member.id;
        theirs.readable = !member.calendars.empty();
        for (size_t i = 0; i < owners_.size(); ++i) {
            if (owners_[i] != &member) continue;
            const auto contents = keepers_[i]->contents();
            if (contents == nullptr) {
                theirs.readable = false;
            } else {
                theirs.events.insert(theirs.events.end(), contents->swaps.begin(), contents->swaps.end());
            }
        }
    }
    return all;
}

std::vector<SourceState> TeamCalendars::states() const {
    std::vector<SourceState> states;
    for (const auto& keeper : keepers_) states.push_back(keeper->state());
    return states;
}

std::vector<std::shared_ptr<const ClassifiedCalendar>> TeamCalendars::contents() const {
    std::vector<std::shared_ptr<const ClassifiedCalendar>> contents;
    for (const auto& keeper : keepers_) contents.push_back(keeper->contents());
    return contents;
}

bool TeamCalendars::all_read_or_tried() const {
    return std::all_of(keepers_.begin(), keepers_.end(), [](const auto& keeper) {
        return keeper->contents() != nullptr || keeper->state().last_attempt.has_value();
    });
}

}  // namespace watchbill
