#include "rotation/duty/duty_chain.h"

#include <catch2/catch.hpp>

#include "rotation/planning/shifts.h"
#include "rotation/two_site_team.h"
#include "time/zone.h"

namespace duty_chain_test {

using namespace watchbill;
using namespace watchbill::testing;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const MemberId stranger = id("support@customer.example");

Interval span(std::string_view start, std::string_view end) { return {at(start), at(end)}; }

Absence away(std::string_view start, std::string_view end) {
    Absence absence;
    absence.when = span(start, end);
    absence.kind = AbsenceKind::vacation;
    return absence;
}

// Thursday 3 December 2026: alice holds mro 08:00-17:00Z, zoe holds remote 17:00-01:00Z.
struct Thursday {
    Team team = two_site_team();
    Plan plan{{assignment("mro", "2026-12-03", "2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z", alice),
               assignment("remote", "2026-12-03", "2026-12-03T17:00:00Z", "2026-12-04T01:00:00Z", zoe)}};
    TeamAvailability availability;
    std::optional<MemberId> reporter;

    DutyChain chain(std::string_view when) const {
        return duty_chain_at({&team, &plan, &availability, reporter}, at(when));
    }
    std::vector<MemberId> members(std::string_view when) const {
        std::vector<MemberId> members;
        for (const DutyLink& link : chain(when).links) members.push_back(link.member);
        return members;
    }
};

using Members = std::vector<MemberId>;

}  // namespace

TEST_CASE("the holder of the running shift answers, from its first second to the one before its end") {
    const Thursday day;
    const DutyLink by_alice{alice, DutyRule::rotation, "mro",
                            span("2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z"), false};
    const DutyChain before = day.chain("2026-12-03T07:59:59Z");
    CHECK(before.links.empty());
    CHECK_FALSE(before.answer());
    CHECK(before.until == at("2026-12-03T08:00:00Z"));
    const DutyChain start = day.chain("2026-12-03T08:00:00Z");
    CHECK(start.links == std::vector{by_alice});
    CHECK(start.answer() == by_alice);
    CHECK(start.until == at("2026-12-03T17:00:00Z"));
    CHECK(day.chain("2026-12-03T16:59:59Z").answer() == by_alice);
    CHECK(day.chain("2026-12-03T17:00:00Z").answer()->member == zoe);
    const DutyChain after = day.chain("2026-12-04T01:00:00Z");
    CHECK(after.links.empty());
    CHECK_FALSE(after.until);
}

TEST_CASE("whoever left the team while their shift runs is passed over") {
    Thursday day;
    std::erase_if(day.team.members, [](const Member& member) { return member.id == alice; });
    std::erase(day.team.rotations[0].members, alice);
    CHECK(day.chain("2026-12-03T12:00:00Z").links.empty());
    CHECK(day.chain("2026-12-03T12:00:00Z").until == at("2026-12-03T17:00:00Z"));
    day.team.backup = {carol};
    CHECK(day.members("2026-12-03T12:00:00Z") == Members{carol});
    CHECK(day.chain("2026-12-03T12:00:00Z").answer()->rule == DutyRule::backup);
    day.plan.assignments[1].shift.when.start = at("2026-12-03T11:00:00Z");
    CHECK(day.members("2026-12-03T12:00:00Z") == Members{zoe, carol});
    // Off the roster alone they are still there.
    Thursday other;
    std::erase(other.team.rotations[0].members, alice);
    CHECK(other.members("2026-12-03T12:00:00Z") == Members{alice});
}

