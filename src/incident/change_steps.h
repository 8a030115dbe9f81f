// The steps that changes of an incident are made of. Internal to src/incident.
#pragma once

#include <optional>
#include <string>

#include "incident/changes.h"

namespace watchbill {

std::string name_of(const Invitation& invitation);  // the address of who has none

void note(IncidentChange& change, Instant now, const std::string& who, std::string kind, std::string text,
          std::optional<MemberId> about = std::nullopt);

tl::unexpected<IncidentRefusal> refuse_closed(const Incident& incident);

// The SEQUENCE of this change: for what raises it, also where that happens at the end.
int upcoming_sequence(const IncidentChange& change);

// Adds the invitation, from now on to be answered, with its entry of that kind.
void ask(IncidentChange& change, Invitation invitation, Instant now, const std::string& who,
         const std::string& kind);
std::optional<Invitation> take_out(Incident& incident, const MemberId& member);
// A reporter stays informed; everybody else is told that they are done.
// `member` may be that of the very invitation that is taken out.
void release(IncidentChange& change, const MemberId& member);
// Of those to be told CANCEL: each once, and nobody who was invited again after all.
void tidy_removed(IncidentChange& change);

// Whoever has to be found for the command next is asked in the first round.
void restart_rounds(Incident& incident);

// Keeps that they were asked now, for all that their invitation names.
void note_call(Incident& incident, const Invitation& invitation, Instant now);
// Of their last call.
void note_answer(Incident& incident, const MemberId& member, ParticipationStatus answer);
IncidentCall* last_call(Incident& incident, const MemberId& member);  // null where they were never asked

bool is_filled(const Incident& incident, const std::string& slot);
void drop_slot(Incident& incident, const std::string& name);
// Asks the best one who has it, or says that there is nobody.
void fill_skill(const Staff& staff, IncidentChange& change, const std::string& skill, Instant now,
                const std::string& who);

}  // namespace watchbill
