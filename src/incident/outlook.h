// What escalation will do if nobody answers: whom it asks next, and the whole way once through. Pure: it is
// escalation.h itself, played ahead, so that what is shown is what happens.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "incident/escalation.h"

namespace watchbill {

struct EscalationOutlook {
    // Unset: everybody needed has accepted, nobody is left for who has not, or somebody must be told first.
    std::optional<Instant> at;
    std::vector<MemberId> members;  // who is asked then; several: all at once
    std::string slot;               // what for; "" where nobody is
};

EscalationOutlook escalation_outlook(const Staff& staff, const Incident& incident, Instant now,
                                     const DeliveryFacts& facts = {});

struct LadderStep {
    IncidentCall call;  // at the earliest
    std::string why;    // a sentence without a full stop
};

// Of an incident as it is opened: everybody who is asked until all have been, once, if each is told and says
// nothing; in order.
std::vector<LadderStep> call_ladder(const Staff& staff, const Incident& incident);

// What an invitation's or a call's slot is called: "commander", a skill, or "expert" for who was named.
std::string slot_title(const std::string& slot);

}  // namespace watchbill