TEST_CASE("holders, night duty, backup and reporter follow each other, each member once") {
    Thursday day;
    // Both rotations run from 16:00Z to 17:00Z.
    day.plan.assignments[1].shift.when.start = at("2026-12-03T16:00:00Z");
    day.availability[yann].night_duties = {span("2026-12-03T16:30:00Z", "2026-12-04T06:00:00Z")};
    day.availability[dan].night_duties = {span("2026-12-03T16:15:00Z", "2026-12-04T06:00:00Z")};
    day.availability[alice].night_duties = {span("2026-12-03T12:00:00Z", "2026-12-04T06:00:00Z")};
    day.team.backup = {zoe, carol, dan, bob};
    day.reporter = stranger;
    const DutyChain chain = day.chain("2026-12-03T16:45:00Z");
    REQUIRE(chain.links.size() == 7);
    const auto link = [&](size_t i) { return std::pair(chain.links[i].member, chain.links[i].rule); };
    CHECK(link(0) == std::pair(alice, DutyRule::rotation));
    CHECK(link(1) == std::pair(zoe, DutyRule::rotation));
    CHECK(link(2) == std::pair(dan, DutyRule::night_duty));
    CHECK(link(3) == std::pair(yann, DutyRule::night_duty));
    CHECK(link(4) == std::pair(carol, DutyRule::backup));
    CHECK(link(5) == std::pair(bob, DutyRule::backup));
    CHECK(link(6) == std::pair(stranger, DutyRule::reporter));
    CHECK(chain.links[1].rotation == "remote");
    CHECK(chain.links[2].rotation.empty());
    CHECK(chain.links[2].when == span("2026-12-03T16:15:00Z", "2026-12-04T06:00:00Z"));
    // Of equals, the earlier in the team's order.
    day.availability[yann].night_duties = day.availability[dan].night_duties;
    CHECK(day.members("2026-12-03T16:45:00Z") == Members{alice, zoe, dan, yann, carol, bob, stranger});
    // A reporter who is in the chain anyway stays where they are.
    day.reporter = bob;
    CHECK(day.members("2026-12-03T16:45:00Z") == Members{alice, zoe, dan, yann, carol, bob});
}

TEST_CASE("rotations are asked along their hand-overs, then in the team's order") {
    Thursday day;
    Rotation phone = day.team.rotations[1];
    phone.name = "phone";
    day.team.rotations.insert(day.team.rotations.begin() + 1, phone);  // mro, phone, remote
    day.team.rotations[2].hands_over_to = "mro";                       // mro hands over to remote
    day.plan = {{assignment("mro", "2026-12-03", "2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z", alice),
                 assignment("phone", "2026-12-03", "2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z", yann),
                 assignment("remote", "2026-12-03", "2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z", zoe)}};
    CHECK(day.members("2026-12-03T12:00:00Z") == Members{alice, zoe, yann});
}

TEST_CASE("an uncovered shift has no link, and the chain goes on") {
    Thursday day;
    day.plan.assignments[0].member.reset();
    CHECK(day.members("2026-12-03T12:00:00Z").empty());
    day.availability[bob].night_duties = {span("2026-12-03T10:00:00Z", "2026-12-03T13:00:00Z")};
    CHECK(day.chain("2026-12-03T12:00:00Z").answer()->rule == DutyRule::night_duty);
    day.team.backup = {carol};
    CHECK(day.members("2026-12-03T12:00:00Z") == Members{bob, carol});
    const DutyChain chain = day.chain("2026-12-03T13:00:00Z");
    CHECK(chain.answer()->member == carol);
    // Its end changes nothing; at 17:00 remote begins, which does.
    CHECK(chain.until == at("2026-12-03T17:00:00Z"));
}

TEST_CASE("a holder who is away is passed over for as long, and named, and night duty is explicit") {
    Thursday day;
    day.team.backup = {carol};
    day.availability[alice].absences = {away("2026-12-03T10:00:00Z", "2026-12-03T12:00:00Z")};
    day.availability[bob].absences = {away("2026-12-03T00:00:00Z", "2026-12-05T00:00:00Z")};
    day.availability[bob].night_duties = {span("2026-12-03T10:00:00Z", "2026-12-04T07:00:00Z")};
    CHECK(day.members("2026-12-03T09:59:59Z") == Members{alice, carol});
    CHECK(day.chain("2026-12-03T08:00:00Z").until == at("2026-12-03T10:00:00Z"));
    CHECK(day.chain("2026-12-03T08:00:00Z").away.empty());
    const DutyChain without = day.chain("2026-12-03T11:00:00Z");
    CHECK(day.members("2026-12-03T11:00:00Z") == Members{bob, carol});
    CHECK(without.away == std::vector{AwayHolder{
                              alice, "mro", span("2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z"),
                              AbsenceKind::vacation, span("2026-12-03T10:00:00Z", "2026-12-03T12:00:00Z")}});
    CHECK(without.until == at("2026-12-03T12:00:00Z"));
    CHECK(day.members("2026-12-03T12:00:00Z") == Members{alice, bob, carol});
    // Whoever is on night duty is there, and so is who serves on a holiday.
    day.availability[alice].night_duties = {span("2026-12-03T10:00:00Z", "2026-12-03T12:00:00Z")};
    CHECK(day.members("2026-12-03T11:00:00Z") == Members{alice, bob, carol});
    day.availability[alice].night_duties.clear();
    day.availability[alice].absences[0].kind = AbsenceKind::holiday;
    CHECK(day.members("2026-12-03T11:00:00Z") == Members{alice, bob, carol});
    CHECK(day.chain("2026-12-04T02:00:00Z").answer()->member == bob);
}

