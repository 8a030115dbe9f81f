// `watchbill check` from outside: the configuration's problems are tested in tests/config; here, what only
// the machine can tell, and how all of it is printed.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/watchbill_program.h"
#include "support/http_server.h"

namespace check_command_test {

using namespace watchbill::test;
using Catch::Contains;
using nlohmann::json;

namespace {

// What a team lead is told of a configuration without errors.
const std::string how_to_swap =
    "note: how members swap shifts, from any calendar:\n"
    "  1. an event \"MRO swap\" in your own calendar, on a day of yours, with one colleague invited; their "
    "yes "
    "does it\n"
    "  2. \"MRO swap 2026-12-03\" asks for their shift of that day; \"MRO cover\" gives yours away\n"
    "  3. Google's secret address and CalDAV have answers; what Outlook and Apple publish may leave them "
    "out\n"
    "  4. then two events that name each other do: \"MRO swap with Bob\" and \"MRO swap with Alice\"\n"
    "  5. deleting the event before the shift takes it back; `watchbill swaps` shows how far each has come\n";

constexpr auto empty_calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nEND:VCALENDAR\r\n";

const std::string alice_has_none =
    "teams/payments.toml:5:1: note: alice@example.com has no calendar, so no absence and no night duty of "
    "theirs "
    "can be known\n";

// A configuration that is right; `calendars` are Alice's, on line 7 from column 14. No mail server is asked:
// what it answers is tested in tests/peers/check_test.py.
class Rota {
public:
    explicit Rota(const std::string& calendars = "") {
        std::filesystem::create_directory(folder.path() / "teams");
        write_file(folder.file("watchbill.toml"),
                   "[server]\nlisten = \"127.0.0.1:8080\"\n[mail]\nfrom = \"rota@example.com\"\nsmtp = "
                   "\"smtp://127.0.0.1:25\"\n");
        write_file(
            folder.file("teams/payments.toml"),
            "[team]\nname = \"payments\"\ntime_zone = \"Europe/Paris\"\n\n[[member]]\nemail = "
            "\"alice@example.com\"\ncalendars = [" +
                calendars +
                "]\n\n[[rotation]]\nname = \"mro\"\nstart = \"09:00\"\nmembers = [\"alice@example.com\"]\n");
    }

    Run check(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"check", "--no-mail"});
        return run_watchbill(folder, more);
    }

    TempDir folder;
};

// Files of the folder, so that a test can tell that a check made none.
size_t count_files(const TempDir& folder) {
    using Files = std::filesystem::recursive_directory_iterator;
    return static_cast<size_t>(std::distance(Files(folder.path()), Files()));
}

}  // namespace

TEST_CASE("a right configuration is said to be so, and the check leaves no trace") {
    const Rota rota("\"alice.ics\"");
    write_file(rota.folder.file("teams/alice.ics"), empty_calendar);
    const size_t files = count_files(rota.folder);
    const Run run = rota.check();
    CHECK(run.exit_status == 0);
    CHECK(run.err.empty());
    CHECK(
        run.out ==
        "teams/payments.toml:7:14: note: alice@example.com calendar 1 (alice.ics) can be read: 0 absences, 0 "
        "night duties, 0 others, within 30 days back and 180 ahead\n" +
            how_to_swap + "0 errors, 0 warnings\n");
    CHECK(count_files(rota.folder) == files);
}

