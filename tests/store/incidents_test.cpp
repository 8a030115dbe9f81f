#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "store/store_fixture.h"
#include "watchbill/incident_store.h"

namespace incidents_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Instant noon = at("2026-12-03T12:00:00Z");

Incident incident_of(const std::string& id) {
    Incident incident;
    incident.id = id;
    incident.team = "payments";
    incident.title = "Checkout \"fails\", \xC3\xA9t\xC3\xA9";
    incident.severity = Severity::sev2;
    incident.description = "Two\nlines";
    incident.reporter = member("support@customer.example");
    incident.opened_by = "token:ops bot";
    incident.opened_at = noon;
    incident.uid = id + ".payments.incident@watchbill";
    incident.changed_at = noon;
    incident.when = {noon, noon + std::chrono::hours(1)};
    incident.organizer = member("rota@example.com");
    incident.slots = {{"commander", "", true, 2, noon + Duration(7)}, {"skill:database", "database", true}};
    Invitation invitation;
    invitation.member = member("alice@example.com");
    invitation.name = "Alice";
    invitation.role = IncidentRole::commander;
    invitation.slots = {"commander"};
    invitation.rule = "rotation";
    invitation.why = "holds the MRO shift";
    invitation.rsvp = ParticipationStatus::accepted;
    invitation.invited_at = noon;
    invitation.answered_at = noon + std::chrono::minutes(1);
    invitation.answer_sequence = 0;
    invitation.answer_stamp = noon;
    invitation.link_used = true;
    invitation.problem = DeliveryProblem::refused;
    invitation.problem_since = noon + Duration(5);
    invitation.round = 2;
    invitation.asked_sequence = 4;
    invitation.first_invited_at = noon - Duration(9);
    incident.invitations = {invitation};
    incident.calls = {{member("alice@example.com"),
                       "Alice",
                       {"commander"},
                       0,
                       noon,
                       ParticipationStatus::declined,
                       DeliveryProblem::none},
                      {member("alice@example.com"),
                       "",
                       {"skill:database", "skill:network"},
                       1,
                       noon,
                       ParticipationStatus::needs_action,
                       DeliveryProblem::failed}};
    incident.on_record.list = {{member("emma@example.com"), 3, noon, true}};
    incident.version = 1;
    return incident;
}

OutboxMessage message_of(const std::string& id, const std::string& about) {
    OutboxMessage message;
    message.id = id;
    message.team = "payments";
    message.kind = "invitation";
    message.about = about;
    message.recipient = member("alice@example.com");
    message.subject = "You command";
    message.text = "You command";
    message.created_at = noon;
    return message;
}

IncidentWrite opening_of(const std::string& id) {
    return {incident_of(id),
            {{noon, "opened", "token:ops bot", "Opened.", std::nullopt},
             {noon, "asked", "token:ops bot", "Alice commands.", member("alice@example.com")}},
            {message_of(id + ".0", id)},
            {member("alice@example.com")},
            {noon, "token:ops bot", "192.0.2.7", "payments", "incident.opened", "Opened " + id}};
}

}  // namespace

TEST_CASE("An incident is kept with all that belongs to it") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    const auto other = store->open_incident(opening_of("a"), {"key", "digest", "a", "the answer"});
    REQUIRE(other);
    CHECK_FALSE(*other);
    CHECK(store->find_incident("payments", "a").value() == incident_of("a"));
    // Which answers are recorded is no part of equality.
    CHECK(store->find_incident("payments", "a").value()->on_record.list == incident_of("a").on_record.list);
    CHECK(store->find_incident_of_event("a.payments.incident@watchbill").value() == incident_of("a"));
    CHECK_FALSE(store->find_incident("payments", "b").value());
    CHECK_FALSE(store->find_incident("other", "a").value());
    CHECK(store->incident_timeline("payments", "a").value() == opening_of("a").entries);
    CHECK(store->call_history("payments").value() == CallHistory{{member("alice@example.com"), noon}});
    CHECK(store->incident_counts("payments").value() == IncidentCounts{1, 0, 0});
    CHECK(store->outbox("payments", "a", 10).value().size() == 1);
    CHECK(store->audit_log("payments", 10).value().size() == 1);
    CHECK(store->kept_answer("payments", "key").value() == KeptAnswer{"key", "digest", "a", "the answer"});
}