TEST_CASE("to whom people gave a shift although they knew of an absence holds it") {
    Thursday day;
    day.availability[alice].absences = {away("2026-12-03T10:00:00Z", "2026-12-03T12:00:00Z")};
    Reason known;
    known.code = ReasonCode::absent;
    known.member = alice;
    known.when = span("2026-12-03T10:00:00Z", "2026-12-03T12:00:00Z");
    day.plan.assignments[0].overridden = true;
    day.plan.assignments[0].reasons = {known};
    CHECK(day.members("2026-12-03T11:00:00Z") == Members{alice});
    // Of another absence, which came later, they did not know.
    day.availability[alice].absences.push_back(away("2026-12-03T14:00:00Z", "2026-12-03T18:00:00Z"));
    CHECK(day.members("2026-12-03T15:00:00Z").empty());
}

TEST_CASE("who is away and who answers is one sentence") {
    Thursday day;
    day.team.backup = {carol};
    const auto words = [&](std::string_view when) { return say_answer(day.team, day.chain(when), at(when)); };
    day.availability[alice].absences = {away("2026-12-03T09:00:00Z", "2026-12-03T17:00:00Z")};
    day.availability[alice].absences[0].kind = AbsenceKind::sick;
    CHECK(words("2026-12-03T12:00:00Z") ==
          "Alice Martin (away: sick since 10:00), Carol Petit answers, until Thu 3 Dec 18:00 (Europe/Paris): "
          "backup, for who holds the shift is away and nobody is on night duty");
    // Two events about one absence are one; since the shift began is since ever.
    day.availability[alice].absences.push_back(away("2026-12-03T07:00:00Z", "2026-12-03T13:00:00Z"));
    CHECK(words("2026-12-03T12:00:00Z").starts_with("Alice Martin (away: sick), Carol Petit answers"));
    day.team.backup.clear();
    CHECK(words("2026-12-03T12:00:00Z") ==
          "Alice Martin (away: sick), NOBODY answers, until Thu 3 Dec 18:00 (Europe/Paris): who holds the "
          "shift is away, nobody is on night duty, and the team has no backup");
}

TEST_CASE("absent backups are passed over, unless all are absent") {
    Thursday day;
    day.team.backup = {carol, dan, yann};
    day.availability[carol].absences = {away("2026-12-05T08:00:00Z", "2026-12-05T18:00:00Z")};
    day.availability[dan].absences = {away("2026-12-05T10:00:00Z", "2026-12-05T18:00:00Z")};
    day.availability[yann].absences = {away("2026-12-05T12:00:00Z", "2026-12-05T14:00:00Z")};
    const auto answer = [&](std::string_view when) { return *day.chain(when).answer(); };
    CHECK(day.members("2026-12-05T07:59:59Z") == Members{carol, dan, yann});
    CHECK(day.chain("2026-12-05T07:59:59Z").until == at("2026-12-05T08:00:00Z"));
    CHECK(day.members("2026-12-05T08:00:00Z") == Members{dan, yann});
    CHECK(day.members("2026-12-05T10:00:00Z") == Members{yann});
    CHECK_FALSE(answer("2026-12-05T11:59:59Z").absent);
    CHECK(day.members("2026-12-05T12:00:00Z") == Members{carol});
    CHECK(answer("2026-12-05T12:00:00Z") == DutyLink{carol, DutyRule::backup, "", {}, true});
    CHECK(day.chain("2026-12-05T12:00:00Z").until == at("2026-12-05T14:00:00Z"));
    CHECK(answer("2026-12-05T14:00:00Z") == DutyLink{yann, DutyRule::backup, "", {}, false});
    CHECK(answer("2026-12-05T18:00:00Z") == DutyLink{carol, DutyRule::backup, "", {}, false});
    // Behind the absent backup a reporter still stands, who is there.
    day.reporter = stranger;
    CHECK(day.members("2026-12-05T12:00:00Z") == Members{carol, stranger});
    // The holder of a shift is in the chain already: the next backup is the way out.
    day.availability[zoe].absences = day.availability[carol].absences;
    day.team.backup = {zoe, carol};
    day.availability[zoe].absences = {away("2026-12-03T00:00:00Z", "2026-12-06T00:00:00Z")};
    day.availability[carol].absences = day.availability[zoe].absences;
    CHECK(day.members("2026-12-03T20:00:00Z") == Members{zoe, stranger});
    CHECK(answer("2026-12-03T20:00:00Z") == DutyLink{zoe, DutyRule::backup, "", {}, true});
}

