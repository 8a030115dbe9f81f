#include "rotation/availability/classify.h"

#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

#include "rotation/availability/keywords.h"
#include "rotation/availability/night.h"
#include "rotation/availability/title_index.h"
#include "rotation/availability/title_status.h"
#include "time/format.h"
#include "time/zone.h"

namespace watchbill {

namespace {

bool is_person(const Member& member, const MemberId& id) {
    return member.id == id ||
           std::find(member.aliases.begin(), member.aliases.end(), id) != member.aliases.end();
}

// Whether the event is the owner's by their own will: organised or accepted by them, and not declined.
bool is_own(const EventDetails& event, const Member& owner) {
    const bool organises = event.organizer && is_person(owner, *event.organizer);
    bool accepted = false;
    bool unanswered = false;  // what an organiser's own entry may well say
    bool invited = false;
    for (const Attendee& attendee : event.attendees) {
        if (!is_person(owner, attendee.member)) continue;
        invited = true;
        accepted = accepted || attendee.status == ParticipationStatus::accepted;
        unanswered = unanswered || attendee.status == ParticipationStatus::needs_action;
    }
    if (accepted) return true;
    if (invited) return organises && unanswered;
    return organises || event.attendees.empty();
}

Classified absence(AbsenceKind kind) { return {OccurrenceKind::absence, kind, std::nullopt}; }

bool has_category(const EventDetails& event, const KeywordList& keywords, const NameList& names) {
    const Member nobody;
    return std::any_of(event.categories.begin(), event.categories.end(), [&](const std::string& category) {
        return keywords.find(names.read(category, nobody)) != nullptr;
    });
}

CalendarWarning other_member_named(const Occurrence& occurrence) {
    return {
        "names_other_member",
        "Event " + occurrence.event->uid + " starting " + format_instant(occurrence.when.start) +
            " names another member of the team in its title and was not counted; move it to that member's "
            "calendar or take the name out of the title."};
}

}  // namespace

std::string_view occurrence_kind_name(OccurrenceKind kind) {
    switch (kind) {
        case OccurrenceKind::none: return "none";
        case OccurrenceKind::absence: return "absence";
        case OccurrenceKind::night_duty: return "night_duty";
        case OccurrenceKind::swap: return "swap";
        case OccurrenceKind::cover: return "cover";
    }
    assert(false && "every kind has a name");
    return "";
}

struct Classifier::Lists {
    explicit Lists(const Keywords& extra, const std::vector<Member>& members) : names(members) {
        fill(night_duty, night_duty_keywords(), extra.night_duty);
        fill(absences, absence_keywords(), extra.absence);
        fill(swaps, swap_keywords(), extra.swap);
        fill(covers, cover_keywords(), extra.cover);
    }

    static void fill(KeywordList& list, std::span<const KeywordRow> built_in,
                     const std::vector<std::string>& extra) {
        list.add(built_in);
        for (const std::string& phrase : extra) list.add(phrase, Place::anywhere, AbsenceKind::other);
    }

    Classified duty_or_absence(const Occurrence& occurrence, const Title& title, const Zone& zone) const {
        const EventDetails& event = *occurrence.event;
        const bool says_duty = night_duty.find(title) != nullptr || has_category(event, night_duty, names);
        if (says_duty && is_night_work(occurrence.when, zone)) return {OccurrenceKind::night_duty, {}, {}};
        if (const auto* keyword = absences.find(title)) return absence(keyword->kind);
        if (event.busy_status == BusyStatus::out_of_office) return absence(AbsenceKind::out_of_office);
        return {};
    }

