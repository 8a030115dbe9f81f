// Who is on duty, in words: for `on-duty` and for the start of `serve`.
#pragma once

#include <string>

#include "rotation/on_duty.h"

namespace watchbill::cli {

// A few lines per rotation: who and until when, why, and who is next.
std::string on_duty_in_words(const Team& team, const Plan& plan, Instant at);

}  // namespace watchbill::cli