TEST_CASE("the reporter answers where nobody else does") {
    Thursday day;
    day.reporter = stranger;
    CHECK(*day.chain("2026-12-05T12:00:00Z").answer() ==
          DutyLink{stranger, DutyRule::reporter, "", {}, false});
    // By any of their addresses a member is one person.
    day.team.members[0].aliases = {id("a.martin@example.com")};
    day.reporter = id("a.martin@example.com");
    CHECK(day.members("2026-12-05T12:00:00Z") == Members{alice});
    CHECK(day.members("2026-12-03T12:00:00Z") == Members{alice});
}

TEST_CASE("until skips what does not change the answer") {
    Thursday day;
    day.team.backup = {carol};
    // Night duty begins and ends, and the backup comes and goes, while alice holds the shift.
    day.availability[bob].night_duties = {span("2026-12-03T09:00:00Z", "2026-12-03T10:00:00Z"),
                                          span("2026-12-04T03:00:00Z", "2026-12-04T06:00:00Z")};
    day.availability[carol].absences = {away("2026-12-03T11:00:00Z", "2026-12-03T12:00:00Z")};
    CHECK(day.chain("2026-12-03T08:30:00Z").until == at("2026-12-03T17:00:00Z"));
    CHECK(day.chain("2026-12-03T17:00:00Z").until == at("2026-12-04T01:00:00Z"));
    CHECK(day.chain("2026-12-04T01:00:00Z").until == at("2026-12-04T03:00:00Z"));
    CHECK(day.chain("2026-12-04T03:00:00Z").until == at("2026-12-04T06:00:00Z"));
    CHECK_FALSE(day.chain("2026-12-04T06:00:00Z").until);
}

TEST_CASE("until is the end of a shift also where the same holder goes on with the next") {
    Thursday day;
    day.plan = {{assignment("mro", "2026-12-03", "2026-12-03T08:00:00Z", "2026-12-04T08:00:00Z", alice),
                 assignment("mro", "2026-12-04", "2026-12-04T08:00:00Z", "2026-12-05T08:00:00Z", alice)}};
    CHECK(day.chain("2026-12-03T20:00:00Z").until == at("2026-12-04T08:00:00Z"));
    CHECK(day.chain("2026-12-04T08:00:00Z").until == at("2026-12-05T08:00:00Z"));
}

TEST_CASE(
    "history may name people who left, who answer no more, and the newer of two shifts of a rotation "
    "counts") {
    Thursday day;
    const MemberId gone = id("gone@example.com");
    day.plan.assignments[0].member = gone;
    CHECK(day.members("2026-12-03T12:00:00Z").empty());
    day.plan.assignments.insert(
        day.plan.assignments.begin() + 1,
        assignment("mro", "2026-12-04", "2026-12-03T11:00:00Z", "2026-12-03T14:00:00Z", bob));
    CHECK(day.members("2026-12-03T12:00:00Z") == Members{bob});
    // A rotation that left the configuration is nobody's rotation.
    day.team.rotations.erase(day.team.rotations.begin());
    CHECK(day.members("2026-12-03T12:00:00Z").empty());
}

