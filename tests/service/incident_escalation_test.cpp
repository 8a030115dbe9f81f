// Escalation over the real store and a real worker: who is waited for when mails are refused, the mail server
// is away, the wall clock is set, or more is open than anybody reads.
#include <catch2/catch.hpp>

#include "service/fakes.h"
#include "service/incident_census.h"
#include "service/incident_desk.h"
#include "service/mail_fakes.h"
#include "service/mail_monitor.h"
#include "service/metrics.h"
#include "service/outbox_worker.h"
#include "service/staffed_team.h"

namespace incident_escalation_test {

using namespace watchbill;
using namespace watchbill::test;
using Catch::Matchers::Contains;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");
const Actor ops_bot{"token:ops bot", "192.0.2.7"};

struct World : StaffedTeam {
    World() {
        links.set_public_url("https://rota.example.com");
        team.backup = {id("carol@example.com")};
        post();
    }
    std::string open(std::vector<std::string> needs = {}) {
        IncidentOrder order;
        order.title = "Checkout fails";
        order.needs = std::move(needs);
        const auto opened = desk.open(
            known(), order,
            {"", "{}", [](const Incident&, Transport, const EscalationOutlook&) { return std::string(); }},
            ops_bot);
        REQUIRE(opened);
        return opened->id;
    }
    Incident incident(const std::string& identity) {
        return store.find_incident("payments", identity).value().value();
    }
    // The worker's turn, and the desk's. When something is due next.
    std::optional<Instant> turn() {
        worker.tick();
        return desk.escalate_due(board, clock.now());
    }
    void answer(const std::string& who, DeliveryReport report) {
        mail.answer = [who, report](const OutboxMessage& message) {
            return who.empty() || message.recipient.email().starts_with(who) ? report : DeliveryReport{};
        };
    }
    std::string said(const std::string& identity, const std::string& kind) {
        std::string text;
        const auto timeline = store.incident_timeline("payments", identity);
        for (const TimelineEntry& entry : *timeline) {
            if (entry.kind == kind) text += (text.empty() ? "" : "\n") + entry.text;
        }
        return text;
    }

    TempDir folder;
    WatchedStore store{folder.path()};
    FakeClock clock{noon};
    LogCapture log;
    Metrics metrics{"1.2.3"};
    IncidentLinks links{"a secret of some length"};
    int news = 0;
    MailMonitor monitor{true, [this] { ++news; }};
    IncidentDesk desk{
        store, clock, links, {id("rota@example.com"), log.logger.get(), &metrics, {}, {}, &monitor}};
    FakeTransport mail;
    OutboxWorker worker{store,
                        &mail,
                        clock,
                        metrics.outbox(),
                        *log.logger,
                        [] { return 0.5; },
                        [this] {
                            OutboxWorkerOptions options;
                            options.name = "mails";
                            options.on_settled = [this](const DeliveryReport& report) {
                                monitor.note(report);
                            };
                            return options;
                        }()};
};

const DeliveryReport gone{Delivery::refused_for_good, "the mail server refused the recipient (550 5.1.1)"};
const DeliveryReport full{Delivery::refused_for_now, "the mail server refused the recipient (452 4.2.2)"};
const DeliveryReport away{Delivery::no_server, "the mail server accepts no connection"};

}  // namespace

TEST_CASE("A commander without a mailbox is followed at once, and commands no longer") {
    World world;
    world.answer("alice", gone);
    const std::string identity = world.open();
    CHECK(world.desk.escalate_due(world.board, noon) == noon + Duration(5));  // it looks again soon
    world.turn();
    CHECK(world.news == 1);
    const Incident after = world.incident(identity);
    CHECK(after.commander().member == id("carol@example.com"));
    CHECK_THAT(world.said(identity, "escalated"), Contains("could not be told (" + gone.error + ")"));
    CHECK_THAT(world.said(identity, "not_told"), Contains(gone.error));
    CHECK(take_census(world.store, "payments", {}).untold == 1);
    // Carol's time begins when her mail is taken.
    world.clock.advance(minutes(1));
    CHECK(world.turn() == noon + minutes(6));
    CHECK_THAT(world.log.text.str(), Contains("somebody cannot be told") && !Contains("alice"));
}

