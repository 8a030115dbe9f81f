// What is wrong with the server's file, with files as a whole and between files.
#include <algorithm>
#include <catch2/catch.hpp>

#include "config/config_folder.h"

namespace problems_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

using Lines = std::vector<std::string>;

struct Case {
    const char* text;
    Lines expected;
};

std::string not_an_origin(const std::string& place) {
    return "watchbill.toml:" + place +
           ": error: each of cors_origins is a scheme and a host, such as "
           "\"https://dashboard.example.com\", without a path or a slash at the end";
}

Lines server_problems(const std::string& text) {
    const ConfigFolder folder;
    folder.write("watchbill.toml", text);
    return folder.problems();
}

Lines team_problems(const std::string& text) {
    const ConfigFolder folder;
    folder.write("teams/payments.toml", text);
    return folder.problems();
}

}  // namespace

TEST_CASE("problems of watchbill.toml") {
    const auto c = GENERATE(values<Case>({
        // syntax: the parser's own words, once a file
        {"[server]\nlisten = \n",
         {"watchbill.toml:2:10: error: is no valid TOML: Error while parsing key-value pair: expected value, "
          "saw '\\n'"}},
        {"[server]\nlisten = \"127.0.0.1:1\"\nlisten = \"127.0.0.1:2\"\n",
         {"watchbill.toml:3:10: error: is no valid TOML: Error while parsing key-value pair: cannot redefine "
          "existing string 'listen'"}},
        // keys
        {"[server]\nlisten = \"127.0.0.1:8080\"\n  pubic_url = \"https://example.com\"\n",
         {"watchbill.toml:3:3: error: unknown key \"pubic_url\" in [server], did you mean \"public_url\"?"}},
        {"[servers]\n",
         {"watchbill.toml:1:2: error: unknown key \"servers\" in this file, did you mean \"server\"?"}},
        {"port = 1\n",
         {"watchbill.toml:1:1: error: unknown key \"port\" in this file; known here: server, mail"}},
        // types
        {"server = 1\n",
         {"watchbill.toml:1:10: error: \"server\" must be a table, [server], not an integer"}},
        {"[[server]]\n", {"watchbill.toml:1:1: error: \"server\" must be a table, [server], not a list"}},
        {"[server]\nlisten = 8080\n",
         {"watchbill.toml:2:10: error: \"listen\" must be an address such as \"127.0.0.1:8080\", not an "
          "integer"}},
        {"[server]\nteams = [\"teams\"]\n",
         {"watchbill.toml:2:9: error: \"teams\" must be the path of a folder, not a list"}},
        {"[server]\nsecret_file = \" \"\n",
         {"watchbill.toml:2:15: error: \"secret_file\" is empty; it must be a path"}},
        // addresses
        {"[server]\nlisten = \"8080\"\n",
         {"watchbill.toml:2:10: error: \"8080\" is no address to listen on: the port is missing; write "
          "\"127.0.0.1:8080\", \"[::1]:8080\" or, for every network, \"0.0.0.0:8080\""}},
        {"[server]\nlisten = \":8080\"\n",
         {"watchbill.toml:2:10: error: \":8080\" is no address to listen on: the host is missing; write "
          "\"127.0.0.1:8080\", \"[::1]:8080\" or, for every network, \"0.0.0.0:8080\""}},
        {"[server]\nlisten = \"127.0.0.1:65536\"\n",
         {"watchbill.toml:2:10: error: \"127.0.0.1:65536\" is no address to listen on: the port is no number "
          "from "
          "0 to 65535; write \"127.0.0.1:8080\", \"[::1]:8080\" or, for every network, \"0.0.0.0:8080\""}},
        {"[server]\nlisten = \"::1\"\n",
         {"watchbill.toml:2:10: error: \"::1\" is no address to listen on: an IPv6 address stands in [ ]; "
          "write "
          "\"127.0.0.1:8080\", \"[::1]:8080\" or, for every network, \"0.0.0.0:8080\""}},
        {"[server]\nlisten = \"127.0.0.256:80\"\n",
         {"watchbill.toml:2:10: error: \"127.0.0.256:80\" is no address to listen on: the host is none; "
          "write "
          "\"127.0.0.1:8080\", \"[::1]:8080\" or, for every network, \"0.0.0.0:8080\""}},
        {"[server]\nlisten = \"0.0.0.0:80\"\n",
         {"watchbill.toml:2:10: warning: there is no \"public_url\", so links to feeds will start with "
          "http://127.0.0.1:80; set it to what subscribers can reach"}},
        {"[server]\npublic_url = \"rota.example.com\"\n",
         {"watchbill.toml:2:14: error: \"public_url\" must be a URL that starts with https:// or http:// and "
          "names a host"}},
        {"[server]\npublic_url = \"https://rota.example.com/?a=1\"\n",
         {"watchbill.toml:2:14: error: \"public_url\" takes no user, query (?) or fragment (#): feed paths "
          "are "
          "added to it"}},
        {"[server]\ndatabase = \"mysql://root:hunter2@db/x\"\n",
         {"watchbill.toml:2:12: error: \"database\" must be \"sqlite:FILE\" or \"postgresql://HOST/NAME\" "
          "(it is "
          "not shown here, since it may hold a password)"}},
        {"[server]\ndatabase = \"sqlite:\"\n",
         {"watchbill.toml:2:12: error: \"database\" lacks a path; write \"sqlite:watchbill.db\""}},
        {"[server]\ncors_origins = \"https://a.example.com\"\n",
         {"watchbill.toml:2:16: error: \"cors_origins\" must be a list of origins such as "
          "\"https://dashboard.example.com\" in [ ], not a string"}},
        {"[server]\ncors_origins = [\"https://good.example.com\", \"*\", \"https://*.example.com\", "
         "\"null\",\n"
         "\"https://a.example.com/\", \"https://u:p@a.example.com\", \"ftp://a.example.com\"]\n",
         {not_an_origin("2:45"), not_an_origin("2:50"), not_an_origin("2:75"), not_an_origin("3:1"),
          not_an_origin("3:27"), not_an_origin("3:56")}},
        {"[server]\ncors_origins = [\"https://A.example.com\", \"https://a.example.com:443\", "
         "\"http://[::1]:80\"]\n",
         {"watchbill.toml:2:17: error: browsers send this origin as \"https://a.example.com\"; write it like "
          "that",
          "watchbill.toml:2:42: error: browsers send this origin as \"https://a.example.com\"; write it like "
          "that",
          "watchbill.toml:2:71: error: browsers send this origin as \"http://[::1]\"; write it like that"}},
        {"[server]\nlog_format = \"xml\"\n",
         {"watchbill.toml:2:14: error: \"xml\" is no log format; there are \"human\" and \"json\""}},
        {"[server]\ntls_certificate = \"cert.pem\"\ntls_key = \"key.pem\"\n",
         {"watchbill.toml:2:19: error: the file \"cert.pem\" cannot be found: No such file or directory",
          "watchbill.toml:3:11: error: the file \"key.pem\" cannot be found: No such file or directory"}},
        {"[server]\ntls_certificate = \"teams\"\ntls_key = \"watchbill.toml\"\n",
         {"watchbill.toml:2:19: error: the file \"teams\" cannot be found",
          "watchbill.toml:3:11: warning: the key \"watchbill.toml\" can be read by everybody on this "
          "machine; "
          "chmod it to 600"}},
        {"[server]\ntls_certificate = \"watchbill.toml\"\n",
         {"watchbill.toml:2:19: error: \"tls_certificate\" needs a \"tls_key\""}},
        {"[server]\ntls_key = \"watchbill.toml\"\n",
         {"watchbill.toml:2:11: error: \"tls_key\" needs a \"tls_certificate\""}},
        {"[server]\ntrusted_proxies = \"10.0.0.0/8\"\n",
         {"watchbill.toml:2:19: error: \"trusted_proxies\" must be a list of addresses such as "
          "\"10.0.0.0/8\" in [ ], not a string"}},
        {"[server]\ntrusted_proxies = [\"10.0.0.0/8\", \"10.0.0.1/8\", \"proxy\"]\n",
         {"watchbill.toml:2:34: error: \"10.0.0.1/8\" is no address of a proxy; write \"192.0.2.7\" or, for "
          "a "
          "network, \"10.0.0.0/8\" with nothing behind its bits",
          "watchbill.toml:2:48: error: \"proxy\" is no address of a proxy; write \"192.0.2.7\" or, for a "
          "network, \"10.0.0.0/8\" with nothing behind its bits"}},
        {"[server]\nlog_level = \"verbose\"\n",
         {"watchbill.toml:2:13: error: \"verbose\" is no log level; there are \"debug\", \"info\", "
          "\"warning\" and \"error\""}},
        {"[server]\nsecret_file = \"~/secret.key\"\n",
         {"watchbill.toml:2:15: error: \"~/secret.key\": \"~\" has no meaning here; write the whole path"}},
        {"[server]\nteams = \"squads\"\n",
         {"watchbill.toml:2:9: error: the teams folder \"squads\" cannot be read: No such file or "
          "directory"}},
        // mail
        {"\n[mail]\n",
         {"watchbill.toml:2:1: error: [mail] lacks \"from\", the address that invitations come from",
          "watchbill.toml:2:1: error: [mail] lacks \"smtp\", the mail server, such as "
          "\"smtp://127.0.0.1:25\""}},
        {"[mail]\nfrom = \"rota\"\nsmtp = \"mail.example.com\"\nstarttls = \"yes\"\nuser = \"x\"\n",
         {"watchbill.toml:2:8: error: \"rota\" is no e-mail address such as \"alice@example.com\"",
          "watchbill.toml:3:8: error: \"smtp\" must be a URL such as \"smtp://127.0.0.1:25\" or "
          "\"smtps://mail.example.com\"",
          "watchbill.toml:4:12: error: \"yes\" is no choice for \"starttls\"; there are \"required\", "
          "\"optional\" "
          "and \"never\"",
          "watchbill.toml:5:8: error: \"user\" needs a \"password_file\""}},
        {"[mail]\nfrom = \"rota@example.com\"\nsmtp = \"smtps://mail.example.com\"\nauthserv_id = "
         "\"mx.example.com; dmarc=pass\"\n",
         {"watchbill.toml:4:15: error: \"mx.example.com; dmarc=pass\" is no \"authserv_id\"; write what "
          "stands "
          "first in the mail server's Authentication-Results, such as \"mx.example.com\""}},
        {"[mail]\nfrom = \"rota@example.com\"\nsmtp = \"smtp://u:hunter2@mail.example.com\"\npassword = "
         "\"hunter2\"\n",
         {"watchbill.toml:3:8: error: \"smtp\" takes only a host and a port; credentials go into \"user\" "
          "and "
          "\"password_file\"",
          "watchbill.toml:4:1: error: unknown key \"password\" in [mail], did you mean \"password_file\"?"}},
        {"[mail]\nfrom = \"rota@example.com\"\nsmtp = \"smtps://mail.example.com\"\nstarttls = \"never\"\n",
         {"watchbill.toml:4:12: error: \"starttls\" has no meaning with smtps://, which is encrypted from "
          "the "
          "start"}},
    }));
    INFO(c.text);
    CHECK(server_problems(c.text) == c.expected);
}

