// Incidents in calendars, over the real store: who tells whom when the server schedules, does not, is away,
// loses an answer or is changed by others, and what is read back.
#include "service/event_transport.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "service/calendar_fakes.h"
#include "service/calendar_watch.h"
#include "service/fakes.h"
#include "service/incident_desk.h"
#include "service/mail_fakes.h"
#include "service/metrics.h"
#include "service/outbox_worker.h"
#include "service/staffed_team.h"

namespace event_transport_test {

using namespace watchbill;
using namespace watchbill::test;
using Catch::Matchers::Contains;
using std::chrono::minutes;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");  // 13:00 in Paris
const Actor ops_bot{"token:ops bot", "192.0.2.7"};
const std::string client = ";SCHEDULE-AGENT=CLIENT";

struct World : StaffedTeam {
    explicit World(bool schedules = true) {
        server.abilities.schedules = schedules;
        server.abilities.organizers = {id("rota@example.com")};
        team.incident_calendar.emplace();
        team.incident_calendar->calendar.location = "https://cal.example.com/";
        team.incident_calendar->calendar.label = "payments incident calendar";
        links.set_public_url("https://rota.example.com");
        post();
    }
    Incident open() {
        IncidentOrder order;
        order.title = "Checkout fails";
        order.needs = {"network"};
        const auto opened = desk.open(known(), order,
                                      {"", "{}",
                                       [this](const Incident&, Transport by, const EscalationOutlook&) {
                                           told_by = by;
                                           return std::string("opened");
                                       }},
                                      ops_bot);
        REQUIRE(opened);
        return incident(opened->id);
    }
    Incident incident(const std::string& identity) {
        return store.find_incident("payments", identity).value().value();
    }
    OutboxWorker make_worker(const std::string& name, MessageTransport& with, Transport transport) {
        OutboxWorkerOptions options;
        options.name = name;
        options.transport = transport;
        return {store, &with, clock, metrics.outbox(), *log.logger, [] { return 0.5; }, options};
    }
    // Both workers' next turn.
    void work() {
        events_worker.tick();
        mail_worker.tick();
    }
    // Who was mailed, in order: "alice 0, bob 0".
    std::string mailed() {
        std::string text;
        const auto entries = store.outbox("", "", 1000);
        for (const std::string& given : mail.given) {
            for (const OutboxEntry& entry : *entries) {
                if (entry.message.id != given) continue;
                const std::string email = entry.message.recipient.email();
                text += (text.empty() ? "" : ", ") + email.substr(0, email.find('@'));
            }
        }
        return text;
    }
    OutboxEntry newest_event() {
        const auto entries = store.outbox("", "", 1000);
        for (const OutboxEntry& entry : *entries) {
            if (entry.message.transport == Transport::caldav) return entry;
        }
        FAIL("there is no event in the outbox");
        return {};
    }
    std::string line(const Incident& of, const std::string& name) {
        return server.attendee(of.uid, name + "@example.com");
    }

    TempDir folder;
    WatchedStore store{folder.path()};
    FakeClock clock{noon};
    LogCapture log;
    Metrics metrics{"1.2.3"};
    IncidentLinks links{"a secret of some length"};
    FakeServer server;
    CountingBell bell;
    Transport told_by = Transport::mail;
    IncidentCalendars calendars{[this](const CalendarRef&) { return server.open(); }, clock,
                                id("rota@example.com"), *log.logger};
    IncidentDesk desk{store,
                      clock,
                      links,
                      {id("rota@example.com"), log.logger.get(), &metrics, {}, [this](const Team& one) {
                           return calendars.inviter(one);
                       }}};
    EventTransport events{store, calendars, board, links, clock, bell, *log.logger};
    FakeTransport mail;
    CalendarWatch watch{store, desk, calendars, board, clock, bell, *log.logger};
    OutboxWorker events_worker = make_worker("events", events, Transport::caldav);
    OutboxWorker mail_worker = make_worker("mails", mail, Transport::mail);
};

}  // namespace

