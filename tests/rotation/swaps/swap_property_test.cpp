// Random edits of calendars: whoever ends up with a shift held it by plan or agreed to it.
#include <catch2/catch.hpp>
#include <random>

#include "rotation/swaps/swap_world.h"
#include "support/case_count.h"

namespace swap_property_test {

using namespace watchbill;
using namespace watchbill::testing;

namespace {

class Editor {
public:
    explicit Editor(unsigned seed, bool with_absences)
        : random_(seed), with_absences_(with_absences), world_(two_site_team(), at("2026-03-20T20:00:00Z")) {
        world_.team.notice_days = 60;
        world_.refresh();
        for (const Assignment& row : world_.plan.assignments) by_plan_[row.shift.key] = *row.member;
    }

    SwapWorld& world() { return world_; }
    const std::map<ShiftKey, MemberId>& by_plan() const { return by_plan_; }

    void edit() {
        switch (pick(with_absences_ ? 9 : 8)) {
            case 0:
            case 1:
            case 2: return propose();
            case 3:
            case 4: return answer();
            case 5: return remove();
            case 6: return match();
            case 7: world_.readable[anybody()] = pick(4) != 0; return;
            default: return leave();
        }
    }

    // What the test itself sees in the calendars, without any of the rules' code: an own event of the
    // organiser, and an own yes of the colleague.
    bool agreed(const Swap& swap) const {
        if (!world_.readable.at(swap.organizer) || !world_.readable.at(*swap.colleague)) return true;
        const auto& theirs = world_.calendars.find(*swap.colleague)->second;
        for (const SwapEntry& entry : world_.calendars.at(swap.organizer)) {
            if (entry.organizer && entry.organizer != swap.organizer) continue;
            for (const SwapEntry& copy : theirs) {
                const bool accepted =
                    copy.uid == entry.uid && copy.title == entry.title &&
                    std::any_of(copy.attendees.begin(), copy.attendees.end(), [&](const auto& attendee) {
                        return attendee.first == swap.colleague &&
                               attendee.second == ParticipationStatus::accepted;
                    });
                const bool matching =
                    !copy.organizer && copy.title.find(swap.organizer.email()) != std::string::npos;
                const bool asked_too =
                    copy.organizer == swap.colleague &&
                    std::any_of(copy.attendees.begin(), copy.attendees.end(),
                                [&](const auto& one) { return one.first == swap.organizer; });
                if (accepted || matching || asked_too) return true;
            }
        }
        return false;
    }

private:
    size_t pick(size_t below) { return std::uniform_int_distribution<size_t>(0, below - 1)(random_); }
    MemberId anybody() { return world_.team.members[pick(world_.team.members.size())].id; }
    Interval anywhere() {
        const Assignment& row = world_.plan.assignments[pick(world_.plan.assignments.size())];
        return row.shift.when;
    }
    Interval of(const MemberId& member) {
        const auto theirs = world_.shifts_of(member);
        return theirs.empty() || pick(6) == 0 ? anywhere()
                                              : theirs[pick(std::min<size_t>(theirs.size(), 3))]->shift.when;
    }

