#include "service/team_calendars.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <set>

#include "rotation/availability/candidates.h"
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

std::vector<SourceCopyName> known_copies(const Team& team, const Ports& ports) {
    if (ports.store == nullptr) return {};
    auto names = ports.store->source_copy_names(team.name);
    if (names) return std::move(*names);
    ports.log->warn("team {}: the copies of its calendars cannot be found: {}", team.name,
                    names.error().message);
    return {};
}

// Of the calendars of one owner which copies stand in for those that were never read at their address: the
// copy that was read at the same place of the list or else the next one, and the first such calendar has what
// is left over: of a list that became shorter nobody can tell which calendar moved and which one went.
// `names` are all that the owner has or had.
void find_predecessors(std::vector<KeptCalendar>& theirs, const std::vector<SourceCopyName>& known,
                       const std::set<std::string>& names) {
    std::set<std::string> keys;
    for (const KeptCalendar& kept : theirs) keys.insert(copy_key(kept.owner, kept.calendar));
    std::vector<SourceCopyName> left;
    std::set<std::string> read;
    for (const SourceCopyName& copy : known) {
        if (!names.contains(copy.owner) || !copy.ever_read) continue;
        if (keys.contains(copy.key)) {
            read.insert(copy.key);
        } else {
            left.push_back(copy);
        }
    }
    std::vector<KeptCalendar*> unread;
    for (KeptCalendar& kept : theirs)
        if (!read.contains(copy_key(kept.owner, kept.calendar))) unread.push_back(&kept);
    if (unread.empty()) return;

    const auto take = [&left](KeptCalendar& kept, auto fits) {
        const auto found = std::find_if(left.begin(), left.end(), fits);
        if (found == left.end() || !kept.predecessors.empty()) return;
        kept.predecessors.push_back(found->key);
        left.erase(found);
    };
    for (KeptCalendar* kept : unread)
        take(*kept, [kept](const SourceCopyName& copy) { return copy.place == kept->owner.place; });
    for (KeptCalendar* kept : unread) take(*kept, [](const SourceCopyName&) { return true; });
    for (const SourceCopyName& copy : left) unread.front()->predecessors.push_back(copy.key);
}

}  // namespace

TeamCalendars::TeamCalendars(std::shared_ptr<const Team> team, const Ports& ports) : team_(std::move(team)) {
    const std::vector<SourceCopyName> known = known_copies(*team_, ports);
    keep_members_calendars(ports, known);
    keep_holidays(ports, known);
}

void TeamCalendars::keep_members_calendars(const Ports& ports, const std::vector<SourceCopyName>& known) {
    TeamMeter* const meter = ports.metrics != nullptr ? &ports.metrics->team(team_->name) : nullptr;
    const auto classifier = std::make_shared<const Classifier>(
        team_->keywords, team_->members, team_->date_order.value_or(usual_date_order(team_->zone)));
    for (const Member& member : team_->members) {
        std::vector<KeptCalendar> theirs;
        for (const CalendarRef& calendar : member.calendars) {
            KeptCalendar kept{calendar, Zone::get(member.zone),
                              [classifier, team = team_, &member](const CalendarReading& reading) {
                                  return classify_calendar(*classifier, reading, member);
                              },
                              team_->refresh, meter};
            kept.owner = {team_->name, member.id.email(), static_cast<int>(theirs.size())};
            theirs.push_back(std::move(kept));
        }
        // An address of theirs that is an alias now was their identity before.
        std::set<std::string> names{member.id.email()};
        for (const MemberId& alias : member.aliases) names.insert(alias.email());
        find_predecessors(theirs, known, names);
        for (KeptCalendar& kept : theirs) {
            keepers_.push_back(std::make_shared<CalendarKeeper>(std::move(kept), ports));
            owners_.push_back(&member);
        }
    }
}

void TeamCalendars::keep_holidays(const Ports& ports, const std::vector<SourceCopyName>& known) {
    TeamMeter* const meter = ports.metrics != nullptr ? &ports.metrics->team(team_->name) : nullptr;
    std::vector<KeptCalendar> all;
    std::map<std::string, std::vector<size_t>> of_site;  // places in `all`
    for (const HolidayCalendar& holiday : team_->holidays) {
        KeptCalendar kept{holiday.calendar, zone_of_site(*team_, holiday.site),
                          [](const CalendarReading& reading) {
                              ClassifiedCalendar contents;
                              contents.availability.absences = holidays_of(reading);
                              return contents;
                          },
                          team_->refresh, meter};
        auto& places = of_site[holiday.site];
        kept.owner = {team_->name, "holidays/" + holiday.site, static_cast<int>(places.size())};
        places.push_back(all.size());
        all.push_back(std::move(kept));
    }
    for (const auto& [site, places] : of_site) {
        std::vector<KeptCalendar> theirs;
        for (const size_t place : places) theirs.push_back(all[place]);
        find_predecessors(theirs, known, {"holidays/" + site});
        for (size_t i = 0; i < places.size(); ++i) all[places[i]].predecessors = theirs[i].predecessors;
    }
    // In the configuration's order, which availability() relies on.
    for (KeptCalendar& kept : all)
        keepers_.push_back(std::make_shared<CalendarKeeper>(std::move(kept), ports));
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

std::vector<SourceState> TeamCalendars::states(Moment now) const {
    std::vector<SourceState> states;
    for (const auto& keeper : keepers_) states.push_back(keeper->state(now));
    return states;
}

std::vector<std::shared_ptr<const ClassifiedCalendar>> TeamCalendars::contents() const {
    std::vector<std::shared_ptr<const ClassifiedCalendar>> contents;
    for (const auto& keeper : keepers_) contents.push_back(keeper->contents());
    return contents;
}

bool TeamCalendars::all_read_or_tried() const {
    return std::all_of(keepers_.begin(), keepers_.end(),
                       [](const auto& keeper) { return keeper->read_or_tried(); });
}

std::vector<std::string> TeamCalendars::copy_keys() const {
    std::vector<std::string> keys;
    for (const auto& keeper : keepers_) {
        std::vector<std::string> theirs = keeper->copy_keys();
        std::move(theirs.begin(), theirs.end(), std::back_inserter(keys));
    }
    return keys;
}

}  // namespace watchbill