    NameList names;
    KeywordList night_duty;
    KeywordList absences;
    KeywordList swaps;
    KeywordList covers;
};

Classifier::Classifier(const Keywords& extra, std::vector<Member> members, DateOrder date_order)
    : lists_(std::make_unique<Lists>(extra, members)),
      members_(std::move(members)),
      date_order_(date_order) {}
Classifier::~Classifier() = default;
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;

Classified Classifier::classify(const Occurrence& occurrence, const Member& owner) const {
    const EventDetails& event = *occurrence.event;
    if (event.status == EventStatus::cancelled) return {};
    if (event.component != ComponentKind::event) {
        const bool away = event.busy_status == BusyStatus::out_of_office;
        return away ? absence(AbsenceKind::unavailable) : Classified{};
    }
    if (read_title_status(event.summary).status != TitleStatus::none) return {};
    if (!owner.id.empty() && !is_own(event, owner)) return {};

    const Title title = lists_->names.read(event.summary, owner);
    if (lists_->swaps.find(title) != nullptr) return {OccurrenceKind::swap, {}, {}};
    if (lists_->covers.find(title) != nullptr) return {OccurrenceKind::cover, {}, {}};

    Classified found = lists_->duty_or_absence(occurrence, title, Zone::get(owner.zone));
    if (found.kind != OccurrenceKind::none && title.names_other && !title.names_owner)
        return {OccurrenceKind::none, AbsenceKind::other, other_member_named(occurrence)};
    return found;
}

std::optional<SwapEvent> Classifier::swap_event(const Occurrence& occurrence, const Member& owner) const {
    const EventDetails& event = *occurrence.event;
    if (event.component != ComponentKind::event || event.status == EventStatus::cancelled)
        return std::nullopt;
    const TitleReading said = read_title_status(event.summary);
    if (said.status == TitleStatus::cancelled) return std::nullopt;
    const Title title = lists_->names.read(said.rest, owner);
    const bool is_swap = lists_->swaps.find(title) != nullptr;
    if (!is_swap && lists_->covers.find(title) == nullptr) return std::nullopt;

    SwapEvent found;
    found.kind = is_swap ? SwapKind::swap : SwapKind::cover;
    found.uid = event_uid(event.uid);
    found.sequence = event.sequence;
    found.recurrence_id = occurrence.recurrence_id;
    found.when = occurrence.when;
    found.all_day = occurrence.all_day;
    found.title = title.spellings.front().whole;
    found.named = {title.named.begin(), title.named.end()};
    found.dates = dates_in_title(said.rest, date_order_);
    found.organizer = event.organizer;
    for (const Attendee& attendee : event.attendees)
        found.attendees.push_back({attendee.member, attendee.status});
    found.declined = said.status == TitleStatus::declined;
    found.own = !found.declined && is_own(event, owner);
    // Exchange shows an invitation that waits for its answer as tentative, and what it publishes has no
    // attendees: such an event may be anybody's.
    found.tentative = event.status == EventStatus::tentative || event.busy_status == BusyStatus::tentative;
    found.changed_at = event.changed_at;
    return found;
}

ClassifiedCalendar classify_calendar(const Classifier& classifier, const CalendarReading& reading,
                                     const Member& owner) {
    ClassifiedCalendar calendar;
    calendar.warnings = reading.warnings;
    std::set<std::pair<std::string, std::string>> warned;  // one warning for a whole series is enough
    for (const Occurrence& occurrence : reading.occurrences) {
        Classified classified = classifier.classify(occurrence, owner);
        const bool is_swap =
            classified.kind == OccurrenceKind::swap || classified.kind == OccurrenceKind::cover;
        // What is not the owner's own is worth a second look only for their answer to it.
        const bool may_answer = !occurrence.event->attendees.empty() ||
                                read_title_status(occurrence.event->summary).status == TitleStatus::declined;
        if (is_swap || (classified.kind == OccurrenceKind::none && may_answer)) {
            if (auto event = classifier.swap_event(occurrence, owner))
                calendar.swaps.push_back(std::move(*event));
        }
        if (classified.warning && warned.emplace(occurrence.event->uid, classified.warning->code).second)
            calendar.warnings.push_back(std::move(*classified.warning));
        switch (classified.kind) {
            case OccurrenceKind::none: break;
            case OccurrenceKind::absence:
                if (occurrence.when.empty()) break;  // a moment takes nobody away
                calendar.availability.absences.push_back(
                    {occurrence.when, occurrence.all_day, classified.absence_kind});
                break;
            case OccurrenceKind::night_duty:
                calendar.availability.night_duties.push_back(occurrence.when);
                break;
            case OccurrenceKind::swap:
            case OccurrenceKind::cover: break;
        }
    }
    const auto by_start = [](const Absence& a, const Absence& b) { return a.when < b.when; };
    auto& [absences, night_duties] = calendar.availability;
    std::stable_sort(absences.begin(), absences.end(), by_start);
    std::sort(night_duties.begin(), night_duties.end());
    return calendar;
}

std::vector<Absence> holidays_of(const CalendarReading& reading) {
    std::vector<Absence> holidays;
    for (const Occurrence& occurrence : reading.occurrences) {
        const EventDetails& event = *occurrence.event;
        const bool confirmed = event.status != EventStatus::cancelled &&
                               event.status != EventStatus::tentative &&
                               read_title_status(event.summary).status == TitleStatus::none;
        if (event.component != ComponentKind::event || !confirmed || occurrence.when.empty()) continue;
        holidays.push_back({occurrence.when, occurrence.all_day, AbsenceKind::holiday});
    }
    return holidays;
}

}  // namespace watchbill
