// `watchbill calendar` from outside. What the reader makes of odd calendars is tested in tests/ical and
// tests/peers; here, what the command does with it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/watchbill_program.h"
#include "support/http_server.h"

namespace calendar_command_test {

using namespace watchbill::test;
using Catch::Contains;
using nlohmann::json;

namespace {

std::string calendar_of(const std::string& events) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n" + events + "END:VCALENDAR\r\n";
}

std::string event(const std::string& uid, const std::string& lines) {
    return "BEGIN:VEVENT\r\nUID:" + uid + "\r\nDTSTAMP:20260101T000000Z\r\n" + lines + "\r\nEND:VEVENT\r\n";
}

// A meeting, a vacation (all-day), a weekly on-call night, and something cancelled, in June 2026.
std::string june() {
    return calendar_of(
        event("meeting",
              "SUMMARY:Planning\r\nSTATUS:TENTATIVE\r\nDTSTART:20260603T080000Z\r\nDTEND:20260603T090000Z") +
        event("vacation", "SUMMARY:Vacation\r\nDTSTART;VALUE=DATE:20260604\r\nDTEND;VALUE=DATE:20260606") +
        event("night",
              "SUMMARY:On-call\r\nSTATUS:CONFIRMED\r\nDTSTART:20260602T200000Z\r\nDTEND:20260603T050000Z\r\n"
              "RRULE:FREQ=WEEKLY;COUNT=2") +
        event("gone", "SUMMARY:Vacation\r\nSTATUS:CANCELLED\r\nDTSTART;VALUE=DATE:20260603"));
}

Run calendar(const TempDir& folder, const std::string& location, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"calendar", location, "--from", "2026-06-03", "--to", "2026-06-10"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_watchbill(folder, arguments);
}

json occurrences(const TempDir& folder, std::vector<std::string> more = {}) {
    more.emplace_back("--json");
    const Run run = calendar(folder, "june.ics", more);
    INFO(run.err);
    REQUIRE(run.exit_status == 0);
    return json::parse(run.out).at("occurrences");
}

}  // namespace

TEST_CASE("the JSON of a calendar has the design's shape") {
    const TempDir folder;
    write_file(folder.file("june.ics"), june());
    const Run run = calendar(folder, "june.ics", {"--json"});
    CHECK(run.exit_status == 0);
    CHECK(run.err.empty());
    CHECK(json::parse(run.out) == json::parse(R"json({
        "occurrences": [
            {"uid": "night", "recurrence_id": "2026-06-02T20:00:00Z", "start": "2026-06-02T20:00:00Z",
             "end": "2026-06-03T05:00:00Z", "all_day": false, "summary": "On-call", "status": "confirmed",
             "kind": "night_duty"},
            {"uid": "meeting", "recurrence_id": null, "start": "2026-06-03T08:00:00Z",
             "end": "2026-06-03T09:00:00Z", "all_day": false, "summary": "Planning", "status": "tentative",
             "kind": "none"},
            {"uid": "vacation", "recurrence_id": null, "start": "2026-06-04", "end": "2026-06-06",
             "all_day": true, "summary": "Vacation", "status": null, "kind": "absence"},
            {"uid": "night", "recurrence_id": "2026-06-09T20:00:00Z", "start": "2026-06-09T20:00:00Z",
             "end": "2026-06-10T05:00:00Z", "all_day": false, "summary": "On-call", "status": "confirmed",
             "kind": "night_duty"}],
        "warnings": []})json"));
}

TEST_CASE("without --json the calendar is a table in the zone") {
    const TempDir folder;
    write_file(folder.file("june.ics"), june());
    const Run run = calendar(folder, "june.ics", {"--zone", "Europe/Paris"});
    CHECK(run.exit_status == 0);
    CHECK(run.err.empty());
    CHECK(run.out ==
          "WHEN (Europe/Paris)                             KIND        SUMMARY\n"
          "Tue 2 Jun 2026 22:00 to Wed 3 Jun 2026 07:00    night_duty  On-call\n"
          "Wed 3 Jun 2026 10:00-11:00                      none        Planning (tentative)\n"
          "Thu 4 Jun 2026 to Fri 5 Jun 2026                absence     Vacation\n"
          "Tue 9 Jun 2026 22:00 to Wed 10 Jun 2026 07:00   night_duty  On-call\n");
}

