// Incidents in the database: see include/watchbill/incident_store.h. Called inside `guarded`, with the
// session to themselves.
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <vector>

#include "watchbill/incident_store.h"

namespace watchbill::store {

Result<std::optional<KeptAnswer>> open_incident(soci::session& sql, const IncidentWrite& opening,
                                                const KeptAnswer& answer);
Result<std::optional<KeptAnswer>> select_kept_answer(soci::session& sql, const std::string& team,
                                                     const std::string& key);
Result<void> keep_answer(soci::session& sql, const std::string& team, const KeptAnswer& answer, Instant now);
Result<void> change_incident(soci::session& sql, const IncidentWrite& change);

// `place` names the database in errors: damaged.
Result<std::optional<Incident>> select_incident(soci::session& sql, const std::string& team,
                                                const std::string& id, const std::string& place);
Result<std::optional<Incident>> select_incident_of_event(soci::session& sql, const std::string& uid,
                                                         const std::string& place);
Result<std::vector<Incident>> select_incidents(soci::session& sql, const std::string& team,
                                               const IncidentQuery& query, const std::string& place);
Result<std::vector<TimelineEntry>> select_timeline(soci::session& sql, const std::string& team,
                                                   const std::string& id);
Result<CallHistory> select_call_history(soci::session& sql, const std::string& team);
Result<IncidentCounts> count_incidents(soci::session& sql, const std::string& team);

}  // namespace watchbill::store
