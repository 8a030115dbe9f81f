// Source copies and feed generations.
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <catch2/catch.hpp>
#include <random>

#include "store/base64.h"
#include "store/migrations.h"
#include "store/store_fixture.h"

namespace source_copy_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

std::string random_bytes(size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::string bytes(count, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() & 0xff);
    return bytes;
}

void check_same(const SourceCopy& found, const SourceCopy& expected) {
    CHECK(found.key == expected.key);
    CHECK((found.bytes == expected.bytes));  // without printing 10 MB
    CHECK(found.validators == expected.validators);
    CHECK(found.fetched_at == expected.fetched_at);
    CHECK(found.team == expected.team);
    CHECK(found.owner == expected.owner);
    CHECK(found.place == expected.place);
}

}  // namespace

TEST_CASE("base64 agrees with the vectors of RFC 4648 section 10 and refuses everything else") {
    using namespace watchbill::store;
    const std::vector<std::pair<std::string, std::string>> vectors = {{"", ""},
                                                                      {"f", "Zg=="},
                                                                      {"fo", "Zm8="},
                                                                      {"foo", "Zm9v"},
                                                                      {"foob", "Zm9vYg=="},
                                                                      {"fooba", "Zm9vYmE="},
                                                                      {"foobar", "Zm9vYmFy"},
                                                                      {std::string("\0\xff\xfe", 3), "AP/+"}};
    for (const auto& [bytes, text] : vectors) {
        CHECK(base64_encode(bytes) == text);
        CHECK(base64_decode(text) == bytes);
    }
    for (const std::string bad :
         {"Zg=", "Zg", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm 9", "Zh==", "Zm9=", "Zm-_"}) {
        INFO(bad);
        CHECK_FALSE(base64_decode(bad).has_value());
    }
}

TEST_CASE("A source copy of any bytes comes back, also after a restart") {
    const TempDir dir;
    const std::string bytes =
        GENERATE(std::string(), std::string("\0", 1), std::string("BEGIN:VCALENDAR\r\n\0\xff\x80 '\"", 22),
                 random_bytes(65537, 7), random_bytes(10'000'000, 8));
    const SourceCopy copy{
        "key", bytes, {"\"etag\"", "Sun, 01 Mar 2026 00:00:00 GMT"}, at("2026-03-01T00:00:00Z")};
    {
        const auto store = open(dir.file("watchbill.db"));
        CHECK_FALSE(store->source_copy("key").value().has_value());
        REQUIRE(store->save_source_copy(copy));
    }
    const auto store = open(dir.file("watchbill.db"));
    const auto found = store->source_copy("key");
    REQUIRE(found.has_value());
    REQUIRE(found->has_value());
    check_same(**found, copy);
}

TEST_CASE("A source copy is replaced by a newer one, and stamped when it is still good") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    REQUIRE(store->save_source_copy({"a", "old", {"1", ""}, at("2026-03-01T00:00:00Z")}));
    REQUIRE(store->save_source_copy({"b", "other", {"", ""}, at("2026-03-01T00:00:00Z")}));
    const SourceCopy renewed{"a", "new", {"2", "modified"}, at("2026-03-02T00:00:00Z")};
    REQUIRE(store->save_source_copy(renewed));
    check_same(store->source_copy("a").value().value(), renewed);

    REQUIRE(store->touch_source_copy("a", at("2026-03-03T00:00:00Z")));
    REQUIRE(store->touch_source_copy("never saved", at("2026-03-03T00:00:00Z")));
    check_same(store->source_copy("a").value().value(),
               {"a", "new", {"2", "modified"}, at("2026-03-03T00:00:00Z")});
    check_same(store->source_copy("b").value().value(), {"b", "other", {"", ""}, at("2026-03-01T00:00:00Z")});
    CHECK_FALSE(store->source_copy("never saved").value().has_value());
}

