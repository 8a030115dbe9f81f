#include "service/feed_snapshot.h"

#include "crypto/crypto.h"
#include "service/gzip.h"

namespace watchbill {

namespace {

// Of fewer, the copy into the socket costs less than the further system call (tests/bench/front_door).
constexpr size_t worth_files = size_t{64} * 1024;

// One count of readers for both: each request for a feed, on whatever processor, counts at it.
struct Kept {
    std::string bytes;
    std::unique_ptr<const NamelessCopies> files;
};

FeedVariant variant_of(std::string bytes) {
    // 128 bits of a hash: no two contents that a client ever sees share it.
    std::string etag = '"' + crypto::sha256_hex(bytes).substr(0, 32) + '"';
    auto files = bytes.size() >= worth_files ? NamelessCopies::make(bytes, feed_senders) : nullptr;
    const auto kept = std::make_shared<const Kept>(Kept{std::move(bytes), std::move(files)});
    return {std::shared_ptr<const std::string>(kept, &kept->bytes), kept->files.get(), std::move(etag)};
}

}  // namespace

std::shared_ptr<const FeedSnapshot> make_snapshot(std::string bytes, Instant last_modified) {
    FeedVariant packed = variant_of(gzip(bytes));
    return std::make_shared<const FeedSnapshot>(
        FeedSnapshot{variant_of(std::move(bytes)), std::move(packed), last_modified});
}

}  // namespace watchbill
