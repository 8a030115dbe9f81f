// Who answers, from outside: `watchbill on-duty` for a team whose day has shifts, a gap and a night.
#include <catch2/catch.hpp>
#include <chrono>
#include <nlohmann/json.hpp>

#include "cli/team_folder.h"

namespace on_duty_command_test {

using namespace watchbill::test;
using Catch::Contains;
using Catch::StartsWith;
using nlohmann::json;
using std::chrono::days;

namespace {

using Days = std::chrono::sys_days;

std::string digits(Days day) {
    const std::chrono::year_month_day date(day);
    char text[16];
    std::snprintf(text, sizeof text, "%04d%02u%02u", int(date.year()), unsigned(date.month()),
                  unsigned(date.day()));
    return text;
}

// "2027-01-11T17:30:00Z"
std::string at(Days day, const std::string& time) {
    const std::string d = digits(day);
    return d.substr(0, 4) + "-" + d.substr(4, 2) + "-" + d.substr(6) + "T" + time + ":00Z";
}

Days today() { return std::chrono::floor<days>(std::chrono::system_clock::now()); }

// Far enough ahead that no shift of it has begun.
Days coming_monday() {
    Days day = today() + days(14);
    while (std::chrono::weekday(day) != std::chrono::Monday) day += days(1);
    return day;
}

std::string event(const std::string& summary, const std::string& start, const std::string& end) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:" + start +
           "@test\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:" + summary + "\r\nDTSTART:" + start +
           "\r\nDTEND:" + end + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
}

// On weekdays, in UTC: mro (Alice) 09:00-17:00, remote (Bob) 18:00-22:00; Carol serves nothing.
struct Workdays {
    TeamFolder team;

    explicit Workdays(const std::string& backup = "backup = [\"carol@example.com\"]\n") {
        std::string toml = "[team]\nname = \"payments\"\ntime_zone = \"UTC\"\nhorizon_days = 30\n" + backup;
        for (const char* member : {"alice", "bob", "carol"}) {
            toml += "[[member]]\nemail = \"" + std::string(member) + "@example.com\"\nname = \"" +
                    static_cast<char>(std::toupper(*member)) + std::string(member + 1) +
                    "\"\ncalendars = [\"" + member + ".ics\"]\n";
        }
        toml +=
            "[[rotation]]\nname = \"mro\"\ntitle = \"MRO\"\nstart = \"09:00\"\nend = \"17:00\"\n"
            "days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\nmembers = [\"alice@example.com\"]\n"
            "hands_over_to = \"remote\"\n"
            "[[rotation]]\nname = \"remote\"\nstart = \"18:00\"\nend = \"22:00\"\n"
            "days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\nmembers = [\"bob@example.com\"]\n"
            "hands_over_to = \"mro\"\n";
        write_file(team.folder.file("teams/payments.toml"), toml);
    }

    json on_duty(const std::string& instant) const {
        const Run run = team.run({"on-duty", "--json", "--at", instant});
        INFO(run.err);
        REQUIRE(run.exit_status == 0);
        return json::parse(run.out);
    }
    json answer(const std::string& instant) const { return on_duty(instant).at("answer"); }
    std::string first_line(const std::string& instant) const {
        const Run run = team.run({"on-duty", "--at", instant});
        REQUIRE(run.exit_status == 0);
        return run.out.substr(0, run.out.find('\n'));
    }
};

json answer_of(const char* member, const char* rule, const json& rotation, const json& until) {
    return {{"member", member}, {"rule", rule}, {"rotation", rotation}, {"until", until}};
}

}  // namespace

