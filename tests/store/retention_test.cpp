// What is old goes, what others still need stays.
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <catch2/catch.hpp>

#include "store/store_fixture.h"

namespace store_retention_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

using std::chrono::days;
using std::chrono::hours;

const Instant now = at("2026-12-01T12:00:00Z");
const Instant limit = at("2026-01-01T00:00:00Z");
const Instant old = at("2025-06-01T12:00:00Z");
const Instant young = at("2026-06-01T12:00:00Z");

RetentionLimit of(const std::string& team, bool gone = false) {
    return {team, limit, day("2026-01-01"), gone};
}

AuditEntry entry_of(Instant when, const std::string& team, const std::string& what) {
    return {when, "cli:alice", "", team, "test", what};
}

Incident incident_of(const std::string& id, Instant opened) {
    Incident incident;
    incident.id = id;
    incident.team = "payments";
    incident.title = "Checkout fails";
    incident.opened_at = incident.changed_at = opened;
    incident.uid = id + "@watchbill";
    incident.when = {opened, opened + hours(1)};
    incident.organizer = member("rota@example.com");
    incident.slots = {{"commander", "", false}};
    Invitation commander;
    commander.member = member("alice@example.com");
    commander.role = IncidentRole::commander;
    commander.slots = {"commander"};
    commander.invited_at = opened;
    incident.invitations = {commander};
    incident.version = 1;
    return incident;
}

struct World {
    TempDir dir;
    std::string path = dir.file("watchbill.db");
    std::unique_ptr<Store> store = open(path);

    void open_incident(const std::string& id, Instant opened, std::optional<Instant> closed) {
        Incident incident = incident_of(id, opened);
        IncidentWrite write;
        write.incident = incident;
        write.entries = {{opened, "opened", "", "It is opened.", std::nullopt}};
        write.audit = entry_of(opened, "payments", "opened");
        REQUIRE(store->open_incident(write, {"", "", id, ""}));
        if (!closed) return;
        write.incident.version = 2;
        write.incident.state = IncidentState::resolved;
        write.incident.closed_at = *closed;
        write.audit = entry_of(*closed, "payments", "resolved");
        REQUIRE(store->change_incident(write));
    }
    long long rows(const std::string& table) const {
        soci::session sql(soci::sqlite3, "db=\"" + path + "\"");
        long long count = 0;
        sql << "SELECT COUNT(*) FROM " + table, soci::into(count);
        return count;
    }
    // How often it took until nothing was left.
    int forget_all(const RetentionLimit& what) {
        for (int times = 1;; ++times) {
            REQUIRE(times < 1000);
            const auto removed = store->forget_records(what);
            REQUIRE(removed);
            if (*removed == 0) return times;
        }
    }
};

}  // namespace

TEST_CASE("Incidents go with their timelines once they have been over for long enough") {
    World world;
    world.open_incident("over-long", old, old + hours(2));
    world.open_incident("over-lately", old, young);
    world.open_incident("open", old, std::nullopt);
    world.open_incident("new", young, young + hours(1));
    world.forget_all(of("payments"));
    CHECK_FALSE(world.store->find_incident("payments", "over-long").value());
    for (const char* kept : {"over-lately", "open", "new"}) {
        INFO(kept);
        CHECK(world.store->find_incident("payments", kept).value());
        CHECK_FALSE(world.store->incident_timeline("payments", kept).value().empty());
    }
    CHECK(world.store->incident_timeline("payments", "over-long").value().empty());
    world.forget_all(of("another"));
    CHECK(world.store->find_incident("payments", "new").value());
    // Of a team that is gone nobody closes what is open.
    world.forget_all(of("payments", true));
    CHECK_FALSE(world.store->find_incident("payments", "open").value());
    CHECK(world.store->find_incident("payments", "new").value());
}

