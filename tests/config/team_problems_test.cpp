// What is wrong inside a team's file, table by table, said at the exact place.
#include <catch2/catch.hpp>

#include "config/config_folder.h"

namespace team_problems_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

using Lines = std::vector<std::string>;

struct Case {
    const char* text;
    Lines expected;
};

// The team's file with `text` put before the first line that starts with `anchor`.
std::string team_with(std::string_view text, std::string_view anchor) {
    std::string team(good_team);
    team.insert(team.find(anchor), text);
    return team;
}

Lines team_problems(const std::string& text) {
    const ConfigFolder folder;
    folder.write("teams/payments.toml", text);
    return folder.problems();
}

}  // namespace

TEST_CASE("problems of [team]") {
    const auto c = GENERATE(values<Case>({
        {"title = 5\n", {"teams/payments.toml:4:9: error: \"title\" must be a string, not an integer"}},
        {"title = \"a\\nb\"\n",
         {"teams/payments.toml:4:9: error: \"title\" must be one line of text, without line breaks or "
          "control "
          "characters"}},
        {"horizon_day = 90\n",
         {"teams/payments.toml:4:1: error: unknown key \"horizon_day\" in [team], did you mean "
          "\"horizon_days\"?"}},
        {"horizon_days = 0\n",
         {"teams/payments.toml:4:16: error: \"horizon_days\" must be from 1 to 730, not 0"}},
        {"horizon_days = 731\n",
         {"teams/payments.toml:4:16: error: \"horizon_days\" must be from 1 to 730, not 731"}},
        {"horizon_days = 90.5\n",
         {"teams/payments.toml:4:16: error: \"horizon_days\" must be a whole number from 1 to 730, not a "
          "number "
          "with a fraction"}},
        {"notice_days = -1\n",
         {"teams/payments.toml:4:15: error: \"notice_days\" must be from 0 to 365, not -1"}},
        {"rest = \"eleven\"\n",
         {"teams/payments.toml:4:8: error: \"eleven\" is no duration; write days, hours, minutes or seconds "
          "such "
          "as \"11h\", \"1h30m\" or \"5m\""}},
        {"rest = 11\n",
         {"teams/payments.toml:4:8: error: \"rest\" must be a duration such as \"11h\" or \"5m\", not an "
          "integer"}},
        {"rest = \"-1h\"\n",
         {"teams/payments.toml:4:8: error: \"-1h\" is no duration; write days, hours, minutes or seconds "
          "such as "
          "\"11h\", \"1h30m\" or \"5m\""}},
        {"rest = \"30d\"\n",
         {"teams/payments.toml:4:8: error: \"rest\" must be from 0 s to 168 h, not 720 h"}},
        {"absence_threshold = \"0h\"\n",
         {"teams/payments.toml:4:21: error: \"absence_threshold\" must be from 1 min to 24 h, not 0 s"}},
        {"refresh = \"0s\"\n",
         {"teams/payments.toml:4:11: error: \"refresh\" must be from 1 s to 24 h, not 0 s"}},
        {"date_order = \"ymd\"\n",
         {"teams/payments.toml:4:14: error: \"date_order\" must be \"dmy\" or \"mdy\", how 03/12 is read in "
          "titles of swaps, not \"ymd\""}},
        {"trust_organizer_copy = \"yes\"\n",
         {"teams/payments.toml:4:24: error: \"trust_organizer_copy\" must be true or false, not a string"}},
        {"conference = \"https://meet.example.com/{id}\"\n",
         {"teams/payments.toml:4:14: error: \"conference\" may hold {incident} and nothing else in braces"}},
        {"conference = \"meet.example.com/{incident}\"\n",
         {"teams/payments.toml:4:14: error: \"conference\" must be a URL that starts with https:// or "
          "http:// and "
          "names a host"}},
        {"checklist = \"Tickets\"\n",
         {"teams/payments.toml:4:13: error: \"checklist\" must be a list of strings in [ ], not a string"}},
        {"checklist = [\"Tickets\", 5]\n",
         {"teams/payments.toml:4:25: error: \"each of checklist\" must be a string, not an integer"}},
        {"backup = [\"alcie@example.com\", \"zoe@example.org\", \"bob@example.com\", \"Bob@Example.com\"]\n",
         {"teams/payments.toml:4:11: error: \"alcie@example.com\" is no member of this team, did you mean "
          "\"alice@example.com\"?",
          "teams/payments.toml:4:32: error: \"zoe@example.org\" is no member of this team; add a [[member]] "
          "with "
          "this email",
          "teams/payments.toml:4:70: error: \"bob@example.com\" is listed twice in \"backup\""}},
        {"holidays = [5, { site = \"paris\" }, { calendar = \"a.ics\", sites = \"x\" }]\n",
         {"teams/payments.toml:4:13: error: \"a calendar\" must be a path or URL, or a table { url = "
          "\"...\", type "
          "= \"caldav\", ... }, not an integer",
          "teams/payments.toml:4:16: error: holidays lacks \"calendar\", a path or URL",
          "teams/payments.toml:4:25: warning: no member has the site \"paris\"",
          "teams/payments.toml:4:58: error: unknown key \"sites\" in holidays, did you mean \"site\"?"}},
        {"incident_calendar = { url = \"calendar\", user = \"rota\", pass = \"x\" }\n",
         {"teams/payments.toml:4:29: error: \"url\" must be a URL that starts with https:// or http:// and "
          "names a "
          "host",
          "teams/payments.toml:4:48: error: \"user\" needs a \"password_file\"",
          "teams/payments.toml:4:56: error: unknown key \"pass\" in [incident_calendar], did you mean "
          "\"password_file\"?"}},
        {"incident_calendar = { url = \"https://example.com/\", token_file = \"none\", invitations = "
         "\"auto\" }\n",
         {"teams/payments.toml:4:66: error: the token file \"none\" cannot be found: No such file or "
          "directory",
          "teams/payments.toml:4:88: error: \"invitations\" is \"automatic\" (by the server if it can, else "
          "by "
          "mail) or \"mail\", not \"auto\""}},
        {"incident_calendar = {}\n",
         {"teams/payments.toml:4:21: error: [incident_calendar] lacks \"url\", the CalDAV collection that "
          "incidents are written to"}},
    }));
    INFO(c.text);
    CHECK(team_problems(team_with(c.text, "\n[[member]]")) == c.expected);
}

