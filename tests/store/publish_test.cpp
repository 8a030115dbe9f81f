// Published assignments and event versions: what is written comes back, history stays, all or nothing.
#include <catch2/catch.hpp>

#include "store/store_fixture.h"

namespace publish_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

Assignment with_every_kind_of_reason() {
    Assignment assignment = shift_of("mro", "2026-03-02", "alice@example.com");
    assignment.rest_broken = true;
    assignment.overridden = true;
    const Interval night{at("2026-03-01T21:00:00Z"), at("2026-03-02T06:00:00Z")};
    assignment.reasons.clear();
    for (const ReasonCode code :
         {ReasonCode::next_turn, ReasonCode::only_candidate, ReasonCode::kept_published,
          ReasonCode::override_set, ReasonCode::in_the_past, ReasonCode::rest_broken, ReasonCode::uncovered,
          ReasonCode::replaced, ReasonCode::absent, ReasonCode::resting, ReasonCode::not_their_turn}) {
        assignment.reasons.push_back({code, member("bob@example.com"), {}, {}, {}});
    }
    for (const AbsenceKind kind : {AbsenceKind::vacation, AbsenceKind::sick, AbsenceKind::out_of_office,
                                   AbsenceKind::holiday, AbsenceKind::unavailable, AbsenceKind::other}) {
        assignment.reasons.push_back({ReasonCode::absent, member("carol@example.com"), night, kind, {}});
    }
    // 0.1 + 0.2 has no short decimal form; it must come back to the last bit.
    assignment.reasons.push_back({ReasonCode::resting, {}, night, {}, 0.1 + 0.2});
    assignment.reasons.push_back({ReasonCode::next_turn, member("d@example.com"), {}, {}, -1.0 / 3});
    return assignment;
}

Assignment uncovered(const std::string& date) {
    Assignment assignment = shift_of("mro", date, "alice@example.com");
    assignment.member.reset();
    assignment.reasons = {{ReasonCode::uncovered, {}, {}, {}, {}}};
    return assignment;
}

const Instant before_all = at("2026-03-01T00:00:00Z");

}  // namespace

TEST_CASE("An assignment comes back with every field and reason, also after a restart") {
    const TempDir dir;
    const std::vector<Assignment> published = {with_every_kind_of_reason(), uncovered("2026-03-03")};
    {
        const auto store = open(dir.file("watchbill.db"));
        REQUIRE(store->publish(publication_of(before_all, published)).has_value());
        CHECK(assignments_in(*store) == published);
    }
    const auto store = open(dir.file("watchbill.db"));
    CHECK(assignments_in(*store) == published);
    CHECK(store->assignments("payments", all_days)->front().published_at == before_all);
}

TEST_CASE("Whose holiday a shift touches and the class of its reasons come back") {
    const TempDir dir;
    std::vector<Assignment> published;
    for (const bool holders : {false, true}) {
        for (const bool rosters : {false, true}) {
            Assignment& one = published.emplace_back(
                shift_of("mro", "2026-03-0" + std::to_string(2 + published.size()), "alice@example.com"));
            one.on_holiday = holders;
            one.holiday = rosters;
            Reason& reason = one.reasons.emplace_back();
            reason.code = ReasonCode::next_turn;
            reason.member = *one.member;
            reason.balance = 0.25;
            reason.fair_class = rosters ? "holiday" : "";
            if (rosters) reason.class_balance = -0.5;
        }
    }
    const auto store = open(dir.file("watchbill.db"));
    REQUIRE(store->publish(publication_of(before_all, published)).has_value());
    CHECK(assignments_in(*store) == published);
}

TEST_CASE("Assignments come by date then rotation, only of the team and the days asked for") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    REQUIRE(store->publish(publication_of(
        before_all,
        {shift_of("remote", "2026-03-03", "a@example.com"), shift_of("mro", "2026-03-04", "b@example.com"),
         shift_of("mro", "2026-03-03", "c@example.com"), shift_of("mro", "2026-03-02", "d@example.com")})));
    Publication other = publication_of(before_all, {shift_of("mro", "2026-03-03", "z@example.com")});
    other.team = "search";
    REQUIRE(store->publish(other));

    const auto rows = store->assignments("payments", {day("2026-03-03"), day("2026-03-04")});
    REQUIRE(rows.has_value());
    REQUIRE(rows->size() == 2);
    CHECK((*rows)[0].assignment.member == member("c@example.com"));
    CHECK((*rows)[1].assignment.member == member("a@example.com"));
    CHECK(store->assignments("nobody", all_days)->empty());
    CHECK(assignments_in(*store, "search").size() == 1);
}

TEST_CASE("A future assignment is replaced and withdrawn") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    REQUIRE(store->publish(publication_of(before_all, {shift_of("mro", "2026-03-02", "a@example.com"),
                                                       shift_of("mro", "2026-03-03", "b@example.com")})));
    Publication change =
        publication_of(at("2026-03-02T08:59:59Z"), {shift_of("mro", "2026-03-02", "c@example.com")});
    change.withdrawn = {{"mro", day("2026-03-03")}, {"never", day("2026-03-03")}};
    REQUIRE(store->publish(change));

    const auto rows = store->assignments("payments", all_days);
    REQUIRE(rows->size() == 1);
    CHECK(rows->front().assignment.member == member("c@example.com"));
    CHECK(rows->front().published_at == at("2026-03-02T08:59:59Z"));
}

