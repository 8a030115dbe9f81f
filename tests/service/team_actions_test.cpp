// What people change by hand, over the real store: who may, what is written, what the audit log tells.
#include "service/team_actions.h"

#include <catch2/catch.hpp>

#include "service/fakes.h"

namespace team_actions_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Instant noon = at("2026-11-24T12:00:00Z");  // a Tuesday; the shift of the day runs until 17:00Z
const Actor ops_bot{"token:ops bot", "192.0.2.7"};
constexpr DaySpan all_days{Day{}, Day{std::chrono::days(40000)}};

Assignment shift_of(const char* date, const char* name) {
    const std::string day_text(date);
    Assignment assignment;
    assignment.shift = {{"mro", day(date)}, {at(day_text + "T08:00:00Z"), at(day_text + "T17:00:00Z")}};
    assignment.member = id(std::string(name) + "@example.com");
    return assignment;
}

// Alice holds Tuesday, which runs, Bob Wednesday, Carol Thursday; Carol is away on Wednesday.
struct World {
    TempDir folder;
    WatchedStore store{folder.path()};
    Team team = example_team();
    Plan plan{{shift_of("2026-11-23", "carol"), shift_of("2026-11-24", "alice"),
               shift_of("2026-11-25", "bob"), shift_of("2026-11-26", "carol")}};
    TeamAvailability availability{
        {id("carol@example.com"),
         {{{{at("2026-11-24T23:00:00Z"), at("2026-11-25T23:00:00Z")}, std::nullopt, AbsenceKind::sick}},
          {}}}};
    Instant now = noon;

    KnownTeam known() const { return {team, plan, availability}; }

    ActionResult<OverrideOutcome> give(const char* date, const std::string& member,
                                       const std::string& reason = "", bool force = false) {
        return set_override(store, known(), {{"mro", day(date)}, member, reason, "", force}, ops_bot, now);
    }
    ActionResult<void> take_back(const char* date) {
        return remove_override(store, known(), {"mro", day(date)}, ops_bot, now);
    }
    ActionResult<NoteOutcome> note(const std::string& text, HandoverChoice handover = {}) {
        return add_note(store, known(), {std::move(handover), text, ""}, ops_bot, now);
    }
    std::vector<Override> overrides() { return store.overrides("payments", all_days).value(); }
    std::vector<HandoverNote> notes() { return store.handover_notes("payments", all_days).value(); }
    std::vector<AuditEntry> log() { return store.audit_log("payments", 100).value(); }
};

template <typename T>
std::string refusal(const ActionResult<T>& result) {
    REQUIRE_FALSE(result);
    return result.error().code + "/" + std::string(code_name(result.error().error.code));
}

}  // namespace

TEST_CASE("an override is kept with who, why, by whom and from where") {
    World world;
    const auto outcome = set_override(
        world.store, world.known(),
        {{"mro", day("2026-11-25")}, "Alice@example.com", " dentist ", "bob@example.com"}, ops_bot, noon);
    REQUIRE(outcome);
    CHECK(outcome->changed);
    CHECK(outcome->warnings.empty());
    CHECK(world.overrides() ==
          std::vector<Override>{
              {{"mro", day("2026-11-25")}, id("alice@example.com"), "dentist", "bob@example.com", noon}});
    CHECK(world.log() ==
          std::vector<AuditEntry>{{noon, "token:ops bot", "192.0.2.7", "payments", "override.set",
                                   "MRO on Wed 25 Nov 2026 is given to alice; bob had it. Reason: dentist. "
                                   "Decided by bob."}});
}

TEST_CASE("the same override again changes nothing and says so, and another reason or person does") {
    World world;
    CHECK(world.give("2026-11-25", "alice@example.com", "dentist").value().changed);
    world.now += std::chrono::hours(1);
    CHECK_FALSE(world.give("2026-11-25", "alice@example.com", "dentist").value().changed);
    CHECK(world.overrides().front().at == noon);
    CHECK(world.log().size() == 1);
    CHECK(world.give("2026-11-25", "alice@example.com", "the dentist moved").value().changed);
    CHECK(world.give("2026-11-25", "bob@example.com").value().changed);
    CHECK(world.overrides().size() == 1);
    CHECK(world.log().size() == 3);
}

