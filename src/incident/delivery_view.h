// How the latest message about an incident to somebody fares, as people and scripts are told. A value.
#pragma once

#include <optional>
#include <string>

#include "watchbill/time.h"

namespace watchbill {

struct DeliveryView {
    std::string transport = "mail";  // as transport_name has it
    std::string state = "queued";
    std::string reason = {};  // why it waits or has failed, a sentence without a full stop; "" for none
    int attempts = 0;         // that failed
    std::optional<Instant> next_try = std::nullopt;  // of what waits
};

}  // namespace watchbill
