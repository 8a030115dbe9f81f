// What the next person must know at a handover: incidents, notes left for it, what changed in the plan of the
// coming days for the two people, the checklist. Pure.
//
// It is part of what subscribers see, so it depends on the handover and hardly on "now": the same plan, notes
// and incidents make the same brief, today and in a week. Only whether a shift has begun matters: an open
// incident stands in no brief of days to come, since it may be over by then.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rotation/duty/on_duty.h"
#include "watchbill/incident.h"
#include "watchbill/plan.h"
#include "watchbill/store.h"
#include "watchbill/team.h"

namespace watchbill {

// A shift that is held by somebody else than subscribers were once told.
struct PlanChange {
    Shift shift;
    MemberId member;
    MemberId instead_of;
    bool by_people = false;  // a swap, a cover or a change by hand; else the other became unavailable
    bool operator==(const PlanChange&) const = default;
};

struct BriefIncident {
    std::string id;
    std::string title;
    Severity severity = Severity::sev3;
    bool open = false;
    MemberId commander;
    Instant opened_at;
    std::optional<Instant> closed_at;
    bool operator==(const BriefIncident&) const = default;
};

// Incidents of the team that may matter, and when that was so.
struct IncidentNews {
    std::vector<Incident> incidents;
    Instant as_of = Instant::min();
};

struct Brief {
    Handover handover;
    std::vector<HandoverNote> notes;  // in the order they were left
    std::vector<PlanChange> changes;  // of the week after the handover, by start
    std::vector<std::string> checklist;
    std::vector<BriefIncident> incidents;  // of the shift: open ones first, then by opening
};

// `notes` may hold those of other handovers too.
Brief brief_of(const Team& team, const Plan& plan, const std::vector<HandoverNote>& notes,
               const Handover& handover, const IncidentNews& news = {});

// The handover at the end of that shift; nothing when it has none (the plan ends there, say).
std::optional<Handover> handover_after(const std::vector<Handover>& handovers, const ShiftKey& shift);
// The first after `now`: of the shift that runs, or of the next one. `rotation` may be "" for any.
std::optional<Handover> next_handover(const std::vector<Handover>& handovers, std::string_view rotation,
                                      Instant now);

// "Alice Martin, MRO, hands over to Zoé Tremblay, Remote, 12:00 there."
std::string say_handover(const Team& team, const Handover& handover);
// The receiving side of it, with their time of day where it is another.
std::string say_receiver(const Team& team, const Handover& handover);
// Who left a note: a member's name, or what the token or the account is called.
std::string say_author(const Team& team, const std::string& author);
// The whole brief: lines separated by '\n', without one at the end.
std::string say_brief(const Team& team, const Brief& brief);

// "\n\nChecklist:\n- ...", or nothing where the team has none. Also for shifts.
std::string say_checklist(const std::vector<std::string>& checklist);

}  // namespace watchbill