TEST_CASE("A key that is taken opens nothing, and none is taken for another team's") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    REQUIRE(store->open_incident(opening_of("a"), {"key", "digest", "a", "the answer"}));
    const auto again = store->open_incident(opening_of("b"), {"key", "other", "b", "another answer"});
    REQUIRE(again);
    CHECK(*again == KeptAnswer{"key", "digest", "a", "the answer"});
    CHECK_FALSE(store->find_incident("payments", "b").value());
    CHECK(store->outbox("payments", "b", 10).value().empty());
    CHECK(store->audit_log("payments", 10).value().size() == 1);
    CHECK_FALSE(store->kept_answer("other", "key").value());
    // Without a key nothing is kept.
    CHECK_FALSE(store->open_incident(opening_of("c"), {"", "digest", "c", ""}).value());
    CHECK_FALSE(store->open_incident(opening_of("d"), {"", "digest", "d", ""}).value());
}

TEST_CASE("Keys are forgotten after a month") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    REQUIRE(store->open_incident(opening_of("a"), {"key", "digest", "a", "the answer"}));
    IncidentWrite late = opening_of("b");
    late.incident.opened_at = noon + std::chrono::days(31);
    CHECK_FALSE(store->open_incident(late, {"key", "digest", "b", "another answer"}).value());
    CHECK(store->kept_answer("payments", "key").value()->incident == "b");
}

TEST_CASE("A change of a version that is not there any more is a conflict, and leaves nothing") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    REQUIRE(store->open_incident(opening_of("a"), {}));
    IncidentWrite change = opening_of("a");
    change.incident.version = 2;
    change.incident.state = IncidentState::resolved;
    change.incident.closed_at = noon + std::chrono::hours(2);
    change.messages = {message_of("a.1", "a")};
    REQUIRE(store->change_incident(change));
    const auto again = store->change_incident(change);
    REQUIRE_FALSE(again);
    CHECK(again.error().code == ErrorCode::conflict);
    CHECK(store->incident_timeline("payments", "a").value().size() == 4);
    CHECK(store->incident_counts("payments").value() == IncidentCounts{0, 1, 0});
    const Instant later = noon + std::chrono::hours(3);
    CHECK(store->incidents("payments", {std::nullopt, later}).value().empty());
    CHECK(store->incidents("payments", {std::nullopt, noon}).value().size() == 1);
    CHECK(store->incidents("payments", {IncidentState::open}).value().empty());
}

TEST_CASE("Incidents come newest first") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    for (const char* id : {"a", "b", "c"}) {
        IncidentWrite opening = opening_of(id);
        opening.incident.opened_at = noon + std::chrono::minutes(id[0] - 'a');
        REQUIRE(store->open_incident(opening, {}));
    }
    const auto two = store->incidents("payments", {std::nullopt, std::nullopt, 2}).value();
    REQUIRE(two.size() == 2);
    CHECK(two[0].id == "c");
    CHECK(two[1].id == "b");
}

TEST_CASE("All incidents are there for whoever asks for all") {
    const auto store = open(":memory:");
    for (int i = 0; i < 1005; ++i) REQUIRE(store->open_incident(opening_of("i" + std::to_string(i)), {}));
    CHECK(store->incidents("payments", {IncidentState::open}).value().size() == 1005);
}

TEST_CASE("What is no UTF-8 is refused, and nothing of it is left") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    IncidentWrite opening = opening_of("a");
    opening.incident.title = "\xff";
    const auto outcome = store->open_incident(opening, {"key", "digest", "a", ""});
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().code == ErrorCode::invalid_input);
    CHECK(store->audit_log("payments", 10).value().empty());
    CHECK_FALSE(store->kept_answer("payments", "key").value());
}

TEST_CASE("Of many who open with one key at once, in several stores on one file, one does") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    const auto first = open(path);
    const auto second = open(path);
    std::atomic<int> opened = 0;
    std::atomic<int> repeated = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            const std::string id = std::string("x") + std::to_string(i);
            const auto outcome =
                (i % 2 == 0 ? first : second)->open_incident(opening_of(id), {"key", "d", id, id});
            if (outcome) ++(*outcome ? repeated : opened);
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(opened == 1);
    CHECK(repeated == 7);
    CHECK(first->incident_counts("payments").value().open == 1);
}

}  // namespace incidents_test
