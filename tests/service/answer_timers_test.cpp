// Time to answer under wall clocks that are set.
#include "service/answer_timers.h"

#include <catch2/catch.hpp>

#include "service/fakes.h"

namespace answer_timers_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");
constexpr Duration five = minutes(5);

struct World {
    World() {
        incident.team = "payments";
        incident.id = "i1";
        incident.opened_at = incident.changed_at = noon;
        incident.when = {noon, noon + hours(1)};
    }
    Duration left(const AnswerWait& wait) { return timers.left(incident, wait, five); }

    FakeClock clock{noon};
    Incident incident;
    AnswerTimers timers{clock};
    AnswerWait alice{id("alice@example.com"), noon, noon};
};

}  // namespace

TEST_CASE("Time runs by the steady clock, wherever the wall clock is set") {
    World world;
    CHECK(world.left(world.alice) == five);
    world.clock.advance(minutes(2));
    CHECK(world.left(world.alice) == minutes(3));
    world.clock.step_wall(GENERATE(Duration(0), Duration(-hours(2)), Duration(hours(2)), Duration(-hours(24)),
                                   Duration(hours(24)), Duration(-3), Duration(3)));
    CHECK(world.left(world.alice) == minutes(3));
    world.clock.advance(minutes(3) - Duration(1));
    CHECK(world.left(world.alice) == Duration(1));
    world.clock.advance(Duration(1));
    CHECK(world.left(world.alice) == Duration(0));
    world.clock.advance(hours(1));
    CHECK(world.left(world.alice) == Duration(0));
}

TEST_CASE("Another process goes on from the store's instants") {
    World world;
    world.clock.advance(minutes(2));
    CHECK(world.left(world.alice) == minutes(3));
    AnswerTimers other(world.clock);
    world.clock.advance(minutes(9));
    CHECK(other.left(world.incident, world.alice, five) == Duration(0));
}

TEST_CASE("What lies ahead of the clock although it was past is due at a start") {
    World world;
    world.clock.step_wall(-GENERATE(Duration(hours(2)), Duration(hours(24)), Duration(minutes(6))));
    CHECK(world.left(world.alice) == Duration(0));
}

TEST_CASE("A small correction takes nobody's time away") {
    World world;
    world.clock.step_wall(Duration(-30));
    CHECK(world.left(world.alice) == five);
}

TEST_CASE("Whoever is told after the clock was set has all of their time") {
    World world;
    CHECK(world.left(world.alice) == five);
    world.clock.advance(minutes(1));
    // Their mail was taken at 12:01, and then the clock was set back.
    AnswerWait told = world.alice;
    told.from = world.clock.now();
    world.clock.step_wall(-hours(2));
    CHECK(world.left(told) == five);
    world.clock.advance(five);
    CHECK(world.left(told) == Duration(0));
    // Another one is asked by the wall clock as it is now.
    const AnswerWait bob{id("bob@example.com"), world.clock.now(), world.clock.now()};
    CHECK(world.left(bob) == five);
}

TEST_CASE("What is planned for later begins by the wall clock, and lasts by the steady one") {
    World world;
    const Instant start = noon + hours(3);
    const AnswerWait alice{id("alice@example.com"), start, start};
    CHECK(world.left(alice) == hours(3) + five);
    world.clock.advance(hours(1));
    world.clock.step_wall(-hours(2));  // eleven o'clock: it still begins at three
    CHECK(world.left(alice) == hours(4) + five);
    world.clock.step_wall(hours(3));
    CHECK(world.left(alice) == hours(1) + five);
    world.clock.advance(hours(1) - minutes(1));
    CHECK(world.left(alice) == minutes(1) + five);
    world.clock.step_wall(hours(24));  // over by the wall clock: nobody had their time
    CHECK(world.left(alice) == five);
    world.clock.advance(five);
    CHECK(world.left(alice) == Duration(0));
}

TEST_CASE("Incidents that are over are forgotten, other teams' are not") {
    World world;
    CHECK(world.left(world.alice) == five);
    world.clock.advance(minutes(1));
    world.timers.keep("search", {});
    world.clock.step_wall(-hours(2));
    CHECK(world.left(world.alice) == minutes(4));
    world.timers.keep("payments", {"i1"});
    CHECK(world.left(world.alice) == minutes(4));
    world.timers.keep("payments", {});
    CHECK(world.left(world.alice) == Duration(0));  // as at a start
}

}  // namespace answer_timers_test
