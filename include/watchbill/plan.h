// Shifts, who may serve them, who does, and why.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/member_id.h"
#include "watchbill/time.h"

namespace watchbill {

struct ShiftKey {
    std::string rotation;
    Day date;  // the day the shift starts, in the rotation's zone
    auto operator<=>(const ShiftKey&) const = default;
};

struct Shift {
    ShiftKey key;
    Interval when;
    bool operator==(const Shift&) const = default;
};

// Where an absence comes from. Shown to others instead of the event's title, which is private.
enum class AbsenceKind { vacation, sick, out_of_office, holiday, unavailable, other };

struct Absence {
    Interval when;
    std::optional<DaySpan> all_day;
    AbsenceKind kind = AbsenceKind::other;
    bool operator==(const Absence&) const = default;
};

// One member's time as their calendars tell it. Intervals may overlap; sorted by start.
struct Availability {
    std::vector<Absence> absences;
    std::vector<Interval> night_duties;
    bool operator==(const Availability&) const = default;
};

using TeamAvailability = std::map<MemberId, Availability>;

enum class ReasonCode {
    // about the holder
    next_turn,       // theirs by rotation
    only_candidate,  // nobody else could
    kept_published,  // already published and still valid
    override_set,    // fixed by people: a swap, a cover or an API call
    in_the_past,     // the shift has started or ended: history never changes
    rest_broken,     // nobody rested was there
    uncovered,       // nobody was there
    replaced,        // `member` held it before and became unavailable
    // about somebody else: why not them
    absent,
    resting,
    not_their_turn,  // a candidate whose turn is later
    override_ended,  // people had fixed it to `member`, who is absent (with `absence_kind`), rests (with
                     // `when`
                     // alone) or has left the team (with neither)
};

// A machine-readable reason. `member` says whom it is about.
struct Reason {
    ReasonCode code = ReasonCode::next_turn;
    MemberId member;
    std::optional<Interval> when;             // of the absence, or of the night duty
    std::optional<AbsenceKind> absence_kind;  // with `absent`
    std::optional<double> balance;            // shares earned minus shifts served, before this shift
    // With `balance`, where the shift is of a class that is fair by itself ("weekend"): its name and the
    // balance in it.
    std::string fair_class = {};
    std::optional<double> class_balance = {};
    bool operator==(const Reason&) const = default;
};

// Somebody who could serve a shift. On its day each earns weight / sum of the weights, in shifts.
struct Candidate {
    MemberId member;
    int weight = 1000;  // thousandths of a full-time share
    bool operator==(const Candidate&) const = default;
};

struct Assignment {
    Shift shift;
    std::optional<MemberId> member;  // nobody: uncovered
    bool rest_broken = false;
    bool overridden = false;
    bool on_holiday = false;  // it touches a holiday of its holder: kept, for people use it for pay
    bool holiday = false;     // it touches a holiday of somebody on the roster
    // The holder's first, and `absent` or `resting` too where people fixed the shift to them all the same;
    // then one for each other member of the rotation.
    std::vector<Reason> reasons;
    std::vector<Candidate> candidates;  // in roster order; empty where uncovered
    bool operator==(const Assignment&) const = default;
};

// An assignment fixed by people: an accepted swap, a cover or an API call. Counts as served by whoever
// serves.
struct Override {
    ShiftKey shift;
    MemberId member;
    std::string reason;  // in people's words, "" for none
    std::string by;      // who fixed it, as in the audit log
    Instant at;
    bool forced = false;  // people knew that the member is absent or rests then
    bool operator==(const Override&) const = default;
};

struct Plan {
    std::vector<Assignment> assignments;  // by start, then rotation order of the team
    bool operator==(const Plan&) const = default;
};

// The names scripts see.
std::string_view reason_name(ReasonCode code);
std::string_view absence_kind_name(AbsenceKind kind);
std::optional<ReasonCode> reason_from_name(std::string_view name);
std::optional<AbsenceKind> absence_kind_from_name(std::string_view name);

}  // namespace watchbill
