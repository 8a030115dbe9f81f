// `watchbill plan`, `explain`, `on-duty` and `feed` from outside, without a server.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/team_folder.h"

namespace plan_command_test {

using namespace watchbill::test;
using Catch::Contains;
using nlohmann::json;

namespace {

json plan(const TeamFolder& team, std::vector<std::string> more) {
    more.insert(more.begin(), "plan");
    more.emplace_back("--json");
    const Run run = team.run(more);
    INFO(run.err);
    REQUIRE(run.exit_status == 0);
    return json::parse(run.out);
}

const std::vector<std::string> first_week{"--team", "payments", "--from", "2026-06-01",
                                          "--days", "4",        "--fresh"};

}  // namespace

TEST_CASE("a fresh plan starts on any date, and reads the calendars for it") {
    const TeamFolder team;
    team.write_calendar("bob", vacations({{"20260602", "20260603"}}));
    const json list = plan(team, first_week);
    REQUIRE(list.size() == 4);
    // 09:00 in Paris in summer, until the next start.
    CHECK(list[0].at("date") == "2026-06-01");
    CHECK(list[0].at("rotation") == "mro");
    CHECK(list[0].at("member") == "alice@example.com");
    CHECK(list[0].at("start") == "2026-06-01T07:00:00Z");
    CHECK(list[0].at("end") == "2026-06-02T07:00:00Z");
    CHECK(list[0].at("flags") == json::array());
    CHECK(list[1].at("member") == "carol@example.com");
    const json absent = {{"code", "absent"},
                         {"member", "bob@example.com"},
                         {"start", "2026-06-01T22:00:00Z"},
                         {"end", "2026-06-02T22:00:00Z"},
                         {"kind", "vacation"}};
    const json& reasons = list[1].at("reasons");
    CHECK(std::find(reasons.begin(), reasons.end(), absent) != reasons.end());
    // It leaves no trace.
    CHECK_FALSE(std::filesystem::exists(team.folder.file("watchbill.db")));
    CHECK_FALSE(std::filesystem::exists(team.folder.file("secret.key")));
}

TEST_CASE("a day that nobody can serve is planned as uncovered") {
    const TeamFolder team;
    for (const char* name : {"alice", "bob", "carol"})
        team.write_calendar(name, vacations({{"20260602", "20260604"}}));
    const json list = plan(team, first_week);
    REQUIRE(list.size() == 4);
    CHECK(list[1].at("member").is_null());
    CHECK(list[1].at("flags") == json::array({"uncovered"}));
    // Vacation until midnight: the shift that starts at 09:00 on the 4th is free again.
    CHECK(list[3].at("flags") == json::array());
}

TEST_CASE("the same plan is printed byte for byte, in each form") {
    const TeamFolder team;
    for (const char* form : {"--json", "--ics", "--fresh"}) {
        std::vector<std::string> arguments{"plan"};
        arguments.insert(arguments.end(), first_week.begin(), first_week.end());
        if (form != std::string("--fresh")) arguments.emplace_back(form);
        const Run first = team.run(arguments);
        CHECK(first.exit_status == 0);
        CHECK(first.err.empty());
        CHECK_FALSE(first.out.empty());
        CHECK(first.out == team.run(arguments).out);
    }
}

TEST_CASE("a fresh plan as a feed is stamped with its first day") {
    const TeamFolder team;
    const Run run = team.run({"plan", "--from", "2026-06-01", "--days", "3", "--fresh", "--ics"});
    CHECK_THAT(run.out, Catch::StartsWith("BEGIN:VCALENDAR\r\n") && Catch::EndsWith("END:VCALENDAR\r\n"));
    CHECK_THAT(run.out, Contains("DTSTAMP:20260531T220000Z\r\n") && Contains("SEQUENCE:0\r\n"));
    size_t events = 0;
    for (size_t at = run.out.find("BEGIN:VEVENT"); at != std::string::npos;
         at = run.out.find("BEGIN:VEVENT", at + 1))
        ++events;
    CHECK(events == 3);
}

TEST_CASE("a calendar that cannot be read is loud, and the plan goes on without it") {
    const TeamFolder team;
    team.write_calendar("bob", "<html>Sign in</html>");
    std::filesystem::remove(team.folder.file("teams/carol.ics"));
    std::vector<std::string> arguments{"plan", "--json"};
    arguments.insert(arguments.end(), first_week.begin(), first_week.end());
    const Run run = team.run(arguments);
    CHECK(run.exit_status == 0);
    CHECK(json::parse(run.out).size() == 4);
    CHECK_THAT(run.err, Contains("bob@example.com") && Contains("carol@example.com") &&
                            Contains("COULD NOT BE READ") && !Contains("alice@example.com"));
}

TEST_CASE("plan complains of what it cannot do") {
    const TeamFolder team;
    CHECK(team.run({"plan"}).exit_status == 2);
    CHECK(team.run({"plan", "--from", "June"}).exit_status == 2);
    CHECK(team.run({"plan", "--from", "2026-06-01", "--days", "0"}).exit_status == 2);
    CHECK(team.run({"plan", "--from", "2026-06-01", "--ics", "--json"}).exit_status == 2);
    const Run unknown = team.run({"plan", "--from", "2026-06-01", "--team", "search"});
    CHECK(unknown.exit_status == 1);
    CHECK_THAT(unknown.err, Contains("search") && Contains("payments"));
    team.write_team("search");
    const Run which = team.run({"plan", "--from", "2026-06-01"});
    CHECK(which.exit_status == 1);
    CHECK_THAT(which.err, Contains("--team") && Contains("payments") && Contains("search"));
}

TEST_CASE("on-duty says who, until when, who is next and why, also without a database") {
    const TeamFolder team;
    const Run words = team.run({"on-duty"});
    CHECK(words.exit_status == 0);
    CHECK_THAT(words.out,
               Contains("MRO: ") && Contains(", until ") && Contains("  why: ") && Contains("  next: "));

    const Run run = team.run({"on-duty", "--json", "--team", "payments"});
    const json answer = json::parse(run.out);
    CHECK(answer.at("team") == "payments");
    const json& mro = answer.at("rotations").at(0);
    CHECK(mro.at("member") == mro.at("current").at("member"));
    CHECK(mro.at("until") == mro.at("current").at("end"));
    // Around the clock: whoever is next starts when this shift ends.
    CHECK(mro.at("next").at("start") == mro.at("until"));
    const std::string at = answer.at("at");
    CHECK(mro.at("current").at("start").get<std::string>() <= at);
    CHECK(mro.at("until").get<std::string>() > at);

    const Run later = team.run({"on-duty", "--json", "--at", mro.at("until")});
    CHECK(json::parse(later.out).at("rotations").at(0).at("current") == mro.at("next"));
    // Far beyond the horizon there is an answer too.
    const json far = json::parse(team.run({"on-duty", "--json", "--at", "2028-01-05T12:00:00+01:00"}).out);
    CHECK(far.at("at") == "2028-01-05T11:00:00Z");
    CHECK(far.at("rotations").at(0).at("current").at("date") == "2028-01-05");
    CHECK(team.run({"on-duty", "--at", "now"}).exit_status == 2);
    CHECK_FALSE(std::filesystem::exists(team.folder.file("watchbill.db")));
}

TEST_CASE("explain tells about each person") {
    const TeamFolder team;
    const json current = json::parse(team.run({"on-duty", "--json"}).out).at("rotations").at(0).at("next");
    const std::string date = current.at("date");
    const Run words = team.run({"explain", date});
    CHECK(words.exit_status == 0);
    CHECK_THAT(words.out,
               Contains("Alice") && Contains("Bob") && Contains("Carol") && Contains("Europe/Paris"));
    const json list = json::parse(team.run({"explain", date, "--rotation", "mro", "--json"}).out);
    REQUIRE(list.size() == 1);
    CHECK(list[0].at("member") == current.at("member"));
    CHECK(list[0].at("explanation").is_string());

    CHECK(team.run({"explain", "someday"}).exit_status == 2);
    CHECK(team.run({"explain", date, "--rotation", "nothing"}).exit_status == 1);
    CHECK(team.run({"explain", "2001-01-01"}).exit_status == 1);
}

TEST_CASE("feed and token name the feeds there are") {
    const TeamFolder team;
    const Run feed = team.run({"feed", "rotation"});
    CHECK(feed.exit_status == 0);
    CHECK_THAT(feed.out, Catch::StartsWith("BEGIN:VCALENDAR\r\n"));
    const Run unknown = team.run({"feed", "rotations"});
    CHECK(unknown.exit_status == 1);
    CHECK(unknown.out.empty());
    CHECK_THAT(unknown.err, Contains("rotation, handovers, absences, incidents, member/alice@example.com"));

    const Run list = team.run({"token", "list"});
    CHECK(list.exit_status == 0);
    CHECK_THAT(list.out, Contains("webcal://") && Contains("calendar.google.com") && Contains("outlook"));
    const json urls = json::parse(team.run({"token", "list", "--json"}).out);
    CHECK(urls.size() == 7);
    CHECK(team.run({"token"}).exit_status == 2);
    CHECK(team.run({"token", "create", "rotation"}).exit_status == 1);
}

}  // namespace plan_command_test
