#include "rotation/duty/team_feeds.h"

#include <catch2/catch.hpp>
#include <set>

#include "rotation/two_site_team.h"
#include "time/zone.h"

namespace team_feeds_test {

using namespace watchbill;
using namespace watchbill::testing;

namespace {

// Thu 3 and Fri 4 Dec 2026, and Montreal's Monday after it.
Plan two_days() {
    Plan plan;
    plan.assignments = {
        assignment("mro", "2026-12-03", "2026-12-03T08:00:00Z", "2026-12-03T17:00:00Z", bob),
        assignment("remote", "2026-12-03", "2026-12-03T17:00:00Z", "2026-12-04T01:00:00Z", zoe),
        assignment("mro", "2026-12-04", "2026-12-04T08:00:00Z", "2026-12-04T17:00:00Z", carol),
        assignment("remote", "2026-12-04", "2026-12-04T17:00:00Z", "2026-12-05T01:00:00Z", yann),
        assignment("remote", "2026-12-07", "2026-12-07T17:00:00Z", "2026-12-08T01:00:00Z", zoe),
    };
    plan.assignments[0].reasons = {reason(ReasonCode::next_turn, bob),
                                   resting(alice, "2026-12-02T21:00:00Z", "2026-12-03T06:00:00Z"),
                                   reason(ReasonCode::not_their_turn, carol)};
    return plan;
}

struct Given {
    Team team = two_site_team();
    Plan plan = two_days();
    TeamAvailability availability;
    Interval window{at("2026-11-01T00:00:00Z"), at("2027-05-01T00:00:00Z")};

