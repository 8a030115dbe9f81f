// What a right configuration becomes.
#include "config/config.h"

#include <catch2/catch.hpp>

#include "config/config_folder.h"

namespace config_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

Config loaded(const ConfigFolder& folder) {
    ConfigLoad load = folder.load();
    for (const Problem& problem : load.problems) UNSCOPED_INFO(format_problem(problem));
    REQUIRE(load.config);
    return *load.config;
}

MemberId id(std::string_view email) { return *MemberId::parse(email); }

}  // namespace

TEST_CASE("the design's own example is read whole") {
    const ConfigFolder folder;
    folder.write_secret("teams/caldav-password", "secret\n");
    folder.write("watchbill.toml", R"(
[server]
listen      = "127.0.0.1:8080"
public_url  = "https://rota.example.com"
database    = "sqlite:watchbill.db"     # embedded default; "postgresql://..." for several replicas
teams       = "teams"                   # folder of team files
secret_file = "secret.key"              # made on first start, mode 0600; signs feed URLs

[mail]                                  # without it invitations wait in the outbox and `check` says so
from = "rota@example.com"
smtp = "smtp://127.0.0.1:25"
)");
    folder.write("teams/payments.toml", R"([team]
name              = "payments"          # in URLs
title             = "Payments"
time_zone         = "Europe/Paris"
holidays          = ["holidays-fr.ics", { calendar = "https://example.com/h.ics", site = "paris" }]
horizon_days      = 90
notice_days       = 7
rest              = "12h"
absence_threshold = "3h"
refresh           = "10m"
backup            = ["Bob@example.com"]
ack_timeout       = "4m"
escalation_rounds = 2
retention         = "90d"
conference        = "https://meet.example.com/{incident}"
trust_organizer_copy = true
date_order = "mdy"
checklist         = ["Tickets opened overnight", "Mail to ops@", "#mro, #incident-room"]

[team.incident_calendar]
url = "https://cal.example.com/incidents/"
user = "rota"
password_file = "caldav-password"

[[rotation]]
name    = "mro"
title   = "MRO"
start   = "09:00"
end     = "18:00"
days    = ["mon", "tue", "wed", "thu", "fri"]
members = ["bob@example.com", "alice@example.com"]
hands_over_to = "remote"
balance = ["weekday"]

[[rotation]]
name      = "remote"
time_zone = "America/Montreal"
start     = "12:00"
members   = ["a.martin@example.com"]
together  = [["fri", "sat", "sun"]]

[[member]]
email     = "alice@example.com"
aliases   = ["A.Martin@example.com"]
name      = "Alice Martin"
time_zone = "Europe/London"
site      = "paris"
weight    = 0.8
skills    = ["database"]
calendars = ["calendars/alice.ics", { url = "https://dav.example.com/alice/", type = "caldav", user = "alice", password_file = "caldav-password" }]

[[member]]
email     = "bob@example.com"
calendars = ["webcal://calendar.google.com/secret/basic.ics", { path = "/srv/bob.ics" }]

[keywords]
night_duty = ["astreinte"]
absence    = ["ferie"]
swap       = ["tausch"]
cover      = ["vertretung"]
)");

    const Config config = loaded(folder);
    CHECK(folder.load().problems.empty());

    CHECK(config.server.listen == ListenAddress{"127.0.0.1", 8080});
    CHECK(config.server.public_url == "https://rota.example.com");
    CHECK(config.server.database == "sqlite:" + folder.path_of("watchbill.db"));
    CHECK(config.server.teams_folder == folder.path_of("teams"));
    CHECK(config.server.secret_file == folder.path_of("secret.key"));
    REQUIRE(config.server.mail);
    CHECK(config.server.mail->from == id("rota@example.com"));
    CHECK(config.server.mail->smtp == "smtp://127.0.0.1:25");
    CHECK(config.server.mail->starttls == StartTls::optional);

    REQUIRE(config.teams.size() == 1);
    const Team& team = config.teams[0];
    CHECK(config.find_team("payments") == &config.teams[0]);
    CHECK(config.find_team("billing") == nullptr);
    CHECK(team.title == "Payments");
    CHECK(team.zone == "Europe/Paris");
    REQUIRE(team.holidays.size() == 2);
    CHECK(team.holidays[0].calendar.location == folder.path_of("teams/holidays-fr.ics"));
    CHECK(team.holidays[0].calendar.label == "payments holidays 1 (holidays-fr.ics)");
    CHECK(team.holidays[0].site.empty());
    CHECK(team.holidays[1].calendar.type == CalendarRef::Type::url);
    CHECK(team.holidays[1].calendar.label == "payments holidays 2 (example.com)");
    CHECK(team.holidays[1].site == "paris");
    CHECK(team.horizon_days == 90);
    CHECK(team.notice_days == 7);
    CHECK(team.rest == hours(12));
    CHECK(team.absence_threshold == hours(3));
    CHECK(team.refresh == minutes(10));
    CHECK(team.backup == std::vector{id("bob@example.com")});
    CHECK(team.ack_timeout == minutes(4));
    CHECK(team.escalation_rounds == 2);
    CHECK(team.retention == std::chrono::days(90));
    CHECK(team.conference == "https://meet.example.com/{incident}");
    CHECK(team.trust_organizer_copy);
    REQUIRE(team.incident_calendar);
    CHECK(team.incident_calendar->inviting == IncidentCalendar::Inviting::automatic);
    CHECK(team.incident_calendar->calendar == CalendarRef{CalendarRef::Type::caldav,
                                                          "https://cal.example.com/incidents/", "rota",
                                                          folder.path_of("teams/caldav-password"),
                                                          "payments incident calendar (cal.example.com)"});
    REQUIRE(folder.load().incident_calendars.size() == 1);
    CHECK(folder.load().incident_calendars[0].place.line == 21);
    CHECK(team.date_order == DateOrder::month_first);
    CHECK(team.checklist ==
          std::vector<std::string>{"Tickets opened overnight", "Mail to ops@", "#mro, #incident-room"});

    REQUIRE(team.rotations.size() == 2);
    const Rotation& mro = team.rotations[0];
    CHECK(mro.title == "MRO");
    CHECK(mro.zone == "Europe/Paris");
    CHECK(mro.start == hours(9));
    CHECK(mro.end == hours(18));
    CHECK(mro.days == std::array<bool, 7>{false, true, true, true, true, true, false});
    CHECK(mro.members == std::vector{id("bob@example.com"), id("alice@example.com")});
    CHECK(mro.hands_over_to == "remote");
    CHECK(mro.balance == std::vector{ShiftClass::weekday});
    CHECK(mro.together.empty());
    const Rotation& remote = team.rotations[1];
    CHECK(remote.title == "remote");
    CHECK(remote.zone == "America/Montreal");
    CHECK_FALSE(remote.end);
    CHECK(remote.days == std::array<bool, 7>{true, true, true, true, true, true, true});
    CHECK(remote.members == std::vector{id("alice@example.com")});  // named by an alias
    CHECK(remote.balance == std::vector{ShiftClass::weekend, ShiftClass::holiday});
    CHECK(remote.together == std::vector{Weekdays{true, false, false, false, false, true, true}});

    REQUIRE(team.members.size() == 2);
    const Member& alice = team.members[0];
    CHECK(alice.name == "Alice Martin");
    CHECK(alice.zone == "Europe/London");
    CHECK(alice.site == "paris");
    CHECK(alice.weight == 800);
    CHECK(alice.skills == std::vector<std::string>{"database"});
    CHECK(alice.aliases == std::vector{id("a.martin@example.com")});
    REQUIRE(alice.calendars.size() == 2);
    CHECK(alice.calendars[0].type == CalendarRef::Type::file);
    CHECK(alice.calendars[0].location == folder.path_of("teams/calendars/alice.ics"));
    CHECK(alice.calendars[0].label == "alice@example.com calendar 1 (alice.ics)");
    CHECK(alice.calendars[1].type == CalendarRef::Type::caldav);
    CHECK(alice.calendars[1].location == "https://dav.example.com/alice/");
    CHECK(alice.calendars[1].user == "alice");
    CHECK(alice.calendars[1].password_file == folder.path_of("teams/caldav-password"));
    CHECK(alice.calendars[1].label == "alice@example.com calendar 2 (dav.example.com)");
    const Member& bob = team.members[1];
    CHECK(bob.name == "bob@example.com");
    CHECK(bob.zone == "Europe/Paris");
    CHECK(bob.weight == 1000);
    CHECK(bob.calendars[0].label == "bob@example.com calendar 1 (calendar.google.com)");
    CHECK(bob.calendars[1].location == "/srv/bob.ics");

    CHECK(team.keywords == Keywords{{"astreinte"}, {"ferie"}, {"tausch"}, {"vertretung"}});
}