TEST_CASE(
    "A source copy has an owner, and a team's copies are named by owner and place and forgotten by key") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    const Instant then = at("2026-03-01T00:00:00Z");
    const SourceCopy second{"a", "bytes", {"1", ""}, then, "payments", "bob@example.com", 1};
    REQUIRE(store->save_source_copy({"d", "other", {}, then, "payments", "holidays/paris", 0}));
    REQUIRE(store->save_source_copy(second));
    REQUIRE(store->save_source_copy({"b", "first", {}, then, "payments", "bob@example.com", 0}));
    REQUIRE(store->save_source_copy({"c", "another team's", {}, then, "search", "bob@example.com", 0}));
    REQUIRE(store->save_source_copy({"e", "nobody's", {}, then}));
    REQUIRE(store->save_source_copy({"f", "", {}, then, "payments", "zoe@example.com", 0}));
    check_same(store->source_copy("a").value().value(), second);
    const std::vector<SourceCopyName> names{{"b", "bob@example.com", 0},
                                            {"a", "bob@example.com", 1},
                                            {"d", "holidays/paris", 0},
                                            {"f", "zoe@example.com", 0, false}};
    CHECK(store->source_copy_names("payments").value() == names);

    REQUIRE(store->forget_source_copies({"b", "d", "f", "never saved"}));
    CHECK(store->source_copy_names("payments").value() ==
          std::vector<SourceCopyName>{{"a", "bob@example.com", 1}});
    CHECK(store->source_copy_names("search").value().size() == 1);
    CHECK(store->source_copy("e").value().has_value());
    CHECK_FALSE(store->source_copy("b").value().has_value());
}

TEST_CASE("A source copy from before copies had owners is nobody's, and is read") {
    const TempDir dir;
    const std::string path = dir.file("old.db");
    {
        soci::session sql(soci::sqlite3, "db=\"" + path + "\"");
        REQUIRE(store::migrate(sql, store::migrations().first(6), "here"));
        // The digest as version 6 made it.
        sql << "INSERT INTO source_copies (source_key, bytes_base64, etag, last_modified, digest, fetched_at)"
               " VALUES ('key', 'Zm9v', '1', '', '7b22a3910c3f988a', 1772323200)";
    }
    const auto store = open(path);
    check_same(store->source_copy("key").value().value(),
               {"key", "foo", {"1", ""}, at("2026-03-01T00:00:00Z")});
}

TEST_CASE("Feed generations start at 0 and rise one by one, each team and scope on its own") {
    const TempDir dir;
    {
        const auto store = open(dir.file("watchbill.db"));
        CHECK(store->feed_generation("payments", "rotation").value() == 0);
        REQUIRE(store->raise_feed_generation("payments", "rotation", revocation()));
        REQUIRE(store->raise_feed_generation("payments", "rotation", revocation()));
        REQUIRE(store->raise_feed_generation("payments", "absences", revocation()));
    }
    const auto store = open(dir.file("watchbill.db"));
    CHECK(store->feed_generation("payments", "rotation").value() == 2);
    CHECK(store->feed_generation("payments", "absences").value() == 1);
    CHECK(store->feed_generation("search", "rotation").value() == 0);
    const auto log = store->audit_log("payments", 10).value();
    CHECK(log == std::vector<AuditEntry>(3, revocation()));
    CHECK(store->audit_log("search", 10).value().empty());
}

TEST_CASE("A store in memory works like a file") {
    auto store = open_store("sqlite::memory:");
    REQUIRE(store.has_value());
    REQUIRE((*store)->save_source_copy({"a", "bytes", {}, at("2026-03-01T00:00:00Z")}));
    CHECK((*store)->source_copy("a").value()->bytes == "bytes");
    REQUIRE((*store)->publish(
        publication_of(at("2026-03-01T00:00:00Z"), {shift_of("mro", "2026-03-02", "a@example.com")})));
    CHECK(assignments_in(**store).size() == 1);
}

}  // namespace source_copy_test
