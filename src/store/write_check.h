// Whether the database can be written at this moment. Called inside `guarded`, with the session to itself.
#pragma once

#include <soci/soci.h>

#include "watchbill/result.h"

namespace watchbill::store {

// See OutboxStore::check_writable.
Result<void> check_writable(soci::session& sql);

}  // namespace watchbill::store