TEST_CASE("Who has left the team commands no longer, whatever they had answered") {
    World world;
    const std::string identity = world.open();
    world.turn();
    const Incident before = world.incident(identity);
    REQUIRE(before.commander().member == id("alice@example.com"));
    const IncidentAnswer yes{
        id("alice@example.com"), ParticipationStatus::accepted, before.sequence, noon, "mail", false};
    REQUIRE(world.desk.answer(world.known(), identity, yes, ops_bot));
    world.clock.advance(hours(1));
    CHECK_FALSE(world.turn());  // nobody is waited for
    std::erase_if(world.team.members, [](const Member& one) { return one.id == id("alice@example.com"); });
    for (Rotation& rotation : world.team.rotations) std::erase(rotation.members, id("alice@example.com"));
    world.post();
    world.turn();
    CHECK(world.incident(identity).commander().member == id("carol@example.com"));
    CHECK_THAT(world.said(identity, "escalated"), Contains("has left the team. "));
    CHECK_THAT(world.said(identity, "commander"), Contains("has left the team."));
}

TEST_CASE("While no mail server answers nobody's time runs, and that is said once") {
    World world;
    world.answer("", away);
    const std::string identity = world.open({"network"});
    for (int minute = 0; minute < 60; ++minute) {
        world.turn();
        world.clock.advance(minutes(1));
    }
    CHECK(world.incident(identity).invitations.size() == 2);
    CHECK(world.said(identity, "escalated") == "");
    CHECK_THAT(world.said(identity, "not_told"),
               Contains("bob cannot be told: " + away.error) && Contains("alice") && !Contains("\n"));
    CHECK(take_census(world.store, "payments", {}).untold == 1);
    // Another desk, as after a restart, knows nothing of the server yet, and passes over nobody either.
    MailMonitor fresh(true);
    IncidentDesk other{
        world.store, world.clock, world.links, {id("rota@example.com"), nullptr, nullptr, {}, {}, &fresh}};
    other.escalate_due(world.board, world.clock.now());
    CHECK(world.said(identity, "escalated") == "");
    // It is back.
    world.mail.answer = [](const OutboxMessage&) { return DeliveryReport{}; };
    const Instant back = world.clock.now();
    CHECK(world.turn() == back + minutes(5));
    CHECK(take_census(world.store, "payments", {}).untold == 0);
    CHECK(world.said(identity, "told") != "");
    world.clock.advance(minutes(5) - Duration(1));
    world.turn();
    CHECK(world.said(identity, "escalated") == "");
    world.clock.advance(Duration(1));
    world.turn();
    CHECK_THAT(world.said(identity, "escalated"), Contains("alice has not answered"));
}

TEST_CASE("What changes meanwhile passes over nobody either") {
    World world;
    world.answer("", away);
    const std::string identity = world.open();
    world.turn();
    world.clock.advance(hours(1));
    REQUIRE(world.desk.add_note(world.known(), identity, "Still down", ops_bot));
    CHECK(world.incident(identity).invitations.size() == 1);
    CHECK(world.said(identity, "escalated") == "");
}

TEST_CASE("A full mailbox is waited for like a silent one") {
    World world;
    world.answer("alice", full);
    const std::string identity = world.open();
    CHECK(world.turn() == noon + minutes(5));
    CHECK_THAT(world.said(identity, "not_told"), Contains("could not be told so far: " + full.error));
    for (int second = 0; second < 300; second += 20) {
        CHECK(world.said(identity, "escalated") == "");
        world.clock.advance(Duration(20));
        world.turn();
    }
    CHECK_THAT(world.said(identity, "escalated"), Contains("could not be told so far (" + full.error + ")"));
    CHECK(world.incident(identity).commander().member == id("alice@example.com"));
    CHECK(world.said(identity, "not_told").find('\n') == std::string::npos);
}