TEST_CASE("dates are the zone's days, the last one exclusive, and instants are taken as they are") {
    const TempDir folder;
    // An hour before and after midnight in Montreal (04:00Z in June).
    write_file(folder.file("june.ics"),
               calendar_of(event("late", "DTSTART:20260604T030000Z\r\nDTEND:20260604T040000Z") +
                           event("early", "DTSTART:20260604T040000Z\r\nDTEND:20260604T050000Z")));
    const auto uids = [&](const std::string& from, const std::string& to, const std::string& zone) {
        const Run run = run_watchbill(
            folder, {"calendar", "june.ics", "--from", from, "--to", to, "--zone", zone, "--json"});
        INFO(run.err);
        REQUIRE(run.exit_status == 0);
        std::vector<std::string> found;
        const json listing = json::parse(run.out);
        for (const json& occurrence : listing.at("occurrences")) found.push_back(occurrence.at("uid"));
        return found;
    };
    using Uids = std::vector<std::string>;
    CHECK(uids("2026-06-03", "2026-06-04", "America/Montreal") == Uids{"late"});
    CHECK(uids("2026-06-04", "2026-06-05", "America/Montreal") == Uids{"early"});
    CHECK(uids("2026-06-04", "2026-06-05", "UTC") == Uids{"late", "early"});
    CHECK(uids("2026-06-04T03:30:00Z", "2026-06-04T04:00:00Z", "UTC") == Uids{"late"});
    CHECK(uids("2026-06-04T06:00:00+02:00", "2026-06-05", "UTC") == Uids{"early"});
}

TEST_CASE("whose calendar it is decides what counts") {
    const TempDir folder;
    write_file(folder.file("june.ics"),
               calendar_of(event(
                   "v",
                   "SUMMARY:Vacation\r\nDTSTART;VALUE=DATE:20260604\r\nORGANIZER:mailto:bob@example.com\r\n"
                   "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.com\r\n"
                   "ATTENDEE;PARTSTAT=DECLINED:mailto:Alice@Example.com")));
    CHECK(occurrences(folder).at(0).at("kind") == "absence");  // unknown: everything is their own
    CHECK(occurrences(folder, {"--member", "bob@example.com"}).at(0).at("kind") == "absence");
    CHECK(occurrences(folder, {"--member", "ALICE@example.com"}).at(0).at("kind") == "none");
    CHECK(occurrences(folder, {"--member", "eve@example.com"}).at(0).at("kind") == "none");
}

TEST_CASE("with --config the team's keywords, names and zones count") {
    const TempDir folder;
    std::filesystem::create_directory(folder.path() / "teams");
    write_file(folder.file("rota.toml"), "");
    write_file(folder.file("teams/payments.toml"), R"(
[team]
name = "payments"
time_zone = "Europe/Paris"
[[member]]
email = "alice@example.com"
name = "Alice Martin"
time_zone = "America/Montreal"
[[member]]
email = "bob@example.com"
name = "Bob Durand"
[[rotation]]
name = "mro"
start = "09:00"
members = ["alice@example.com"]
[keywords]
absence = ["walkabout"]
)");
    write_file(
        folder.file("june.ics"),
        calendar_of(event("a", "SUMMARY:Walkabout\r\nDTSTART:20260604T090000\r\nDTEND:20260604T180000") +
                    event("b", "SUMMARY:Bob vacation\r\nDTSTART;VALUE=DATE:20260605")));
    CHECK(occurrences(folder).at(0).at("kind") == "none");
    CHECK(occurrences(folder, {"--config", "rota.toml"}).at(0).at("kind") == "absence");

    const Run run =
        calendar(folder, "june.ics", {"--config", "rota.toml", "--member", "alice@example.com", "--json"});
    REQUIRE(run.exit_status == 0);
    const json listing = json::parse(run.out);
    CHECK(listing.at("occurrences").at(0).at("start") == "2026-06-04T13:00:00Z");  // 09:00 in Montreal
    CHECK(listing.at("occurrences").at(0).at("kind") == "absence");
    CHECK(listing.at("occurrences").at(1).at("kind") == "none");  // it is Bob who is away
    REQUIRE(listing.at("warnings").size() == 1);
    CHECK(listing.at("warnings").at(0).at("code") == "names_other_member");

    write_file(folder.file("rota.toml"), "oops = 1");
    const Run broken = calendar(folder, "june.ics", {"--config", "rota.toml"});
    CHECK(broken.exit_status == 1);
    CHECK(broken.out.empty());
    CHECK_THAT(broken.err, Contains("rota.toml:1:1: error: unknown key \"oops\""));
}