TEST_CASE("what is left out has the design's defaults") {
    const ConfigFolder folder;
    const Config config = loaded(folder);
    CHECK(config.server.listen == ListenAddress{"127.0.0.1", 8080});
    CHECK(config.server.public_url == "http://127.0.0.1:8080");
    CHECK(config.server.database == "sqlite:" + folder.path_of("watchbill.db"));
    CHECK(config.server.secret_file == folder.path_of("secret.key"));
    CHECK(config.server.log_format == LogFormat::human);
    CHECK(config.server.log_level == LogLevel::info);
    CHECK_FALSE(config.server.mail);
    CHECK_FALSE(folder.load().server->has_mail);
    const Team& team = config.teams.at(0);
    CHECK(team.title == "payments");
    CHECK(team.horizon_days == 180);
    CHECK(team.notice_days == 14);
    CHECK(team.rest == hours(11));
    CHECK(team.absence_threshold == hours(4));
    CHECK(team.refresh == minutes(5));
    CHECK(team.ack_timeout == minutes(5));
    CHECK(team.escalation_rounds == 3);
    CHECK(team.retention == std::chrono::days(400));
    CHECK_FALSE(team.trust_organizer_copy);
    CHECK_FALSE(team.incident_calendar);
    CHECK(folder.load().incident_calendars.empty());
}

