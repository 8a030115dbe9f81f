// The database's schema as a list of steps, each applied once, in order, in one transaction.
//
// SQL that SQLite and PostgreSQL both take: TEXT, INTEGER (32 bits), BIGINT; instants are BIGINT seconds
// since 1970 UTC, days are TEXT "YYYY-MM-DD". A released step never changes; a new one is appended.
#pragma once

#include <soci/soci.h>

#include <span>
#include <string>
#include <vector>

#include "watchbill/result.h"

namespace watchbill::store {

using Migration = std::vector<std::string>;  // its statements; the n-th migration makes schema version n

std::span<const Migration> migrations();

// Steps that have a file of their own.
Migration outbox_step();           // outbox_step.cpp
Migration transports_step();       // outbox_step.cpp
Migration swaps_step();            // swaps_step.cpp
Migration swap_replies_step();     // swap_replies_step.cpp
Migration incident_step();         // incident_step.cpp
Migration priority_step();         // priority_step.cpp
Migration copy_owner_step();       // copy_owner_step.cpp
Migration upkeep_step();           // upkeep_step.cpp
Migration forced_override_step();  // forced_override_step.cpp
Migration swap_asks_step();        // swap_asks_step.cpp

// Whether it can be brought there, or is there already: writes nothing. Errors: as migrate.
Result<void> check_schema(soci::session& sql, std::span<const Migration> steps, const std::string& place);

// Brings the database to version `steps.size()`. An empty one starts at version 0. Two processes may call it
// at the same time. Errors: newer_version, refused (tables that are not ours), and those of the database.
Result<void> migrate(soci::session& sql, std::span<const Migration> steps, const std::string& place);

}  // namespace watchbill::store
