#include "service/source_state.h"

#include <cassert>

namespace watchbill {

std::string_view source_health_name(SourceHealth health) {
    switch (health) {
        case SourceHealth::never: return "never";
        case SourceHealth::ok: return "ok";
        case SourceHealth::stale: return "stale";
        case SourceHealth::failing: return "failing";
    }
    assert(false && "every health has a name");
    return "";
}

}  // namespace watchbill
