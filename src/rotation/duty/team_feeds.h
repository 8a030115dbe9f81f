// A plan as the events that people subscribe to. Pure: versions and bytes come later
// (src/ical/feed_writer.h).
//
// An event's UID and content are the same in every feed that shows it, and change only when what the
// subscriber sees changes: no "now", no balance, nothing that moves while the shift stays.
#pragma once

#include <vector>

#include "rotation/duty/brief.h"
#include "watchbill/feed.h"
#include "watchbill/plan.h"
#include "watchbill/store.h"
#include "watchbill/swap.h"
#include "watchbill/team.h"

namespace watchbill {

// Long enough for clients to draw a readable box, short enough not to look like a meeting of its own.
inline constexpr Duration handover_length = std::chrono::minutes(15);

struct FeedInput {
    const Team* team = nullptr;
    const Plan* plan = nullptr;  // history and horizon: [now - 30 days, now + horizon]
    TeamAvailability availability;
    Interval window;                       // events that do not touch it are left out
    std::vector<HandoverNote> notes = {};  // left for any of the handovers
    std::vector<Swap> swaps = {};          // told on the shifts that they are about
    IncidentNews news = {};
};

// Every rotation's shifts. UID: by shift, never by person.
Feed rotation_feed(const FeedInput& input);

// Their shifts, the handovers they take part in, and their rest after night duty. An unknown member's feed is
// empty.
Feed member_feed(const FeedInput& input, const MemberId& member);

// 15 minutes from the end of each shift, with both people and the brief. Where the same person goes on, or
// nobody is there on either side, there is nothing to hand over, unless somebody left a note or
// there was an incident.
Feed handovers_feed(const FeedInput& input);

// Who is away: kind only, never titles. What several calendars say about one absence is one event: spans of
// one kind that overlap or touch are joined, and a span inside a more telling one (vacation over out of
// office) is dropped. A holiday is one event for each site whose members all share it, or one for everybody.
Feed absences_feed(const FeedInput& input);

}  // namespace watchbill
