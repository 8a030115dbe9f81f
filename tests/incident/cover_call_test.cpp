#include "incident/cover_call.h"

#include <catch2/catch.hpp>

#include "incident/incident_world.h"

namespace cover_call_test {

using namespace watchbill;
using namespace watchbill::test;
using Catch::Matchers::Contains;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

// Alice holds the MRO shift from 09:00 to 18:00 in Paris; it is 14:00.
struct World : IncidentWorld {
    World() {
        for (Rotation& one : team.rotations) one.members = {id("alice"), id("bob"), id("carol")};
        plan.assignments[0].shift.key.date = *parse_day("2026-12-03");
        plan.assignments[1].shift.key.date = *parse_day("2026-12-03");
    }
    void sick(Interval when) { availability[id("alice")].absences.push_back({when, {}, AbsenceKind::sick}); }
    std::vector<CoverCall> calls() const { return cover_calls(staff(), now); }
    std::string asked_in_turn() const {
        std::string text;
        std::vector<MemberId> asked;
        while (const auto next = next_to_cover(staff(), calls().at(0), asked, now)) {
            text += next->email().substr(0, next->email().find('@')) + ' ';
            asked.push_back(*next);
        }
        return text;
    }
    Instant end = at("2026-12-03T17:00:00Z");
};

}  // namespace

TEST_CASE(
    "Who is away for the rest of their shift, or for long, is covered, and for an hour nobody is asked") {
    World world;
    CHECK(world.calls().empty());
    SECTION("an hour in between") {
        world.sick({world.now - minutes(30), world.now + minutes(30)});
        CHECK(world.calls().empty());
    }
    SECTION("for the rest") {
        world.sick({world.now, world.end + hours(20)});
        REQUIRE(world.calls().size() == 1);
        CHECK(world.calls()[0].holder == id("alice"));
        CHECK(world.calls()[0].why == "away: sick since 14:00");
        world.now = world.end - world.team.ack_timeout;
        CHECK(world.calls().empty());  // it is over before anybody answers
    }
    SECTION("for long") {
        world.sick({world.now - hours(3), world.now + hours(1)});
        CHECK(world.calls().size() == 1);
    }
    SECTION("who has left the team") {
        std::erase_if(world.team.members, [](const Member& one) { return one.id == id("alice"); });
        REQUIRE(world.calls().size() == 1);
        CHECK(world.calls()[0].why == "has left the team");
    }
    SECTION("a holiday") {
        world.sick({world.now, world.end});
        world.availability[id("alice")].absences[0].kind = AbsenceKind::holiday;
        CHECK(world.calls().empty());
    }
}

TEST_CASE("The roster is asked before others, who is there and may serve, and nobody is woken") {
    World world;
    world.sick({world.now, world.end});
    CHECK(world.asked_in_turn() == "bob carol emma david ");  // David holds the remote shift
    world.away("bob", world.today());
    world.availability[id("carol")].night_duties = {{world.now - hours(10), world.now - hours(5)}};
    CHECK(world.asked_in_turn() == "emma david ");
    world.now = at("2026-12-03T08:30:00Z");  // 03:30 in Montreal
    world.availability.clear();
    world.sick({world.now, world.end});
    CHECK(world.asked_in_turn() == "bob carol ");
}

TEST_CASE("The mails say whose shift it is, until when on the reader's clock, and who has it") {
    World world;
    world.sick({world.now, world.end});
    const CoverCall call = world.calls()[0];
    const MailTexts ask = cover_request_mail(world.team, call, id("emma"), "https://x/cover/1");
    CHECK(ask.subject == "Can you take over? MRO on Thu 3 Dec, until 12:00 (America/Montreal)");
    CHECK_THAT(ask.text,
               Contains("Alice (away: sick since 14:00) holds this shift") && Contains("https://x/cover/1"));
    CHECK_THAT(ask.html, Contains("href=\"https://x/cover/1\""));
    CHECK(cover_taken_mail(world.team, call, id("bob"), id("bob")).subject ==
          "You have it: MRO on Thu 3 Dec, until 18:00 (Europe/Paris)");
    CHECK_THAT(cover_taken_mail(world.team, call, id("bob"), id("emma")).text,
               Contains("Bob has it") && Contains("nothing for you to do"));
    CHECK_THAT(cover_taken_mail(world.team, call, id("bob"), id("alice")).text, Contains("You are away"));
}

}  // namespace cover_call_test
