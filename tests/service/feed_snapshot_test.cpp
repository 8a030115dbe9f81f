#include "service/feed_snapshot.h"

#include <unistd.h>
#include <zlib.h>

#include <catch2/catch.hpp>
#include <random>

#include "service/gzip.h"

namespace feed_snapshot_test {

using namespace watchbill;

namespace {

std::string gunzip(const std::string& packed, size_t size) {
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string input = packed;
    std::string bytes(size + 1, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    REQUIRE(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    bytes.resize(stream.total_out);
    inflateEnd(&stream);
    return bytes;
}

}  // namespace

TEST_CASE("gzip can be undone, for nothing, text and noise") {
    constexpr unsigned seed = 20261122;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::string noise(100000, '\0');
    for (char& c : noise) c = static_cast<char>(random() & 0xffU);
    for (const std::string& bytes :
         {std::string(), std::string("BEGIN:VCALENDAR\r\n"), std::string(1 << 20, 'x'), noise})
        CHECK(gunzip(gzip(bytes), bytes.size()) == bytes);
}

TEST_CASE("gzip bytes hold no time") {
    const std::string packed = gzip("something");
    CHECK(packed == gzip("something"));
    CHECK(packed.substr(4, 4) == std::string(4, '\0'));  // MTIME, RFC 1952 2.3
}

TEST_CASE("Snapshots of the same bytes have the same strong tags, and each form its own") {
    const Instant when{};
    const auto a = make_snapshot("one", when);
    const auto b = make_snapshot("one", when + Duration(1));
    const auto c = make_snapshot("two", when);
    CHECK(a->identity.etag == b->identity.etag);
    CHECK(a->gzip.etag == b->gzip.etag);
    CHECK(a->identity.etag != c->identity.etag);
    CHECK(a->identity.etag != a->gzip.etag);
    CHECK(a->identity.etag.front() == '"');
    CHECK(a->identity.etag.back() == '"');
    CHECK(*a->identity.bytes == "one");
    CHECK(gunzip(*a->gzip.bytes, 3) == "one");
}

}  // namespace feed_snapshot_test