TEST_CASE("problems of a team file as a whole") {
    const auto c = GENERATE(values<Case>({
        {"",
         {"1:1: error: there is no [team] table; it names the team and its time zone",
          "1:1: error: the team has no [[member]]", "1:1: error: the team has no [[rotation]]"}},
        {"# only\n\n[team]\n",
         {"1:1: error: the team has no [[member]]", "1:1: error: the team has no [[rotation]]",
          "3:1: error: [team] lacks \"name\", by which URLs call the team",
          "3:1: error: [team] lacks \"time_zone\", such as \"Europe/Paris\""}},
        {"rotation = []\nmember = 1\n[team]\nname = \"Payments\"\ntime_zone = \"Mars/Olympus\"\n",
         {"1:1: error: the team has no [[rotation]]",
          "2:10: error: \"member\" must be a list of tables, each headed [[member]], not an integer",
          "4:8: error: \"Payments\" cannot be a team's name: it takes a to z, 0 to 9, \"-\" and \"_\", "
          "starts with a "
          "letter or digit, and has at most 64 characters; use the title for people",
          "5:13: error: \"Mars/Olympus\" is no time zone that this system knows; write an IANA name such as "
          "\"Europe/Paris\""}},
    }));
    INFO(c.text);
    Lines expected;
    for (const std::string& line : c.expected) expected.push_back("teams/payments.toml:" + line);
    CHECK(team_problems(c.text) == expected);
}

