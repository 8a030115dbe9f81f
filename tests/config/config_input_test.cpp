// Configuration files as hostile or careless input: sizes, kinds of files, depth, secrets.
#include <catch2/catch.hpp>
#include <random>

#include "config/config_folder.h"

namespace config_input_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

using Lines = std::vector<std::string>;

// The team's file with `text` put before the first line that starts with `anchor`.
std::string team_with(std::string_view text, std::string_view anchor) {
    std::string team(good_team);
    team.insert(team.find(anchor), text);
    return team;
}

}  // namespace

TEST_CASE("files that are no files are refused without waiting for them") {
    const ConfigFolder folder;
    std::filesystem::create_directory(folder.path() / "teams/folder.toml");
    REQUIRE(mkfifo(folder.path_of("teams/pipe.toml").c_str(), 0600) == 0);
    std::filesystem::create_symlink("/dev/zero", folder.path() / "teams/zero.toml");
    std::filesystem::create_symlink("nowhere", folder.path() / "teams/dangling.toml");
    CHECK(folder.problems() ==
          Lines{"teams/dangling.toml:1:1: error: the file cannot be read: No such file or directory",
                "teams/folder.toml:1:1: error: the file is not a regular file",
                "teams/pipe.toml:1:1: error: the file is not a regular file",
                "teams/zero.toml:1:1: error: the file is not a regular file"});
}

TEST_CASE("a file over 1 MB is refused, one of 1 MB is read") {
    const ConfigFolder folder;
    const std::string server(good_server);
    folder.write("watchbill.toml", server + std::string(1'000'000 - server.size(), '#'));
    CHECK(folder.problems().empty());
    folder.write("watchbill.toml", server + std::string(1'000'001 - server.size(), '#'));
    CHECK(folder.problems() ==
          Lines{"watchbill.toml:1:1: error: the file is larger than 1 MB; split it, or give the right file"});
}

TEST_CASE("more than 1000 team files are a wrong folder") {
    const ConfigFolder folder;
    for (int i = 0; i < 1000; ++i) folder.write("teams/" + std::to_string(i) + ".toml", "");
    CHECK(folder.problems() ==
          Lines{"watchbill.toml:1:1: error: the teams folder \"teams\" holds more than 1000 team "
                "files; give the right folder"});
}

TEST_CASE("keys nested too deep for the parser are refused") {
    std::string key = "a";
    for (int i = 0; i < 100'000; ++i) key += ".a";
    const ConfigFolder folder;
    const auto text = GENERATE_COPY(
        values<std::string>({"\n" + key + " = 1\n", "\n[" + key + "]\n", "# '\n\"'\".'\"'." + key + " = 1\n",
                             "x = 1\ny = { " + key + " = 1 }"}));
    folder.write("watchbill.toml", text);
    CHECK(folder.problems() ==
          Lines{"watchbill.toml:2:1: error: a key has more than 16 parts; keys here have at most three"});
}

TEST_CASE("dots in strings and comments are no keys") {
    const std::string dots = "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w";
    const std::string list =
        "[\"" + dots + "\\\"" + dots + "\", '" + dots + "', \"\"\"" + dots + "\"\"\", '''" + dots + "''']";

    const ConfigFolder folder;
    folder.write("teams/payments.toml",
                 team_with("checklist = " + list + "\n# " + dots + "\n", "\n[[member]]"));
    CHECK(folder.problems().empty());
}

TEST_CASE("no problem shows a secret of the configuration") {
    // Each stands where something else is expected, or is written wrongly.
    const std::string secret = "https://user:hunter2@example.com/hunter2.ics?token=hunter2";
    const auto line = GENERATE_COPY(values<std::string>({
        "title = [\"" + secret + "\"]",
        "site = \"" + secret + "\"",
        "rest = \"" + secret + "\"",
        "conference = \"ftp" + secret + "\"",
        "horizon_days = \"" + secret + "\"",
        "oops = \"" + secret + "\"",
        "backup = [\"" + secret + "\"]",
        "holidays = [\"x" + secret + "\"]",
        "holidays = [\"" + secret + " \"]",
        "holidays = [" + secret + "]",
        "holidays = [\"" + secret + "]",
        "\"" + secret + "\" = 1",
        secret + " = 1",
        "incident_calendar = { url = \"x" + secret + "\" }",
        "holidays = [{ url = \"" + secret + "\", type = \"" + secret + "\" }]",
    }));
    INFO(line);
    const ConfigFolder folder;
    folder.write("teams/payments.toml", team_with(line + "\n", "\n[[member]]"));
    const Lines problems = folder.problems();
    CHECK_FALSE(problems.empty());
    for (const std::string& problem : problems) {
        INFO(problem);
        CHECK(problem.find("hunter2") == std::string::npos);
    }
}

TEST_CASE("a file with more mistakes than a person makes is still read to its end") {
    std::string text(good_team);
    for (int i = 0; i < 20'000; ++i) text += "unknown_key_" + std::to_string(i) + " = 1\n";
    const ConfigFolder folder;
    folder.write("teams/payments.toml", text);
    CHECK(folder.problems().size() == 20'000);
}

TEST_CASE("whatever the bytes, a configuration is either used or its errors have a place") {
    const unsigned seed = std::random_device()();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto below = [&](size_t bound) {
        return std::uniform_int_distribution<size_t>(0, bound - 1)(random);
    };
    const std::string whole =
        team_with("rest = \"11h\"\ncalendars = [{ url = \"https://a.example/\", type = \"caldav\" }]\n",
                  "\n[[member]]");
    // Bytes that mean something in TOML, among others.
    const std::string bytes = "[]{}=\"'#.,\n\r\t \\\0\x7f\xff\xc3\xa9-+0123456789abcdeftnu:TZ_";
    const ConfigFolder folder;
    for (int round = 0; round < 500; ++round) {
        std::string text = whole;
        for (size_t edits = 1 + below(4); edits > 0; --edits) {
            const size_t at = below(text.size());
            switch (below(4)) {
                case 0: text[at] = bytes[below(bytes.size())]; break;
                case 1: text.insert(at, 1, bytes[below(bytes.size())]); break;
                case 2: text.erase(at, 1 + below(20)); break;
                default: text.insert(at, text.substr(below(text.size()), below(60))); break;
            }
        }
        folder.write("teams/payments.toml", text);
        const ConfigLoad load = folder.load();
        const auto errors =
            std::count_if(load.problems.begin(), load.problems.end(),
                          [](const Problem& problem) { return problem.severity == ProblemSeverity::error; });
        INFO(text);
        REQUIRE(load.config.has_value() == (errors == 0));
        const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
        for (const Problem& problem : load.problems) {
            INFO(format_problem(problem));
            REQUIRE(problem.place.line >= 1);
            REQUIRE(problem.place.line <= lines + 1);
            REQUIRE(problem.place.column >= 1);
            REQUIRE(format_problem(problem).find('\n') == std::string::npos);
        }
    }
}

}  // namespace config_input_test
