// The respond flow over the real store: what is written, who is told, what a second call finds.
#include "service/incident_desk.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "service/fakes.h"
#include "service/incident_replies.h"
#include "service/metrics.h"
#include "service/staffed_team.h"

namespace incident_desk_test {

using namespace watchbill;
using namespace watchbill::test;
using Catch::Matchers::Contains;
using std::chrono::minutes;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");  // 13:00 in Paris
const Actor ops_bot{"token:ops bot", "192.0.2.7"};

struct World : StaffedTeam {
    World() { links.set_public_url("https://rota.example.com"); }
    ActionResult<OpenedIncident> open(const std::string& key = "", const std::string& body = "{}",
                                      const std::string& title = "Checkout fails") {
        IncidentOrder order;
        order.title = title;
        order.needs = {"network"};
        return desk.open(
            known(), order,
            {key, body,
             [](const Incident& one, Transport, const EscalationOutlook&) { return "opened " + one.id; }},
            ops_bot);
    }
    Incident incident(const std::string& identity) {
        return store.find_incident("payments", identity).value().value();
    }
    std::vector<OutboxMessage> messages(const std::string& about) {
        std::vector<OutboxMessage> found;
        const auto entries = store.outbox("payments", about, 100);
        for (const OutboxEntry& entry : *entries) found.push_back(entry.message);
        return found;
    }
    InvitationReply reply(const Incident& to, const std::string& who, ParticipationStatus status) const {
        InvitationReply reply;
        reply.uid = to.uid;
        reply.attendee = id(who);
        reply.sender = reply.attendee;
        reply.status = status;
        reply.sequence = to.sequence;
        reply.dtstamp = clock.now();
        return reply;
    }

    TempDir folder;
    WatchedStore store{folder.path()};
    FakeClock clock{noon};
    LogCapture log;
    Metrics metrics{"1.2.3"};
    IncidentLinks links{"a secret of some length"};
    std::atomic<int> changes = 0;  // some tests change things from several threads
    IncidentDesk desk{
        store, clock, links, {id("rota@example.com"), log.logger.get(), &metrics, [this] { ++changes; }}};
    IncidentReplies replies{store, desk, [this](const std::string& name) { return board.find(name); }};
};

}  // namespace

