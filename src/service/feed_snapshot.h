// A feed as it goes over the wire: rendered once per change, immutable, so that requests only copy.
#pragma once

#include <memory>
#include <string>

#include "watchbill/time.h"

namespace watchbill {

// One form of a feed's bytes with the name that caches know it by.
struct FeedVariant {
    std::shared_ptr<const std::string> bytes;
    std::string etag;  // strong, with its quotes (RFC 9110 8.8.3)
};

struct FeedSnapshot {
    FeedVariant identity;
    FeedVariant gzip;
    Instant last_modified;
};

std::shared_ptr<const FeedSnapshot> make_snapshot(std::string bytes, Instant last_modified);

}  // namespace watchbill