TEST_CASE("the answer in words names the rule and the time in the rotation's zone") {
    Thursday day;
    const auto words = [&](std::string_view when) { return say_answer(day.team, day.chain(when), at(when)); };
    CHECK(words("2026-12-03T12:00:00Z") ==
          "Alice Martin answers, until Thu 3 Dec 18:00 (Europe/Paris): holds the MRO shift");
    CHECK(words("2026-12-03T20:00:00Z") ==
          "Zoé Tremblay answers, until Thu 3 Dec 20:00 (America/Montreal): holds the Remote shift");
    CHECK(words("2026-12-03T01:00:00Z") ==
          "NOBODY answers, until Thu 3 Dec 09:00 (Europe/Paris): no shift is held, nobody is on night duty, "
          "and "
          "the team has no backup");
    day.team.backup = {carol};
    CHECK(words("2026-12-05T01:00:00Z") ==
          "Carol Petit answers: backup, for no shift is held and nobody is on night duty");
    day.availability[carol].absences = {away("2026-12-05T00:00:00Z", "2026-12-06T00:00:00Z")};
    CHECK(
        words("2026-12-05T01:00:00Z") ==
        "Carol Petit answers, until Sun 6 Dec 01:00 (Europe/Paris): backup, for no shift is held and nobody "
        "is on night duty; absent, as is every backup");
    day.availability[bob].night_duties = {span("2026-12-05T00:00:00Z", "2026-12-05T06:00:00Z")};
    CHECK(words("2026-12-05T01:00:00Z") ==
          "Bob Durand answers, until Sat 5 Dec 07:00 (Europe/Paris): on night duty, and no shift is held");
    day.team.backup.clear();
    day.reporter = stranger;
    CHECK(words("2026-12-05T07:00:00Z") ==
          "support@customer.example answers: the reporter, for no shift is held, nobody is on night duty and "
          "there is no backup");
}

TEST_CASE("the rules have the names that scripts see") {
    CHECK(duty_rule_name(DutyRule::rotation) == "rotation");
    CHECK(duty_rule_name(DutyRule::night_duty) == "night_duty");
    CHECK(duty_rule_name(DutyRule::backup) == "backup");
    CHECK(duty_rule_name(DutyRule::reporter) == "reporter");
}

// ---- a year in 15-minute steps ----
//
// 2026: Montreal changes its clocks on 8 March and 1 November, Paris on 29 March and 25 October. What is
// expected at an instant is told from what the clocks of both cities show then, not from intervals.