TEST_CASE("what is no calendar exits with 1 and a message") {
    const TempDir folder;
    write_file(folder.file("page.ics"), "<!DOCTYPE html><html><body>Sign in</body></html>");
    write_file(folder.file("empty.ics"), "");
    const auto location = GENERATE("page.ics", "empty.ics", "missing.ics", ".");
    const Run run = calendar(folder, location, {"--json"});
    CHECK(run.exit_status == 1);
    CHECK(run.out.empty());
    CHECK_THAT(run.err, Catch::StartsWith("watchbill: " + std::string(location) + ": "));
}

TEST_CASE("warnings go to standard error, or into the JSON") {
    const TempDir folder;
    write_file(folder.file("june.ics"), calendar_of(event("x", "DTSTART;TZID=Nowhere:20260604T090000")));
    const Run table = calendar(folder, "june.ics");
    CHECK(table.exit_status == 0);
    CHECK_THAT(table.err, Catch::StartsWith("warning: unknown_zone: "));
    CHECK_THAT(table.out, !Contains("unknown_zone"));
    const Run with_json = calendar(folder, "june.ics", {"--json"});
    CHECK(with_json.err.empty());
    CHECK(json::parse(with_json.out).at("warnings").at(0).at("code") == "unknown_zone");
}

TEST_CASE("a calendar cannot send control sequences to the terminal") {
    const TempDir folder;
    write_file(
        folder.file("june.ics"),
        calendar_of(
            event("\x1b[2Juid",
                  "SUMMARY:\x1b]0;owned\x07\xc2\x9b\\nnext\r\nDTSTART;TZID=No\x1b[1mwhere:20260604T090000")));
    const Run run = calendar(folder, "june.ics");
    CHECK(run.exit_status == 0);
    for (const std::string& text : {run.out, run.err}) {
        CHECK(text.find('\x1b') == std::string::npos);
        CHECK(text.find('\x07') == std::string::npos);
        CHECK(text.find("\xc2\x9b") == std::string::npos);
    }
    CHECK(std::count(run.out.begin(), run.out.end(), '\n') == 2);
}

TEST_CASE("calendars at URLs are read, and their secrets stay secret") {
    const TempDir folder;
    const HttpServer server;
    const Run good = calendar(folder, server.url("/ok"), {"--json"});
    INFO(good.err);
    CHECK(good.exit_status == 0);
    CHECK(json::parse(good.out).contains("occurrences"));
    const Run bad = calendar(folder, "http://user:hunter2@" + server.place("/login?token=hunter2"));
    CHECK(bad.exit_status == 1);
    CHECK(bad.out.empty());
    CHECK_THAT(bad.err, Contains("127.0.0.1") && !Contains("hunter2"));
    const Run refused = calendar(folder, "ftp://user:hunter2@example.com/hunter2");
    CHECK(refused.exit_status == 1);
    CHECK_THAT(refused.err, !Contains("hunter2"));
}

TEST_CASE("who asks for a calendar is said whole, and of URLs only") {
    const TempDir folder;
    write_file(folder.file("a.ics"), june());
    const std::string url = "https://127.0.0.1:9/calendar/";
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {url, "--user", "alice"},
             {url, "--password-file", "password"},
             {url, "--user", "alice", "--password-file", "password", "--token-file", "token"},
             {folder.file("a.ics"), "--caldav"},
             {folder.file("a.ics"), "--token-file", "token"}}) {
        const Run run = calendar(folder, arguments[0], {arguments.begin() + 1, arguments.end()});
        INFO(run.err);
        CHECK(run.exit_status == 2);
    }
    const Run run = calendar(folder, url, {"--caldav", "--token-file", folder.file("missing")});
    CHECK(run.exit_status == 1);
    CHECK_THAT(run.err, Contains("token file") && !Contains("calendar/"));
}

TEST_CASE("a CalDAV collection is read") {
    const TempDir folder;
    const HttpServer server(ServerScript{"scripted_dav.py"});
    const Run run = calendar(folder, server.url("/plain/"), {"--caldav", "--json"});
    INFO(run.err);
    CHECK(run.exit_status == 0);
    CHECK(json::parse(run.out).at("occurrences").empty());
    const Run file = calendar(folder, server.url("/plain/"), {});
    CHECK(file.exit_status == 1);
}

}  // namespace calendar_command_test
