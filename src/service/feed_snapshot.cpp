#include "service/feed_snapshot.h"

#include "crypto/crypto.h"
#include "service/gzip.h"

namespace watchbill {

namespace {

FeedVariant variant_of(std::string bytes) {
    // 128 bits of a hash: no two contents that a client ever sees share it.
    std::string etag = '"' + crypto::sha256_hex(bytes).substr(0, 32) + '"';
    return {std::make_shared<const std::string>(std::move(bytes)), std::move(etag)};
}

}  // namespace

std::shared_ptr<const FeedSnapshot> make_snapshot(std::string bytes, Instant last_modified) {
    FeedVariant packed = variant_of(gzip(bytes));
    return std::make_shared<const FeedSnapshot>(
        FeedSnapshot{variant_of(std::move(bytes)), std::move(packed), last_modified});
}

}  // namespace watchbill