TEST_CASE("every file's problems come out, the server's first, then the teams' by name") {
    const ConfigFolder folder;
    folder.write("watchbill.toml", "[server]\nlistn = 1\npublic = 2\n");
    folder.write("teams/b.toml", "[team\n");
    folder.write("teams/a.toml", "x = 1\n" + std::string(good_team));
    CHECK(folder.problems() ==
          Lines{"watchbill.toml:2:1: error: unknown key \"listn\" in [server], did you mean \"listen\"?",
                "watchbill.toml:3:1: error: unknown key \"public\" in [server], did you mean \"public_url\"?",
                "teams/a.toml:1:1: error: unknown key \"x\" in this file; known here: team, member, "
                "rotation, keywords",
                "teams/b.toml:1:6: error: is no valid TOML: Error while parsing table header: expected ']', "
                "saw '\\n'",
                "teams/payments.toml:2:8: error: there is already a team \"payments\", at teams/a.toml:3"});
}

TEST_CASE("where the server's file is no TOML, the teams in the usual folder are still read") {
    const ConfigFolder folder;
    folder.write("watchbill.toml", "[server\n");
    folder.write("teams/payments.toml", "x = 1\n" + std::string(good_team));
    const Lines problems = folder.problems();
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].starts_with("watchbill.toml:1:8: error: is no valid TOML"));
    CHECK(problems[1].starts_with("teams/payments.toml:1:1: error: unknown key \"x\""));
}