    void propose() {
        const MemberId organizer = anybody();
        const MemberId colleague = anybody();
        if (organizer == colleague) return;
        const bool cover = pick(3) == 0;
        SwapEntry entry;
        entry.uid = "u" + std::to_string(++uids_);
        entry.title = cover ? "MRO cover" : "MRO swap";
        if (!cover && pick(4) == 0) entry.title += " 2026-03-" + std::to_string(23 + pick(7));
        entry.when = of(organizer);
        entry.changed_at = world_.now;
        if (cover && pick(2) == 0) {
            world_.calendars[organizer].push_back(entry);
            return;
        }
        if (pick(4) == 0) {
            entry.title += " with " + colleague.email();
            world_.calendars[organizer].push_back(entry);
            return;
        }
        entry.organizer = organizer;
        // Everybody can write into their own copy what they like.
        entry.attendees = {
            {colleague, pick(3) == 0 ? ParticipationStatus::accepted : ParticipationStatus::needs_action}};
        world_.calendars[organizer].push_back(entry);
        entry.attendees.front().second = some_answer();
        world_.calendars[colleague].push_back(entry);
    }
    ParticipationStatus some_answer() {
        constexpr std::array answers = {ParticipationStatus::accepted, ParticipationStatus::accepted,
                                        ParticipationStatus::needs_action, ParticipationStatus::tentative,
                                        ParticipationStatus::declined};
        return answers[pick(answers.size())];
    }
    SwapEntry* any_entry(const MemberId& member) {
        auto& entries = world_.calendars[member];
        return entries.empty() ? nullptr : &entries[pick(entries.size())];
    }
    void answer() {
        const MemberId member = anybody();
        SwapEntry* entry = any_entry(member);
        if (entry == nullptr || !entry->organizer || entry->attendees.empty()) return;
        entry->attendees.front().second = some_answer();
    }
    void remove() {
        auto& entries = world_.calendars[anybody()];
        if (!entries.empty())
            entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(pick(entries.size())));
    }
    // The other side's own event for something that stands in another calendar.
    void match() {
        const MemberId organizer = anybody();
        const MemberId colleague = anybody();
        const SwapEntry* entry = any_entry(organizer);
        if (entry == nullptr || organizer == colleague) return;
        SwapEntry theirs;
        theirs.uid = "m" + std::to_string(++uids_);
        theirs.title =
            (entry->title.find("cover") != std::string::npos ? "MRO cover for " : "MRO swap with ") +
            organizer.email();
        theirs.when = entry->when;
        theirs.changed_at = world_.now;
        world_.calendars[colleague].push_back(theirs);
    }
    void leave() {
        auto& absences = world_.availability[anybody()].absences;
        if (!absences.empty()) {
            absences.clear();
        } else {
            absences.push_back({anywhere(), {}, AbsenceKind::vacation});
        }
    }

    std::mt19937 random_;
    bool with_absences_;
    SwapWorld world_;
    std::map<ShiftKey, MemberId> by_plan_;
    int uids_ = 0;
};

void check_everybody_agreed(Editor& editor, bool with_absences) {
    SwapWorld& world = editor.world();
    // Who came to hold what: from the plan, link by link.
    std::map<ShiftKey, std::set<MemberId>> may_hold;
    for (const auto& [key, member] : editor.by_plan()) may_hold[key].insert(member);
    for (const Swap& swap : world.known) {
        if (swap.state != SwapState::applied) continue;
        CHECK(editor.agreed(swap));
        may_hold[swap.shift].insert(*swap.colleague);
        if (swap.counter) may_hold[*swap.counter].insert(swap.organizer);
    }
    for (const Assignment& row : world.plan.assignments) {
        const auto fixed =
            std::find_if(world.overrides.begin(), world.overrides.end(),
                         [&row](const Override& other) { return other.shift == row.shift.key; });
        if (fixed != world.overrides.end()) {
            CHECK(row.member == fixed->member);
            CHECK(may_hold[row.shift.key].contains(*row.member));
        } else if (!with_absences) {
            CHECK(row.member == editor.by_plan().at(row.shift.key));
        }
    }
}

}  // namespace

TEST_CASE("no edit of calendars puts anybody on a shift without their consent") {
    size_t applied = 0;
    // Twelve edits each, and each of them judged twice.
    for (unsigned seed = 0; seed < test::case_count(300U); ++seed) {
        const bool with_absences = seed % 2 == 1;
        INFO("seed " << seed);
        Editor editor(seed, with_absences);
        SwapWorld& world = editor.world();
        for (int step = 0; step < 12; ++step) {
            editor.edit();
            world.now += std::chrono::minutes(1);
            world.refresh();
            check_everybody_agreed(editor, with_absences);
            CHECK_FALSE(world.refresh());
            for (const Swap& swap : world.known) applied += swap.state == SwapState::applied ? 1 : 0;
        }
        // What cannot be read says nothing.
        const std::vector<Override> before = world.overrides;
        for (auto& [member, readable] : world.readable) readable = false;
        world.refresh();
        CHECK(world.overrides == before);
        for (auto& [member, readable] : world.readable) readable = true;
        world.calendars.clear();
        world.availability.clear();
        world.refresh();
        CHECK(world.overrides.empty());
        if (with_absences) continue;
        for (const Assignment& row : world.plan.assignments)
            CHECK(row.member == editor.by_plan().at(row.shift.key));
    }
    CHECK(applied > test::case_count(size_t{150}));
}

}  // namespace swap_property_test
