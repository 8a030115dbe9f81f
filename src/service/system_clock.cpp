#include "service/system_clock.h"

namespace watchbill {

Instant SystemClock::now() const {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace watchbill
