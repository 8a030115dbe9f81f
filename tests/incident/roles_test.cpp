#include "incident/roles.h"

#include <catch2/catch.hpp>

#include "incident/incident_world.h"

namespace roles_test {

using namespace watchbill;
using namespace watchbill::test;
using Catch::Matchers::Contains;
using std::chrono::hours;

TEST_CASE("Whoever is on duty commands, and each skill gets one who is there") {
    const IncidentWorld world;
    const Incident incident = world.open({"database", "network"});
    CHECK(people(incident) == "alice: commander, carol: expert skill:database, bob: expert skill:network");
    CHECK(incident.commander().rule == "rotation");
    CHECK(incident.commander().why == "holds the MRO shift");
    CHECK(incident.find(id("carol"))->why ==
          "has the skill database, is there (14:00 in Europe/Paris), never called before");
    CHECK(incident.unfilled().empty());
}

TEST_CASE("Of several whoever was least recently called is asked") {
    IncidentWorld world;
    world.history[id("carol")] = world.now - hours(48);
    CHECK(people(world.open({"database"})) == "alice: commander, emma: expert skill:database");
    world.history[id("emma")] = world.now - hours(24);
    CHECK(people(world.open({"database"})) == "alice: commander, carol: expert skill:database");
}

TEST_CASE("Whoever is away or resting is not asked, and asleep only where nobody else is there") {
    IncidentWorld world;
    world.away("carol", world.today());
    CHECK(people(world.open({"database"})) == "alice: commander, emma: expert skill:database");
    SECTION("asleep: it is 07:00 in Montreal") {
        world.now -= hours(1);
        const Incident incident = world.open({"database"});
        CHECK(people(incident) == "alice: commander, emma: expert skill:database");
        CHECK_THAT(incident.find(id("emma"))->why, Contains("outside working hours (07:00"));
        world.availability.clear();
        CHECK(people(world.open({"database"})) == "alice: commander, carol: expert skill:database");
    }
    SECTION("resting after a night on duty, until 11 h after its end") {
        world.availability[id("emma")].night_duties = {{world.now - hours(16), world.now - hours(10)}};
        CHECK(world.open({"database"}).unfilled() == std::vector<std::string>{"database"});
        world.availability[id("emma")].night_duties = {{world.now - hours(17), world.now - hours(11)}};
        CHECK(world.open({"database"}).unfilled().empty());
    }
    SECTION("who is on night duty is awake") {
        world.now -= hours(5);
        world.availability[id("emma")].night_duties = {{world.now - hours(2), world.now + hours(2)}};
        CHECK_THAT(world.open({"database"}).find(id("emma"))->why, Contains("is there (03:00"));
    }
}

TEST_CASE("The commander is never also an expert") {
    const IncidentWorld world;
    const auto named = open_incident(world.staff(), world.order({}, {"alice@example.com"}), world.now);
    REQUIRE_FALSE(named);
    CHECK(named.error().code == "commander_is_no_expert");
    CHECK_THAT(named.error().sentence, Contains("Alice commands (holds the MRO shift)"));
    const Incident incident = world.open({"payments"});
    CHECK(people(incident) == "alice: commander");
    CHECK(incident.unfilled() == std::vector<std::string>{"payments"});
}

TEST_CASE("Unknown people and skills are refused with the nearest known") {
    const IncidentWorld world;
    const auto person = open_incident(world.staff(), world.order({}, {"bbo@example.com"}), world.now);
    REQUIRE_FALSE(person);
    CHECK(person.error().code == "unknown_person");
    CHECK_THAT(person.error().sentence, Contains("did you mean \"bob@example.com\"?"));
    const auto skill = open_incident(world.staff(), world.order({"databse"}), world.now);
    REQUIRE_FALSE(skill);
    CHECK(skill.error().code == "unknown_skill");
    CHECK_THAT(skill.error().sentence, Contains("did you mean \"database\"?"));
    CHECK_THAT(open_incident(world.staff(), world.order({"x"}), world.now).error().sentence,
               Contains("there is database, payments, network and security"));
    CHECK(people(world.open({"DataBase"})) == "alice: commander, carol: expert skill:database");
}

TEST_CASE("Whoever is named fills the skill that is needed, and nobody is asked twice") {
    const IncidentWorld world;
    CHECK(people(world.open({"database"}, {"emma@example.com"})) ==
          "alice: commander, emma: expert skill:database");
    CHECK(people(world.open({"network"}, {"emma@example.com", "emma@example.com"})) ==
          "alice: commander, emma: expert named:emma@example.com, bob: expert skill:network");
    CHECK(people(world.open({"network", "network", "security"})) ==
          "alice: commander, bob: expert skill:network, david: expert skill:security");
}

TEST_CASE("One person helps with two skills where nobody else has them") {
    IncidentWorld world;
    world.away("bob", world.today());
    CHECK(people(world.open({"network", "security"})) ==
          "alice: commander, david: expert skill:network skill:security");
}

TEST_CASE("The command is never empty") {
    IncidentWorld world;
    world.plan.assignments.clear();
    CHECK(world.open().commander().rule == "backup");
    world.team.backup.clear();
    auto order = world.order();
    order.roles.reporter = MemberId::parse("support@customer.example");
    const auto reported = open_incident(world.staff(), order, world.now);
    REQUIRE(reported);
    CHECK(people(reported->incident) == "support: commander");
    CHECK(reported->incident.commander().rule == "reporter");
    world.away("alice", world.today());
    const Incident incident = world.open();
    CHECK(people(incident) == "bob: commander");
    CHECK(incident.commander().rule == "last_resort");
}

TEST_CASE("The reporter is informed") {
    const IncidentWorld world;
    auto order = world.order({"network"});
    order.roles.reporter = id("emma");
    CHECK(people(open_incident(world.staff(), order, world.now)->incident) ==
          "alice: commander, bob: expert skill:network, emma: reporter");
}

}  // namespace roles_test
