// Who is on duty, in words: for `on-duty` and for the start of `serve`.
#pragma once

#include <string>

#include "rotation/duty/duty_chain.h"

namespace watchbill::cli {

// Who answers and by which rule; then a few lines per rotation: who and until when, why, and who is next.
std::string on_duty_in_words(const DutyInput& input, Instant at);

}  // namespace watchbill::cli