TEST_CASE("an absent person needs force once, and the audit log tells it") {
    World world;
    const auto refused = world.give("2026-11-25", "carol@example.com");
    CHECK(refusal(refused) == "absent/conflict");
    CHECK(refused.error().error.message ==
          "carol cannot take MRO on Wed 25 Nov 2026: absent (sick, Wed 25 Nov). Name somebody else, or "
          "force it.");
    CHECK(world.overrides().empty());
    CHECK(world.log().empty());

    CHECK(world.give("2026-11-25", "carol@example.com", "", true).value().changed);
    CHECK(
        world.log().front().what ==
        "MRO on Wed 25 Nov 2026 is given to carol; bob had it. Forced: carol is absent (sick, Wed 25 Nov).");
    // It stands: saying so again is no new decision.
    CHECK_FALSE(world.give("2026-11-25", "carol@example.com").value().changed);
}

TEST_CASE("what cannot be fixed is refused with a code, and nothing is written") {
    World world;
    CHECK(refusal(world.give("2026-11-23", "alice@example.com")) == "shift_ended/conflict");
    CHECK(refusal(world.give("2027-11-25", "alice@example.com")) == "no_such_shift/not_found");
    CHECK(refusal(world.give("2026-11-25", "eve@example.com")) == "unknown_person/invalid_input");
    CHECK(refusal(world.give("2026-11-25", "alice")) == "unknown_person/invalid_input");
    CHECK(refusal(world.give("2026-11-25", "")) == "unknown_person/invalid_input");
    CHECK(refusal(world.give("2026-11-25", "alice@example.com", std::string(501, 'x'))) ==
          "too_large/too_large");
    CHECK(refusal(world.give("2026-11-25", "alice@example.com", "two\nlines")) ==
          "invalid_input/invalid_input");
    CHECK(refusal(set_override(world.store, world.known(),
                               {{"night", day("2026-11-25")}, "alice@example.com", "", ""}, ops_bot, noon)) ==
          "no_such_rotation/not_found");
    CHECK(refusal(set_override(world.store, world.known(),
                               {{"mro", day("2026-11-25")}, "alice@example.com", "", "eve@example.com"},
                               ops_bot, noon)) == "unknown_person/invalid_input");
    CHECK(world.overrides().empty());
    CHECK(world.log().empty());
    world.store.failing = true;
    CHECK(refusal(world.give("2026-11-25", "alice@example.com")) == "unavailable/unavailable");
}

TEST_CASE("the shift that runs may be given away, and is not taken back") {
    World world;
    CHECK(world.give("2026-11-24", "bob@example.com").value().changed);
    CHECK(world.overrides().front().at == noon);
    CHECK(refusal(world.take_back("2026-11-24")) == "shift_started/conflict");
    CHECK(world.overrides().size() == 1);
}

TEST_CASE("an override is taken back once, and audited") {
    World world;
    CHECK(refusal(world.take_back("2026-11-25")) == "no_override/not_found");
    REQUIRE(world.give("2026-11-25", "alice@example.com"));
    world.plan.assignments[2].member = id("alice@example.com");
    REQUIRE(world.take_back("2026-11-25"));
    CHECK(world.overrides().empty());
    CHECK(world.log().front() == AuditEntry{noon, "token:ops bot", "192.0.2.7", "payments",
                                            "override.removed",
                                            "MRO on Wed 25 Nov 2026 goes back to the plan; alice had it."});
    CHECK(refusal(world.take_back("2026-11-25")) == "no_override/not_found");
    CHECK(refusal(world.take_back("2026-11-23")) == "shift_ended/conflict");
    CHECK(world.log().size() == 2);
}

