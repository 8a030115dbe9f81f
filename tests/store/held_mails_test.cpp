// Mails that wait for a calendar's server: who is told by which way, and that nobody is forgotten.
#include "store/store_fixture.h"

namespace held_mails_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Instant noon = at("2026-03-02T12:00:00Z");
const Instant soon = noon + std::chrono::seconds(30);
const Instant later = noon + std::chrono::minutes(5);

struct Desk {
    std::unique_ptr<Store> store = open(":memory:");
    Incident incident;
    int mails = 0;

    Desk() {
        incident.id = "i1";
        incident.team = "payments";
        incident.title = "x";
        incident.uid = "i1@watchbill";
        incident.organizer = member("rota@example.com");
        Invitation commander;
        commander.member = member("alice@example.com");
        commander.role = IncidentRole::commander;
        incident.invitations = {commander};
        incident.opened_at = noon;
        incident.when = {noon, later};
    }
    // One change with a mail to each, and its order for the calendar.
    void change(const std::vector<std::string>& people, const std::string& method = "REQUEST",
                std::optional<Instant> held_until = soon) {
        IncidentWrite write;
        ++incident.version;
        write.incident = incident;
        write.audit = {noon, "test", "", "payments", "incident.changed", "x"};
        write.mails_held_until = held_until;
        for (const std::string& person : people) {
            OutboxMessage message;
            message.id = "m" + std::to_string(++mails);
            message.team = "payments";
            message.kind = "invitation";
            message.about = "i1";
            message.recipient = member(person + "@example.com");
            message.calendar = "BEGIN:VCALENDAR\r\n";
            message.calendar_method = method;
            message.created_at = noon;
            write.messages.push_back(message);
        }
        OutboxMessage event;
        event.id = "e" + std::to_string(incident.version);
        event.team = "payments";
        event.kind = "event";
        event.about = "i1";
        event.recipient = member("rota@example.com");
        event.created_at = noon;
        event.transport = Transport::caldav;
        write.messages.push_back(event);
        if (incident.version == 1) {
            REQUIRE(store->open_incident(write, {}));
        } else {
            REQUIRE(store->change_incident(write));
        }
    }
    std::vector<std::string> due(Instant now, Transport transport = Transport::mail) {
        const auto claimed = store->claim_outbox({"w", now, now + std::chrono::minutes(10), 50, transport});
        std::vector<std::string> ids;
        for (const OutboxEntry& entry : *claimed) {
            ids.push_back(entry.message.id);
            CHECK(entry.message.transport == transport);
            REQUIRE(store->settle_outbox(entry.message.id, "w", {DeliveryState::sent, now, {}, "", true})
                        .value());
        }
        return ids;
    }
    HeldMails hold(Instant now, Instant until) {
        return store->hold_mails("payments", "i1", now, until).value();
    }
    OutboxEntry entry(const std::string& wanted) {
        const auto entries = store->outbox("", "", 100);
        for (const OutboxEntry& each : *entries) {
            if (each.message.id == wanted) return each;
        }
        FAIL("no " + wanted);
        return {};
    }
};

using Ids = std::vector<std::string>;
MemberId alice() { return member("alice@example.com"); }
MemberId bob() { return member("bob@example.com"); }

}  // namespace

TEST_CASE("What is held is not due, and goes out by itself when its time is up") {
    Desk desk;
    desk.change({"alice"});
    CHECK(desk.due(noon).empty());
    CHECK(desk.store->outbox_summary(Transport::mail)->next_due == soon);
    CHECK(desk.store->outbox_summary(Transport::caldav)->next_due == noon);
    CHECK(desk.due(noon, Transport::caldav) == Ids{"e1"});
    CHECK(desk.store->outbox_summary(Transport::caldav)->queued == 0);
    CHECK(desk.entry("m1").held_until == soon);
    CHECK(desk.due(soon) == Ids{"m1"});
    CHECK_FALSE(desk.entry("m1").held_until);
    // Mail it is from then on.
    desk.change({"alice", "bob"});
    CHECK(desk.due(noon) == Ids{"m2"});
    CHECK(desk.hold(noon, later).by_mail == std::vector{alice()});
}

TEST_CASE("What is held goes out when somebody asks for it, and when the clock was set back meanwhile") {
    Desk desk;
    desk.change({"alice", "bob"});
    CHECK(desk.due(noon) == Ids{});
    REQUIRE(desk.store->retry_outbox("m1", noon));
    CHECK(desk.due(noon) == Ids{"m1"});
    CHECK(desk.due(noon - std::chrono::minutes(1)) == Ids{});
    CHECK(desk.due(noon - std::chrono::hours(2)) == Ids{"m2"});
}

TEST_CASE("What the server told is dropped, up to what it knew of") {
    Desk desk;
    desk.change({"alice", "bob"});
    const HeldMails held = desk.hold(noon, later);
    CHECK(held.told == std::vector{alice(), bob()});
    CHECK(held.by_mail.empty());
    CHECK(desk.due(soon).empty());  // held for longer now
    desk.change({"alice"});
    REQUIRE(desk.store->leave_to_server("payments", "i1", {held.latest, {}, {bob()}}, noon));
    CHECK(desk.entry("m1").state == DeliveryState::dropped);
    CHECK(desk.entry("m3").state == DeliveryState::queued);
    CHECK(desk.due(noon) == Ids{"m2"});  // whom it could not reach
    CHECK(desk.due(later) == Ids{"m3"});
}

