#include "store/migrations.h"

namespace watchbill::store {

// As MessagePriority: 0 goes before 1.
Migration priority_step() {
    return {
        "ALTER TABLE outbox ADD COLUMN priority INTEGER NOT NULL DEFAULT 1",
    };
}

}  // namespace watchbill::store