TEST_CASE("A server that schedules invites everybody, and no mail goes out") {
    World world;
    world.watch.tick();  // the server was asked before there was an incident
    const Incident incident = world.open();
    CHECK(world.told_by == Transport::caldav);
    world.work();
    REQUIRE(world.server.has(incident.uid));
    CHECK(world.line(incident, "alice") != "");
    CHECK_THAT(world.line(incident, "alice"), !Contains("SCHEDULE-AGENT") && Contains("NEEDS-ACTION"));
    CHECK_THAT(world.server.bytes(incident.uid), !Contains("METHOD:"));
    CHECK(world.newest_event().state == DeliveryState::sent);
    world.clock.advance(minutes(10));
    world.mail_worker.tick();
    CHECK(world.mailed() == "");
    // What it tells nobody of it need not take back by mail.
    REQUIRE(world.desk.cancel(world.known(), incident.id, "", ops_bot));
    world.work();
    CHECK_THAT(world.server.bytes(incident.uid), Contains("STATUS:CANCELLED"));
    world.clock.advance(minutes(10));
    world.work();
    CHECK(world.mailed() == "");
}

TEST_CASE("A server that does not schedule keeps a copy, and mails go out as ever") {
    World world(false);
    world.watch.tick();
    const Incident incident = world.open();
    CHECK(world.told_by == Transport::mail);
    world.mail_worker.tick();  // without waiting for the calendar
    CHECK(world.mailed() == "alice, bob");
    world.work();
    for (const char* name : {"alice", "bob"}) CHECK_THAT(world.line(incident, name), Contains(client));
    CHECK(world.mailed() == "alice, bob");
}

TEST_CASE("Mails wait for a server that nobody has asked yet, and go out once it says that it does nothing") {
    World world(false);
    const Incident incident = world.open();
    CHECK(world.told_by == Transport::caldav);
    world.mail_worker.tick();
    CHECK(world.mailed() == "");
    world.work();
    CHECK(world.bell.rung == 1);
    CHECK(world.mailed() == "alice, bob");
    CHECK_THAT(world.line(incident, "alice"), Contains(client));
}

TEST_CASE("Who does not want the server to invite is not waited for, and the event says so") {
    World world;
    world.team.incident_calendar->inviting = IncidentCalendar::Inviting::mail;
    world.post();
    const Incident incident = world.open();
    world.mail_worker.tick();
    CHECK(world.mailed() == "alice, bob");
    world.events_worker.tick();
    CHECK_THAT(world.line(incident, "bob"), Contains(client));
}

TEST_CASE("A server in whose account the organizer is not invites nobody") {
    World world;
    world.server.abilities.organizers = {id("somebody@example.com")};
    const Incident incident = world.open();
    world.work();
    CHECK(world.mailed() == "alice, bob");
    CHECK_THAT(world.line(incident, "bob"), Contains(client));
}

TEST_CASE("A dead server delays people by half a minute, and does not invite them once it is back") {
    World world;
    world.server.away = true;
    const Incident incident = world.open();
    world.work();
    world.clock.advance(Duration(29));
    world.work();
    CHECK(world.mailed() == "");
    world.clock.advance(Duration(1));
    world.work();
    CHECK(world.mailed() == "alice, bob");
    CHECK(world.newest_event().state == DeliveryState::queued);
    CHECK_THAT(world.log.text.str(), Contains("payments incident calendar: no connection"));
    world.server.away = false;
    world.clock.advance(minutes(10));
    world.work();
    for (const char* name : {"alice", "bob"}) CHECK_THAT(world.line(incident, name), Contains(client));
    // And so with later changes.
    IncidentPatchOrder patch;
    patch.severity = "sev1";
    REQUIRE(world.desk.patch(world.known(), incident.id, patch, ops_bot));
    world.work();
    CHECK(world.mailed() == "alice, bob, alice, bob");
    CHECK_THAT(world.server.bytes(incident.uid), Contains("SUMMARY:SEV1"));
}

TEST_CASE("A conflict that does not end is left for later, and people are told by mail") {
    World world;
    world.server.always_conflicts = true;
    world.open();
    world.work();
    CHECK(world.server.reads <= 5);
    world.clock.advance(Duration(31));
    world.work();
    CHECK(world.mailed() == "alice, bob");
    CHECK(world.newest_event().state == DeliveryState::queued);
}

TEST_CASE("Where the server tells nobody for sure, mail does at once") {
    World world;
    world.server.refuses = true;
    world.open();
    world.work();
    CHECK(world.mailed() == "alice, bob");
}

