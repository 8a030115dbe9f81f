// Events as people and their calendar programs write them, for tests of swaps and covers.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "rotation/swaps/swap_world.h"

namespace watchbill::testing::entries {

// Sunday 1 March 2026, the evening before Alice, Bob, Carol and Dan serve a day each.
inline SwapWorld paris() {
    SwapWorld world(two_site_team(), at("2026-03-01T20:00:00Z"));
    world.team.notice_days = 60;
    world.refresh();
    return world;
}

inline Interval noon(std::string_view date) {
    const Instant start = at(std::string(date) + "T11:00:00Z");
    return {start, start + std::chrono::hours(1)};
}

// What is published without people.
inline SwapEntry plain(std::string uid, std::string title, std::string_view date = "2026-03-02") {
    SwapEntry entry;
    entry.uid = std::move(uid);
    entry.title = std::move(title);
    entry.when = noon(date);
    return entry;
}

inline SwapEntry invitation(std::string uid, std::string title, const MemberId& organizer,
                            const MemberId& guest,
                            ParticipationStatus status = ParticipationStatus::needs_action,
                            std::string_view date = "2026-03-02") {
    SwapEntry entry = plain(std::move(uid), std::move(title), date);
    entry.organizer = organizer;
    entry.attendees = {{organizer, ParticipationStatus::accepted}, {guest, status}};
    return entry;
}

inline size_t applied_in(const SwapWorld& world) {
    size_t applied = 0;
    for (const Swap& swap : world.known) applied += swap.state == SwapState::applied ? 1U : 0U;
    return applied;
}

}  // namespace watchbill::testing::entries
