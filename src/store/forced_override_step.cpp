#include "store/migrations.h"

namespace watchbill::store {

// Overrides from before did not say whether they were forced, but their entries in the audit log do.
Migration forced_override_step() {
    return {
        "ALTER TABLE overrides ADD COLUMN forced INTEGER NOT NULL DEFAULT 0",
        "UPDATE overrides SET forced = 1 WHERE EXISTS (SELECT 1 FROM audit_log WHERE audit_log.team ="
        " overrides.team AND audit_log.at = overrides.fixed_at AND audit_log.action = 'override.set'"
        " AND audit_log.what LIKE '%. Forced: %')",
    };
}

}  // namespace watchbill::store
