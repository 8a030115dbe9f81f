#include "store/migrations.h"

namespace watchbill::store {

// Events that asked for a swap and became none (SwapAsk); colleague is '' for nobody in particular.
Migration swap_asks_step() {
    return {
        R"(CREATE TABLE swap_asks (
            team TEXT NOT NULL,
            member TEXT NOT NULL,
            uid TEXT NOT NULL,
            colleague TEXT NOT NULL,
            seen_at BIGINT NOT NULL,
            PRIMARY KEY (team, member, uid, colleague)))",
    };
}

}  // namespace watchbill::store