TEST_CASE("a calendar's token and an incident calendar with invitations by mail are read") {
    const ConfigFolder folder;
    folder.write_secret("teams/token", "secret\n");
    std::string team(good_team);
    team.insert(
        team.find("\n[[member]]"),
        "incident_calendar = { url = \"https://a.example/\", token_file = \"token\", read_every = \"1m\", "
        "invitations = \"mail\" }\n"
        "holidays = [{ url = \"https://b.example/\", type = \"caldav\", token_file = \"token\" }]\n");
    folder.write("teams/payments.toml", team);
    CHECK(folder.problems().empty());
    const Config config = loaded(folder);
    const Team& read = config.teams.at(0);
    REQUIRE(read.incident_calendar);
    CHECK(read.incident_calendar->inviting == IncidentCalendar::Inviting::mail);
    CHECK(read.incident_calendar->read_every == minutes(1));
    CHECK(read.incident_calendar->calendar.token_file == folder.path_of("teams/token"));
    CHECK(read.holidays.at(0).calendar.token_file == folder.path_of("teams/token"));
    CHECK(read.holidays.at(0).calendar.type == CalendarRef::Type::caldav);
}

TEST_CASE("origins of other pages are kept as browsers send them") {
    const ConfigFolder folder;
    CHECK(folder.load().config->server.cors_origins.empty());
    folder.write("watchbill.toml",
                 "[server]\ncors_origins = [\"https://a.example.com\", \"http://localhost:3000\", "
                 "\"https://[::1]:8443\", \"http://a.example.com:443\"]\n");
    CHECK(folder.problems().empty());
    CHECK(folder.load().config->server.cors_origins ==
          std::vector<std::string>{"https://a.example.com", "http://localhost:3000", "https://[::1]:8443",
                                   "http://a.example.com:443"});
}

TEST_CASE("a PostgreSQL database is kept as it is written") {
    const ConfigFolder folder;
    folder.write("watchbill.toml",
                 "[server]\nsecret_file = \"/s\"\n  database = \"postgresql://u:p@db/rota\"\n[mail]\n");
    const auto load = folder.load();
    REQUIRE(load.server);
    const ConfiguredServer& server = *load.server;
    CHECK(server.settings.database == "postgresql://u:p@db/rota");
    CHECK(server.database_place == FilePlace{folder.path_of("watchbill.toml"), 3, 14});
    CHECK(server.secret_file_place == FilePlace{folder.path_of("watchbill.toml"), 2, 15});
    CHECK(server.has_mail);
}

TEST_CASE("an empty server file is right, since every key has a default") {
    const ConfigFolder folder;
    folder.write("watchbill.toml", "");
    CHECK(folder.problems().empty());
}

TEST_CASE("listen addresses") {
    struct Case {
        const char* text;
        ListenAddress address;
    };
    const auto c = GENERATE(values<Case>({{"127.0.0.1:0", {"127.0.0.1", 0}},
                                          {"[::1]:8080", {"::1", 8080}},
                                          {"localhost:65535", {"localhost", 65535}},
                                          {"0.0.0.0:80", {"0.0.0.0", 80}},
                                          {"[::]:80", {"::", 80}},
                                          {"rota.internal:8080", {"rota.internal", 8080}}}));
    const ConfigFolder folder;
    folder.write("watchbill.toml",
                 "[server]\nlisten = \"" + std::string(c.text) + "\"\npublic_url = \"https://a.example\"\n");
    CHECK(loaded(folder).server.listen == c.address);
    CHECK(folder.problems().empty());
}

