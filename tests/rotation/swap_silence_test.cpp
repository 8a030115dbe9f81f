// Random calendars in which nobody but the organiser has said yes to anything: nothing changes hands.
//
// One thing nobody can know: who wrote an event without ORGANIZER that was deleted at its organiser before it
// was ever read there or anywhere else, and that one colleague still has. It is taken for theirs, as every
// plain event in somebody's calendar is (DESIGN.md 6). So events are deleted here once they were read at
// their organiser.
#include <catch2/catch.hpp>
#include <random>

#include "rotation/swap_entries.h"
#include "support/case_count.h"

namespace swap_silence_test {

using namespace watchbill;
using namespace watchbill::testing;
using namespace watchbill::testing::entries;

namespace {

class SilentTeam {
public:
    explicit SilentTeam(unsigned seed)
        : random_(seed), world_(paris()), organizer_(world_.team.members[seed % 4].id) {
        world_.days.end = world_.days.first + std::chrono::days(11);
        for (const Assignment& row : world_.plan.assignments) by_plan_[row.shift.key] = *row.member;
    }

    SwapWorld& world() { return world_; }

    // One more event of the one who asks, as it comes to all the calendars that show it. Its UID may be that
    // of an event from before.
    void edit() {
        const MemberId& organizer = organizer_;
        if (pick(4) == 0) forget(organizer);
        SwapEntry entry;
        entry.uid = "u" + std::to_string(pick(6));
        entry.sequence = static_cast<int>(pick(3));
        entry.when = somewhere();
        entry.changed_at = world_.now;
        MemberId guest = anybody();
        while (guest == organizer) guest = anybody();
        entry.title = title_of(organizer, guest);
        if (pick(3) == 0) entry.recurrence_id = "2026-03-02T11:00:00Z";
        if (pick(3) != 0) entry.organizer = organizer;
        if (entry.organizer && pick(4) != 0)
            entry.attendees = {{pick(3) == 0 ? list : guest, pick(2) == 0 ? unanswered : tentative}};
        world_.calendars[organizer].push_back(entry);
        for (const Member& member : world_.team.members) {
            if (member.id == organizer || (member.id != guest && pick(3) != 0)) continue;
            world_.calendars[member.id].push_back(copy_of(entry, member.id));
        }
    }

    void some_cannot_be_read() {
        for (auto& [member, readable] : world_.readable) readable = pick(6) != 0;
    }

    // True when something was decided.
    bool refresh() {
        if (world_.readable[organizer_])
            for (const SwapEntry& entry : world_.calendars[organizer_]) read_.insert(entry.uid);
        return world_.refresh();
    }

    void check() {
        for (const Swap& swap : world_.known) {
            INFO(swap.organizer.email() << " " << (swap.events.empty() ? "" : swap.events.front().name));
            CHECK(swap.state != SwapState::applied);
        }
        CHECK(world_.overrides.empty());
        for (const Assignment& row : world_.plan.assignments) CHECK(row.member == by_plan_.at(row.shift.key));
    }

private:
    static constexpr auto unanswered = ParticipationStatus::needs_action;
    static constexpr auto tentative = ParticipationStatus::tentative;
    const MemberId list = id("all@lists.example.com");

    size_t pick(size_t below) { return std::uniform_int_distribution<size_t>(0, below - 1)(random_); }
    MemberId anybody() { return world_.team.members[pick(4)].id; }
    Interval somewhere() { return world_.plan.assignments[pick(12)].shift.when; }
    std::string name_of(const MemberId& member) { return world_.team.find_member(member)->name; }

    std::string title_of(const MemberId& organizer, const MemberId& guest) {
        const std::string word = pick(2) == 0 ? "MRO swap" : "MRO cover";
        switch (pick(6)) {
            case 0: return word;
            case 1: return word + " for " + name_of(organizer);
            case 2: return word + " with " + name_of(guest);
            case 3: return word + " " + name_of(guest) + " / " + name_of(organizer);
            case 4: return word + " 2026-03-03 " + name_of(organizer) + " and " + name_of(guest);
            default: return word + " " + name_of(organizer) + " and " + name_of(guest);
        }
    }

    // Without an answer of its owner, and with more or less of the people in it.
    SwapEntry copy_of(SwapEntry entry, const MemberId& owner) {
        if (pick(2) == 0) entry.organizer.reset();
        if (pick(2) == 0) entry.attendees.clear();
        if (pick(4) == 0) entry.attendees = {{owner, pick(2) == 0 ? unanswered : tentative}};
        if (pick(5) == 0) entry.title = "Declined: " + entry.title;
        if (pick(8) == 0)
            for (char& c : entry.uid)
                if (c == 'u') c = 'U';
        if (pick(8) == 0) entry.when = somewhere();
        if (pick(8) == 0) entry.recurrence_id.clear();
        return entry;
    }

    // Deleted by its organiser; copies of it may stay behind.
    void forget(const MemberId& organizer) {
        auto& entries = world_.calendars[organizer];
        if (entries.empty()) return;
        const std::string uid = entries[pick(entries.size())].uid;
        if (!read_.contains(uid)) return;
        for (auto& [member, theirs] : world_.calendars)
            if (member == organizer || pick(2) == 0)
                std::erase_if(theirs, [&uid](const SwapEntry& entry) { return entry.uid == uid; });
    }

    std::mt19937 random_;
    SwapWorld world_;
    MemberId organizer_;
    std::set<std::string> read_;  // UIDs, at the organiser
    std::map<ShiftKey, MemberId> by_plan_;
};

}  // namespace

TEST_CASE("where nobody has answered no event puts anybody on another shift") {
    for (unsigned seed = 0; seed < test::case_count(600U); ++seed) {
        INFO("seed " << seed);
        SilentTeam team(seed);
        for (int step = 0; step < 8; ++step) {
            team.edit();
            team.some_cannot_be_read();
            team.world().now += std::chrono::minutes(1);
            team.refresh();
            team.check();
            CHECK_FALSE(team.refresh());
        }
    }
}

}  // namespace swap_silence_test
