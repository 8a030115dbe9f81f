#include "store/migrations.h"

namespace watchbill::store {

// Sessions of the web page that people ended, by digest, until their cookies would end by themselves. Answers
// are kept of every change and not of openings alone: head has an answer's status and headers as JSON, and is
// '' where it is that of an opening.
Migration upkeep_step() {
    return {
        R"(CREATE TABLE ended_sessions (
            session_digest TEXT PRIMARY KEY,
            forget_at BIGINT NOT NULL))",
        "ALTER TABLE kept_answers ADD COLUMN head TEXT NOT NULL DEFAULT ''",
    };
}

}  // namespace watchbill::store