TEST_CASE("The audit log goes by age, and its counter never falls") {
    World world;
    const Override fixed{{"mro", day("2026-11-30")}, member("a@example.com"), "", "cli:alice", now};
    REQUIRE(world.store->set_override("payments", fixed, entry_of(old, "payments", "first")));
    REQUIRE(world.store->set_override("payments", fixed, entry_of(young, "payments", "second")));
    REQUIRE(world.store->set_override("quiet", fixed, entry_of(old, "quiet", "before")));
    REQUIRE(world.store->set_override("quiet", fixed, entry_of(old, "quiet", "the last one")));
    const auto counter = world.store->change_counter("quiet").value();
    world.forget_all(of("payments"));
    world.forget_all(of("quiet"));
    const auto log = world.store->audit_log("payments", 10).value();
    REQUIRE(log.size() == 1);
    CHECK(log[0].what == "second");
    CHECK(world.store->audit_log("quiet", 10).value().size() == 1);
    CHECK(world.store->change_counter("quiet").value() == counter);
    REQUIRE(world.store->set_override("quiet", fixed, entry_of(now, "quiet", "next")));
    CHECK(world.store->change_counter("quiet").value() > counter);
}

TEST_CASE("Swaps, overrides and notes of shifts long past go, and what was published stays") {
    World world;
    SwapDecision decision;
    decision.team = "payments";
    for (const char* date : {"2025-06-01", "2026-06-01"}) {
        const ShiftKey shift{"mro", day(date)};
        Swap swap;
        swap.id = std::string(date) + ".mro";
        swap.organizer = member("alice@example.com");
        swap.shift = shift;
        swap.shift_when = {at(std::string(date) + "T08:00:00Z"), at(std::string(date) + "T17:00:00Z")};
        swap.state = SwapState::refused;
        decision.changes.push_back({swap, {{old, SwapState::refused, SwapReason::none, "No."}}});
        REQUIRE(world.store->set_override("payments", {shift, member("a@example.com"), "", "x", old},
                                          entry_of(old, "payments", "set")));
        REQUIRE(world.store->add_handover_note("payments", {shift, "a note", "alice", old},
                                               entry_of(old, "payments", "note")));
        SwapReply reply;
        reply.swap_id = swap.id;
        reply.member = member("bob@example.com");
        reply.dtstamp = old;
        REQUIRE(world.store->keep_swap_reply("payments", reply, entry_of(old, "payments", "reply")));
    }
    SwapReply stray;
    stray.swap_id = "never.there";
    stray.member = member("bob@example.com");
    stray.dtstamp = old;
    REQUIRE(world.store->keep_swap_reply("payments", stray, entry_of(old, "payments", "reply")));
    REQUIRE(world.store->decide_swaps(decision));
    Publication publication = publication_of(old, {shift_of("mro", "2025-06-02", "alice@example.com"),
                                                   shift_of("mro", "2026-06-02", "alice@example.com")});
    publication.versions["shift-1@watchbill"] = {3, old, std::string(64, 'a')};
    REQUIRE(world.store->publish(publication));

    world.forget_all(of("payments"));
    const auto swaps = world.store->swaps("payments", day("2000-01-01")).value();
    REQUIRE(swaps.size() == 1);
    CHECK(swaps[0].id == "2026-06-01.mro");
    CHECK(world.store->swap_history("payments", "2025-06-01.mro").value().empty());
    CHECK(world.store->swap_history("payments", "2026-06-01.mro").value().size() == 1);
    const auto replies = world.store->swap_replies("payments").value();
    REQUIRE(replies.size() == 1);
    CHECK(replies[0].swap_id == "2026-06-01.mro");
    CHECK(world.store->overrides("payments", all_days).value().size() == 1);
    CHECK(world.store->handover_notes("payments", all_days).value().size() == 1);
    // Balances and subscribers' SEQUENCEs.
    CHECK(assignments_in(*world.store).size() == 2);
    CHECK(world.store->event_versions("payments").value().at("shift-1@watchbill").sequence == 3);

    CHECK(world.store->published_teams().value() == std::vector<std::string>{"payments"});
    world.forget_all(of("payments", true));
    CHECK(assignments_in(*world.store).size() == 1);
    CHECK(world.store->event_versions("payments").value().empty());
}