TEST_CASE("encryption takes a certificate and a key, and shows in the URLs") {
    const ConfigFolder folder;
    folder.write("cert.pem", "");
    folder.write("keys/key.pem", "");
    REQUIRE(::chmod(folder.path_of("keys/key.pem").c_str(), 0600) == 0);
    folder.write("watchbill.toml", "[server]\ntls_certificate = \"cert.pem\"\ntls_key = \"keys/key.pem\"\n");
    const ServerConfig server = loaded(folder).server;
    CHECK(server.tls == TlsSettings{folder.path_of("cert.pem"), folder.path_of("keys/key.pem")});
    CHECK(server.public_url == "https://127.0.0.1:8080");
}

TEST_CASE("trusted proxies are addresses and networks") {
    const ConfigFolder folder;
    CHECK(loaded(folder).server.trusted_proxies.empty());
    folder.write("watchbill.toml", "[server]\ntrusted_proxies = [\"10.0.0.0/8\", \"2001:db8::7\"]\n");
    CHECK(loaded(folder).server.trusted_proxies ==
          std::vector{*IpRange::parse("10.0.0.0/8"), *IpRange::parse("2001:db8::7/128")});
}

TEST_CASE("without a public URL the listen address is used, brackets and all") {
    const ConfigFolder folder;
    folder.write("watchbill.toml", "[server]\nlisten = \"[::1]:9000\"\n");
    CHECK(loaded(folder).server.public_url == "http://[::1]:9000");
}

TEST_CASE("a public URL may have a path and loses its last slash") {
    const ConfigFolder folder;
    folder.write("watchbill.toml", "[server]\npublic_url = \"https://example.com/rota/\"\n");
    CHECK(loaded(folder).server.public_url == "https://example.com/rota");
}

TEST_CASE("a mail server elsewhere must encrypt unless told otherwise") {
    const ConfigFolder folder;
    folder.write_secret("pw", "x");
    const std::string head = "[mail]\nfrom = \"rota@example.com\"\nsmtp = \"smtp://mail.example.com:587\"\n";
    folder.write("watchbill.toml", head + "user = \"rota\"\npassword_file = \"pw\"\n");
    const auto mail = loaded(folder).server.mail;
    REQUIRE(mail);
    CHECK(mail->starttls == StartTls::required);
    CHECK(mail->user == "rota");
    CHECK(mail->password_file == folder.path_of("pw"));
    folder.write("watchbill.toml", head + "starttls = \"never\"\n");
    CHECK(loaded(folder).server.mail->starttls == StartTls::never);
    CHECK(loaded(folder).server.mail->authserv_id.empty());
    folder.write("watchbill.toml", head + "authserv_id = \"mx.example.com\"\n");
    CHECK(loaded(folder).server.mail->authserv_id == "mx.example.com");
}

TEST_CASE("two teams may have rotations and members of the same name") {
    const ConfigFolder folder;
    std::string other(good_team);
    other.replace(other.find("payments"), 8, "billing!");
    other.erase(other.find('!'), 1);
    folder.write("teams/billing.toml", other);
    const Config config = loaded(folder);
    REQUIRE(config.teams.size() == 2);
    CHECK(config.teams[0].name == "billing");  // by file name
    CHECK(config.teams[1].name == "payments");
}

TEST_CASE("a shift may end at midnight, the next day or a day later") {
    const ConfigFolder folder;
    const auto end = GENERATE(values<std::pair<const char*, minutes>>(
        {{"24:00", hours(24)}, {"00:00", hours(0)}, {"09:00", hours(9)}, {"08:30", minutes(510)}}));
    folder.write("teams/payments.toml", std::string(good_team) + "end = \"" + end.first + "\"\n");
    CHECK(loaded(folder).teams[0].rotations[0].end == end.second);
}

TEST_CASE("limits themselves are allowed") {
    const auto line = GENERATE(
        "horizon_days = 1", "horizon_days = 730", "notice_days = 0", "notice_days = 365", "rest = \"0h\"",
        "rest = \"7d\"", "absence_threshold = \"1m\"", "absence_threshold = \"24h\"", "refresh = \"1s\"",
        "refresh = \"1d\"", "ack_timeout = \"1s\"", "ack_timeout = \"24h\"", "retention = \"60d\"",
        "retention = \"3650d\"", "checklist = []", "backup = []", "holidays = []",
        "conference = \"https://meet.example.com/room\"");
    const ConfigFolder folder;
    std::string text(good_team);
    text.insert(text.find("\n[[member]]"), std::string(line) + "\n");
    folder.write("teams/payments.toml", text);
    CHECK(folder.problems().empty());
}

