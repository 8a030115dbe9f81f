// Which events ask, or asked, for a swap (Swap::events), and which answers by mail are to them. Pure.
//
//  - An answer belongs to the event whose UID it names. SEQUENCE and DTSTAMP say which of two is newer within
//    one event only.
//  - An event that is gone takes no answers. One that comes back under its UID asks anew: its round is one
//    higher, and answers to an older SEQUENCE than it came back with are to what it asked before.
//  - UIDs of some exports change each time (CALENDARS.md 25). Nothing but answers by mail hangs on them, and
//    only the last of those gone are remembered.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rotation/availability/swap_event.h"
#include "watchbill/swap.h"

namespace watchbill {

// How SwapEventRecord::name names an event: its UID as event_uid() writes it, and where it recurs "#" and the
// instance.
std::string swap_event_name(std::string_view uid, std::string_view recurrence_id);
std::string swap_event_name(const SwapEvent& event);

// Whether a name is that of the event, or of an instance of the series, that has this UID.
bool names_event_of(std::string_view name, std::string_view uid);

// Null for none. Names from before they were written as they are now are found too.
const SwapEventRecord* find_record(const std::vector<SwapEventRecord>& records, const std::string& name);

// Of the swap's answers by mail those to this event, as it is now. `records` are the swap's, as last stored.
std::vector<SwapReply> replies_to_event(const std::vector<SwapReply>& replies,
                                        const std::vector<SwapEventRecord>& records, const SwapEvent& event);

// The records from now on. `present` are the events there are, the one that counts first; `elsewhere` the
// records of the organiser's other swaps: an event that was moved here asks for something else than it did.
// `asks_otherwise`: the same events ask for another shift in exchange than before.
std::vector<SwapEventRecord> next_records(const std::vector<SwapEventRecord>& before,
                                          const std::vector<const SwapEvent*>& present,
                                          const std::vector<SwapEventRecord>& elsewhere, bool asks_otherwise);

}  // namespace watchbill
