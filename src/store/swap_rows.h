// Swaps as rows: a body of JSON and the columns that are asked for. Pure.
#pragma once

#include <string>

#include "watchbill/result.h"
#include "watchbill/swap.h"

namespace watchbill::store {

struct SwapRow {
    std::string team;
    std::string id;
    std::string shift_date;
    std::string last_date;
    long long revision = 0;
    std::string body;  // JSON
    std::string digest;
};

SwapRow to_row(const std::string& team, const Swap& swap);
// Error: damaged.
Result<Swap> from_row(const SwapRow& row);

}  // namespace watchbill::store