TEST_CASE("An opening is there with its messages when it is answered") {
    World world;
    const auto opened = world.open();
    REQUIRE(opened);
    const Incident incident = world.incident(opened->id);
    CHECK(opened->answer == "opened " + incident.id);
    CHECK(incident.id.starts_with("2026-11-24-"));
    CHECK(incident.commander().member == id("alice@example.com"));
    CHECK(incident.organizer == id("rota@example.com"));
    std::set<std::string> ids;
    std::set<std::string> people;
    for (const OutboxMessage& message : world.messages(incident.id)) {
        ids.insert(message.id);
        people.insert(message.recipient.email());
        CHECK(message.calendar_method == "REQUEST");
        CHECK_THAT(message.calendar, Contains("METHOD:REQUEST"));
        CHECK(message.id.size() <= 100);
        CHECK(message.id.find_first_not_of(
                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos);
    }
    CHECK(ids.size() == 2);
    CHECK(people == std::set<std::string>{"alice@example.com", "bob@example.com"});
    CHECK(world.changes == 1);
    CHECK(world.store.audit_log("payments", 1).value()[0].who == "token:ops bot");
}

TEST_CASE("A key is answered the same again, and refused with another body") {
    World world;
    const auto first = world.open("k", "body");
    const auto again = world.open("k", "body");
    REQUIRE(again);
    CHECK(again->repeated);
    CHECK(again->answer == first->answer);
    const auto other = world.open("k", "another body");
    REQUIRE_FALSE(other);
    CHECK(other.error().code == "key_reused");
    CHECK(world.store.incident_counts("payments").value().open == 1);
}

TEST_CASE("A preview writes nothing") {
    World world;
    IncidentOrder order;
    order.title = "Only looking";
    const auto preview = world.desk.preview(world.known(), order, ops_bot);
    REQUIRE(preview);
    CHECK(preview->commander().member == id("alice@example.com"));
    CHECK(world.store.incident_counts("payments").value() == IncidentCounts{});
    CHECK(world.changes == 0);
}

TEST_CASE("An opening that the store cannot keep is not answered as opened") {
    World world;
    world.store.failing = true;
    const auto opened = world.open();
    REQUIRE_FALSE(opened);
    CHECK(opened.error().error.code == ErrorCode::unavailable);
}

TEST_CASE("Many change one incident at once, and nothing is lost") {
    World world;
    const std::string identity = world.open()->id;
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i) {
        threads.emplace_back([&world, identity, i] {
            static_cast<void>(
                world.desk.add_note(world.known(), identity, "note " + std::to_string(i), ops_bot));
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(world.incident(identity).version == 7);
    std::set<std::string> notes;
    const auto timeline = world.store.incident_timeline("payments", identity);
    for (const TimelineEntry& entry : *timeline) {
        if (entry.kind == "note") notes.insert(entry.text);
    }
    CHECK(notes.size() == 6);
}

TEST_CASE("A reply by mail is an answer, and a no asks the next one in the same step") {
    World world;
    const Incident incident = world.incident(world.open()->id);
    world.clock.advance(minutes(1));
    const auto yes =
        world.replies.take(world.reply(incident, "alice@example.com", ParticipationStatus::accepted), noon);
    REQUIRE((yes && *yes));
    CHECK((**yes).applied);
    CHECK((**yes).code == "accepted");
    CHECK((**yes).about == incident.id);
    REQUIRE(
        world.replies.take(world.reply(incident, "bob@example.com", ParticipationStatus::declined), noon));
    const Incident after = world.incident(incident.id);
    CHECK(after.sequence == 1);
    REQUIRE(after.find(id("carol@example.com")) != nullptr);
    CHECK(after.find(id("carol@example.com"))->role == IncidentRole::expert);
    // Bob, who said no, is not written to any more.
    for (const OutboxMessage& message : world.messages(incident.id)) {
        if (message.recipient == id("bob@example.com")) CHECK_THAT(message.calendar, Contains("SEQUENCE:0"));
    }
    InvitationReply stranger = world.reply(incident, "stranger@example.com", ParticipationStatus::accepted);
    const auto recorded = world.replies.take(stranger, noon);
    REQUIRE((recorded && *recorded));
    CHECK_FALSE((**recorded).applied);
    CHECK(world.store.incident_timeline("payments", incident.id).value().back().kind == "answer_ignored");
    stranger.uid = "somebody.elses@watchbill";
    CHECK_FALSE(world.replies.take(stranger, noon).value());
}

TEST_CASE("Sixty copies of one mail are one entry, one version and one line of the audit log") {
    World world;
    const Incident incident = world.incident(world.open()->id);
    const size_t audited = world.store.audit_log("payments", 1000)->size();
    const size_t entries = world.store.incident_timeline("payments", incident.id)->size();
    const InvitationReply stranger =
        world.reply(incident, "stranger@example.com", ParticipationStatus::accepted);
    InvitationReply proposal = world.reply(incident, "bob@example.com", ParticipationStatus::tentative);
    proposal.counter = true;
    for (int copy = 0; copy < 60; ++copy) {
        for (const InvitationReply& reply : {stranger, proposal}) {
            const auto verdict = world.replies.take(reply, noon);
            REQUIRE((verdict && *verdict));
            CHECK((**verdict).code == "recorded");
        }
    }
    CHECK(world.incident(incident.id).version == incident.version + 2);
    CHECK(world.store.audit_log("payments", 1000)->size() == audited + 2);
    CHECK(world.store.incident_timeline("payments", incident.id)->size() == entries + 2);
}

TEST_CASE("Outlook's no with a proposal is a no") {
    World world;
    const Incident incident = world.incident(world.open()->id);
    InvitationReply reply = world.reply(incident, "bob@example.com", ParticipationStatus::declined);
    reply.counter = true;
    const auto verdict = world.replies.take(reply, noon);
    REQUIRE((verdict && *verdict));
    CHECK((**verdict).applied);
    CHECK((**verdict).code == "declined");
    const Incident after = world.incident(incident.id);
    CHECK(after.find(id("bob@example.com"))->rsvp == ParticipationStatus::declined);
    CHECK(after.find(id("carol@example.com")) != nullptr);  // is asked instead
}

TEST_CASE("Timers follow from what is stored: another desk goes on where one stopped") {
    World world;
    const std::string identity = world.open()->id;
    CHECK(world.desk.escalate_due(world.board, noon) == noon + minutes(5));
    CHECK(world.incident(identity).version == 1);
    world.clock.advance(minutes(5));
    IncidentDesk other{world.store, world.clock, world.links, {id("rota@example.com"), nullptr, nullptr, {}}};
    other.escalate_due(world.board, world.clock.now());
    const Incident after = world.incident(identity);
    CHECK(after.version == 2);
    REQUIRE(after.find(id("carol@example.com")) != nullptr);
    CHECK(after.find(id("carol@example.com"))->rule == "team");  // nobody else is on duty
    // The first desk finds nothing to do before Carol's time is over, and then nobody else.
    world.desk.escalate_due(world.board, world.clock.now());
    CHECK(world.incident(identity).version == 2);
    world.clock.advance(minutes(5));
    world.desk.escalate_due(world.board, world.clock.now());
    CHECK(world.incident(identity).slots[0].exhausted);
    // And then all are asked again, Alice first.
    CHECK(world.desk.escalate_due(world.board, world.clock.now()) == world.clock.now() + minutes(5));
    CHECK(world.incident(identity).slots[0].round == 1);
    CHECK_THAT(world.log.text.str(), Contains("NOBODY IS LEFT TO ASK"));
}

TEST_CASE("A link is one person's, works once, and not after they have to answer anew") {
    World world;
    const Incident incident = world.incident(world.open()->id);
    const std::string token = world.links.ack_token(incident, *incident.find(id("bob@example.com")));
    CHECK(token != world.links.ack_token(incident, incident.commander()));
    REQUIRE(world.desk.acknowledge(world.known(), incident.id, token, {"", "192.0.2.9"}));
    CHECK(world.incident(incident.id).find(id("bob@example.com"))->rsvp == ParticipationStatus::accepted);
    const auto again = world.desk.acknowledge(world.known(), incident.id, token, {});
    REQUIRE_FALSE(again);
    CHECK(again.error().code == "link_used");
    IncidentPatchOrder later;
    later.start = noon + minutes(30);
    REQUIRE(world.desk.patch(world.known(), incident.id, later, ops_bot));
    CHECK(world.desk.acknowledge(world.known(), incident.id, token, {}).error().code == "bad_token");
    CHECK(world.desk.acknowledge(world.known(), "2026-01-01-00", token, {}).error().code ==
          "no_such_incident");
}

TEST_CASE("Orders are judged before anything is done") {
    const Team team = example_team();
    const auto code_of = [&](const IncidentOrder& order) {
        const auto accepted = accept_order(team, order, "i", noon);
        return accepted ? std::string("ok") : accepted.error().code;
    };
    IncidentOrder order;
    CHECK(code_of(order) == "invalid_input");
    order.title = "Checkout fails";
    CHECK(code_of(order) == "ok");
    order.conference = "ftp://example.com";
    CHECK(code_of(order) == "invalid_input");
    order.conference = "https://example.com/\r\nX: y";
    CHECK(code_of(order) == "invalid_input");
    for (const char* url :
         {"https://example.com/\u202egpj", "https://exam\u200bple.com/", "https://example.com/\u00a0x",
          "https://example.com/\u2028", "\u2066https://example.com/"}) {
        INFO(url);
        order.conference = url;
        CHECK(code_of(order) == "invalid_input");
    }
    order.conference = "https://example.com/réunion";
    CHECK(code_of(order) == "ok");
    order.conference = "";
    for (const char* title : {"\u200b", "\u00a0", "\u202e\u2028 \ufeff", "\u3164"}) {
        INFO(title);
        order.title = title;
        CHECK(code_of(order) == "invalid_input");
    }
    order.title = "Checkout\u202e fails\u200b";
    CHECK(accept_order(team, order, "i", noon)->title == "Checkout fails");
    IncidentPatchOrder patch;
    patch.title = "\u2060";
    CHECK(accept_patch(patch, noon).error().code == "invalid_input");
    patch.title = "Checkout\u2029fails";
    CHECK(accept_patch(patch, noon)->title == "Checkout fails");
    CHECK(accept_note("\u200b\n\u00a0", false).error().code == "invalid_input");
    order.duration = std::chrono::hours(24 * 40);
    CHECK(code_of(order) == "invalid_input");
    order.duration.reset();
    order.start = noon - std::chrono::hours(24 * 40);
    CHECK(code_of(order) == "invalid_input");
    order.start.reset();
    for (const char* reporter : {"nobody", "al\u202eice@example.com", "alice@example.com\u200b"}) {
        order.reporter = reporter;
        CHECK(code_of(order) == "invalid_input");
    }
    order.reporter = "";
    order.needs = std::vector<std::string>(51, "x");
    CHECK(code_of(order) == "too_large");
    CHECK_FALSE(accept_key(""));
    CHECK_FALSE(accept_key("a\nb"));
    CHECK(accept_key("alert 4711"));
}

}  // namespace incident_desk_test