TEST_CASE("a note is left for the next handover unless another is named") {
    World world;
    const auto left = world.note("Deploys are frozen\nuntil Friday");
    REQUIRE(left);
    CHECK(left->changed);
    CHECK(left->handover.at == at("2026-11-24T17:00:00Z"));
    const HandoverNote expected{
        {"mro", day("2026-11-24")}, "Deploys are frozen\nuntil Friday", "token:ops bot", noon};
    CHECK(left->note == expected);
    CHECK(world.notes() == std::vector<HandoverNote>{expected});
    // The log tells that there is a note; the note itself is in the brief.
    CHECK(world.log() ==
          std::vector<AuditEntry>{{noon, "token:ops bot", "192.0.2.7", "payments", "note.added",
                                   "A note is left for the handover of MRO on Tue 24 Nov 2026 by ops bot."}});

    CHECK(world.note("for Wednesday", {"mro", day("2026-11-25")}).value().note.shift.date ==
          day("2026-11-25"));
    CHECK(world.note("also", {"", day("2026-11-25")}).value().note.shift.date == day("2026-11-25"));
    CHECK(world.note("also", {"mro", std::nullopt}).value().note.shift.date == day("2026-11-24"));
}

TEST_CASE("a member's note bears their name") {
    World world;
    const auto left =
        add_note(world.store, world.known(), {{}, "All quiet", "Alice@example.com"}, ops_bot, noon);
    CHECK(left.value().note.author == "alice@example.com");
    CHECK(world.log().front().who == "token:ops bot");
    CHECK(world.log().front().what == "A note is left for the handover of MRO on Tue 24 Nov 2026 by alice.");
    CHECK(refusal(add_note(world.store, world.known(), {{}, "x", "eve@example.com"}, ops_bot, noon)) ==
          "unknown_person/invalid_input");
}

TEST_CASE("the same note again is not left twice") {
    World world;
    CHECK(world.note("Deploys are frozen").value().changed);
    world.now += std::chrono::minutes(1);
    const auto again = world.note("Deploys are frozen");
    CHECK_FALSE(again.value().changed);
    CHECK(again->note.at == noon);
    CHECK(world.note("Deploys are frozen", {"mro", day("2026-11-25")}).value().changed);
    CHECK(world.notes().size() == 2);
    CHECK(world.log().size() == 2);
}

TEST_CASE("notes that nobody would read are refused, saying why") {
    World world;
    CHECK(refusal(world.note("")) == "invalid_input/invalid_input");
    CHECK(world.note(std::string(4096, 'x')));
    CHECK(refusal(world.note(std::string(4097, 'x'))) == "too_large/too_large");
    CHECK(refusal(world.note("x", {"night", std::nullopt})) == "no_such_rotation/not_found");
    CHECK(refusal(world.note("x", {"mro", day("2027-11-25")})) == "no_such_handover/not_found");
    // The plan ends with Thursday: it hands over to nobody known.
    CHECK(refusal(world.note("x", {"mro", day("2026-11-26")})) == "no_such_handover/not_found");
    for (int i = 1; i < 50; ++i) REQUIRE(world.note("note " + std::to_string(i)));
    CHECK(refusal(world.note("one more")) == "too_many_notes/conflict");
    CHECK(world.notes().size() == 50);
}

TEST_CASE("a note can be left until the handover is over") {
    World world;
    const HandoverChoice tuesday{"mro", day("2026-11-24")};
    world.now = at("2026-11-24T17:14:59Z");
    CHECK(world.note("just in time", tuesday));
    CHECK(world.note("the next", {}).value().note.shift.date == day("2026-11-25"));
    world.now = at("2026-11-24T17:15:00Z");
    CHECK(refusal(world.note("too late", tuesday)) == "handover_over/conflict");
}

TEST_CASE("where several shifts start on a date the rotation has to be named") {
    World world;
    Rotation remote = world.team.rotations.front();
    remote.name = "remote";
    world.team.rotations.push_back(remote);
    for (const char* date : {"2026-11-25", "2026-11-26"}) {
        world.plan.assignments.push_back(shift_of(date, "alice"));
        world.plan.assignments.back().shift.key.rotation = "remote";
    }
    CHECK(refusal(world.note("x", {"", day("2026-11-25")})) == "ambiguous/invalid_input");
    CHECK(world.note("x", {"remote", day("2026-11-25")}).value().note.shift.rotation == "remote");
}

}  // namespace team_actions_test
