#include "store/migrations.h"

namespace watchbill::store {

// team and owner are '' in copies from before; place is the calendar's among its owner's.
Migration copy_owner_step() {
    return {
        "ALTER TABLE source_copies ADD COLUMN team TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE source_copies ADD COLUMN owner TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE source_copies ADD COLUMN place INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX source_copies_by_owner ON source_copies (team, owner)",
    };
}

}  // namespace watchbill::store