TEST_CASE("problems of [[member]]") {
    // Line 6 is the first of Alice's table.
    const auto c = GENERATE(values<Case>({
        {"e-mail = \"x\"\n",
         {"teams/payments.toml:6:1: error: unknown key \"e-mail\" in [[member]], did you mean \"email\"?"}},
        {"time_zone = \"Europe/Pariss\"\n",
         {"teams/payments.toml:6:13: error: \"Europe/Pariss\" is no time zone that this system knows, did "
          "you mean "
          "\"Europe/Paris\"?"}},
        {"time_zone = \"europe/paris\"\n",
         {"teams/payments.toml:6:13: error: \"europe/paris\" is no time zone that this system knows, did you "
          "mean "
          "\"Europe/Paris\"?"}},
        {"time_zone = \"New York\"\n",
         {"teams/payments.toml:6:13: error: \"New York\" is no time zone that this system knows, did you "
          "mean "
          "\"America/New_York\"?"}},
        {"time_zone = \"Romance Standard Time\"\n",
         {"teams/payments.toml:6:13: error: \"Romance Standard Time\" is no time zone that this system "
          "knows; "
          "write an IANA name such as \"Europe/Paris\""}},
        {"time_zone = \"../../etc/passwd\"\n",
         {"teams/payments.toml:6:13: error: \"../../etc/passwd\" is no time zone that this system knows; "
          "write an "
          "IANA name such as \"Europe/Paris\""}},
        {"weight = 0\n",
         {"teams/payments.toml:6:10: error: \"weight\" must be above 0 and at most 100; 1.0 is a full share, "
          "0.5 "
          "half of one. Who takes no shifts is left out of the rotation's members"}},
        {"weight = nan\n",
         {"teams/payments.toml:6:10: error: \"weight\" must be above 0 and at most 100; 1.0 is a full share, "
          "0.5 "
          "half of one. Who takes no shifts is left out of the rotation's members"}},
        {"weight = 100.001\n",
         {"teams/payments.toml:6:10: error: \"weight\" must be above 0 and at most 100; 1.0 is a full share, "
          "0.5 "
          "half of one. Who takes no shifts is left out of the rotation's members"}},
        {"weight = 0.3333\n", {"teams/payments.toml:6:10: error: \"weight\" has more than 3 decimals"}},
        {"weight = 0.0001\n", {"teams/payments.toml:6:10: error: \"weight\" has more than 3 decimals"}},
        {"weight = \"0.5\"\n",
         {"teams/payments.toml:6:10: error: \"weight\" must be a number, not a string"}},
        {"skills = [\"\"]\n",
         {"teams/payments.toml:6:11: error: \"each of skills\" is empty; it must be a string"}},
        {"aliases = [\"bob@example.com\", \"a@b@c\"]\n",
         {"teams/payments.toml:6:12: error: \"bob@example.com\" is already a member's address, at line 10",
          "teams/payments.toml:6:31: error: \"a@b@c\" is no e-mail address such as \"alice@example.com\""}},
        {"aliases = [\"Alice@example.com\"]\n",
         {"teams/payments.toml:6:12: error: \"alice@example.com\" is already a member's address, at line 7"}},
        {"[[member]]\nemail = \"BOB@example.com\"\n\n",
         {"teams/payments.toml:12:9: error: \"bob@example.com\" is already a member's address, at line 6"}},
        {"[[member]]\nname = \"Nobody\"\n\n",
         {"teams/payments.toml:5:1: error: [[member]] lacks \"email\", the address that identifies the "
          "member"}},
    }));
    INFO(c.text);
    const std::string text(c.text);
    // A table of its own goes before Alice's, keys go into hers.
    const bool is_table = text.starts_with("[[");
    CHECK(team_problems(team_with(text, is_table ? "[[member]]" : "email = \"alice")) == c.expected);
}

