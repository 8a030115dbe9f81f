// A plan as the events that people subscribe to. Pure: versions and bytes come later
// (src/ical/feed_writer.h).
#pragma once

#include "watchbill/feed.h"
#include "watchbill/plan.h"
#include "watchbill/team.h"

namespace watchbill {

struct FeedInput {
    const Team* team = nullptr;
    const Plan* plan = nullptr;  // history and horizon: [now - 30 days, now + horizon]
    TeamAvailability availability;
    Interval window;  // events that do not touch it are left out
};

// A shift has the same event (UID, content) in every feed that shows it.
Feed rotation_feed(const FeedInput& input);                        // every rotation's shifts
Feed member_feed(const FeedInput& input, const MemberId& member);  // their shifts, handovers and rest
Feed handovers_feed(const FeedInput& input);                       // 15 minutes at each boundary, both people
Feed absences_feed(const FeedInput& input);                        // who is away: kind only, never titles

}  // namespace watchbill