TEST_CASE("on-duty names who answers and by which rule, through a day with a gap and a night") {
    const Workdays workdays;
    const Days monday = coming_monday();
    workdays.team.write_calendar(
        "bob", event("On call", digits(monday) + "T220000Z", digits(monday + days(1)) + "T060000Z"));

    CHECK(workdays.answer(at(monday, "09:00")) ==
          answer_of("alice@example.com", "rotation", "mro", at(monday, "17:00")));
    // Inside the gap no shift runs, and the backup answers.
    const json gap = workdays.on_duty(at(monday, "17:30"));
    CHECK(gap.at("answer") == answer_of("carol@example.com", "backup", nullptr, at(monday, "18:00")));
    CHECK(gap.at("rotations").at(0).at("current").is_null());
    CHECK(gap.at("rotations").at(1).at("current").is_null());
    CHECK(gap.at("rotations").at(1).at("next").at("member") == "bob@example.com");
    CHECK(workdays.answer(at(monday, "18:00")).at("rotation") == "remote");
    CHECK(workdays.answer(at(monday, "23:00")) ==
          answer_of("bob@example.com", "night_duty", nullptr, at(monday + days(1), "06:00")));
    CHECK(workdays.on_duty(at(monday, "23:00")).at("chain") ==
          json::parse(
              R"([{"member": "bob@example.com", "rule": "night_duty", "rotation": null, "absent": false},
                          {"member": "carol@example.com", "rule": "backup", "rotation": null, "absent": false}])"));
    const Days saturday = monday + days(5);
    CHECK(workdays.answer(at(saturday, "12:00")) ==
          answer_of("carol@example.com", "backup", nullptr, at(monday + days(7), "09:00")));
}

TEST_CASE("the first line of on-duty says who answers, until when and why") {
    const Workdays workdays;
    const Days monday = coming_monday();
    workdays.team.write_calendar(
        "bob", event("On call", digits(monday) + "T220000Z", digits(monday + days(1)) + "T060000Z"));
    CHECK_THAT(workdays.first_line(at(monday, "09:00")), StartsWith("Alice answers, until ") &&
                                                             Contains(" 17:00 (") &&
                                                             Contains("): holds the MRO shift"));
    CHECK_THAT(workdays.first_line(at(monday, "17:30")),
               StartsWith("Carol answers, until ") && Contains("): backup, for no shift is held"));
    CHECK_THAT(workdays.first_line(at(monday, "23:00")),
               StartsWith("Bob answers, until ") && Contains("): on night duty"));
}

TEST_CASE("where every backup is absent, on-duty says so, and where there is none, nobody answers") {
    const Days saturday = coming_monday() + days(5);
    const Workdays workdays;
    workdays.team.write_calendar("carol", vacations({{digits(saturday), digits(saturday + days(2))}}));
    const json away = workdays.on_duty(at(saturday, "12:00"));
    CHECK(away.at("answer") ==
          answer_of("carol@example.com", "backup", nullptr, at(saturday + days(2), "00:00")));
    CHECK(away.at("chain").at(0).at("absent") == true);
    CHECK_THAT(workdays.first_line(at(saturday, "12:00")), Contains("absent, as is every backup"));

    const Workdays alone("");
    const json nobody = alone.on_duty(at(saturday, "12:00"));
    CHECK(nobody.at("answer") == json{{"member", nullptr},
                                      {"rule", nullptr},
                                      {"rotation", nullptr},
                                      {"until", at(saturday + days(2), "09:00")}});
    CHECK(nobody.at("chain") == json::array());
    CHECK_THAT(alone.first_line(at(saturday, "12:00")), StartsWith("NOBODY answers, until "));
}

TEST_CASE("a shift that nobody can serve is answered by the backup") {
    const Workdays workdays;
    const Days monday = coming_monday();
    workdays.team.write_calendar("alice", vacations({{digits(monday), digits(monday + days(1))}}));
    CHECK(workdays.answer(at(monday, "10:00")) ==
          answer_of("carol@example.com", "backup", nullptr, at(monday, "18:00")));
}

TEST_CASE("night duty of months ago is known, too") {
    const Workdays workdays;
    const Days then = today() - days(100);
    workdays.team.write_calendar(
        "bob", event("On call", digits(then) + "T200000Z", digits(then + days(1)) + "T060000Z"));
    CHECK(workdays.answer(at(then, "23:00")).at("member") == "bob@example.com");
}

}  // namespace on_duty_command_test
