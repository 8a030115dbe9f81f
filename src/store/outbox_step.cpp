#include "store/migrations.h"

namespace watchbill::store {

// Instants that are not known are 0; claimed_by is '' when nobody has taken the message since its last
// attempt ended. seq is the order in which messages were written.
Migration outbox_step() {
    return {
        R"(CREATE TABLE outbox (
            id TEXT PRIMARY KEY,
            seq BIGINT NOT NULL,
            team TEXT NOT NULL,
            kind TEXT NOT NULL,
            about TEXT NOT NULL,
            recipient TEXT NOT NULL,
            recipient_name TEXT NOT NULL,
            subject TEXT NOT NULL,
            body_text TEXT NOT NULL,
            body_html TEXT NOT NULL,
            calendar TEXT NOT NULL,
            calendar_method TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            digest TEXT NOT NULL,
            state TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            next_attempt BIGINT NOT NULL,
            claimed_until BIGINT NOT NULL,
            claimed_by TEXT NOT NULL,
            last_error TEXT NOT NULL,
            settled_at BIGINT NOT NULL))",
        "CREATE INDEX outbox_by_state ON outbox (state, seq)",
        "CREATE INDEX outbox_by_subject ON outbox (team, about, recipient, seq)",
    };
}

// transport is "mail" or "caldav"; held_until is 0 for mails that do not wait for a calendar's server.
Migration transports_step() {
    return {
        "ALTER TABLE outbox ADD COLUMN transport TEXT NOT NULL DEFAULT 'mail'",
        "ALTER TABLE outbox ADD COLUMN held_until BIGINT NOT NULL DEFAULT 0",
    };
}

}  // namespace watchbill::store
