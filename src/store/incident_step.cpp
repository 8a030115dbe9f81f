#include "store/migrations.h"

namespace watchbill::store {

// The document is the whole incident, as JSON; the columns beside it are what is searched by. closed_at is
// the greatest BIGINT while the incident is open.
Migration incident_step() {
    return {
        R"(CREATE TABLE incidents (
            team TEXT NOT NULL,
            id TEXT NOT NULL,
            uid TEXT NOT NULL UNIQUE,
            version INTEGER NOT NULL,
            state TEXT NOT NULL,
            opened_at BIGINT NOT NULL,
            closed_at BIGINT NOT NULL,
            document TEXT NOT NULL,
            digest TEXT NOT NULL,
            PRIMARY KEY (team, id)))",
        "CREATE INDEX incidents_by_opening ON incidents (team, opened_at)",
        "CREATE INDEX incidents_by_end ON incidents (team, closed_at)",
        R"(CREATE TABLE incident_timeline (
            team TEXT NOT NULL,
            incident TEXT NOT NULL,
            seq BIGINT NOT NULL,
            at BIGINT NOT NULL,
            kind TEXT NOT NULL,
            who TEXT NOT NULL,
            body TEXT NOT NULL,
            about TEXT NOT NULL,
            PRIMARY KEY (team, incident, seq)))",
        // When each person was last asked to help.
        R"(CREATE TABLE incident_calls (
            team TEXT NOT NULL,
            member TEXT NOT NULL,
            called_at BIGINT NOT NULL,
            PRIMARY KEY (team, member)))",
        // Answers to openings by Idempotency-Key.
        R"(CREATE TABLE kept_answers (
            team TEXT NOT NULL,
            answer_key TEXT NOT NULL,
            body_digest TEXT NOT NULL,
            incident TEXT NOT NULL,
            answer TEXT NOT NULL,
            kept_at BIGINT NOT NULL,
            PRIMARY KEY (team, answer_key)))",
        "CREATE INDEX kept_answers_by_age ON kept_answers (kept_at)",
    };
}

}  // namespace watchbill::store
