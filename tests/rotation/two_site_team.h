// Paris by day hands over to Montreal: the team that the tests of on_duty, reasons and team_feeds share.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "time/format.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill::testing {

inline MemberId id(std::string_view email) { return *MemberId::parse(email); }
inline Instant at(std::string_view text) { return *parse_instant(text); }
inline Day day(std::string_view text) { return *parse_day(text); }

inline Member member(std::string_view email, std::string name, ZoneName zone, std::string site) {
    Member result;
    result.id = id(email);
    result.name = std::move(name);
    result.zone = std::move(zone);
    result.site = std::move(site);
    return result;
}

inline const MemberId alice = id("alice@example.com");
inline const MemberId bob = id("bob@example.com");
inline const MemberId carol = id("carol@example.com");
inline const MemberId dan = id("dan@example.com");
inline const MemberId zoe = id("zoe@example.com");
inline const MemberId yann = id("yann@example.com");

// mro: 09:00-18:00 in Paris; remote: 12:00-20:00 in Montreal; Monday to Friday.
inline Team two_site_team() {
    Team team;
    team.name = "payments";
    team.title = "Payments";
    team.zone = "Europe/Paris";
    team.checklist = {"Tickets opened overnight", "Mail to ops@"};
    team.members = {member("alice@example.com", "Alice Martin", "Europe/Paris", "paris"),
                    member("bob@example.com", "Bob Durand", "Europe/Paris", "paris"),
                    member("carol@example.com", "Carol Petit", "Europe/Paris", "paris"),
                    member("dan@example.com", "Dan Moreau", "Europe/Paris", "paris"),
                    member("zoe@example.com", "Zoé Tremblay", "America/Montreal", "montreal"),
                    member("yann@example.com", "Yann Roy", "America/Montreal", "montreal")};
    Rotation mro;
    mro.name = "mro";
    mro.title = "MRO";
    mro.zone = "Europe/Paris";
    mro.start = std::chrono::hours(9);
    mro.end = std::chrono::hours(18);
    mro.days = {false, true, true, true, true, true, false};
    mro.members = {alice, bob, carol, dan};
    mro.hands_over_to = "remote";
    Rotation remote = mro;
    remote.name = "remote";
    remote.title = "Remote";
    remote.zone = "America/Montreal";
    remote.start = std::chrono::hours(12);
    remote.end = std::chrono::hours(20);
    remote.members = {zoe, yann};
    remote.hands_over_to = "";
    team.rotations = {mro, remote};
    return team;
}

inline Assignment assignment(std::string rotation, std::string_view date, std::string_view start,
                             std::string_view end, std::optional<MemberId> holder) {
    Assignment result;
    result.shift = {{std::move(rotation), day(date)}, {at(start), at(end)}};
    result.member = std::move(holder);
    return result;
}

inline Reason reason(ReasonCode code, const MemberId& about) {
    Reason result;
    result.code = code;
    result.member = about;
    return result;
}

inline Reason absent(const MemberId& who, AbsenceKind kind, std::string_view start, std::string_view end) {
    Reason result = reason(ReasonCode::absent, who);
    result.absence_kind = kind;
    result.when = Interval{at(start), at(end)};
    return result;
}

inline Reason resting(const MemberId& who, std::string_view duty_start, std::string_view duty_end) {
    Reason result = reason(ReasonCode::resting, who);
    result.when = Interval{at(duty_start), at(duty_end)};
    return result;
}

}  // namespace watchbill::testing