TEST_CASE("weights are thousandths") {
    const auto weight = GENERATE(values<std::pair<const char*, int>>({{"0.8", 800},
                                                                      {"1", 1000},
                                                                      {"100", 100000},
                                                                      {"0.001", 1},
                                                                      {"0.333", 333},
                                                                      {"1.005", 1005},
                                                                      {"2.675", 2675}}));
    const ConfigFolder folder;
    std::string text(good_team);
    text.insert(text.find("[[rotation]]"), "weight = " + std::string(weight.first) + "\n\n");
    folder.write("teams/payments.toml", text);
    CHECK(loaded(folder).teams[0].members[1].weight == weight.second);
}

TEST_CASE("hidden files, folders and other kinds of files in the teams folder are left alone") {
    const ConfigFolder folder;
    folder.write("teams/.payments.toml.swp", "not toml");
    folder.write("teams/.#payments.toml", "not toml");
    folder.write("teams/payments.toml~", "not toml");
    folder.write("teams/calendars/alice.ics", "BEGIN:VCALENDAR");
    folder.write("teams/README", "not toml");
    CHECK(folder.problems().empty());
}

TEST_CASE("team files may be symbolic links, as mounted ones are") {
    const ConfigFolder folder;
    folder.write("mounted/billing",
                 std::string(good_team).replace(std::string(good_team).find("payments"), 8, "billings"));
    std::filesystem::create_symlink("../mounted/billing", folder.path() / "teams/billing.toml");
    CHECK(loaded(folder).teams.size() == 2);
}

TEST_CASE("the example team's configuration has no problem") {
    const ConfigLoad load = load_config(WATCHBILL_SOURCE_DIR "/feeds/watchbill.toml");
    for (const Problem& problem : load.problems) UNSCOPED_INFO(format_problem(problem));
    CHECK(load.problems.empty());
    REQUIRE(load.config);
    CHECK(load.config->teams.at(0).members.size() == 7);
    CHECK(load.calendars.size() == 10);
}

TEST_CASE("each calendar is listed with its place and the zone it is read in, whatever is wrong elsewhere") {
    const ConfigFolder folder;
    folder.write("teams/payments.toml", R"([team]
name = "payments"
time_zone = "Europe/Paris"
holidays = ["fr.ics"]
oops = 1

[[member]]
email = "alice@example.com"
time_zone = "America/Montreal"
calendars = ["a.ics",
  { url = "https://example.com/b.ics" }]
)");
    const ConfigLoad load = folder.load();
    CHECK_FALSE(load.config);
    REQUIRE(load.calendars.size() == 3);
    CHECK(load.calendars[0].zone == "Europe/Paris");
    CHECK(load.calendars[0].place == FilePlace{folder.path_of("teams/payments.toml"), 4, 13});
    CHECK(load.calendars[1].zone == "America/Montreal");
    CHECK(load.calendars[1].place == FilePlace{folder.path_of("teams/payments.toml"), 10, 14});
    CHECK(load.calendars[2].place == FilePlace{folder.path_of("teams/payments.toml"), 11, 11});
    CHECK(load.calendars[2].calendar.label == "alice@example.com calendar 2 (example.com)");
}

TEST_CASE("each rotation is listed with its team and the place of its name") {
    const ConfigFolder folder;
    folder.write("teams/search.toml", R"([team]
name = "search"
time_zone = "Europe/Paris"

[[member]]
email = "alice@example.com"

[[rotation]]
start = "09:00"
name = "mro"
members = ["alice@example.com"]

[[rotation]]
  name  = "late"
start = "18:00"
members = ["alice@example.com"]
)");
    const ConfigLoad load = folder.load();
    REQUIRE(load.rotations.size() == 3);
    CHECK(load.rotations[0].team == "payments");
    CHECK(load.rotations[1].team == "search");
    CHECK(load.rotations[1].rotation == "mro");
    CHECK(load.rotations[1].place == FilePlace{folder.path_of("teams/search.toml"), 10, 8});
    CHECK(load.rotations[2].rotation == "late");
    CHECK(load.rotations[2].place == FilePlace{folder.path_of("teams/search.toml"), 14, 11});
}

TEST_CASE("severities have their own checklist and pace, and usual ones where nothing is said") {
    const ConfigFolder folder;
    folder.write("teams/payments.toml",
                 std::string(good_team) +
                     "[team.severity.sev1]\nupdate_every = \"10m\"\nchecklist = [\"Open the call\"]\n");
    const Team team = loaded(folder).teams.front();
    CHECK(team.severities[0] == SeverityRules{minutes(10), {"Open the call"}});
    CHECK(team.severities[1] == SeverityRules{minutes(30), {}});
    CHECK(team.severities[3] == SeverityRules{hours(24), {}});
}

}  // namespace config_test