TEST_CASE("a configuration that is not there") {
    const ConfigFolder folder;
    std::filesystem::remove(folder.path() / "watchbill.toml");
    std::filesystem::remove_all(folder.path() / "teams");
    CHECK(folder.problems() ==
          Lines{"watchbill.toml:1:1: error: the file cannot be read: No such file or directory"});
}

TEST_CASE("a teams folder without teams") {
    const ConfigFolder folder;
    std::filesystem::remove(folder.path() / "teams/payments.toml");
    CHECK(
        folder.problems() ==
        Lines{"watchbill.toml:1:1: error: the teams folder \"teams\" holds no .toml file; each team is one"});
}

TEST_CASE("text that cannot be seen in full is refused at its place, wherever people read it") {
    const auto of_team = [](const std::string& lines) {
        return team_problems("[team]\nname = \"payments\"\ntime_zone = \"Europe/Paris\"\n" + lines);
    };
    const auto says = [](const Lines& problems, const std::string& text) {
        return std::any_of(problems.begin(), problems.end(), [&](const std::string& problem) {
            return problem.find(text) != std::string::npos;
        });
    };
    const std::string unseen = ", which cannot be seen; write it again without it";
    CHECK(says(of_team("title = \"Pay\u202ements\"\n"),
               "teams/payments.toml:4:9: error: \"title\" holds U+202E" + unseen));
    CHECK(says(of_team("conference = \"https://meet.example.com/\u200b{incident}\"\n"),
               "4:14: error: \"conference\" holds U+200B"));
    CHECK(says(of_team("checklist = [\"Look\u2028there\"]\n"), "holds U+2028" + unseen));
    CHECK(says(of_team("[[member]]\nemail = \"a@example.com\"\nname = \"Ali\u2066ce\"\n"),
               "6:8: error: \"name\" holds U+2066"));
    CHECK(
        says(of_team("[[member]]\nemail = \"a\ufeff@example.com\"\n"), "5:9: error: \"email\" holds U+FEFF"));
    CHECK(says(of_team("[[rotation]]\nname = \"mro\"\ntitle = \"M\u0085RO\"\n"),
               "6:9: error: \"title\" holds U+0085"));
    CHECK(says(of_team("[keywords]\nabsence = [\"Ur\u00adlaub\"]\n"), "holds U+00AD"));
    for (const char* empty : {"\u200b", "\u00a0", "\u3000\u2800", "\u202e"})
        CHECK(says(of_team("title = \"" + std::string(empty) + "\"\n"), "4:9: error: \"title\" is empty"));
    // What scripts need is no fault.
    CHECK_FALSE(says(of_team("title = \"تیم پرداخت\u200cها 👩\u200d💻\"\n"), "title"));
}

}  // namespace problems_test