TEST_CASE("Nobody is told of an end by mail whom nobody told of the beginning, and everybody else is") {
    Desk desk;
    desk.change({"alice"});
    SECTION("never tried") {
        desk.change({"alice"}, "CANCEL");
        CHECK(desk.due(later).empty());
    }
    SECTION("the server may have") {
        desk.hold(noon, later);
        desk.change({"alice"}, "CANCEL");
        CHECK(desk.due(later) == Ids{"m2"});
    }
    SECTION("the server has") {
        const HeldMails held = desk.hold(noon, later);
        REQUIRE(desk.store->leave_to_server("payments", "i1", {held.latest, {}, {}}, noon));
        desk.change({"alice"}, "CANCEL");
        CHECK(desk.due(later) == Ids{"m2"});
    }
}

TEST_CASE("Released mails go out at once: all of them, or one that the server was believed to have told") {
    Desk desk;
    desk.change({"alice", "bob"});
    REQUIRE(desk.store->release_mails("payments", "i1", std::nullopt, noon));
    CHECK(desk.due(noon) == Ids{"m1", "m2"});
    CHECK(desk.hold(noon, later).by_mail.size() == 2);
    Desk other;
    other.change({"alice", "bob"});
    const HeldMails held = other.hold(noon, later);
    REQUIRE(other.store->leave_to_server("payments", "i1", {held.latest, {}, {}}, noon));
    for (int again = 0; again < 2; ++again)
        REQUIRE(other.store->release_mails("payments", "i1", bob(), noon));
    CHECK(other.due(noon) == Ids{"m2"});
    REQUIRE(other.store->release_mails("payments", "i1", bob(), noon));
    CHECK(other.due(later).empty());
}

TEST_CASE("Whom mail told and the server does too is the server's from then on") {
    Desk desk;
    desk.change({"alice"}, "REQUEST", std::nullopt);
    CHECK(desk.due(noon) == Ids{"m1"});
    REQUIRE(desk.store->leave_to_server("payments", "i1", {1, {alice()}, {}}, noon));
    CHECK(desk.hold(noon, later).by_mail.empty());
    desk.change({"alice"});
    CHECK(desk.due(noon).empty());
}

TEST_CASE("Of orders for one event that wait only the newest is carried out") {
    Desk desk;
    desk.change({});
    desk.change({});
    CHECK(desk.due(noon, Transport::caldav) == Ids{"e2"});
    CHECK(desk.entry("e1").state == DeliveryState::dropped);
    CHECK(desk.due(noon).empty());
    CHECK(desk.store->outbox("", "", 10)->size() == 2);
}

TEST_CASE("Whoever starts holds what waits behind an event, and nothing else") {
    Desk desk;
    desk.change({"alice"});
    const Instant restart = noon + std::chrono::hours(3);
    REQUIRE(desk.store->hold_behind_events(restart + Duration(15)));
    CHECK(desk.due(restart).empty());
    CHECK(desk.entry("m1").held_until == restart + Duration(15));
    // Never shortened.
    REQUIRE(desk.store->hold_behind_events(restart));
    CHECK(desk.entry("m1").held_until == restart + Duration(15));
    CHECK(desk.due(restart + Duration(15)) == Ids{"m1"});
    // Whom mail tells is told by mail, and nothing waits for an event that is there.
    desk.change({"alice"});
    REQUIRE(desk.store->hold_behind_events(restart + Duration(90)));
    CHECK(desk.due(restart + Duration(15)) == Ids{"m2"});
    CHECK(desk.due(restart, Transport::caldav) == Ids{"e2"});
    desk.change({"bob"});
    CHECK(desk.due(restart, Transport::caldav) == Ids{"e3"});
    REQUIRE(desk.store->hold_behind_events(restart + Duration(90)));
    CHECK(desk.entry("m3").held_until == soon);
}

TEST_CASE("How messages fare is told without a limit, and without what they say") {
    Desk desk;
    desk.change({"alice", "bob"});
    REQUIRE(desk.store->claim_outbox({"w", soon, later, 50, Transport::mail}));
    const DeliveryOutcome again{DeliveryState::queued, soon, later, "refused (450)", true};
    REQUIRE(desk.store->settle_outbox("m1", "w", again).value());
    REQUIRE(desk.store->settle_outbox("m2", "w", {DeliveryState::sent, soon, {}, "", true}).value());
    const auto all = desk.store->deliveries("payments", "i1").value();
    REQUIRE(all.size() == 3);
    CHECK(all[0].id == "e1");
    CHECK(all[0].transport == Transport::caldav);
    CHECK(all[1].settled_at == soon);
    CHECK(all[1].state == DeliveryState::sent);
    MessageDelivery first;
    first.id = "m1";
    first.recipient = alice();
    first.calendar_method = "REQUEST";
    first.created_at = noon;
    first.attempts = 1;
    first.next_attempt = later;
    first.last_error = "refused (450)";
    CHECK(all[2] == first);
    CHECK(desk.store->next_retry(Transport::mail).value() == later);
    CHECK_FALSE(desk.store->next_retry(Transport::caldav).value());
    CHECK(desk.store->deliveries("payments", "i2").value().empty());
    CHECK(desk.store->deliveries("search", "i1").value().empty());
}

}  // namespace held_mails_test