    FeedInput input() const { return {&team, &plan, availability, window}; }
};

Absence whole_days(std::string_view zone, std::string_view first, std::string_view end, AbsenceKind kind) {
    const DaySpan span{day(first), day(end)};
    return {Zone::get(zone).interval_of(span), span, kind};
}

Absence hours(std::string_view start, std::string_view end, AbsenceKind kind) {
    return {{at(start), at(end)}, std::nullopt, kind};
}

std::vector<std::string> summaries(const Feed& feed) {
    std::vector<std::string> result;
    for (const FeedEvent& event : feed.events) result.push_back(event.summary);
    return result;
}

const FeedEvent& event_of(const Feed& feed, const std::string& uid) {
    for (const FeedEvent& event : feed.events) {
        if (event.uid == uid) return event;
    }
    FAIL("no event " << uid);
    throw std::logic_error("unreachable");
}

bool same_event(const FeedEvent& a, const FeedEvent& b) {
    return a.uid == b.uid && a.when == b.when && a.all_day == b.all_day && a.zone == b.zone &&
           a.summary == b.summary && a.description == b.description && a.categories == b.categories &&
           a.cancelled == b.cancelled;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a shift's event says who, why, who is next and what to check") {
    const Given given;
    const Feed feed = rotation_feed(given.input());
    CHECK(feed.name == "Payments rotation");
    CHECK(feed.zone == "Europe/Paris");
    CHECK(summaries(feed) == Names{"MRO: Bob Durand", "Remote: Zoé Tremblay", "MRO: Carol Petit",
                                   "Remote: Yann Roy", "Remote: Zoé Tremblay"});
    const FeedEvent& thursday = event_of(feed, "2026-12-03.mro.payments.shift@watchbill");
    CHECK(thursday.when == Interval{at("2026-12-03T08:00:00Z"), at("2026-12-03T17:00:00Z")});
    CHECK_FALSE(thursday.all_day);
    CHECK(thursday.zone == "Europe/Paris");
    CHECK(
        thursday.description ==
        "Bob Durand is MRO: next in turn; Alice Martin is resting after night duty (until Thu 3 Dec 18:00); "
        "Carol Petit is later in turn.\n"
        "Hands over at 18:00 (Europe/Paris) to Zoé Tremblay, Remote, 12:00 there.\n"
        "\n"
        "Checklist:\n"
        "- Tickets opened overnight\n"
        "- Mail to ops@");
    CHECK(thursday.categories == Names{"MRO"});
    CHECK(event_of(feed, "2026-12-03.remote.payments.shift@watchbill").zone == "America/Montreal");
}

TEST_CASE("a hand-over tells the receiver's wait and stays in one zone's time when both share it") {
    Given given;
    given.team.checklist.clear();
    const Feed feed = rotation_feed(given.input());
    CHECK_THAT(event_of(feed, "2026-12-03.remote.payments.shift@watchbill").description,
               Catch::EndsWith(
                   "\nHands over at 20:00 (America/Montreal) to Yann Roy (shift starts Fri 4 Dec 12:00)."));
    CHECK_THAT(event_of(feed, "2026-12-04.remote.payments.shift@watchbill").description,
               Catch::EndsWith("to Zoé Tremblay (shift starts Mon 7 Dec 12:00)."));
    CHECK_THAT(event_of(feed, "2026-12-07.remote.payments.shift@watchbill").description,
               Catch::EndsWith("\nEnds at 20:00 (America/Montreal)."));
}

TEST_CASE("a receiver for whom it is another day is told the day") {
    Given given;
    given.team.checklist.clear();
    given.team.members[4].zone = "Asia/Tokyo";
    CHECK_THAT(rotation_feed(given.input()).events[0].description,
               Catch::EndsWith("to Zoé Tremblay, Remote, Fri 4 Dec 02:00 there."));
}

TEST_CASE("an uncovered shift is loud in its title, and the shift before hands over to nobody") {
    Given given;
    given.plan.assignments[1].member.reset();
    given.plan.assignments[2].member.reset();
    const Feed feed = rotation_feed(given.input());
    const FeedEvent& uncovered = event_of(feed, "2026-12-03.remote.payments.shift@watchbill");
    CHECK(uncovered.summary == "Remote: NOBODY (uncovered)");
    CHECK_THAT(uncovered.description, Catch::StartsWith("NOBODY is Remote on Thu 3 Dec (uncovered)"));
    CHECK(uncovered.categories == Names{"Remote", "Uncovered"});
    CHECK_THAT(event_of(feed, "2026-12-03.mro.payments.shift@watchbill").description,
               Catch::Contains("Hands over at 18:00 (Europe/Paris) to NOBODY (uncovered), Remote."));
    CHECK_THAT(event_of(feed, "2026-12-04.mro.payments.shift@watchbill").description,
               Catch::Contains("Ends at 18:00 (Europe/Paris); then Yann Roy, Remote, 12:00 there."));

    CHECK(event_of(handovers_feed(given.input()), "2026-12-03.mro.payments.handover@watchbill").summary ==
          "MRO handover: Bob Durand to NOBODY (uncovered)");
}

TEST_CASE("a shift that ends on another day says so") {
    Given given;
    given.team.rotations.resize(1);
    given.team.rotations[0].hands_over_to = "";
    given.plan.assignments = {
        assignment("mro", "2026-12-03", "2026-12-03T08:00:00Z", "2026-12-04T08:00:00Z", bob),
        assignment("mro", "2026-12-04", "2026-12-04T08:00:00Z", "2026-12-05T08:00:00Z", bob)};
    CHECK_THAT(
        rotation_feed(given.input()).events[0].description,
        Catch::Contains("\nEnds on Fri 4 Dec at 09:00 (Europe/Paris); then on duty again: Bob Durand.\n"));
    // The same person has nothing to hand over.
    CHECK(handovers_feed(given.input()).events.empty());
}

TEST_CASE("handovers are quarter hours from the end of a shift with both people") {
    const Given given;
    const Feed feed = handovers_feed(given.input());
    CHECK(summaries(feed) ==
          Names{"MRO handover: Bob Durand to Zoé Tremblay", "Remote handover: Zoé Tremblay to Yann Roy",
                "MRO handover: Carol Petit to Yann Roy", "Remote handover: Yann Roy to Zoé Tremblay"});
    CHECK(feed.events[0].uid == "2026-12-03.mro.payments.handover@watchbill");
    CHECK(feed.events[0].when == Interval{at("2026-12-03T17:00:00Z"), at("2026-12-03T17:15:00Z")});
    CHECK_THAT(
        feed.events[0].description,
        Catch::StartsWith("Bob Durand, MRO, hands over to Zoé Tremblay, Remote, 12:00 there.\n\nChecklist:"));
}

TEST_CASE("a member's feed has their shifts, their handovers and their rest, equal to those in other feeds") {
    Given given;
    given.availability[zoe].night_duties = {{at("2026-12-06T03:00:00Z"), at("2026-12-06T11:00:00Z")}};
    given.availability[yann].night_duties = {{at("2026-12-06T03:00:00Z"), at("2026-12-06T11:00:00Z")}};
    const Feed feed = member_feed(given.input(), zoe);
    CHECK(feed.name == "Payments: Zoé Tremblay");
    CHECK(feed.zone == "America/Montreal");
    CHECK(summaries(feed) == Names{"MRO handover: Bob Durand to Zoé Tremblay", "Remote: Zoé Tremblay",
                                   "Remote handover: Zoé Tremblay to Yann Roy",
                                   "Remote handover: Yann Roy to Zoé Tremblay", "Rest: Zoé Tremblay",
                                   "Remote: Zoé Tremblay"});

    const Feed rotation = rotation_feed(given.input());
    const Feed handovers = handovers_feed(given.input());
    for (const FeedEvent& event : feed.events) {
        if (event.categories == Names{"Rest"}) continue;
        const bool is_shift = event.uid.find(".shift@") != std::string::npos;
        CHECK(same_event(event, event_of(is_shift ? rotation : handovers, event.uid)));
    }
}

TEST_CASE("rest follows night duty until the team's rest is over or the next duty starts") {
    Given given;
    given.availability[alice].night_duties = {
        {at("2026-12-02T21:00:00Z"), at("2026-12-03T06:00:00Z")},
        {at("2026-12-02T21:00:00Z"), at("2026-12-03T06:00:00Z")},  // the same in another calendar
        {at("2026-12-03T12:00:00Z"), at("2026-12-03T20:00:00Z")}};
    const Feed feed = member_feed(given.input(), alice);
    REQUIRE(feed.events.size() == 2);
    CHECK(feed.events[0].uid == "20261202T210000Z.alice@example.com.payments.rest@watchbill");
    CHECK(feed.events[0].when == Interval{at("2026-12-03T06:00:00Z"), at("2026-12-03T12:00:00Z")});
    CHECK(feed.events[0].description ==
          "After night duty (Wed 2 Dec 22:00 to Thu 3 Dec 07:00): no shift starts before Thu 3 Dec 18:00 "
          "(Europe/Paris).");
    CHECK(feed.events[1].when == Interval{at("2026-12-03T20:00:00Z"), at("2026-12-04T07:00:00Z")});
}

TEST_CASE("a team without rest times shows none") {
    Given given;
    given.team.rest = Duration(0);
    given.availability[alice].night_duties = {{at("2026-12-02T21:00:00Z"), at("2026-12-03T06:00:00Z")}};
    CHECK(member_feed(given.input(), alice).events.empty());
}

TEST_CASE("a member is found by an alias, and a stranger's feed is empty") {
    Given given;
    given.team.members[1].aliases = {id("robert@example.com")};
    CHECK(summaries(member_feed(given.input(), id("robert@example.com"))) ==
          Names{"MRO: Bob Durand", "MRO handover: Bob Durand to Zoé Tremblay"});
    CHECK(member_feed(given.input(), id("eve@example.com")).events.empty());
}

TEST_CASE("what does not touch the window is left out, by the second") {
    Given given;
    given.window = {at("2026-12-03T17:00:00Z"), at("2026-12-04T17:00:00Z")};
    CHECK(summaries(rotation_feed(given.input())) == Names{"Remote: Zoé Tremblay", "MRO: Carol Petit"});
    given.window.start -= Duration(1);
    given.window.end += Duration(1);
    CHECK(rotation_feed(given.input()).events.size() == 4);

    // A Parisian's Friday starts on Thursday at 23:00Z.
    given.availability[alice].absences = {
        whole_days("Europe/Paris", "2026-12-04", "2026-12-05", AbsenceKind::vacation)};
    given.window = {at("2026-12-03T20:00:00Z"), at("2026-12-03T23:00:00Z")};
    CHECK(absences_feed(given.input()).events.empty());
    given.window.end += Duration(1);
    CHECK(absences_feed(given.input()).events.size() == 1);
}

TEST_CASE("absences show the person and the kind, whole days as days, in the member's zone") {
    Given given;
    given.availability[zoe].absences = {
        whole_days("America/Montreal", "2026-12-21", "2026-12-26", AbsenceKind::vacation),
        hours("2026-12-10T14:00:00Z", "2026-12-10T22:00:00Z", AbsenceKind::out_of_office),
        hours("2026-12-11T14:00:00Z", "2026-12-11T22:00:00Z", AbsenceKind::other)};
    const Feed feed = absences_feed(given.input());
    CHECK(summaries(feed) ==
          Names{"Zoé Tremblay: out of office", "Zoé Tremblay: absent", "Zoé Tremblay: vacation"});
    CHECK(feed.events[2].uid == "2026-12-21.vacation.zoe@example.com.payments.absence@watchbill");
    CHECK(feed.events[2].all_day == DaySpan{day("2026-12-21"), day("2026-12-26")});
    CHECK(feed.events[2].zone == "America/Montreal");
    CHECK(feed.events[0].uid == "20261210T140000Z.out_of_office.zoe@example.com.payments.absence@watchbill");
    CHECK_FALSE(feed.events[0].all_day);
}

TEST_CASE("one absence told by several calendars is one event") {
    Given given;
    given.availability[alice].absences = {
        // Five single days, and the same week again.
        whole_days("Europe/Paris", "2026-12-07", "2026-12-08", AbsenceKind::vacation),
        whole_days("Europe/Paris", "2026-12-08", "2026-12-09", AbsenceKind::vacation),
        whole_days("Europe/Paris", "2026-12-07", "2026-12-12", AbsenceKind::vacation),
        // Office hours within it, and a less telling kind of the same days.
        hours("2026-12-09T08:00:00Z", "2026-12-09T17:00:00Z", AbsenceKind::out_of_office),
        hours("2026-12-10T08:00:00Z", "2026-12-10T17:00:00Z", AbsenceKind::vacation),
        whole_days("Europe/Paris", "2026-12-07", "2026-12-12", AbsenceKind::other),
        // Not within it: stays.
        whole_days("Europe/Paris", "2026-12-11", "2026-12-14", AbsenceKind::sick)};
    const Feed feed = absences_feed(given.input());
    REQUIRE(summaries(feed) == Names{"Alice Martin: vacation", "Alice Martin: sick"});
    CHECK(feed.events[0].all_day == DaySpan{day("2026-12-07"), day("2026-12-12")});
    CHECK(feed.events[1].all_day == DaySpan{day("2026-12-11"), day("2026-12-14")});
}

TEST_CASE("days that touch are one absence, hours beside them keep their times") {
    Given given;
    given.availability[alice].absences = {
        whole_days("Europe/Paris", "2026-12-08", "2026-12-09", AbsenceKind::vacation),
        whole_days("Europe/Paris", "2026-12-07", "2026-12-08", AbsenceKind::vacation),
        hours("2026-12-04T12:00:00Z", "2026-12-06T23:00:00Z", AbsenceKind::vacation)};
    const Feed feed = absences_feed(given.input());
    REQUIRE(feed.events.size() == 2);
    CHECK(feed.events[0].when == Interval{at("2026-12-04T12:00:00Z"), at("2026-12-06T23:00:00Z")});
    CHECK_FALSE(feed.events[0].all_day);
    CHECK(feed.events[1].all_day == DaySpan{day("2026-12-07"), day("2026-12-09")});
}

TEST_CASE("a holiday is one event for its site, or for everybody, or named where only some have it") {
    Given given;
    const auto give = [&given](const MemberId& who, std::string_view zone, std::string_view date) {
        const Day next = day(date) + std::chrono::days(1);
        given.availability[who].absences.push_back(
            whole_days(zone, date, format_day(next), AbsenceKind::holiday));
    };
    for (const MemberId& who : {alice, bob, carol, dan}) {
        give(who, "Europe/Paris", "2026-11-11");
        give(who, "Europe/Paris", "2026-12-25");
    }
    for (const MemberId& who : {zoe, yann}) give(who, "America/Montreal", "2026-12-25");
    give(dan, "Europe/Paris", "2026-12-28");
    give(dan, "Europe/Paris", "2026-12-28");  // told twice

    const Feed feed = absences_feed(given.input());
    CHECK(summaries(feed) == Names{"Holiday: paris", "Holiday: everybody", "Dan Moreau: holiday"});
    CHECK(feed.events[0].uid == "2026-11-11.paris.payments.holiday@watchbill");
    CHECK(feed.events[1].uid == "2026-12-25.payments.holiday@watchbill");
    CHECK(feed.events[1].all_day == DaySpan{day("2026-12-25"), day("2026-12-26")});
}

TEST_CASE("somebody alone at their site is named, and a site's longer holiday is the one shown") {
    Given given;
    given.team.members.pop_back();  // Zoé is alone in Montreal
    given.availability[zoe].absences = {
        whole_days("America/Montreal", "2026-12-23", "2026-12-24", AbsenceKind::holiday)};
    for (const MemberId& who : {alice, bob, carol, dan}) {
        given.availability[who].absences = {
            whole_days("Europe/Paris", "2026-12-25", "2026-12-26", AbsenceKind::holiday),
            whole_days("Europe/Paris", "2026-12-25", "2026-12-27", AbsenceKind::holiday)};
    }
    const Feed feed = absences_feed(given.input());
    REQUIRE(summaries(feed) == Names{"Zoé Tremblay: holiday", "Holiday: paris"});
    CHECK(feed.events[1].all_day == DaySpan{day("2026-12-25"), day("2026-12-27")});
}

TEST_CASE("every UID of a feed is unique, and the same input gives the same feed") {
    Given given;
    for (const MemberId& who : {alice, zoe}) {
        given.availability[who].absences = {
            whole_days("Europe/Paris", "2026-12-07", "2026-12-12", AbsenceKind::vacation),
            whole_days("Europe/Paris", "2026-12-07", "2026-12-20", AbsenceKind::other),
            hours("2026-12-06T23:00:00Z", "2026-12-22T00:00:00Z", AbsenceKind::other),
            whole_days("Europe/Paris", "2026-12-25", "2026-12-26", AbsenceKind::holiday)};
        given.availability[who].night_duties = {{at("2026-12-02T21:00:00Z"), at("2026-12-03T06:00:00Z")},
                                                {at("2026-12-04T21:00:00Z"), at("2026-12-05T06:00:00Z")}};
    }
    for (const auto& make : std::vector<Feed (*)(const FeedInput&)>{
             rotation_feed, handovers_feed, absences_feed,
             [](const FeedInput& input) { return member_feed(input, zoe); }}) {
        const Feed feed = make(given.input());
        std::set<std::string> uids;
        for (const FeedEvent& event : feed.events) CHECK(uids.insert(event.uid).second);
        const Feed again = make(given.input());
        REQUIRE(again.events.size() == feed.events.size());
        for (size_t i = 0; i < feed.events.size(); ++i) CHECK(same_event(feed.events[i], again.events[i]));
    }
}

TEST_CASE("a shift keeps its UID when its holder changes, and its whole event while it becomes history") {
    Given given;
    const FeedEvent published = rotation_feed(given.input()).events[0];

    Assignment& thursday = given.plan.assignments[0];
    thursday.reasons[0].code = ReasonCode::in_the_past;
    thursday.reasons[0].balance = 0.25;
    given.window.start += std::chrono::days(1);
    CHECK(same_event(rotation_feed(given.input()).events[0], published));

    thursday.member = dan;
    const FeedEvent moved = rotation_feed(given.input()).events[0];
    CHECK(moved.uid == published.uid);
    CHECK(moved.summary == "MRO: Dan Moreau");
}

}  // namespace team_feeds_test