namespace {

struct Clock {
    Day day;
    minutes time;  // since midnight
    unsigned weekday;
};

Clock clock_in(const Zone& zone, Instant instant) {
    const LocalTime local = zone.to_local(instant);
    const Day day = std::chrono::floor<days>(local);
    return {day, std::chrono::floor<minutes>(local - LocalTime(day)), std::chrono::weekday(day).c_encoding()};
}

bool is_weekday(const Clock& clock) { return clock.weekday >= 1 && clock.weekday <= 5; }
bool is_uncovered(Day day) { return day.time_since_epoch().count() % 11 == 0; }

// Odd and even days alternate in each rotation; some days nobody can.
std::optional<MemberId> holder(const std::string& rotation, Day day) {
    if (is_uncovered(day)) return std::nullopt;
    const bool odd = day.time_since_epoch().count() % 2 != 0;
    if (rotation == "mro") return odd ? alice : bob;
    return odd ? zoe : yann;
}

// Carol has night duty on Tuesdays and Saturdays from 22:00 to 07:00 in Paris; Yann on Saturdays from 20:00
// to 23:30 in Montreal, which is later than Carol begins.
// The backup is Dan, away in July and on 24 December; then Carol, away from 20 July to 10 August.
struct Year {
    const Zone paris = Zone::get("Europe/Paris");
    const Zone montreal = Zone::get("America/Montreal");
    const Interval all{at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")};
    Team team = two_site_team();
    Plan plan;
    TeamAvailability availability;

    Year() {
        team.rotations[1].end = hours(18);
        team.backup = {dan, carol};
        for (Day date = day("2025-12-30"); date < day("2027-01-03"); date += days(1)) add_day(date);
        std::stable_sort(
            plan.assignments.begin(), plan.assignments.end(),
            [](const Assignment& a, const Assignment& b) { return a.shift.when.start < b.shift.when.start; });
        availability[dan].absences = {all_day("2026-07-01", "2026-08-01"),
                                      all_day("2026-12-24", "2026-12-25")};
        availability[carol].absences = {all_day("2026-07-20", "2026-08-11")};
    }

    Absence all_day(std::string_view first, std::string_view end) const {
        Absence absence;
        absence.all_day = DaySpan{day(first), day(end)};
        absence.when = paris.interval_of(*absence.all_day);
        return absence;
    }

    void add_day(Day date) {
        for (const Rotation& rotation : team.rotations) {
            if (const auto shift = shift_on(rotation, date)) {
                Assignment& added = plan.assignments.emplace_back();
                added.shift = *shift;
                added.member = holder(rotation.name, date);
            }
        }
        const unsigned weekday = std::chrono::weekday(date).c_encoding();
        if (weekday == 2 || weekday == 6) {
            availability[carol].night_duties.push_back({paris.to_instant(LocalTime(date) + hours(22)),
                                                        paris.to_instant(LocalTime(date) + hours(31))});
        }
        if (weekday == 6) {
            availability[yann].night_duties.push_back(
                {montreal.to_instant(LocalTime(date) + hours(20)),
                 montreal.to_instant(LocalTime(date) + hours(23) + minutes(30))});
        }
    }

    DutyLink expected(Instant instant) const {
        const Clock here = clock_in(paris, instant);
        const Clock there = clock_in(montreal, instant);
        if (is_weekday(here) && here.time >= hours(9) && here.time < hours(18)) {
            if (const auto member = holder("mro", here.day)) return link(*member, DutyRule::rotation, "mro");
        }
        if (is_weekday(there) && there.time >= hours(12) && there.time < hours(18)) {
            if (const auto member = holder("remote", there.day))
                return link(*member, DutyRule::rotation, "remote");
        }
        const bool carols_evening = (here.weekday == 2 || here.weekday == 6) && here.time >= hours(22);
        const bool carols_morning = (here.weekday == 3 || here.weekday == 0) && here.time < hours(7);
        if (carols_evening || carols_morning) return link(carol, DutyRule::night_duty, "");
        if (there.weekday == 6 && there.time >= hours(20) && there.time < hours(23) + minutes(30))
            return link(yann, DutyRule::night_duty, "");
        const Day today = here.day;
        const bool dan_away =
            (today >= day("2026-07-01") && today <= day("2026-07-31")) || today == day("2026-12-24");
        const bool carol_away = today >= day("2026-07-20") && today <= day("2026-08-10");
        if (!dan_away) return link(dan, DutyRule::backup, "");
        if (!carol_away) return link(carol, DutyRule::backup, "");
        DutyLink both_away = link(dan, DutyRule::backup, "");
        both_away.absent = true;
        return both_away;
    }

    static DutyLink link(const MemberId& member, DutyRule rule, std::string rotation) {
        return {member, rule, std::move(rotation), {}, false};
    }

    DutyChain chain(Instant instant) const { return duty_chain_at({&team, &plan, &availability}, instant); }
};

}  // namespace

TEST_CASE(
    "through a year in steps of 15 minutes exactly one member answers, and until is when that changes") {
    const Year year;
    std::optional<Instant> until;      // as told one step ago
    std::optional<DutyLink> previous;  // with the shift or night duty it rests on
    std::map<DutyRule, int> seen;
    int changes = 0;
    for (Instant now = year.all.start; now < year.all.end; now += minutes(15)) {
        const DutyChain chain = year.chain(now);
        REQUIRE(chain.answer());
        DutyLink answer = *chain.answer();
        const bool changed = previous && answer != *previous;
        previous = answer;
        answer.when.reset();
        const DutyLink expected = year.expected(now);
        if (answer != expected || (until && changed != (*until == now)) || (until && *until < now) ||
            !chain.until || *chain.until <= now) {
            INFO("at " << format_instant(now) << ": " << answer.member.email() << " by "
                       << duty_rule_name(answer.rule) << ", expected " << expected.member.email() << " by "
                       << duty_rule_name(expected.rule) << "; until "
                       << (chain.until ? format_instant(*chain.until) : "never"));
            FAIL();
        }
        if (changed) ++changes;
        ++seen[answer.rule];
        until = chain.until;
    }
    // 261 weekdays with two shifts, 157 nights: the walk has seen something.
    CHECK(changes > 800);
    CHECK(seen[DutyRule::rotation] > 10000);
    CHECK(seen[DutyRule::night_duty] > 3000);
    CHECK(seen[DutyRule::backup] > 10000);
}

}  // namespace duty_chain_test
