// Any bytes at all, read as the answer of a DAV server: no crash, no leak, and what comes out keeps its
// promises.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sources/limits.h"
#include "sources/multistatus.h"

namespace {

using namespace watchbill;

void require(bool promise) {
    if (!promise) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    static_cast<void>(dav::names_precondition(bytes, "valid-sync-token"));
    const auto answer = dav::parse_multistatus(bytes);
    if (!answer) {
        require(!answer.error().message.empty());
        return 0;
    }
    require(answer->resources.size() <= 2 * max_dav_resources);
    size_t calendars = 0;
    for (const dav::Resource& resource : answer->resources) {
        require(resource.status >= 0 && resource.status <= 999);
        require(resource.property_status >= 0 && resource.property_status <= 999);
        if (resource.calendar_data) calendars += resource.calendar_data->size();
    }
    // Nothing is expanded: text only gets shorter, at most twice as long where it had to be converted.
    require(calendars <= 2 * size);
    return 0;
}