TEST_CASE("problems of calendars") {
    const ConfigFolder folder;
    folder.write_secret("teams/secret", "x");
    folder.write("teams/open", "x");
    REQUIRE(chmod(folder.path_of("teams/open").c_str(), 0644) == 0);
    const auto c = GENERATE(values<Case>({
        {"\"a.ics\", \"a.ics\"", {"6:23: error: this calendar is listed twice"}},
        {"\"ftp://example.com/hunter2.ics\"",
         {"6:14: error: a calendar's URL starts with https://, http:// or webcal://, not \"ftp://\""}},
        {"\"https://\"",
         {"6:14: error: this calendar's URL is malformed (it is not shown here, since it may be secret); "
          "write "
          "https://HOST/PATH with blanks and other unusual characters percent-encoded"}},
        {"\"https://example.com/hunter2 a.ics\"",
         {"6:14: error: this calendar's URL is malformed (it is not shown here, since it may be secret); "
          "write "
          "https://HOST/PATH with blanks and other unusual characters percent-encoded"}},
        {"{}", {"6:14: error: a calendar has either \"url\" or \"path\""}},
        {"{ url = \"https://example.com/\", path = \"a.ics\" }",
         {"6:14: error: a calendar has either \"url\" or \"path\""}},
        {"{ url = \"a.ics\" }",
         {"6:22: error: this calendar's URL is malformed (it is not shown here, since it may be secret); "
          "write "
          "https://HOST/PATH with blanks and other unusual characters percent-encoded"}},
        {"{ path = \"https://example.com/hunter2\" }",
         {"6:23: error: \"path\" is a URL; write it as \"url\""}},
        {"{ url = \"https://example.com/\", type = \"caldev\" }",
         {"6:53: error: \"caldev\" is no type of calendar, did you mean \"caldav\"?"}},
        {"{ url = \"https://example.com/\", type = \"exchange\" }",
         {"6:53: error: \"exchange\" is no type of calendar; there are \"url\", \"caldav\" and \"file\""}},
        {"{ url = \"https://example.com/\", type = \"file\" }",
         {"6:53: error: the type \"file\" needs a \"path\""}},
        {"{ path = \"a.ics\", type = \"caldav\" }", {"6:39: error: the type \"caldav\" needs a \"url\""}},
        {"{ url = \"https://example.com/\", user = \"a\" }",
         {"6:53: error: \"user\" needs a \"password_file\""}},
        {"{ url = \"https://example.com/\", password_file = \"secret\" }",
         {"6:62: error: \"password_file\" needs a \"user\""}},
        {"{ path = \"a.ics\", token_file = \"secret\" }",
         {"6:45: error: a file needs no token; only calendars with a \"url\" have one"}},
        {"{ url = \"https://example.com/\", user = \"a\", password_file = \"secret\", token_file = "
         "\"secret\" }",
         {"6:97: error: \"token_file\" stands instead of \"user\" and \"password_file\"; leave one of them "
          "out"}},
        {"{ url = \"https://example.com/\", token_file = \"open\" }",
         {"6:59: warning: the token file \"open\" can be read by everybody on this machine; chmod it to "
          "600"}},
        {"{ url = \"https://example.com/\", token_fiel = \"secret\" }",
         {"6:46: error: unknown key \"token_fiel\" in a calendar, did you mean \"token_file\"?"}},
        {"{ url = \"http://example.com/\", token_file = \"secret\" }",
         {"6:22: warning: the token travels unencrypted; use https:// if the server has it"}},
        {"{ url = \"http://127.0.0.1:8080/\", token_file = \"secret\" }", {}},
        {"{ path = \"a.ics\", user = \"a\", password_file = \"secret\" }",
         {"6:39: error: a file needs no user; only calendars with a \"url\" have one"}},
        {"{ url = \"https://example.com/\", user = \"a\", password = \"hunter2\" }",
         {"6:53: error: \"user\" needs a \"password_file\"",
          "6:58: error: unknown key \"password\" in a calendar, did you mean \"password_file\"?"}},
        {"{ url = \"https://example.com/\", user = \"a\", password_file = \"none\" }",
         {"6:74: error: the password file \"none\" cannot be found: No such file or directory"}},
        {"{ url = \"https://example.com/\", user = \"a\", password_file = \".\" }",
         {"6:74: error: the password file \".\" is not a regular file"}},
        {"{ url = \"https://example.com/\", user = \"a\", password_file = \"open\" }",
         {"6:74: warning: the password file \"open\" can be read by everybody on this machine; chmod it to "
          "600"}},
    }));
    INFO(c.text);
    folder.write("teams/payments.toml",
                 team_with("calendars = [" + std::string(c.text) + "]\n", "email = \"alice"));
    Lines expected;
    for (const std::string& line : c.expected) expected.push_back("teams/payments.toml:" + line);
    CHECK(folder.problems() == expected);
}