TEST_CASE("Whom the server cannot reach mail tells, and only them") {
    World world;
    const auto unreachable = [](std::string bytes) {
        bytes = FakeServer::unfolded(std::move(bytes));
        const size_t bob = bytes.find(":mailto:bob@example.com");
        if (bob != std::string::npos && bytes.find("SCHEDULE-STATUS") == std::string::npos)
            bytes.insert(bob, ";SCHEDULE-STATUS=\"3.7\"");
        return bytes;
    };
    world.server.rewrite = unreachable;
    const Incident incident = world.open();
    world.work();
    CHECK(world.mailed() == "bob");
    IncidentPatchOrder patch;
    patch.severity = "sev1";
    REQUIRE(world.desk.patch(world.known(), incident.id, patch, ops_bot));
    world.work();
    CHECK(world.mailed() == "bob, bob");
    CHECK_THAT(world.line(incident, "bob"), !Contains(client));  // it may be able to one day
}

TEST_CASE("A server that says only later that it could not reach somebody") {
    World world;
    const Incident incident = world.open();
    world.work();
    world.watch.tick();
    world.server.edit(incident.uid, ":mailto:bob@", ";SCHEDULE-STATUS=\"5.1\":mailto:bob@");
    world.clock.advance(Duration(15));
    world.watch.tick();
    world.work();
    CHECK(world.mailed() == "bob");
    world.clock.advance(Duration(15));
    world.watch.tick();
    world.work();
    CHECK(world.mailed() == "bob");
}

TEST_CASE("What others did to the event stays, also what they did at the same moment") {
    World world;
    const Incident incident = world.open();
    world.work();
    const std::string uid = incident.uid;
    world.server.edit(uid, "END:VEVENT",
                      "CATEGORIES:War room\r\nATTENDEE:mailto:guest@example.com\r\nEND:VEVENT");
    world.server.before_put = [&] {
        world.server.edit(uid, "PARTSTAT=NEEDS-ACTION", "PARTSTAT=TENTATIVE;SCHEDULE-STATUS=\"2.0\"");
    };
    IncidentPatchOrder patch;
    patch.title = "Checkout fails everywhere";
    patch.add_experts = {"carol@example.com"};
    REQUIRE(world.desk.patch(world.known(), incident.id, patch, ops_bot));
    world.work();
    const std::string bytes = FakeServer::unfolded(world.server.bytes(uid));
    CHECK_THAT(bytes, Contains("Checkout fails everywhere") && Contains("CATEGORIES:War room") &&
                          Contains("guest@example.com") && Contains("SEQUENCE:1\r\n"));
    CHECK_THAT(world.line(incident, "alice"), Contains("PARTSTAT=TENTATIVE") && Contains("SCHEDULE-STATUS"));
    CHECK_THAT(world.line(incident, "carol"), Contains("NEEDS-ACTION"));
    CHECK(world.server.puts.size() == 2);
    // Whoever is not needed any more is taken out, and nobody else.
    IncidentPatchOrder less;
    less.remove_experts = {"bob@example.com"};
    REQUIRE(world.desk.patch(world.known(), incident.id, less, ops_bot));
    world.work();
    CHECK(world.line(incident, "bob") == "");
    CHECK(world.line(incident, "guest") != "");
    CHECK(world.mailed() == "");
}

TEST_CASE("An event whose writing was never confirmed is found, and not written or told again") {
    World world;
    world.server.loses_answers = true;
    const Incident incident = world.open();
    world.work();
    CHECK(world.newest_event().state == DeliveryState::queued);
    CHECK(world.server.puts.size() == 1);
    world.server.loses_answers = false;
    world.clock.advance(Duration(6));
    world.work();
    CHECK(world.server.puts.size() == 1);
    CHECK(world.newest_event().state == DeliveryState::sent);
    world.clock.advance(minutes(10));
    world.work();
    CHECK(world.mailed() == "");
}

TEST_CASE("Answers that stay lost for longer tell people twice rather than not at all, and then once again") {
    World world;
    world.server.loses_answers = true;
    const Incident incident = world.open();
    world.work();
    world.server.away = true;
    world.clock.advance(Duration(31));
    world.work();
    CHECK(world.mailed() == "alice, bob");
    world.server.away = world.server.loses_answers = false;
    world.clock.advance(minutes(5));
    world.work();
    // To take them from the server would make it tell them that all is cancelled.
    CHECK_THAT(world.line(incident, "alice"), !Contains(client));
    IncidentPatchOrder patch;
    patch.severity = "sev1";
    REQUIRE(world.desk.patch(world.known(), incident.id, patch, ops_bot));
    world.work();
    world.clock.advance(minutes(5));
    world.work();
    CHECK(world.mailed() == "alice, bob");
    CHECK_THAT(world.server.bytes(incident.uid), Contains("SUMMARY:SEV1"));
}