TEST_CASE("problems of the configuration and of calendars come out together") {
    const Rota rota("\"page.ics\", \"missing.ics\", \"odd.ics\"");
    write_file(rota.folder.file("teams/page.ics"), "<html>Sign in</html>");
    write_file(rota.folder.file("teams/odd.ics"),
               "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//"
               "EN\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTAMP:20260101T000000Z\r\n"
               "DTSTART;TZID=Nowhere:20200101T090000\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    write_file(rota.folder.file("watchbill.toml"), "[server]\nlistn = 1\n");
    write_file(rota.folder.file("teams/b.toml"), "[team]\n");
    const Run run = rota.check();
    CHECK(run.exit_status == 1);
    CHECK(run.err.empty());
    std::vector<std::string> places;
    std::istringstream lines(run.out);
    for (std::string line; std::getline(lines, line);) {
        const size_t end = line.find(": ", line.find(": ") + 2);
        if (end != std::string::npos) places.push_back(line.substr(0, end));
    }
    using Places = std::vector<std::string>;
    CHECK(places == Places{"watchbill.toml:1:1: warning", "watchbill.toml:2:1: error",
                           "teams/b.toml:1:1: error", "teams/b.toml:1:1: error", "teams/b.toml:1:1: error",
                           "teams/b.toml:1:1: error", "teams/payments.toml:7:14: error",
                           "teams/payments.toml:7:26: error", "teams/payments.toml:7:41: warning",
                           "teams/payments.toml:7:41: note"});
    CHECK_THAT(run.out, Contains("alice@example.com calendar 1 (page.ics) cannot be read: "));
    CHECK_THAT(run.out, Contains("alice@example.com calendar 2 (missing.ics) cannot be read: "));
    CHECK_THAT(run.out, Contains("[unknown_zone]"));
    CHECK_THAT(run.out, Contains("there is no [mail], so invitations will wait in the outbox"));
    CHECK_THAT(run.out, Catch::EndsWith("7 errors, 2 warnings\n"));
}

TEST_CASE("the JSON of a check has every problem and every calendar") {
    const Rota rota("\"alice.ics\", \"missing.ics\"");
    write_file(rota.folder.file("teams/alice.ics"), empty_calendar);
    const Run run = rota.check({"--json"});
    CHECK(run.exit_status == 1);
    json report = json::parse(run.out);
    CHECK(report.at("ok") == false);
    REQUIRE(report.at("problems").size() == 1);
    json& problem = report.at("problems").at(0);
    CHECK_THAT(problem.at("message").get<std::string>(),
               Catch::StartsWith("alice@example.com calendar 2 (missing.ics) cannot be read: "));
    problem.erase("message");
    CHECK(problem ==
          json::parse(
              R"json({"file": "teams/payments.toml", "line": 7, "column": 27, "severity": "error"})json"));
    REQUIRE(report.at("calendars").size() == 2);
    CHECK(
        report.at("calendars").at(0) ==
        json::parse(
            R"json({"label": "alice@example.com calendar 1 (alice.ics)", "file": "teams/payments.toml", "line": 7,
                          "column": 14, "readable": true, "occurrences": 0, "warnings": [], "error": null,
                          "kinds": {"absences": 0, "night_duties": 0, "swaps": 0, "others": 0}
})json"));
    CHECK(report.at("mail_server").is_null());
    CHECK(report.at("members_without_calendar").empty());
    CHECK(report.at("calendars").at(1).at("readable") == false);
    CHECK(report.at("calendars").at(1).at("error").at("code") == "not_found");
}

TEST_CASE("The option --no-calendars leaves the calendars alone") {
    const Rota rota("\"missing.ics\"");
    const Run run = rota.check({"--no-calendars"});
    CHECK(run.exit_status == 0);
    CHECK(run.out == how_to_swap + "0 errors, 0 warnings\n");
}

TEST_CASE("secrets and databases that serve could not use are errors at their place") {
    const Rota rota;
    const auto check = [&](const std::string& lines) {
        write_file(rota.folder.file("watchbill.toml"),
                   "[server]\n" + lines + "\n[mail]\nfrom = \"a@b.c\"\nsmtp = \"smtp://localhost\"\n");
        const Run run = rota.check();
        CHECK(run.exit_status == 1);
        return run.out;
    };
    CHECK(check("secret_file = \"none/secret.key\"") ==
          "watchbill.toml:2:15: error: the secret file cannot be made: its folder does not exist; make it "
          "first\n" +
              alice_has_none + "1 error, 0 warnings\n");
    CHECK(check("database = \"sqlite:none/rota.db\"") ==
          "watchbill.toml:2:12: error: the database cannot be opened: its folder does not exist; make it "
          "first\n" +
              alice_has_none + "1 error, 0 warnings\n");
    CHECK(check("database = \"sqlite:teams\"") ==
          "watchbill.toml:2:12: error: the database is not a regular file\n" + alice_has_none +
              "1 error, 0 warnings\n");
    CHECK(check("database = \"postgresql://u:hunter2@db/rota\"") ==
          "watchbill.toml:2:12: error: PostgreSQL is not supported by this version; use \"sqlite:FILE\"\n" +
              alice_has_none + "1 error, 0 warnings\n");
    write_file(rota.folder.file("open.key"), std::string(64, 'a'));
    REQUIRE(chmod(rota.folder.file("open.key").c_str(), 0644) == 0);
    CHECK_THAT(check("secret_file = \"open.key\""),
               Contains("watchbill.toml:2:15: error: ") && Contains("chmod 600"));
}

TEST_CASE("a secret that is right is no problem") {
    const Rota rota;
    write_file(rota.folder.file("secret.key"), std::string(64, 'a') + "\n");
    REQUIRE(chmod(rota.folder.file("secret.key").c_str(), 0600) == 0);
    CHECK(rota.check().out == alice_has_none + how_to_swap + "0 errors, 0 warnings\n");
}

TEST_CASE("a gap between rotations is a warning at the one that ends, and fails no check") {
    const Rota rota;
    write_file(rota.folder.file("teams/payments.toml"), R"([team]
name = "payments"
time_zone = "Europe/Paris"
[[member]]
email = "alice@example.com"
[[rotation]]
name = "mro"
start = "09:00"
end = "17:00"
members = ["alice@example.com"]
hands_over_to = "late"
[[rotation]]
name = "late"
start = "18:00"
end = "22:00"
members = ["alice@example.com"]
)");
    const std::string message =
        "every day: mro (Europe/Paris) ends 17:00, late (Europe/Paris) starts 18:00: nobody is scheduled for "
        "1 "
        "h";
    const Run run = rota.check();
    CHECK(run.exit_status == 0);
    CHECK(run.out == "teams/payments.toml:7:8: warning: " + message + "\n" +
                         std::string(alice_has_none).replace(20, 3, "4:1") + how_to_swap +
                         "0 errors, 1 warning\n");

    const json report = json::parse(rota.check({"--json"}).out);
    CHECK(report.at("ok") == true);
    CHECK(report.at("problems").size() == 1);
    REQUIRE(report.at("coverage").size() == 1);
    json gap = report.at("coverage").at(0);
    CHECK(gap.at("first").get<std::string>() < gap.at("last").get<std::string>());
    gap.erase("first");
    gap.erase("last");
    CHECK(gap == json{{"team", "payments"},
                      {"file", "teams/payments.toml"},
                      {"line", 7},
                      {"column", 8},
                      {"kind", "gap"},
                      {"rotations", {"mro", "late"}},
                      {"seconds", 3600},
                      {"members", json::array()},
                      {"message", message}});

    // Of a configuration that cannot be used nothing is said.
    write_file(rota.folder.file("teams/broken.toml"), "[team]\n");
    CHECK(json::parse(rota.check({"--json"}).out).at("coverage") == json::array());
}

TEST_CASE("rotations that overlap, share members and leave nights free are notes") {
    const Rota rota;
    write_file(rota.folder.file("teams/payments.toml"), R"([team]
name = "payments"
time_zone = "Europe/Paris"
backup = ["alice@example.com"]
[[member]]
email = "alice@example.com"
name = "Alice"
[[rotation]]
name = "mro"
start = "09:00"
end = "18:00"
days = ["mon", "tue", "wed", "thu", "fri"]
members = ["alice@example.com"]
hands_over_to = "remote"
[[rotation]]
name = "remote"
time_zone = "America/Montreal"
start = "12:00"
end = "18:00"
days = ["mon", "tue", "wed", "thu", "fri"]
members = ["alice@example.com"]
hands_over_to = "mro"
)");
    const Run run = rota.check({"--no-calendars"});
    INFO(run.out);
    CHECK(run.exit_status == 0);
    // Twice a year, whenever this runs.
    CHECK_THAT(run.out,
               Contains("teams/payments.toml:9:8: note: from Mon ") &&
                   Contains(": mro (Europe/Paris) ends 18:00, remote (America/Montreal) starts 12:00 "
                            "= 17:00 in Paris: they overlap by 1 h\n"));
    CHECK_THAT(run.out, Contains(": Alice is on the rosters of mro and remote, whose shifts overlap, and may "
                                 "hold both at once\n"));
    CHECK_THAT(run.out, Catch::EndsWith(
                            "teams/payments.toml:9:8: note: nobody is scheduled from 18:00 in Montreal to "
                            "09:00 in Paris the next day, from Monday to Thursday, nor from Friday 18:00 in "
                            "Montreal to Monday 09:00 in Paris; then whoever is on night duty answers, else "
                            "the backup, Alice\n" +
                            how_to_swap + "0 errors, 0 warnings\n"));
    const json report = json::parse(rota.check({"--no-calendars", "--json"}).out);
    CHECK(report.at("problems").empty());
    std::map<std::string, int> kinds;
    for (const json& note : report.at("coverage")) ++kinds[note.at("kind").get<std::string>()];
    CHECK(kinds["overlap"] >= 2);
    CHECK(kinds["shared_members"] == kinds["overlap"]);
    CHECK(kinds["unscheduled"] == 1);
    const json& nights = report.at("coverage").back();
    CHECK(nights.at("rotations") == json::array());
    CHECK(nights.at("first").is_null());
    CHECK(nights.at("seconds").is_null());
}

TEST_CASE("calendars at URLs are checked side by side, and no URL is shown") {
    const HttpServer server;
    const Rota rota("\"" + server.url("/ok?hunter2") + "\", \"http://user:hunter2@" +
                    server.place("/login/hunter2") + "\", \"" + server.url("/status/404?hunter2") + "\"");
    const Run run = rota.check();
    INFO(run.out);
    CHECK(run.exit_status == 1);
    CHECK_THAT(run.out, !Contains("hunter2"));
    CHECK_THAT(run.out, Contains("note: alice@example.com calendar 1 (127.0.0.1) can be read"));
    CHECK_THAT(run.out, Contains("error: alice@example.com calendar 2 (127.0.0.1) cannot be read: "));
    CHECK_THAT(run.out, Contains("error: alice@example.com calendar 3 (127.0.0.1) cannot be read: "));
}

TEST_CASE("the calendar of incidents is checked too: whether it can be written, and who invites") {
    const HttpServer server(ServerScript{"scripted_dav.py"});
    const auto check = [&](const std::string& collection, const std::string& option = "") {
        const Rota rota;
        const std::string team = read_file(rota.folder.file("teams/payments.toml"));
        write_file(
            rota.folder.file("teams/payments.toml"),
            std::string(team).insert(team.find("\n\n[[member]]"),
                                     "\nincident_calendar = { url = \"" + server.url(collection) + "\" }"));
        return rota.check(option.empty() ? std::vector<std::string>{} : std::vector<std::string>{option});
    };
    CHECK_THAT(
        check("/plain/").out,
        Contains("teams/payments.toml:4:29: note: payments incident calendar (127.0.0.1) can be written: "
                 "its server invites nobody, so Watchbill does by mail"));
    CHECK_THAT(check("/schedules/").out, Contains("its server invites the attendees itself"));
    CHECK(check("/plain/").exit_status == 0);
    CHECK_THAT(check("/readonly/").out, Contains("cannot be written") && Contains("1 error"));
    CHECK(check("/readonly/").exit_status == 1);
    CHECK_THAT(check("/folder/SECRET/").out, Contains("cannot be used") && !Contains("SECRET"));
    CHECK_THAT(check("/folder/", "--no-calendars").out, !Contains("incident calendar"));

    const json report = json::parse(check("/schedules/", "--json").out).at("incident_calendars").at(0);
    CHECK(report.at("usable") == true);
    CHECK(report.at("schedules") == true);
    CHECK(report.at("organizers") == json::array({"rota@example.com"}));
    CHECK(report.at("error") == nullptr);
    CHECK(json::parse(check("/login/", "--json").out).at("incident_calendars").at(0).at("error").at("code") ==
          "refused");
}

TEST_CASE("a configuration that is not there is one error") {
    const TempDir folder;
    const Run run = run_watchbill(folder, {"check", "--config", "none.toml"});
    CHECK(run.exit_status == 1);
    CHECK(run.out ==
          "none.toml:1:1: error: the file cannot be read: No such file or directory\n1 error, 0 warnings\n");
}

TEST_CASE("the example team's configuration passes its check") {
    const TempDir folder;
    const Run run =
        run_watchbill(folder, {"check", "--config", WATCHBILL_SOURCE_DIR "/feeds/watchbill.toml"});
    INFO(run.out);
    CHECK(run.exit_status == 0);
    CHECK_THAT(run.out, Catch::EndsWith("0 errors, 1 warning\n"));  // no [mail]
}

}  // namespace check_command_test
