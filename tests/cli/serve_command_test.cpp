// `watchbill serve` from outside: what it prints, serves, and does when it is signalled.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/team_folder.h"
#include "http/raw_client.h"

namespace serve_command_test {

using namespace watchbill::test;
using Catch::Contains;
using nlohmann::json;

namespace {

struct Address {
    std::uint16_t port = 0;
    std::string path;
};

// Where a feed is served: serve says on which port, and `token list` prints the feed's secret URL.
Address address_of(const TeamFolder& team, const std::vector<std::string>& lines, const std::string& end) {
    REQUIRE_FALSE(lines.empty());
    const size_t colon = lines[0].rfind(':');
    REQUIRE(colon != std::string::npos);
    Address address{static_cast<std::uint16_t>(std::stoi(lines[0].substr(colon + 1))), ""};
    for (const json& token : json::parse(team.run({"token", "list", "--json"}).out)) {
        const std::string url = token.value("url", "");
        if (url.ends_with(end)) address.path = url.substr(url.find("/feeds/"));
    }
    REQUIRE_FALSE(address.path.empty());
    return address;
}

RawResponse get(const Address& address, const std::string& path) {
    RawClient client(address.port);
    return client.exchange("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
}
RawResponse get(const Address& address) { return get(address, address.path); }

// The feed once it says so; as often as it takes.
std::string feed_once(const Address& address, const std::string& text, bool there) {
    std::string body;
    for (int i = 0; i < 100'000; ++i) {
        body = get(address).body;
        if ((body.find(text) != std::string::npos) == there) break;
    }
    return body;
}

}  // namespace

TEST_CASE("serve prints where its feeds are and who is on duty, serves them, and stops when told") {
    const TeamFolder team;
    ServingProgram program(team);
    const auto lines = program.lines_until("  next: ");
    REQUIRE_FALSE(lines.empty());
    CHECK_THAT(lines[0], Catch::StartsWith("Watchbill listens on http://127.0.0.1:"));
    std::string all;
    for (const std::string& line : lines) all += line + '\n';
    CHECK_THAT(all, Contains("The payments team (payments)"));
    CHECK_THAT(all, Contains("On duty now, The payments team:\n") &&
                        Contains(": holds the MRO shift\nMRO: ") && Contains("\n  why: "));
    // Standard output is no terminal here: the feeds' secret URLs are not in it, but where they are to be
    // had.
    CHECK_THAT(all, Contains("watchbill token list --team payments") && !Contains("/feeds/"));

    const Address rotation = address_of(team, lines, "/rotation.ics");
    const RawResponse feed = get(rotation);
    CHECK(feed.status == 200);
    CHECK_THAT(feed.body, Contains("SUMMARY:MRO: Alice") && Contains("SUMMARY:MRO: Bob"));
    CHECK(get(address_of(team, lines, "/member/alice@example.com.ics")).status == 200);
    CHECK(get(rotation, "/healthz").status == 200);
    const json ready = json::parse(get(rotation, "/readyz").body);
    CHECK(ready.at("status") == "ready");
    CHECK(ready.at("teams").at(0).at("sources").at("ok") == 3);
    CHECK(program.stop() == 0);
    // Tokens are no business of the log.
    CHECK_THAT(program.errors(), !Contains(rotation.path));
}

TEST_CASE("a restarted server serves the same bytes, and `feed` prints them") {
    const TeamFolder team;
    team.write_calendar("bob", vacations({{"20200101", "20200105"}}));
    RawResponse before;
    {
        ServingProgram program(team);
        before = get(address_of(team, program.lines_until("  next: "), "/rotation.ics"));
    }
    ServingProgram program(team);
    const auto lines = program.lines_until("  next: ");
    const RawResponse after = get(address_of(team, lines, "/rotation.ics"));
    CHECK(after.body == before.body);
    CHECK(after.headers.at("etag") == before.headers.at("etag"));
    CHECK(after.headers.at("last-modified") == before.headers.at("last-modified"));
    for (const std::string scope : {"rotation", "handovers", "absences", "member/bob@example.com"}) {
        INFO(scope);
        const Run feed = team.run({"feed", scope});
        CHECK(feed.exit_status == 0);
        CHECK(feed.out == get(address_of(team, lines, "/" + scope + ".ics")).body);
    }
}

TEST_CASE("SIGHUP reads the configuration again, and an invalid one changes nothing and says why") {
    const TeamFolder team;
    ServingProgram program(team);
    const Address rotation = address_of(team, program.lines_until("  next: "), "/rotation.ics");

    write_file(team.folder.file("teams/payments.toml"), "[team]\nname = \"payments\"\nnmae = 1\n");
    program.signal(SIGHUP);
    CHECK(program.says("nothing changes"));
    CHECK_THAT(program.errors(), Contains("payments.toml:3:1: error"));
    CHECK(get(rotation).status == 200);

    team.write_team("payments", "checklist = [\"Feed the cat\"]\n");
    program.signal(SIGHUP);
    CHECK_THAT(feed_once(rotation, "Feed the cat", true), Contains("Feed the cat"));
    CHECK(program.stop() == 0);
}

TEST_CASE("a token that was replaced stops working when the server hears of it") {
    const TeamFolder team;
    ServingProgram program(team);
    const Address rotation = address_of(team, program.lines_until("  next: "), "/rotation.ics");
    const Run created = team.run({"token", "create", "rotation", "--json"});
    CHECK(created.exit_status == 0);
    const std::string url = json::parse(created.out).at(0).at("url");
    CHECK_THAT(url, !Contains(rotation.path));
    const Address fresh{rotation.port, url.substr(url.find("/feeds/"))};
    program.signal(SIGHUP);
    feed_once(fresh, "BEGIN:VCALENDAR", true);
    CHECK(get(fresh).status == 200);
    CHECK(get(rotation).status == 404);
    CHECK(json::parse(team.run({"token", "list", "--json"}).out).at(0).at("url") == url);
}

TEST_CASE("a revoked feed's URL stops working, nothing prints the next one, and the audit log knows") {
    const TeamFolder team;
    ServingProgram program(team);
    const auto lines = program.lines_until("  next: ");
    const Address rotation = address_of(team, lines, "/rotation.ics");
    const Run revoked = team.run({"token", "revoke-feed", "rotation"});
    CHECK(revoked.exit_status == 0);
    CHECK_THAT(revoked.out, Contains("The URL of rotation ends") && !Contains("/feeds/"));
    CHECK_THAT(revoked.err, !Contains("/feeds/"));
    program.signal(SIGHUP);
    CHECK_THAT(feed_once(rotation, "BEGIN:VCALENDAR", false), !Contains("BEGIN:VCALENDAR"));
    CHECK(get(rotation).status == 404);
    CHECK(get(address_of(team, lines, "/absences.ics")).status == 200);

    CHECK(team.run({"token", "create", "rotation"}).exit_status == 0);
    CHECK(team.run({"token", "revoke-feed", "nothing"}).exit_status == 1);
    CHECK(team.run({"token", "revoke-feed"}).exit_status == 2);
    std::string token = team.run({"token", "create", "--scope", "admin", "--name", "auditor"}).out;
    token.pop_back();
    RawClient client(rotation.port);
    const json log = json::parse(client
                                     .exchange("GET /api/v1/teams/payments/audit HTTP/1.1\r\nHost: a\r\n"
                                               "Authorization: Bearer " +
                                               token + "\r\n\r\n")
                                     .body)
                         .at("entries");
    REQUIRE(log.size() == 2);
    CHECK(log.at(0).at("action") == "feed.replaced");
    CHECK(log.at(1).at("action") == "feed.revoked");
    CHECK(log.at(1).at("what") == "revoked the URL of the feed rotation");
    CHECK_THAT(log.at(1).at("who").get<std::string>(), Catch::StartsWith("cli:"));
}

TEST_CASE("The option --listen takes the place of the configured address") {
    const TeamFolder team;
    write_file(team.folder.file("watchbill.toml"), "[server]\nlisten = \"127.0.0.1:1\"\n");
    ServingProgram program(team, {"--listen", "127.0.0.1:0"});
    const Address rotation = address_of(team, program.lines_until("  next: "), "/rotation.ics");
    CHECK(rotation.port != 1);
    CHECK(get(rotation).status == 200);

    const Run taken = team.run({"serve", "--listen", "127.0.0.1:" + std::to_string(rotation.port)});
    CHECK(taken.exit_status == 1);
    CHECK_THAT(taken.err, Contains("cannot listen") && Contains(std::to_string(rotation.port)));
    CHECK(team.run({"serve", "--listen", "nonsense"}).exit_status == 2);
    CHECK(team.run({"serve", "--listen", "127.0.0.1:99999"}).exit_status == 2);
}

TEST_CASE("the log is JSON when the configuration says so") {
    const TeamFolder team;
    write_file(team.folder.file("watchbill.toml"),
               "[server]\nlisten = \"127.0.0.1:0\"\nlog_format = \"json\"\n");
    team.write_calendar("bob", "<html>\"quotes\"</html>");
    ServingProgram program(team);
    program.lines_until("  next: ");
    CHECK(program.stop() == 0);
    const std::string log = program.errors();
    REQUIRE_FALSE(log.empty());
    bool warned = false;
    for (size_t start = 0; start < log.size();) {
        const size_t end = log.find('\n', start);
        const json line = json::parse(log.substr(start, end - start));
        CHECK(line.at("time").get<std::string>().size() == 20);
        warned = warned || line.at("level") == "warning";
        CHECK(line.at("message").is_string());
        start = end + 1;
    }
    CHECK(warned);
}

TEST_CASE("serve refuses what it cannot start with") {
    const TeamFolder team;
    write_file(team.folder.file("secret.key"), "too short\n");
    std::filesystem::permissions(team.folder.file("secret.key"), std::filesystem::perms::owner_read);
    const Run secret = team.run({"serve"});
    CHECK(secret.exit_status == 1);
    CHECK_THAT(secret.err, Contains("secret.key"));
    std::filesystem::remove(team.folder.file("secret.key"));
    write_file(team.folder.file("watchbill.db"), std::string(8192, 'x'));
    const Run database = team.run({"serve"});
    CHECK(database.exit_status == 1);
    CHECK_THAT(database.err, Contains("watchbill.db"));
}

}  // namespace serve_command_test
