// Answers by mail to swaps: from the mail's content to the plan, over the real store.
#include "service/team_swaps.h"

#include <catch2/catch.hpp>

#include "rotation/swap_entries.h"
#include "store/open_store.h"
#include "support/temp_dir.h"

namespace team_swaps_test {

using namespace watchbill;
using namespace watchbill::testing;
using namespace watchbill::testing::entries;

namespace {

constexpr auto accepted = ParticipationStatus::accepted;
constexpr auto declined = ParticipationStatus::declined;

struct Mailed {
    test::TempDir dir;
    std::unique_ptr<Store> store = *open_store("sqlite:" + dir.file("watchbill.db"));
    SwapWorld world = paris();
    SwapReplies replies{*store, [this] { return std::vector<Team>{world.team}; }};
    std::optional<MemberId> organizer = std::nullopt;  // as answers name them; Outlook.com does not

    // What the service does with a reading of the calendars.
    void refresh() {
        world.now += std::chrono::minutes(1);
        world.known = *store->swaps(world.team.name, day("2026-01-01"));
        world.replies = *store->swap_replies(world.team.name);
        world.refresh();
        REQUIRE(store->decide_swaps(decision_of(world.team, world.last, world.now)));
        world.known = *store->swaps(world.team.name, day("2026-01-01"));
    }
    void show(std::vector<SwapEntry> events) {
        world.calendars[alice] = std::move(events);
        refresh();
    }
    std::optional<ReplyVerdict> answer(const std::string& uid, ParticipationStatus status, int sequence = 0,
                                       const MemberId& who = bob, const std::string& recurrence_id = "") {
        world.now += std::chrono::seconds(1);
        return answer_of(uid, status, sequence, world.now, who, recurrence_id);
    }
    std::optional<ReplyVerdict> answer_of(const std::string& uid, ParticipationStatus status, int sequence,
                                          Instant dtstamp, const MemberId& who = bob,
                                          const std::string& recurrence_id = "") {
        InvitationReply reply;
        reply.uid = uid;
        reply.recurrence_id = recurrence_id;
        reply.attendee = reply.sender = who;
        reply.status = status;
        reply.sequence = sequence;
        reply.dtstamp = dtstamp;
        reply.organizer = organizer;
        auto verdict = replies.take(reply, world.now);
        REQUIRE(verdict);
        return *verdict;
    }
    std::string code(const std::optional<ReplyVerdict>& verdict) {
        if (!verdict) return "unknown_event";
        CHECK_FALSE(verdict->message.empty());
        CHECK(verdict->applied == (verdict->code == "accepted" || verdict->code == "declined"));
        return verdict->code;
    }
    std::string state() {
        refresh();
        REQUIRE(world.known.size() == 1);
        CHECK((world.holder("2026-03-02") == "bob") == (world.known.front().state == SwapState::applied));
        CHECK(world.overrides.empty() == (world.known.front().state != SwapState::applied));
        return std::string(swap_state_name(world.known.front().state));
    }
};

SwapEntry ask(const std::string& uid, int sequence = 0) {
    SwapEntry entry = invitation(uid, "MRO swap", alice, bob);
    entry.sequence = sequence;
    return entry;
}

}  // namespace

TEST_CASE("A yes by mail to one event applies no other, and a no to the other is heard") {
    Mailed mailed;
    mailed.show({ask("uid-1")});
    CHECK(mailed.code(mailed.answer("uid-1", accepted, 3)) == "accepted");
    CHECK(mailed.state() == "applied");
    const bool at_once = GENERATE(true, false);
    if (!at_once) {
        mailed.show({});
        CHECK(mailed.state() == "withdrawn");
    }
    mailed.show({ask("uid-2")});
    CHECK(mailed.state() == "proposed");
    // The new UID's answers have SEQUENCE and DTSTAMP of their own.
    SECTION("no") {
        CHECK(mailed.code(mailed.answer_of("uid-2", declined, 0, at("2026-02-28T08:00:00Z"))) == "declined");
        CHECK(mailed.state() == "withdrawn");
    }
    SECTION("yes, then no") {
        CHECK(mailed.code(mailed.answer_of("uid-2", accepted, 0, at("2026-02-28T08:00:00Z"))) == "accepted");
        CHECK(mailed.state() == "applied");
        CHECK(mailed.code(mailed.answer_of("uid-2", declined, 0, at("2026-02-28T07:00:00Z"))) == "stale");
        CHECK(mailed.state() == "applied");
        CHECK(mailed.code(mailed.answer("uid-2", declined)) == "declined");
        CHECK(mailed.state() == "withdrawn");
    }
}

TEST_CASE("A yes that comes after its event was deleted changes nothing, now and later") {
    Mailed mailed;
    mailed.show({ask("uid-1")});
    mailed.show({});
    CHECK(mailed.code(mailed.answer("uid-1", accepted)) == "withdrawn");
    CHECK(mailed.state() == "withdrawn");
    CHECK(mailed.store->swap_replies("payments")->empty());
    mailed.show({ask("uid-2")});
    CHECK(mailed.state() == "proposed");
    CHECK(mailed.code(mailed.answer("uid-1", accepted)) == "withdrawn");
    CHECK(mailed.state() == "proposed");
}

TEST_CASE("A yes that comes before the deletion is noticed applies nothing that comes after") {
    Mailed mailed;
    mailed.show({ask("uid-1")});
    CHECK(mailed.code(mailed.answer("uid-1", accepted)) == "accepted");
    mailed.show({ask("uid-2")});
    CHECK(mailed.state() == "proposed");
}

TEST_CASE("After a no to one event a yes to the next is known") {
    Mailed mailed;
    mailed.show({ask("uid-a")});
    CHECK(mailed.code(mailed.answer("uid-a", declined)) == "declined");
    CHECK(mailed.state() == "withdrawn");
    const bool first_stays = GENERATE(true, false);
    std::vector<SwapEntry> events = {ask("uid-b")};
    if (first_stays) events.insert(events.begin(), ask("uid-a"));
    mailed.show(events);
    CHECK(mailed.state() == "proposed");
    CHECK(mailed.code(mailed.answer("uid-b", accepted)) == "accepted");
    CHECK(mailed.state() == "applied");
    CHECK(mailed.code(mailed.answer("uid-a", accepted)) == (first_stays ? "accepted" : "withdrawn"));
}

TEST_CASE("A colleague may change their mind about one event") {
    Mailed mailed;
    mailed.show({ask("uid-1")});
    for (const auto status : {declined, accepted, declined, accepted}) {
        mailed.answer("uid-1", status);
        CHECK(mailed.state() == (status == accepted ? "applied" : "withdrawn"));
    }
}

TEST_CASE("An event that comes back with a higher SEQUENCE is answered anew") {
    Mailed mailed;
    mailed.show({ask("uid-1", 1)});
    CHECK(mailed.code(mailed.answer("uid-1", accepted, 1)) == "accepted");
    CHECK(mailed.state() == "applied");
    mailed.show({});
    mailed.show({ask("uid-1", 3)});
    CHECK(mailed.state() == "proposed");
    // Late, to what was deleted.
    CHECK(mailed.code(mailed.answer("uid-1", accepted, 1)) == "stale");
    CHECK(mailed.state() == "proposed");
    CHECK(mailed.code(mailed.answer("uid-1", accepted, 3)) == "accepted");
    CHECK(mailed.state() == "applied");
}

TEST_CASE("Answers are counted for whom the event asks, in any way its UID is written") {
    Mailed mailed;
    mailed.show({ask("Uid-1@Example.com")});
    CHECK(mailed.code(mailed.answer("another", accepted)) == "unknown_event");
    CHECK(mailed.code(mailed.answer("Uid-1@Example.com", accepted, 0, carol)) == "uninvited");
    CHECK(mailed.code(mailed.answer("UID-1@EXAMPLE.COM", ParticipationStatus::tentative)) == "undecided");
    CHECK(mailed.state() == "proposed");
    CHECK(mailed.code(mailed.answer(" uid-1@example.com", accepted)) == "accepted");
    CHECK(mailed.state() == "applied");
    // Alice asks somebody else instead.
    mailed.show({invitation("Uid-1@Example.com", "MRO swap", alice, carol)});
    mailed.refresh();
    CHECK(mailed.code(mailed.answer("Uid-1@Example.com", accepted)) == "withdrawn");
    CHECK(mailed.world.holder("2026-03-02") == "alice");
}

TEST_CASE("Of a series the instance that was answered counts, or all that it asks") {
    Mailed mailed;
    std::vector<SwapEntry> series = {ask("series"), ask("series")};
    series[1].when = noon("2026-03-06");
    series[0].recurrence_id = "2026-03-02T11:00:00Z";
    series[1].recurrence_id = "2026-03-06T11:00:00Z";
    mailed.show(series);
    REQUIRE(mailed.world.known.size() == 2);
    SECTION("one") {
        CHECK(mailed.code(mailed.answer("series", accepted, 0, bob, "2026-03-06T11:00:00Z")) == "accepted");
        mailed.refresh();
        CHECK(mailed.world.holder("2026-03-02") == "alice");
        CHECK(mailed.world.holder("2026-03-06") == "bob");
        CHECK(mailed.code(mailed.answer("series", accepted, 0, bob, "2026-03-13T11:00:00Z")) ==
              "unknown_event");
    }
    SECTION("all, then one of them not") {
        CHECK(mailed.code(mailed.answer("series", accepted)) == "accepted");
        CHECK(mailed.code(mailed.answer("series", declined, 0, bob, "2026-03-02T11:00:00Z")) == "declined");
        mailed.refresh();
        CHECK(mailed.world.holder("2026-03-02") == "alice");
        CHECK(mailed.world.holder("2026-03-06") == "bob");
    }
}

TEST_CASE("An answer that comes before its event was read counts once that is read, if it is to the same") {
    Mailed mailed;
    mailed.organizer = alice;
    CHECK(mailed.code(mailed.answer("Uid-1", accepted, 1)) == "early");
    CHECK(mailed.world.overrides.empty());
    mailed.refresh();
    CHECK(mailed.world.known.empty());
    SECTION("yes") {
        mailed.show({ask("uid-1", 1)});
        CHECK(mailed.state() == "applied");
        CHECK(mailed.code(mailed.answer("uid-1", declined, 1)) == "declined");
        CHECK(mailed.state() == "withdrawn");
    }
    SECTION("no") {
        CHECK(mailed.code(mailed.answer("uid-1", declined, 1)) == "early");
        mailed.show({ask("uid-1", 1)});
        CHECK(mailed.state() == "withdrawn");
    }
    SECTION("to another one") {
        mailed.show({ask("uid-2", 1)});
        CHECK(mailed.state() == "proposed");
    }
    SECTION("to what it was before a change") {
        mailed.show({ask("uid-1", 2)});
        CHECK(mailed.state() == "proposed");
    }
    SECTION("of somebody whom it does not ask") {
        SwapEntry entry = invitation("uid-1", "MRO swap", alice, carol);
        entry.sequence = 1;
        mailed.show({entry});
        CHECK(mailed.state() == "proposed");
        CHECK(mailed.world.holder("2026-03-02") == "alice");
    }
    SECTION("of two with one UID") {
        std::vector<SwapEntry> events = {ask("uid-1", 1), ask("uid-1", 1)};
        events[1].when = noon("2026-03-06");
        mailed.show(events);
        mailed.refresh();
        CHECK(mailed.world.overrides.empty());
    }
}

TEST_CASE("Answers to what nobody has read are kept for colleagues' invitations only, and only so many") {
    Mailed mailed;
    CHECK(mailed.code(mailed.answer("u", accepted)) == "unknown_event");
    mailed.organizer = id("somebody@example.net");
    CHECK(mailed.code(mailed.answer("u", accepted)) == "unknown_event");
    mailed.organizer = bob;
    CHECK(mailed.code(mailed.answer("u", accepted)) == "unknown_event");
    mailed.organizer = alice;
    CHECK(mailed.code(mailed.answer("u", ParticipationStatus::tentative)) == "unknown_event");
    CHECK(mailed.store->swap_replies("payments")->empty());
    for (int i = 0; i < 30; ++i) mailed.answer("u" + std::to_string(i), accepted);
    const auto kept = mailed.store->swap_replies("payments");
    REQUIRE(kept);
    CHECK(kept->size() == 20);
    CHECK(
        std::any_of(kept->begin(), kept->end(), [](const SwapReply& reply) { return reply.event == "u29"; }));
}

TEST_CASE("Of two events with one UID nobody can tell which was answered, unless one asks somebody else") {
    Mailed mailed;
    std::vector<SwapEntry> events = {ask("1"), ask("1")};
    events[1].when = noon("2026-03-06");
    mailed.show(events);
    REQUIRE(mailed.world.known.size() == 2);
    for (const auto status : {accepted, declined}) {
        CHECK(mailed.code(mailed.answer("1", status)) == "ambiguous_event");
        CHECK(mailed.store->swap_replies("payments")->empty());
    }
    events[1].attendees[1].first = carol;
    mailed.show(events);
    CHECK(mailed.code(mailed.answer("1", accepted)) == "accepted");
    mailed.refresh();
    CHECK(mailed.world.holder("2026-03-02") == "bob");
    CHECK(mailed.world.holder("2026-03-06") == "alice");
}

TEST_CASE("An answer to a shift that has started is told to be late") {
    Mailed mailed;
    mailed.show({ask("uid-1")});
    mailed.world.now = at("2026-03-02T09:00:00Z");
    CHECK(mailed.code(mailed.answer("uid-1", accepted)) == "too_late");
    CHECK(mailed.store->swap_replies("payments")->empty());
}

}  // namespace team_swaps_test