TEST_CASE("problems of [[rotation]]") {
    // The rotation's table is line 11; `text` stands for its lines from 12 on.
    const auto c = GENERATE(values<Case>({
        {"",
         {"11:1: error: [[rotation]] lacks \"name\", such as \"mro\"",
          "11:1: error: [[rotation]] lacks \"start\", such as \"09:00\"",
          "11:1: error: [[rotation]] lacks \"members\", the roster in its order"}},
        {"name = \"M R O\"\nstart = \"09:00\"\nmembers = [\"bob@example.com\"]\n",
         {"12:8: error: \"M R O\" cannot be a rotation's name: it takes a to z, 0 to 9, \"-\" and \"_\", "
          "starts with a "
          "letter or digit, and has at most 64 characters; use the title for people"}},
        {"name = \"mro\"\nstart = \"9:00\"\nend = \"25:00\"\nmembers = [\"bob@example.com\"]\n",
         {"13:9: error: \"9:00\" is no time of day, did you mean \"09:00\"?",
          "14:7: error: \"25:00\" is no time of day; write hours and minutes such as \"09:00\""}},
        {"name = \"mro\"\nstart = \"24:00\"\nmembers = [\"bob@example.com\"]\n",
         {"13:9: error: \"start\" must be before \"24:00\"; midnight is \"00:00\""}},
        {"name = \"mro\"\nstart = 09:00:00\nmembers = [\"bob@example.com\"]\n",
         {"13:9: error: \"start\" must be a time of day such as \"09:00\", not a time without quotes"}},
        {"name = \"mro\"\nstart = \"09:00\"\nmembers = [\"bob@example.com\"]\ndays = [\"mon\", \"Tuesday\", "
         "\"day\", \"mon\"]\n",
         {"15:16: error: \"Tuesday\" is no day of the week, did you mean \"tue\"?",
          "15:27: error: \"day\" is no day of the week; write mon, tue, wed, thu, fri, sat or sun",
          "15:34: error: \"mon\" is listed twice in \"days\""}},
        {"name = \"mro\"\nstart = \"09:00\"\nmembers = []\ndays = []\n",
         {"14:11: error: \"members\" is empty, so nobody can serve the rotation",
          "15:8: error: \"days\" is empty, so the rotation has no shift"}},
        {"name = \"mro\"\nstart = \"09:00\"\nmembers = [\"bob@example.com\", \"BOB@example.com\", "
         "\"eve@example.com\", \"x\"]\n",
         {"14:31: error: \"bob@example.com\" is listed twice in \"members\"",
          "14:50: error: \"eve@example.com\" is no member of this team; add a [[member]] with this email",
          "14:69: error: \"x\" is no e-mail address such as \"alice@example.com\""}},
        {"name = \"mro\"\nstart = \"09:00\"\nmembers = [\"bob@example.com\"]\nhands_over_to = \"mro\"\n",
         {"15:17: error: a rotation cannot hand over to itself; leave \"hands_over_to\" out"}},
        {"name = \"mro\"\nstart = \"09:00\"\nmembers = [\"bob@example.com\"]\nhands_over_to = \"remot\"\n"
         "[[rotation]]\nname = \"remote\"\nstart = \"18:00\"\nmembers = [\"bob@example.com\"]\n",
         {"15:17: error: there is no rotation \"remot\" to hand over to, did you mean \"remote\"?"}},
        {"name = \"mro\"\nstart = \"09:00\"\nmembers = [\"bob@example.com\"]\nhands_over_to = "
         "\"eve@example.com\"\n",
         {"15:17: error: \"hands_over_to\" names a rotation, and \"eve@example.com\" is a person: name the "
          "rotation that they serve in"}},
        {"name = \"mro\"\nstart = \"09:00\"\nmembers = [\"bob@example.com\"]\nhands_over_to = "
         "\"remote\"\n[[rotation]]\nname = \"remote\"\nstart = \"18:00\"\nmembers = [\"eve@example.com\"]\n",
         {"19:12: error: \"eve@example.com\" is no member of this team; add a [[member]] with this email"}},
        {"name = \"mro\"\nstart = \"09:00\"\nmembers = [\"bob@example.com\"]\n"
         "[[rotation]]\nname = \"mro\"\nstart = \"18:00\"\nmembers = [\"bob@example.com\"]\n",
         {"16:8: error: there is already a rotation \"mro\", at line 12"}},
        {"name = \"mro\"\nstart = \"09:00\"\nmembers = [\"bob@example.com\"]\nbalance = [\"weekends\", "
         "\"siesta\", \"night\", \"night\"]\n",
         {"15:12: error: \"weekends\" is no class of shifts, did you mean \"weekend\"?",
          "15:24: error: \"siesta\" is no class of shifts; write weekend, holiday, night or weekday",
          "15:43: error: \"night\" is listed twice in \"balance\""}},
        {"name = \"mro\"\nstart = \"09:00\"\nmembers = [\"bob@example.com\"]\nbalance = \"weekend\"\n",
         {"15:11: error: \"balance\" must be a list of classes of shifts such as \"weekend\" in [ ], not a "
          "string"}},
        {"name = \"mro\"\nstart = \"09:00\"\nmembers = [\"bob@example.com\"]\nbalance = "
         "[\"night\"]\ntogether = [[\"sat\", \"sun\"]]\n",
         {"16:12: error: \"together\" gives whole weekends to one member, so \"balance\" has to name "
          "\"weekend\""}},
        {"name = \"mro\"\nstart = \"09:00\"\nmembers = [\"bob@example.com\"]\ndays = [\"mon\", \"wed\", "
         "\"fri\", \"sat\"]\ntogether = [\"sat\", [\"sat\"], [\"sat\", \"sun\"], [\"wed\", \"fri\"], "
         "[\"mon\", \"wed\"], [\"Saturday\", \"fri\"]]\n",
         {"16:13: error: each of together must be a list of days such as [\"sat\", \"sun\"], not a string",
          "16:20: error: days kept together are at least two that follow each other, such as [\"sat\", "
          "\"sun\"]",
          "16:37: error: \"sun\" is not among the rotation's \"days\"",
          "16:45: error: days kept together are at least two that follow each other, such as [\"sat\", "
          "\"sun\"]",
          "16:61: error: days kept together are at least two that follow each other, such as [\"sat\", "
          "\"sun\"]",
          "16:78: error: \"Saturday\" is no day of the week, did you mean \"sat\"?"}},
        {"name = \"mro\"\nstart = \"09:00\"\nmembers = [\"bob@example.com\"]\ntogether = [[\"wed\", "
         "\"thu\"], [\"sat\", \"sun\", \"mon\"], [\"mon\", \"fri\"]]\n",
         {"15:13: error: only days around a weekend can be kept together: name sat or sun among them",
          "15:53: error: \"mon\" is listed twice in \"together\""}},
        {"name = \"mro\"\nstart = \"09:00\"\nmember = [\"bob@example.com\"]\nzone = \"UTC\"\n",
         {"11:1: error: [[rotation]] lacks \"members\", the roster in its order",
          "14:1: error: unknown key \"member\" in [[rotation]], did you mean \"members\"?",
          "15:1: error: unknown key \"zone\" in [[rotation]], did you mean \"time_zone\"?"}},
    }));
    INFO(c.text);
    std::string team(good_team);
    team.erase(team.find("name = \"mro\""));
    Lines expected;
    for (const std::string& line : c.expected) expected.push_back("teams/payments.toml:" + line);
    CHECK(team_problems(team + c.text) == expected);
}

TEST_CASE("keywords and sites that cannot be meant") {
    CHECK(team_problems(std::string(good_team) +
                        "\n[keywords]\nnight = [\"astreinte\"]\nswap = \"x\"\ncover = [\" \"]\n") ==
          Lines{"teams/payments.toml:17:1: error: unknown key \"night\" in [keywords], did you mean "
                "\"night_duty\"?",
                "teams/payments.toml:18:8: error: \"swap\" must be a list of strings in [ ], not a string",
                "teams/payments.toml:19:10: error: \"each of cover\" is empty; it must be a string"});
    CHECK(
        team_problems(team_with("site = \"paris\"\n", "email = \"alice")
                          .insert(good_team.find("\n[[member]]"),
                                  "holidays = [{ calendar = \"a.ics\", site = \"pairs\" }]\n")) ==
        Lines{
            "teams/payments.toml:4:42: warning: no member has the site \"pairs\", did you mean \"paris\"?"});
}

}  // namespace team_problems_test
