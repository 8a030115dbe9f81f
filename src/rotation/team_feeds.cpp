#include "rotation/team_feeds.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <tuple>
#include <utility>

#include "rotation/brief.h"
#include "rotation/on_duty.h"
#include "rotation/phrases.h"
#include "rotation/reasons.h"
#include "rotation/swap_phrases.h"
#include "rotation/team_absences.h"
#include "time/format.h"
#include "time/interval_set.h"
#include "time/zone.h"

namespace watchbill {

namespace {

// "20261202T210000Z": an instant without the characters that UIDs are better off without.
std::string instant_in_uid(Instant instant) {
    std::string text = format_instant(instant);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

std::string start_in_uid(const Absence& absence) {
    return absence.all_day ? format_day(absence.all_day->first) : instant_in_uid(absence.when.start);
}

// "2026-12-03.mro.payments.shift@watchbill". Names are unique within a team and teams within a server.
std::string uid_of_shift(const Team& team, const ShiftKey& key, const std::string& what) {
    return format_day(key.date) + '.' + key.rotation + '.' + team.name + '.' + what + "@watchbill";
}

// Not where the same person goes on, nor where nobody is there on either side.
bool changes_hands(const Handover& handover) { return handover.from.member != handover.to.member; }

// "Bob Durand (for Alice Martin)" where people agreed on it: whoever looks for Alice finds Bob. Where she is
// away the description says so.
std::string say_who_serves(const Team& team, const Assignment& assignment) {
    std::string text = say_holder(team, assignment);
    if (!assignment.overridden) return text;
    for (const Reason& reason : assignment.reasons) {
        if (reason.code == ReasonCode::replaced) text += " (for " + say_member(team, reason.member) + ")";
    }
    return text;
}

Interval extent(const FeedEvent& event) {
    return event.all_day ? Zone::get(event.zone).interval_of(*event.all_day) : event.when;
}

// Makes the events of one input; all feeds share it, so that the same thing is the same event in each.
class EventMaker {
public:
    explicit EventMaker(const FeedInput& input)
        : input_(input),
          team_(*input.team),
          handovers_(handovers_of(*input.team, *input.plan, input.news.as_of)) {
        for (const Handover& handover : handovers_)
            handover_from_.emplace(handover.from.shift.key, &handover);
    }

    FeedEvent shift(const Assignment& assignment) const;
    std::vector<FeedEvent> handovers(const std::optional<MemberId>& only_with) const;
    std::vector<FeedEvent> rests(const Member& member) const;
    FeedEvent absence(const MemberAbsence& absence) const;
    FeedEvent holiday(const SiteHoliday& holiday) const;

    // Those that touch the window, in an order that depends on nothing but themselves.
    Feed finish(std::string name, std::string description, ZoneName zone,
                std::vector<FeedEvent> events) const;

private:
    FeedEvent handover(const Handover& handover, const Brief& brief) const;
    std::string say_hand_over(const Assignment& assignment) const;

    const FeedInput& input_;
    const Team& team_;
    std::vector<Handover> handovers_;
    std::map<ShiftKey, const Handover*> handover_from_;
};

FeedEvent EventMaker::shift(const Assignment& assignment) const {
    const ShiftKey& key = assignment.shift.key;
    const std::string title = say_rotation(team_, key.rotation);
    FeedEvent event;
    event.uid = uid_of_shift(team_, key, "shift");
    event.when = assignment.shift.when;
    event.zone = zone_of_rotation(team_, key.rotation).name();
    event.summary = title + ": " + say_who_serves(team_, assignment);
    event.description = explain_in_one_sentence(team_, assignment) + '\n' + say_hand_over(assignment) +
                        say_checklist(team_.checklist);
    for (const Swap& swap : input_.swaps) {
        if (const std::string line = say_swap_on_shift(team_, swap, key); !line.empty())
            event.description += '\n' + line;
    }
    event.categories = {title};
    if (!assignment.member) event.categories.emplace_back("Uncovered");
    return event;
}

// "Hands over at 18:00 (Europe/Paris) to Zoé Tremblay, Remote, 12:00 there."
std::string EventMaker::say_hand_over(const Assignment& assignment) const {
    const Day date = assignment.shift.key.date;
    const Instant at = assignment.shift.when.end;
    const Zone zone = zone_of_rotation(team_, assignment.shift.key.rotation);
    const std::string day = zone.day_of(at) == date ? "" : "on " + say_day(zone.day_of(at), date) + ' ';
    const std::string when = day + "at " + say_time(zone, at) + " (" + zone.name() + ")";

    const auto found = handover_from_.find(assignment.shift.key);
    if (found == handover_from_.end()) return "Ends " + when + '.';
    const Handover& handover = *found->second;
    if (!assignment.member) return "Ends " + when + "; then " + say_receiver(team_, handover) + '.';
    if (handover.to.member == assignment.member)
        return "Ends " + when + "; then on duty again: " + say_receiver(team_, handover) + '.';
    return "Hands over " + when + " to " + say_receiver(team_, handover) + '.';
}

FeedEvent EventMaker::handover(const Handover& handover, const Brief& brief) const {
    const ShiftKey& key = handover.from.shift.key;
    const std::string title = say_rotation(team_, key.rotation);
    const std::string from = say_holder(team_, handover.from);
    FeedEvent event;
    event.uid = uid_of_shift(team_, key, "handover");
    event.when = {handover.at, handover.at + handover_length};
    event.zone = zone_of_rotation(team_, key.rotation).name();
    event.summary = title + " handover: " + from +
                    (changes_hands(handover) ? " to " + say_holder(team_, handover.to) : " goes on");
    event.description = say_brief(team_, brief);
    event.categories = {"Handover"};
    return event;
}

std::vector<FeedEvent> EventMaker::handovers(const std::optional<MemberId>& only_with) const {
    std::vector<FeedEvent> events;
    for (const Handover& found : handovers_) {
        if (only_with && found.from.member != only_with && found.to.member != only_with) continue;
        const Brief brief = brief_of(team_, *input_.plan, input_.notes, found, input_.news);
        const bool has_news = !brief.notes.empty() || !brief.incidents.empty();
        if (changes_hands(found) || has_news) events.push_back(handover(found, brief));
    }
    return events;
}

std::vector<FeedEvent> EventMaker::rests(const Member& member) const {
    const auto availability = input_.availability.find(member.id);
    if (availability == input_.availability.end()) return {};
    const Zone zone = Zone::get(member.zone);
    // The same duty in two calendars is one.
    const IntervalSet duties(availability->second.night_duties);
    std::vector<FeedEvent> events;
    for (size_t i = 0; i < duties.intervals().size(); ++i) {
        const Interval& duty = duties.intervals()[i];
        const bool has_next = i + 1 < duties.intervals().size();
        const Instant rested = duty.end + team_.rest;
        FeedEvent event;
        // The next duty ends the rest early.
        event.when = {duty.end, has_next ? std::min(rested, duties.intervals()[i + 1].start) : rested};
        if (event.when.empty()) continue;
        event.uid =
            instant_in_uid(duty.start) + '.' + member.id.email() + '.' + team_.name + ".rest@watchbill";
        event.zone = zone.name();
        event.summary = "Rest: " + member.name;
        event.description = "After night duty (" + say_span(zone, duty, zone.day_of(duty.start)) +
                            "): no shift starts before " + say_moment(zone, rested, zone.day_of(duty.start)) +
                            " (" + zone.name() + ").";
        event.categories = {"Rest"};
        events.push_back(std::move(event));
    }
    return events;
}

FeedEvent EventMaker::absence(const MemberAbsence& absence) const {
    const AbsenceKind kind = absence.absence.kind;
    FeedEvent event;
    event.uid = start_in_uid(absence.absence) + '.' + std::string(absence_kind_name(kind)) + '.' +
                absence.member.email() + '.' + team_.name + ".absence@watchbill";
    event.when = absence.absence.when;
    event.all_day = absence.absence.all_day;
    event.zone = zone_of_member(team_, absence.member).name();
    event.summary = say_member(team_, absence.member) + ": " + say_kind(kind);
    event.categories = {"Absence"};
    return event;
}

FeedEvent EventMaker::holiday(const SiteHoliday& holiday) const {
    const bool everybody = holiday.site.empty();
    FeedEvent event;
    event.uid = start_in_uid(holiday.absence) + '.' + (everybody ? "" : holiday.site + '.') + team_.name +
                ".holiday@watchbill";
    event.when = holiday.absence.when;
    event.all_day = holiday.absence.all_day;
    event.zone = team_.zone;
    event.summary = "Holiday: " + (everybody ? "everybody" : holiday.site);
    event.categories = {"Holiday"};
    return event;
}

Feed EventMaker::finish(std::string name, std::string description, ZoneName zone,
                        std::vector<FeedEvent> events) const {
    std::erase_if(events, [this](const FeedEvent& event) { return !extent(event).overlaps(input_.window); });
    std::sort(events.begin(), events.end(), [](const FeedEvent& a, const FeedEvent& b) {
        return std::tuple(extent(a), a.uid) < std::tuple(extent(b), b.uid);
    });
    return {std::move(name), std::move(description), std::move(zone), std::move(events)};
}

}  // namespace

Feed rotation_feed(const FeedInput& input) {
    assert(input.team != nullptr && input.plan != nullptr);
    const EventMaker maker(input);
    std::vector<FeedEvent> events;
    for (const Assignment& assignment : input.plan->assignments) events.push_back(maker.shift(assignment));
    return maker.finish(input.team->title + " rotation", "Who is on duty, and why.", input.team->zone,
                        std::move(events));
}

Feed member_feed(const FeedInput& input, const MemberId& member) {
    assert(input.team != nullptr && input.plan != nullptr);
    const EventMaker maker(input);
    const Team& team = *input.team;
    const std::string description = "Shifts, handovers and rest after night duty.";
    const Member* found = team.find_member(member);
    if (found == nullptr) return maker.finish(team.title + ": " + member.email(), description, team.zone, {});

    std::vector<FeedEvent> events = maker.handovers(found->id);
    for (const Assignment& assignment : input.plan->assignments) {
        if (assignment.member == found->id) events.push_back(maker.shift(assignment));
    }
    std::vector<FeedEvent> rests = maker.rests(*found);
    std::move(rests.begin(), rests.end(), std::back_inserter(events));
    return maker.finish(team.title + ": " + found->name, description, found->zone, std::move(events));
}

Feed handovers_feed(const FeedInput& input) {
    assert(input.team != nullptr && input.plan != nullptr);
    const EventMaker maker(input);
    return maker.finish(input.team->title + " handovers", "Who hands over to whom.", input.team->zone,
                        maker.handovers(std::nullopt));
}

Feed absences_feed(const FeedInput& input) {
    assert(input.team != nullptr && input.plan != nullptr);
    const EventMaker maker(input);
    const TeamAbsences absences = team_absences(*input.team, input.availability);
    std::vector<FeedEvent> events;
    for (const MemberAbsence& absence : absences.members) events.push_back(maker.absence(absence));
    for (const SiteHoliday& holiday : absences.holidays) events.push_back(maker.holiday(holiday));
    return maker.finish(input.team->title + " absences", "Who is away.", input.team->zone, std::move(events));
}

}  // namespace watchbill
