// `watchbill override`, `note` and `brief` from outside: on the database that `serve` left behind.
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/team_folder.h"

namespace action_commands_test {

using namespace watchbill::test;
using Catch::Contains;
using nlohmann::json;

namespace {

// A date so many days from today: "2026-12-03", or "20261203" as calendars write it.
std::string date_in(int days, const char* form = "%04d-%02u-%02u") {
    const std::chrono::year_month_day date(
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()) + std::chrono::days(days));
    char text[16];
    std::snprintf(text, sizeof text, form, static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()));
    return text;
}

// Served once, so that there is a plan; Bob is away from the 5th day on, for four days.
struct PlannedTeam : TeamFolder {
    PlannedTeam() {
        const char* compact = "%04d%02u%02u";
        write_calendar("bob", vacations({{date_in(5, compact), date_in(9, compact)}}));
        ServingProgram program(*this);
        REQUIRE_FALSE(program.lines_until("  next:").empty());
        REQUIRE(program.stop() == 0);
    }
    json shift(const std::string& date) const {
        const Run run = this->run({"explain", date, "--json"});
        INFO(run.err);
        REQUIRE(run.exit_status == 0);
        return json::parse(run.out)[0];
    }
    json brief() const {
        const Run run = this->run({"brief", "--json"});
        INFO(run.err);
        REQUIRE(run.exit_status == 0);
        return json::parse(run.out);
    }
};

}  // namespace

TEST_CASE("without a database there is nothing to change, and it is said") {
    const TeamFolder team;
    for (const std::vector<std::string>& command : {std::vector<std::string>{"brief"},
                                                    {"note", "x"},
                                                    {"override", "list"},
                                                    {"override", "set", date_in(1), "bob@example.com"},
                                                    {"override", "remove", date_in(1)}}) {
        const Run run = team.run(command);
        CHECK(run.exit_status == 1);
        CHECK(run.out.empty());
        CHECK_THAT(run.err, Contains("run `watchbill serve` first"));
    }
    CHECK_FALSE(std::filesystem::exists(team.folder.file("watchbill.db")));
}

TEST_CASE("what is no date or no command is a wrong command line") {
    const TeamFolder team;
    CHECK(team.run({"brief", "--date", "tomorrow"}).exit_status == 2);
    CHECK(team.run({"note", "x", "--date", "2026-02-30"}).exit_status == 2);
    CHECK(team.run({"note"}).exit_status == 2);
    CHECK(team.run({"override"}).exit_status == 2);
    CHECK(team.run({"override", "set", "2026-02-30", "bob@example.com"}).exit_status == 2);
    CHECK(team.run({"override", "set", "2026-02-03"}).exit_status == 2);
}

TEST_CASE("a shift is given by hand and goes back") {
    const PlannedTeam team;
    const std::string date = date_in(3);
    const std::string before = team.shift(date).at("member");
    const std::string other = before == "carol@example.com" ? "alice@example.com" : "carol@example.com";

    const Run set = team.run({"override", "set", date, other, "--reason", "school run"});
    CHECK(set.err.empty());
    REQUIRE(set.exit_status == 0);
    CHECK_THAT(set.out, Contains("agreed by people") && Contains("Feeds show it within a minute"));
    CHECK(team.shift(date).at("member") == other);
    CHECK(team.shift(date).at("flags") == json::array({"override"}));
    const Run again = team.run({"override", "set", date, other, "--reason", "school run"});
    CHECK(again.exit_status == 0);
    CHECK_THAT(again.out, Contains("nothing changes"));

    const json list = json::parse(team.run({"override", "list", "--json"}).out);
    REQUIRE(list.size() == 1);
    CHECK(list[0].at("date") == date);
    CHECK(list[0].at("rotation") == "mro");
    CHECK(list[0].at("member") == other);
    CHECK(list[0].at("reason") == "school run");
    CHECK(list[0].at("by").get<std::string>().starts_with("cli:"));
    CHECK_THAT(team.run({"override", "list"}).out, Contains("school run"));

    const Run removed = team.run({"override", "remove", date, "--json"});
    REQUIRE(removed.exit_status == 0);
    CHECK(json::parse(removed.out).at("member") == before);
    CHECK(team.shift(date).at("member") == before);
    const Run nothing_left = team.run({"override", "remove", date});
    CHECK(nothing_left.exit_status == 1);
    CHECK_THAT(nothing_left.err, Contains("there is no override to take back"));
}

TEST_CASE("an absent person has to be forced") {
    const PlannedTeam team;
    const std::string date = date_in(6);
    const Run refused = team.run({"override", "set", date, "bob@example.com"});
    CHECK(refused.exit_status == 1);
    CHECK_THAT(refused.err, Contains("absent (vacation, ") && Contains("or force it"));
    CHECK(json::parse(team.run({"override", "list", "--json"}).out).empty());
    const Run forced = team.run({"override", "set", date, "bob@example.com", "--force", "--json"});
    REQUIRE(forced.exit_status == 0);
    CHECK_THAT(forced.err, Contains("warning: Forced: Bob is absent (vacation, "));
    CHECK(json::parse(forced.out).at("member") == "bob@example.com");
    CHECK(json::parse(forced.out).at("warnings").size() == 1);
}

TEST_CASE("a note is in the brief of the next handover, once") {
    const PlannedTeam team;
    CHECK(team.brief().at("notes").empty());
    const Run left = team.run({"note", "Deploys are frozen\nask Bob", "--by", "alice@example.com", "--json"});
    REQUIRE(left.exit_status == 0);
    CHECK(json::parse(left.out).at("changed") == true);
    CHECK_THAT(team.run({"note", "Deploys are frozen\nask Bob", "--by", "alice@example.com"}).out,
               Contains("Was left already"));
    const json brief = team.brief();
    REQUIRE(brief.at("notes").size() == 1);
    CHECK(brief.at("notes")[0].at("author") == "alice@example.com");
    CHECK(brief.at("notes")[0].at("text") == "Deploys are frozen\nask Bob");
    const Run words = team.run({"brief", "--date", brief.at("date")});
    CHECK_THAT(words.out, Contains("Notes:\n- Alice, ") && Contains(": Deploys are frozen\n  ask Bob\n"));
    CHECK_THAT(team.run({"feed", "handovers"}).out, Contains("Deploys are frozen"));

    const Run escape = team.run({"note", "red \x1b[31m"});
    CHECK(escape.exit_status == 1);
    CHECK_THAT(escape.err, Contains("control character") && !Contains("\x1b"));
    CHECK(team.run({"note", "caf\xe9"}).exit_status == 1);
    CHECK(team.run({"note", "x", "--rotation", "night"}).exit_status == 1);
    CHECK(team.run({"note", "x", "--by", "eve@example.com"}).exit_status == 1);
    CHECK(team.brief().at("notes").size() == 1);
}

}  // namespace action_commands_test
