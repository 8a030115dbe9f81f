#include "rotation/fairness/balances.h"

#include <catch2/catch.hpp>

#include "rotation/two_site_team.h"

namespace balances_test {

using namespace watchbill;
using namespace watchbill::testing;

namespace {

// Served from `start` for nine hours by `holder`, of those who could.
Assignment served(std::string_view date, std::string_view start, const MemberId& holder,
                  std::vector<Candidate> candidates, const std::string& rotation = "mro") {
    Assignment assignment;
    assignment.shift.key = {rotation, day(date)};
    const Instant begin = at(start);
    assignment.shift.when = {begin, begin + std::chrono::hours(9)};
    assignment.member = holder;
    assignment.candidates = std::move(candidates);
    return assignment;
}

const std::vector<Candidate> two{{alice, 1000}, {bob, 1000}};
const std::vector<Candidate> three{{alice, 500}, {bob, 1000}, {carol, 1000}};

struct Asking {
    Team team = two_site_team();
    std::vector<Assignment> published;
    DaySpan period{day("2026-03-01"), day("2026-04-01")};
    Instant now = at("2026-06-01T00:00:00Z");

    MemberBalance of(const MemberId& member, const std::string& rotation = "mro") const {
        for (const MemberBalance& balance : balances({&team, published, period, now})) {
            if (balance.member == member && balance.rotation == rotation) return balance;
        }
        FAIL("no line for " + member.email());
        return {};
    }
};

}  // namespace

TEST_CASE("shares, shifts served and balances are those of the period, balances since the first shift") {
    Asking asking;
    asking.published = {
        served("2026-02-27", "2026-02-27T08:00:00Z", alice, two),  // before the period
        served("2026-03-02", "2026-03-02T08:00:00Z", bob, two),
        served("2026-03-03", "2026-03-03T08:00:00Z", bob, three),
        served("2026-04-01", "2026-04-01T08:00:00Z", alice, two),  // after it
    };
    const MemberBalance a = asking.of(alice);
    CHECK(a.served == 0);
    CHECK(a.shares == Approx(0.5 + 0.2));
    CHECK(a.balance == Approx(0.5 + 0.5 + 0.2 - 1));
    const MemberBalance b = asking.of(bob);
    CHECK(b.served == 2);
    CHECK(b.shares == Approx(0.5 + 0.4));
    CHECK(b.balance == Approx(0.5 + 0.5 + 0.4 - 2));
    CHECK(asking.of(carol).shares == Approx(0.4));
    CHECK(asking.of(dan).shares == 0.0);
    CHECK(a.balance + b.balance + asking.of(carol).balance == Approx(0).margin(1e-12));
}

TEST_CASE("a shift counts once it has ended") {
    Asking asking;
    asking.published = {served("2026-03-02", "2026-03-02T08:00:00Z", bob, two)};
    asking.now = at("2026-03-02T16:59:59Z");
    CHECK(asking.of(bob).served == 0);
    asking.now = at("2026-03-02T17:00:00Z");
    CHECK(asking.of(bob).served == 1);
}

TEST_CASE("nights, weekends and holidays are counted of the shifts served") {
    Asking asking;
    Assignment holiday = served("2026-03-04", "2026-03-04T08:00:00Z", alice, two);
    holiday.on_holiday = true;
    asking.published = {
        served("2026-03-06", "2026-03-06T21:00:00Z", alice, two),  // Friday 22:00 in Paris to Saturday 07:00
        served("2026-03-07", "2026-03-07T08:00:00Z", alice, two),  // Saturday
        served("2026-03-08", "2026-03-08T21:00:00Z", alice, two),  // Sunday night
        // 20:00 to 05:00 in Paris, but yann is in Montreal, where it is 14:00 to 23:00.
        served("2026-03-02", "2026-03-02T19:00:00Z", yann, {{yann, 1000}}, "remote"),
        holiday,
    };
    const MemberBalance a = asking.of(alice);
    CHECK(a.served == 4);
    CHECK(a.nights == 2);
    CHECK(a.weekends == 2);
    CHECK(a.holidays == 1);
    CHECK(asking.of(bob).nights == 0);
    CHECK(asking.of(yann, "remote").nights == 0);
    CHECK(asking.of(yann, "remote").served == 1);
}

TEST_CASE("lines are the roster's first, then guests', then rotations' that are gone") {
    Asking asking;
    asking.published = {
        served("2026-03-02", "2026-03-02T08:00:00Z", zoe, {{zoe, 1000}}),
        served("2026-03-03", "2026-03-03T08:00:00Z", id("gone@example.com"), {{id("gone@example.com"), 1000}},
               "former"),
    };
    std::vector<std::string> lines;
    for (const MemberBalance& b : balances({&asking.team, asking.published, asking.period, asking.now}))
        lines.push_back(b.rotation + ' ' + b.member.email());
    REQUIRE(lines.size() == 8);
    CHECK(lines[0] == "mro " + alice.email());
    CHECK(lines[4] == "mro " + zoe.email());
    CHECK(lines[7] == "former gone@example.com");
}

TEST_CASE("who served under a former address is the same person") {
    Asking asking;
    asking.team.members[0].aliases = {id("a.martin@example.org")};
    asking.published = {served("2026-03-02", "2026-03-02T08:00:00Z", id("a.martin@example.org"),
                               {{id("a.martin@example.org"), 1000}, {bob, 1000}})};
    CHECK(asking.of(alice).served == 1);
    CHECK(asking.of(alice).shares == Approx(0.5));
}

TEST_CASE("what nobody served, or was kept without candidates, earns nobody anything") {
    Asking asking;
    asking.published = {served("2026-03-02", "2026-03-02T08:00:00Z", bob, {}),
                        served("2026-03-03", "2026-03-03T08:00:00Z", bob, two)};
    asking.published[1].member.reset();
    CHECK(asking.of(alice).shares == 0.0);
    CHECK(asking.of(bob).balance == 0.0);
}

}  // namespace balances_test
