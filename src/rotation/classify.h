// What an occurrence in a member's calendar means for the rotation. DESIGN.md's rules, first match wins.
// Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "watchbill/occurrence.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

enum class OccurrenceKind { none, absence, night_duty, swap, cover };
std::string_view occurrence_kind_name(OccurrenceKind kind);  // "night_duty"

struct Classified {
    OccurrenceKind kind = OccurrenceKind::none;
    AbsenceKind absence_kind = AbsenceKind::other;  // with `absence`
    std::optional<CalendarWarning> warning;
};

// Thread-safe once made.
class Classifier {
public:
    // `members` are those whose names may appear in titles; `extra` is added to the built-in lists.
    Classifier(const Keywords& extra, std::vector<Member> members);
    ~Classifier();
    Classifier(Classifier&&) noexcept;
    Classifier& operator=(Classifier&&) noexcept;

    // `owner` is whose calendar it is: a member of the team or, for the calendar command, anybody.
    Classified classify(const Occurrence& occurrence, const Member& owner) const;

private:
    struct Lists;
    std::unique_ptr<const Lists> lists_;
    std::vector<Member> members_;
};

struct ClassifiedCalendar {
    Availability availability;
    std::vector<Occurrence> swaps;  // swap and cover events, for the swap rules
    std::vector<CalendarWarning> warnings;
};

// A whole reading of one member's calendar.
ClassifiedCalendar classify_calendar(const Classifier& classifier, const CalendarReading& reading,
                                     const Member& owner);
// A holiday calendar: every confirmed occurrence is an absence of kind `holiday`.
std::vector<Absence> holidays_of(const CalendarReading& reading);

}  // namespace watchbill