TEST_CASE("Messages that nobody ever sent go, and those that may still be sent stay") {
    World world;
    OutboxMessage message;
    message.team = "payments";
    message.kind = "notice";
    message.recipient = member("alice@example.com");
    message.subject = message.text = "Hello";
    message.id = "old";
    message.created_at = old;
    REQUIRE(world.store->add_to_outbox({message}));
    message.id = "young";
    message.created_at = young;
    REQUIRE(world.store->add_to_outbox({message}));
    world.forget_all(of("payments"));
    const auto left = world.store->outbox("payments", "", 10).value();
    REQUIRE(left.size() == 1);
    CHECK(left[0].message.id == "young");
}

TEST_CASE("Much is removed a little at a time") {
    World world;
    for (int i = 0; i < 50; ++i) world.open_incident("old-" + std::to_string(i), old, old + hours(1));
    const auto first = world.store->forget_records(of("payments"));
    REQUIRE(first);
    CHECK(world.rows("incidents") > 0);
    CHECK(world.forget_all(of("payments")) > 1);
    CHECK(world.rows("incidents") == 0);
    CHECK(world.rows("incident_timeline") == 0);
    CHECK(world.rows("audit_log") == 1);
}

TEST_CASE("Tokens long over, answers and ended sessions go, and others stay") {
    World world;
    Store& store = *world.store;
    const auto token = [&](const std::string& id, std::optional<Instant> expires,
                           std::optional<Instant> revoked) {
        REQUIRE(store.add_api_token({id, id, "digest " + id, {"read"}, old, expires, {}, revoked},
                                    entry_of(old, "", id)));
    };
    token("in-use", {}, {});
    token("revoked-long-ago", {}, old);
    token("revoked-lately", {}, young);
    token("expired-long-ago", old, {});
    token("expires-later", now + days(10), {});
    REQUIRE(store.end_page_session("long ago", now - hours(1)));
    REQUIRE(store.end_page_session("lately", now + hours(1)));
    REQUIRE(store.keep_answer("payments", {"old", "d", "", "answer", "head"}, now - answers_kept - hours(1)));
    REQUIRE(store.keep_answer("payments", {"new", "d", "", "answer", "head"}, now - answers_kept + hours(1)));
    while (store.forget_server_records(limit, now).value() > 0) {
    }
    std::vector<std::string> left;
    const auto tokens = store.api_tokens();
    for (const ApiToken& one : *tokens) left.push_back(one.id);
    std::sort(left.begin(), left.end());
    CHECK(left == std::vector<std::string>{"expires-later", "in-use", "revoked-lately"});
    CHECK_FALSE(store.page_session_has_ended("long ago").value());
    CHECK(store.page_session_has_ended("lately").value());
    CHECK_FALSE(store.kept_answer("payments", "old").value());
    CHECK(store.kept_answer("payments", "new").value()->head == "head");
    CHECK(world.rows("audit_log") == 1);
}

TEST_CASE("Copies of calendars that nobody has any more go, and only those") {
    World world;
    for (const char* key : {"alice", "bob", "carol"})
        REQUIRE(world.store->save_source_copy({key, "BEGIN:VCALENDAR", {}, now}));
    for (const char* team : {"payments", "billing"}) {
        for (const char* owner : {"alice", "bob"})
            REQUIRE(world.store->save_source_copy(
                {std::string(team) + owner, "BEGIN:VCALENDAR", {}, now, team, owner}));
    }
    const SourceCopyOwners owners{{{"payments", "alice"}, {"payments", "dan"}, {"billing", "bob"}},
                                  {"alice", "carol", "dan", "paymentsbob"}};
    CHECK(world.store->forget_source_copies_except(owners).value() == 3);
    for (const char* kept : {"alice", "carol", "paymentsalice", "billingbob"}) {
        INFO(kept);
        CHECK(world.store->source_copy(kept).value());
    }
    for (const char* gone : {"bob", "paymentsbob", "billingalice"}) {
        INFO(gone);
        CHECK_FALSE(world.store->source_copy(gone).value());
    }
    CHECK(world.store->forget_source_copies_except({}).value() == 4);
    CHECK(world.rows("source_copies") == 0);
}

}  // namespace store_retention_test