TEST_CASE("A store that cannot say who was told escalates nothing") {
    World world;
    const std::string identity = world.open();
    world.turn();
    world.clock.advance(minutes(5));
    world.store.failing = true;
    world.desk.escalate_due(world.board, world.clock.now());
    world.store.failing = false;
    CHECK(world.incident(identity).version == 1);
    world.turn();
    CHECK(world.incident(identity).version == 2);
}

TEST_CASE("A wall clock that is set neither holds up an escalation nor brings it forward") {
    World world;
    const std::string identity = world.open();
    world.turn();
    world.clock.advance(minutes(1));
    world.clock.step_wall(GENERATE(Duration(-hours(2)), Duration(hours(2)), Duration(-hours(24)),
                                   Duration(hours(24)), Duration(0)));
    world.turn();
    CHECK(world.incident(identity).version == 1);
    // Also where something else happens to it.
    REQUIRE(world.desk.add_note(world.known(), identity, "Looking", ops_bot));
    world.clock.advance(minutes(4) - Duration(1));
    const auto next = world.turn();
    CHECK(world.said(identity, "escalated") == "");
    CHECK(next == world.clock.now() + Duration(1));
    world.clock.advance(Duration(1));
    world.turn();
    CHECK_THAT(world.said(identity, "escalated"), Contains("alice has not answered"));
}

TEST_CASE("After a start with a clock that is behind, nobody is waited for longer than anybody could be") {
    World world;
    const std::string identity = world.open();
    world.turn();
    world.clock.step_wall(-hours(2));
    IncidentDesk other{world.store,
                       world.clock,
                       world.links,
                       {id("rota@example.com"), nullptr, nullptr, {}, {}, &world.monitor}};
    other.escalate_due(world.board, world.clock.now());
    CHECK(world.said(identity, "escalated") != "");
}

TEST_CASE("The oldest of many open incidents is escalated like the newest") {
    World world;
    const std::string oldest = world.open();
    const Incident first = world.incident(oldest);
    for (int i = 0; i < 1005; ++i) {
        IncidentWrite write;
        write.incident = first;
        write.incident.id += "-" + std::to_string(i);
        write.incident.uid = std::to_string(i) + "." + first.uid;
        write.incident.opened_at += Duration(1);
        // All were asked in vain, and are asked again later.
        for (IncidentSlot& slot : write.incident.slots) {
            slot.exhausted = true;
            slot.round_began = noon + hours(1);
        }
        write.audit = {noon, "test", "", "payments", "incident.opened", "x"};
        REQUIRE(world.store.open_incident(write, {}));
    }
    CHECK(world.store.incidents("payments", {IncidentState::open}).value().size() == 1006);
    const IncidentCensus census = take_census(world.store, "payments", {});
    CHECK(census.counts.open == 1006);
    CHECK(census.unanswered == 1005);
    world.turn();
    world.clock.advance(minutes(5));
    world.turn();
    CHECK(world.said(oldest, "escalated") != "");
}

TEST_CASE("The monitor knows the server by its last mail, and tells of news") {
    World world;
    CHECK(world.monitor.service().state == MailService::State::unknown);
    CHECK(MailMonitor(false).service().state == MailService::State::none);
    world.monitor.note({});
    CHECK(world.news == 0);
    CHECK(world.monitor.service().state == MailService::State::answers);
    world.monitor.note(away);
    CHECK(world.monitor.service() == MailService{MailService::State::away, away.error});
    CHECK(world.news == 1);
    world.monitor.note(away);
    CHECK(world.news == 1);
    // An address that nobody asks the server about says nothing of it.
    world.monitor.note(gone);
    CHECK(world.news == 2);
    CHECK(world.monitor.service().state == MailService::State::away);
    world.monitor.note(full);
    CHECK(world.news == 3);
    CHECK(world.monitor.service() == MailService{MailService::State::answers, ""});
    // One mail that hangs is no server that is away.
    world.monitor.note({Delivery::no_server, "the mail server did not answer", true});
    CHECK(world.news == 4);
    CHECK(world.monitor.service() == MailService{MailService::State::answers, ""});
}

}  // namespace incident_escalation_test