TEST_CASE("A process that dies between the put and its record: the next one finds it done") {
    World world;
    const Incident incident = world.open();
    const auto dead =
        world.store.claim_outbox({"dead", noon, noon + OutboxWorkerOptions().claim, 10, Transport::caldav});
    REQUIRE(dead->size() == 1);
    world.store.dies_before_settling = true;
    world.events.deliver(dead->front().message, {});
    world.store.dies_before_settling = false;
    REQUIRE(world.server.puts.size() == 1);
    for (int second = 0; second < 120; second += 5) {
        world.work();
        world.clock.advance(Duration(5));
    }
    CHECK(world.server.puts.size() == 1);
    CHECK(world.mailed() == "");
    CHECK(world.newest_event().state == DeliveryState::sent);
    // One that dies before the put leaves nobody uncalled.
    world.open();
    REQUIRE(world.store.claim_outbox(
        {"dead", world.clock.now(), world.clock.now() + OutboxWorkerOptions().claim, 10, Transport::caldav}));
    world.server.away = true;
    for (int second = 0; second <= 60; second += 5) {
        world.work();
        world.clock.advance(Duration(5));
    }
    CHECK(world.mailed() == "alice, carol");
}

TEST_CASE("However late the next process comes, it looks into the calendar before it tells anybody") {
    World world;
    world.watch.tick();
    const Incident incident = world.open();
    const bool put = GENERATE(true, false);
    const auto dead =
        world.store.claim_outbox({"dead", noon, noon + OutboxWorkerOptions().claim, 10, Transport::caldav});
    REQUIRE(dead->size() == 1);
    if (put) {
        world.store.dies_before_settling = true;
        world.events.deliver(dead->front().message, {});
        world.store.dies_before_settling = false;
    } else {
        REQUIRE(world.store.hold_mails("payments", incident.id, noon, noon + Duration(90)));
    }
    world.clock.advance(GENERATE(Duration(76), Duration(minutes(10)), Duration(std::chrono::hours(30))));
    REQUIRE(world.events.hold_mails());
    // Its mails' worker comes first, and again at each moment at which it could.
    world.mail_worker.tick();
    world.bell.on_ring = [&] { world.mail_worker.tick(); };
    world.work();
    CHECK(world.server.puts.size() == 1);
    CHECK(world.mailed() == "");
    CHECK(world.newest_event().state == DeliveryState::sent);
    world.clock.advance(minutes(10));
    world.work();
    CHECK(world.mailed() == "");
}

TEST_CASE("Where the late one finds that the server is away, mail tells people at once") {
    World world;
    world.watch.tick();
    world.open();
    REQUIRE(
        world.store.claim_outbox({"dead", noon, noon + OutboxWorkerOptions().claim, 10, Transport::caldav}));
    world.server.away = true;
    world.clock.advance(Duration(76));
    REQUIRE(world.events.hold_mails());
    world.mail_worker.tick();
    CHECK(world.mailed() == "");
    world.work();
    CHECK(world.mailed() == "alice, bob");
}

TEST_CASE("Mails wait for a calendar no longer because the wall clock was set back") {
    World world;
    world.server.away = true;
    world.open();
    world.events_worker.tick();
    world.clock.step_wall(-std::chrono::hours(2));
    world.clock.advance(Duration(31));
    const auto event = world.newest_event();
    world.events.deliver(event.message, {});
    CHECK(world.bell.rung == 1);
    CHECK(world.store.outbox("", "", 100).value().back().held_until == std::nullopt);
}

