// A feed as it goes over the wire: rendered once per change, immutable, so that requests only copy.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "service/nameless_copies.h"
#include "watchbill/time.h"

namespace watchbill {

// Threads that send feeds (http/server.h): each has its own copy of a long one.
inline constexpr size_t feed_senders = 2;

// One form of a feed's bytes with the name that caches know it by.
struct FeedVariant {
    std::shared_ptr<const std::string> bytes;
    const NamelessCopies* files;  // the same bytes, where they are many; null, or for as long as `bytes`
    std::string etag;             // strong, with its quotes (RFC 9110 8.8.3)
};

struct FeedSnapshot {
    FeedVariant identity;
    FeedVariant gzip;
    Instant last_modified;
};

std::shared_ptr<const FeedSnapshot> make_snapshot(std::string bytes, Instant last_modified);

}  // namespace watchbill
