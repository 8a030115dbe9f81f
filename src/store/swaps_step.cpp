#include "store/migrations.h"

namespace watchbill::store {

// A swap's body is JSON (swap_rows.cpp); the columns beside it are what is asked for. last_date is the later
// date of its two shifts. The history is never changed.
Migration swaps_step() {
    return {
        R"(CREATE TABLE swaps (
            team TEXT NOT NULL,
            id TEXT NOT NULL,
            shift_date TEXT NOT NULL,
            last_date TEXT NOT NULL,
            revision BIGINT NOT NULL,
            body TEXT NOT NULL,
            digest TEXT NOT NULL,
            PRIMARY KEY (team, id)))",
        R"(CREATE TABLE swap_history (
            team TEXT NOT NULL,
            swap_id TEXT NOT NULL,
            seq BIGINT NOT NULL,
            at BIGINT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            what TEXT NOT NULL,
            PRIMARY KEY (team, swap_id, seq)))",
        // counter_date is '' where the swap takes no shift in exchange.
        R"(CREATE TABLE swap_replies (
            team TEXT NOT NULL,
            swap_id TEXT NOT NULL,
            member TEXT NOT NULL,
            counter_date TEXT NOT NULL,
            counter_rotation TEXT NOT NULL,
            accepted INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            dtstamp BIGINT NOT NULL,
            PRIMARY KEY (team, swap_id, member)))",
        // Its row is written first in each decision, so that replicas decide a team's swaps one by one.
        R"(CREATE TABLE swap_turns (
            team TEXT PRIMARY KEY,
            taken BIGINT NOT NULL))",
    };
}

}  // namespace watchbill::store
