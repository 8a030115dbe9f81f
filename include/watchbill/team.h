// A team as its configuration describes it. Values only; validated by whoever builds them (src/config), so
// the rest may rely on: zones exist, names are unique, rosters name members of the team.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "watchbill/member_id.h"
#include "watchbill/time.h"

namespace watchbill {

// How "03/12" is meant in the titles of swaps.
enum class DateOrder { unknown, day_first, month_first };

struct CalendarRef {
    enum class Type { file, url, caldav };
    Type type = Type::file;
    std::string location;       // absolute path, or URL. A URL is a secret: never print it, print `label`
    std::string user;           // "" for none
    std::string password_file;  // absolute path, or "" for none
    std::string label;          // safe to print: "alice@example.com calendar 2 (calendar.google.com)"
    // Absolute path of a file with a bearer token (RFC 6750), or "" for none; never with a user.
    std::string token_file = {};

    auto operator<=>(const CalendarRef&) const = default;
};

struct HolidayCalendar {
    CalendarRef calendar;
    std::string site;  // "" means everybody

    auto operator<=>(const HolidayCalendar&) const = default;
};

// Where incidents' events are put (RFC 4791), besides being sent or instead of that.
struct IncidentCalendar {
    enum class Inviting {
        automatic,  // by the server if it schedules (RFC 6638), else by Watchbill's own mail
        mail,       // by Watchbill's own mail, whatever the server can do
    };
    CalendarRef calendar;  // of type caldav
    Inviting inviting = Inviting::automatic;
    // How often the event is read for answers while the incident is young; later with each refresh.
    Duration read_every = std::chrono::seconds(15);

    auto operator<=>(const IncidentCalendar&) const = default;
};

struct Member {
    MemberId id;
    std::string name;
    ZoneName zone;
    std::string site;
    int weight = 1000;  // thousandths of a full-time share, 1..100000; "weight = 0.8" is 800
    std::vector<std::string> skills;
    std::vector<MemberId> aliases;  // further addresses of the same person
    std::vector<CalendarRef> calendars;

    bool operator==(const Member&) const = default;
};

// Classes of shifts that are fair by themselves, beside the whole. Each shift is in one at most, the first of
// these that a rotation's `balance` names and that it belongs to: a holiday on a Sunday is a weekend.
enum class ShiftClass {
    weekend,  // dated a Saturday or a Sunday, or kept together with one
    holiday,  // it touches a holiday of somebody on the roster
    night,    // at least 4 h of it lie between 20:00 and 08:00 in the rotation's zone
    weekday,  // each day of the week is a class of its own
};

// The names that configurations and scripts use.
std::string_view shift_class_name(ShiftClass shifts);
std::optional<ShiftClass> shift_class_from_name(std::string_view name);

using Weekdays = std::array<bool, 7>;  // by std::chrono::weekday::c_encoding(): [0] is Sunday

struct Rotation {
    std::string name;
    std::string title;
    ZoneName zone;
    std::chrono::minutes start{};             // wall clock since midnight
    std::optional<std::chrono::minutes> end;  // not later than start: next day; absent: until the next start
    Weekdays days{};
    std::vector<MemberId> members;  // roster order
    std::string hands_over_to;      // a rotation's name, or ""
    std::vector<ShiftClass> balance{ShiftClass::weekend, ShiftClass::holiday};
    // Days that follow each other, a weekend day among them, whose shifts go to one member: the weekend.
    std::vector<Weekdays> together = {};

    bool is_on_roster(const MemberId& member) const;
    bool balances(ShiftClass shifts) const;

    bool operator==(const Rotation&) const = default;
};

// Added to the built-in multi-language lists (src/rotation/availability/keywords.h).
struct Keywords {
    std::vector<std::string> night_duty;
    std::vector<std::string> absence;
    std::vector<std::string> swap;
    std::vector<std::string> cover;

    bool operator==(const Keywords&) const = default;
};

// How an incident of one severity is run.
struct SeverityRules {
    Duration update_every = std::chrono::minutes(30);  // how often the commander tells everybody how it goes
    std::vector<std::string> checklist;  // the commander's first steps; empty: the built-in ones

    bool operator==(const SeverityRules&) const = default;
};

// The more people it hurts, the more often they ask.
inline std::array<SeverityRules, 4> usual_severities() {
    using namespace std::chrono_literals;
    return {{{15min, {}}, {30min, {}}, {2h, {}}, {24h, {}}}};
}

struct Team {
    std::string name;   // in URLs: [a-z0-9][a-z0-9_-]*
    std::string title;  // for people
    ZoneName zone;
    std::vector<HolidayCalendar> holidays;
    int horizon_days = 180;
    int notice_days = 14;
    Duration rest = std::chrono::hours(11);  // EU daily rest, directive 2003/88/EC article 3
    Duration absence_threshold = std::chrono::hours(4);
    Duration refresh = std::chrono::minutes(5);
    std::vector<MemberId> backup;
    Duration ack_timeout = std::chrono::minutes(5);
    int escalation_rounds = 3;  // of asking for the command one by one, before all are asked at once
    // How long incidents, swaps, notes and the audit log are kept: a year's reports, and some weeks to write
    // them.
    Duration retention = std::chrono::days(400);
    std::string conference;  // URL template, "{incident}" is replaced
    bool trust_organizer_copy = false;
    // Unset: as usual where the team's zone is (rotation/availability/swap_title.h).
    std::optional<DateOrder> date_order;
    std::vector<std::string> checklist;
    std::array<SeverityRules, 4> severities = usual_severities();  // [0] is sev1
    std::vector<Rotation> rotations;                               // at least one
    std::vector<Member> members;
    Keywords keywords;
    std::optional<IncidentCalendar> incident_calendar = std::nullopt;

    // Null when there is none. By identity or alias.
    const Member* find_member(const MemberId& id) const;
    const Rotation* find_rotation(std::string_view rotation_name) const;

    bool operator==(const Team&) const = default;
};

}  // namespace watchbill
