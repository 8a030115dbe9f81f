#include "store/migrations.h"

namespace watchbill::store {

// An answer by mail belongs to the event that it answers and to the round of that event (swap.h), no longer
// to the swap alone. event is '' in answers from before: which event they were to is not known any more.
Migration swap_replies_step() {
    return {
        R"(CREATE TABLE swap_event_replies (
            team TEXT NOT NULL,
            swap_id TEXT NOT NULL,
            event TEXT NOT NULL,
            round INTEGER NOT NULL,
            member TEXT NOT NULL,
            counter_date TEXT NOT NULL,
            counter_rotation TEXT NOT NULL,
            accepted INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            dtstamp BIGINT NOT NULL,
            PRIMARY KEY (team, swap_id, event, round, member)))",
        R"(INSERT INTO swap_event_replies (team, swap_id, event, round, member, counter_date,
            counter_rotation, accepted, sequence, dtstamp)
            SELECT team, swap_id, '', 0, member, counter_date, counter_rotation, accepted, sequence, dtstamp
            FROM swap_replies)",
        "DROP TABLE swap_replies",
    };
}

}  // namespace watchbill::store