TEST_CASE("A shift that has started never changes, and nothing of such a publication is applied") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    Publication first = publication_of(before_all, {shift_of("mro", "2026-03-02", "a@example.com"),
                                                    shift_of("mro", "2026-03-03", "b@example.com")});
    first.versions = {{"old@watchbill", {1, before_all, "hash"}}};
    REQUIRE(store->publish(first));

    // At its very start a shift is history; so are those long ended.
    const Instant now = GENERATE(at("2026-03-02T09:00:00Z"), at("2026-03-02T12:00:00Z"));
    Publication late = publication_of(now, {shift_of("mro", "2026-03-03", "c@example.com"),
                                            shift_of("mro", "2026-03-04", "d@example.com")});
    late.versions = {{"new@watchbill", {0, now, "hash"}}};
    late.forgotten_versions = {"old@watchbill"};
    SECTION("changed to another person") {
        late.changed.push_back(shift_of("mro", "2026-03-02", "z@example.com"));
    }
    SECTION("changed in its reasons only") {
        Assignment same = shift_of("mro", "2026-03-02", "a@example.com");
        same.reasons.front().code = ReasonCode::only_candidate;
        late.changed.push_back(same);
    }
    SECTION("withdrawn") { late.withdrawn = {{"mro", day("2026-03-02")}}; }

    const Result<void> outcome = store->publish(late);
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == ErrorCode::conflict);
    CHECK(outcome.error().where == "mro 2026-03-02");
    CHECK(assignments_in(*store) == first.changed);
    CHECK(store->event_versions("payments").value() == first.versions);
}

TEST_CASE("A publication that fails half-way leaves nothing behind") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    Publication good = publication_of(before_all, {shift_of("mro", "2026-03-02", "a@example.com"),
                                                   shift_of("mro", "2026-03-03", "b@example.com")});
    good.versions = {{"one", {0, before_all, "hash"}}};
    REQUIRE(store->publish(good));

    // An address in latin-1 cannot be written; it comes after rows that can.
    Publication bad = publication_of(before_all, {shift_of("mro", "2026-03-02", "c@example.com"),
                                                  shift_of("mro", "2026-03-04", "d@example.com"),
                                                  shift_of("mro", "2026-03-05", "ren\xE9@example.com")});
    bad.withdrawn = {{"mro", day("2026-03-03")}};
    bad.forgotten_versions = {"one"};
    const Result<void> outcome = store->publish(bad);
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == ErrorCode::invalid_input);
    CHECK_THAT(outcome.error().message, Catch::Contains("UTF-8"));
    CHECK(assignments_in(*store) == good.changed);
    CHECK(store->event_versions("payments").value() == good.versions);
    CHECK(store->publish(good).has_value());  // the store goes on
}

TEST_CASE("A started shift published again as it stands changes nothing and is no conflict") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    const Assignment running = shift_of("mro", "2026-03-02", "a@example.com");
    REQUIRE(store->publish(publication_of(before_all, {running})));
    REQUIRE(store->publish(publication_of(at("2026-03-02T10:00:00Z"), {running})));
    CHECK(store->assignments("payments", all_days)->front().published_at == before_all);
}

TEST_CASE("A running shift can be published for the first time, once") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    const Instant midday = at("2026-03-02T12:00:00Z");
    REQUIRE(store->publish(publication_of(midday, {shift_of("mro", "2026-03-02", "a@example.com")})));
    const auto again =
        store->publish(publication_of(midday, {shift_of("mro", "2026-03-02", "b@example.com")}));
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().code == ErrorCode::conflict);
}

TEST_CASE("History is what the stored row says, whatever start the new one claims") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    REQUIRE(store->publish(publication_of(before_all, {shift_of("mro", "2026-03-02", "a@example.com")})));
    Assignment moved = shift_of("mro", "2026-03-02", "b@example.com");
    moved.shift.when.start = at("2026-03-02T14:00:00Z");
    const auto outcome = store->publish(publication_of(at("2026-03-02T12:00:00Z"), {moved}));
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == ErrorCode::conflict);
}

TEST_CASE("Event versions are inserted, replaced and forgotten by team") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    Publication first = publication_of(before_all, {});
    first.versions = {{"one", {0, before_all, "h1"}}, {"two", {4, before_all, "h2"}}};
    REQUIRE(store->publish(first));
    Publication elsewhere = first;
    elsewhere.team = "search";
    REQUIRE(store->publish(elsewhere));

    Publication second = publication_of(at("2026-03-01T01:00:00Z"), {});
    second.versions = {{"one", {1, at("2026-03-01T01:00:00Z"), "h3"}}};
    second.forgotten_versions = {"two", "never seen"};
    REQUIRE(store->publish(second));

    CHECK(store->event_versions("payments").value() == second.versions);
    CHECK(store->event_versions("search").value() == first.versions);
    CHECK(store->event_versions("nobody").value().empty());
}

TEST_CASE("Text of any language and with any ASCII sign is stored as it is") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    const std::string odd =
        "O'Neil; DROP TABLE assignments; -- \"\\ :team ? % \xC3\xA9\xE6\x97\xA5\xF0\x9F\x8E\x89\n";
    Publication publication = publication_of(before_all, {shift_of(odd, "2026-03-02", "o'neil@example.com")});
    publication.team = odd;
    publication.versions = {{odd, {0, before_all, odd}}};
    REQUIRE(store->publish(publication));
    CHECK(assignments_in(*store, odd) == publication.changed);
    CHECK(store->event_versions(odd).value() == publication.versions);
}

TEST_CASE("Instants before 1970 and after 2038 are stored exactly") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    Assignment far = shift_of("mro", "2099-12-31", "a@example.com");
    far.shift.when = {at("1901-01-01T00:00:00Z"), at("2199-12-31T23:59:59Z")};
    REQUIRE(store->publish(publication_of(at("1900-06-01T00:00:00Z"), {far})));
    CHECK(assignments_in(*store) == std::vector<Assignment>{far});
}

}  // namespace publish_test