TEST_CASE("An event that somebody deleted is put back at the next look, and the timeline says so") {
    const bool schedules = GENERATE(true, false);
    World world(schedules);
    world.watch.tick();
    const Incident incident = world.open();
    world.watch.tick();  // it is not there yet: that is no news
    world.work();
    CHECK(world.incident(incident.id).version == 1);
    const std::string mailed = world.mailed();
    world.server.forget(incident.uid);
    world.clock.advance(Duration(15));
    world.watch.tick();
    world.watch.tick();
    CHECK(world.store.incident_timeline("payments", incident.id).value().back().kind == "event_restored");
    world.work();
    REQUIRE(world.server.has(incident.uid));
    CHECK(world.incident(incident.id).version == 2);
    // Its server has told people that it is cancelled, so that they are invited anew, by it.
    CHECK(world.incident(incident.id).sequence == (schedules ? 1 : 0));
    CHECK(world.newest_event().state == DeliveryState::sent);
    world.clock.advance(minutes(10));
    world.work();
    CHECK(world.mailed() == mailed);
    CHECK_THAT(world.log.text.str(), Contains("was deleted from the calendar"));
    for (int times = 0; times < 6; ++times) {
        world.server.forget(incident.uid);
        world.clock.advance(minutes(10));
        world.watch.tick();
        world.work();
    }
    CHECK_FALSE(world.server.has(incident.uid));
    // Meanwhile people are asked on.
    const auto timeline = world.store.incident_timeline("payments", incident.id).value();
    CHECK(std::count_if(timeline.begin(), timeline.end(),
                        [](const TimelineEntry& entry) { return entry.kind == "event_missing"; }) == 1);
}

TEST_CASE("A wall clock that is set changes no interval at which a calendar is read or left alone") {
    World world;
    const Incident incident = world.open();
    world.work();
    world.watch.tick();
    int reads = world.server.reads;
    world.clock.step_wall(GENERATE(Duration(-std::chrono::hours(2)), Duration(std::chrono::hours(2)),
                                   Duration(-std::chrono::hours(24)), Duration(std::chrono::hours(24))));
    world.watch.tick();
    CHECK(world.server.reads == reads);
    world.clock.advance(Duration(15));
    world.watch.tick();
    CHECK(world.server.reads == reads + 1);
    // Young, and no longer than that.
    world.clock.advance(std::chrono::hours(1));
    world.watch.tick();
    reads = world.server.reads;
    world.clock.advance(Duration(15));
    world.watch.tick();
    CHECK(world.server.reads == reads);
    const int discoveries = world.server.discoveries;
    world.clock.step_wall(-std::chrono::hours(24));
    world.clock.advance(std::chrono::hours(1));
    world.watch.tick();
    CHECK(world.server.discoveries == discoveries + 1);
    CHECK(world.incident(incident.id).version == 1);
}

TEST_CASE("Of many open incidents each is read, a part at a time") {
    World world;
    const Incident incident = world.open();
    world.work();
    for (int i = 0; i < 250; ++i) {
        IncidentWrite write;
        write.incident = incident;
        write.incident.id += "-" + std::to_string(i);
        write.incident.uid = std::to_string(i) + "." + incident.uid;
        write.incident.opened_at += Duration(1);
        write.audit = {noon, "test", "", "payments", "incident.opened", "x"};
        REQUIRE(world.store.open_incident(write, {}));
    }
    world.server.edit(incident.uid, "PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED");
    for (int turn = 0; turn < 3; ++turn) CHECK(world.watch.tick() >= world.clock.steady_now());
    CHECK(world.incident(incident.id).commander().rsvp == ParticipationStatus::accepted);
}

TEST_CASE("Only the newest state is put, and an event that was taken away is put again") {
    World world;
    const Incident incident = world.open();
    for (const char* severity : {"sev1", "sev2", "sev4"}) {
        IncidentPatchOrder patch;
        patch.severity = severity;
        REQUIRE(world.desk.patch(world.known(), incident.id, patch, ops_bot));
    }
    world.work();
    CHECK(world.server.puts.size() == 1);
    CHECK_THAT(world.server.bytes(incident.uid), Contains("SUMMARY:SEV4") && Contains("SEQUENCE:3\r\n"));
    world.server.forget(incident.uid);
    REQUIRE(world.desk.resolve(world.known(), incident.id, "", ops_bot));
    world.work();
    CHECK_THAT(world.server.bytes(incident.uid), Contains("SUMMARY:Resolved"));
    // Nothing is put only to be cancelled.
    const Incident other = world.open();
    REQUIRE(world.desk.cancel(world.known(), other.id, "", ops_bot));
    world.work();
    CHECK_FALSE(world.server.has(other.uid));
    world.clock.advance(minutes(10));
    world.work();
    CHECK(world.mailed() == "");
}

