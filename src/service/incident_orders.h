// What people ask for when they open or change an incident, checked before anything is done with it. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "incident/changes.h"
#include "service/team_actions.h"

namespace watchbill {

struct IncidentOrder {
    std::string title;
    std::string severity;  // "" for sev3
    std::vector<std::string> needs;
    std::vector<std::string> experts;
    std::string description;
    std::optional<Instant> start;      // now, where it is not given
    std::optional<Duration> duration;  // an hour, where it is not given
    std::string conference;            // "": that of the team's template
    std::string reporter;              // an address, or ""
};

// Codes: invalid_input and too_large, with a sentence; unknown_severity.
ActionResult<IncidentOpeningOrder> accept_order(const Team& team, const IncidentOrder& order, std::string id,
                                                Instant now);

// As a program sends it: texts are not judged yet.
struct IncidentPatchOrder {
    std::optional<std::string> title;
    std::optional<std::string> severity;
    std::optional<std::string> description;
    std::optional<Instant> start;
    std::optional<Instant> end;
    std::optional<std::string> commander;
    std::vector<std::string> add_experts;
    std::vector<std::string> remove_experts;
    std::optional<std::vector<std::string>> needs;
};
ActionResult<IncidentPatch> accept_patch(const IncidentPatchOrder& order, Instant now);

// A note of several lines; `may_be_empty` for what is said while resolving.
ActionResult<std::string> accept_note(const std::string& text, bool may_be_empty);

// An Idempotency-Key: 1 to 200 printable ASCII characters.
ActionResult<void> accept_key(const std::string& key);

}  // namespace watchbill