TEST_CASE("A team whose calendar was taken out of the configuration is told by mail") {
    World world;
    world.open();
    world.team.incident_calendar.reset();
    world.post();
    world.work();
    CHECK(world.mailed() == "alice, bob");
    CHECK(world.newest_event().state == DeliveryState::failed);
}

TEST_CASE("An answer in the calendar is an answer: a no asks the next one, and it counts once") {
    World world;
    const Incident incident = world.open();
    world.work();
    world.watch.tick();
    world.server.edit(incident.uid, "PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED");  // Alice
    world.server.edit(incident.uid, "PARTSTAT=NEEDS-ACTION", "PARTSTAT=DECLINED");  // Bob
    world.clock.advance(Duration(14));
    world.watch.tick();
    CHECK(world.incident(incident.id).version == 1);  // not before it is due
    world.clock.advance(Duration(1));
    world.watch.tick();
    Incident after = world.incident(incident.id);
    CHECK(after.commander().rsvp == ParticipationStatus::accepted);
    CHECK(after.find(id("bob@example.com"))->rsvp == ParticipationStatus::declined);
    REQUIRE(after.find(id("carol@example.com")) != nullptr);
    const auto timeline = world.store.incident_timeline("payments", incident.id).value();
    CHECK(std::count_if(timeline.begin(), timeline.end(), [](const TimelineEntry& entry) {
              return entry.kind == "answered" && entry.who == "calendar";
          }) == 2);
    world.work();
    CHECK(world.line(incident, "carol") != "");
    CHECK(world.mailed() == "");
    // By the link Bob comes after all; the calendar's old no does not come back.
    const std::string token = world.links.ack_token(after, *after.find(id("bob@example.com")));
    REQUIRE(world.desk.acknowledge(world.known(), incident.id, token, {}));
    const int version = world.incident(incident.id).version;
    for (int round = 0; round < 3; ++round) {
        world.clock.advance(minutes(1));
        world.watch.tick();
        world.work();
    }
    after = world.incident(incident.id);
    CHECK(after.find(id("bob@example.com"))->rsvp == ParticipationStatus::accepted);
    CHECK(after.version == version);
}

TEST_CASE("What was answered before people were asked anew does not count, and is taken back") {
    World world;
    const Incident incident = world.open();
    world.work();
    world.server.edit(incident.uid, "PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED");
    IncidentPatchOrder later;
    later.start = noon + minutes(30);
    REQUIRE(world.desk.patch(world.known(), incident.id, later, ops_bot));
    world.watch.tick();
    CHECK(world.incident(incident.id).commander().rsvp == ParticipationStatus::needs_action);
    world.work();
    CHECK_THAT(world.line(incident, "alice"), Contains("NEEDS-ACTION"));
    world.server.edit(incident.uid, "PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED");
    world.clock.advance(minutes(1));
    world.watch.tick();
    CHECK(world.incident(incident.id).commander().rsvp == ParticipationStatus::accepted);
}

TEST_CASE("Whatever stands in the calendar in the event's place is neither believed nor kept") {
    World world;
    const Incident incident = world.open();
    world.work();
    const std::string junk = GENERATE(std::string(), std::string("<html>"), std::string(2'000'000, 'x'),
                                      std::string("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:other\r\nATTENDEE;"
                                                  "PARTSTAT=DECLINED:mailto:alice@example.com\r\n"
                                                  "END:VEVENT\r\nEND:VCALENDAR\r\n"));
    world.server.store(incident.uid, junk);
    world.clock.advance(minutes(1));
    world.watch.tick();
    CHECK(world.incident(incident.id).version == 1);
    REQUIRE(world.desk.resolve(world.known(), incident.id, "", ops_bot));
    world.work();
    CHECK_THAT(world.server.bytes(incident.uid), Contains("SUMMARY:Resolved"));
}

TEST_CASE("A server that is away is left alone for a while, and asked once an hour what it can do") {
    World world;
    world.watch.tick();
    CHECK(world.server.discoveries == 1);
    world.clock.advance(minutes(59));
    world.watch.tick();
    CHECK(world.server.discoveries == 1);
    world.clock.advance(minutes(1));
    world.server.away = true;
    for (int second = 0; second < 60; ++second) {
        world.watch.tick();
        world.clock.advance(Duration(1));
    }
    CHECK(world.server.discoveries <= 6);
    // What it could do it can still do: mails wait for it.
    CHECK(world.calendars.inviter(world.team) == Inviter::server);
}

}  // namespace event_transport_test
