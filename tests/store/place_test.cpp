// A database whose files are taken away while they are open: nothing is written that would be lost.
#include <catch2/catch.hpp>
#include <filesystem>

#include "store/store_fixture.h"

namespace place_test {

using namespace watchbill;
using namespace watchbill::test;
namespace fs = std::filesystem;

namespace {

struct Opened {
    TempDir dir;
    std::string path = dir.file("watchbill.db");
    std::unique_ptr<Store> store = open(path);

    Opened() { REQUIRE(write()); }
    Result<void> write() { return store->raise_feed_generation("payments", "rotation", revocation()); }
    int generation() { return store->feed_generation("payments", "rotation").value(); }

    void check_refused(const std::string& what) {
        for (int i = 0; i < 2; ++i) {
            const auto written = write();
            REQUIRE_FALSE(written);
            CHECK(written.error().code == ErrorCode::unavailable);
            CHECK_THAT(written.error().message, Catch::Contains(what) && Catch::Contains("restart"));
            CHECK(written.error().where.starts_with(path));
        }
        const auto placed = store->check_place();
        REQUIRE_FALSE(placed);
        CHECK(placed.error().code == ErrorCode::unavailable);
    }
    // What was read goes on being read, and nothing was written.
    void check_unchanged() { CHECK(generation() == 1); }
};

}  // namespace

TEST_CASE("A database that stands where it was opened is written") {
    Opened opened;
    CHECK(opened.store->check_place());
    CHECK(opened.write());
    CHECK(opened.generation() == 2);
}

TEST_CASE("A database file that is moved away is written no more, until it is back") {
    Opened opened;
    fs::rename(opened.path, opened.path + ".old");
    opened.check_refused("moved or removed");
    opened.check_unchanged();
    fs::rename(opened.path + ".old", opened.path);
    CHECK(opened.store->check_place());
    CHECK(opened.write());
    CHECK(opened.generation() == 2);
}

TEST_CASE("A database file that is removed is written no more, nor is another one in its place") {
    Opened opened;
    const bool with_the_rest = GENERATE(true, false);
    fs::remove(opened.path);
    if (with_the_rest) {
        fs::remove(opened.path + "-wal");
        fs::remove(opened.path + "-shm");
    }
    opened.check_refused("moved or removed");
    opened.check_unchanged();
    CHECK_FALSE(fs::exists(opened.path));
    // As another process makes a new one.
    open(opened.path);
    opened.check_refused("replaced");
}

TEST_CASE("A backup that replaces the database file is not written") {
    Opened opened;
    fs::copy_file(opened.path, opened.path + ".backup");
    fs::rename(opened.path + ".backup", opened.path);
    opened.check_refused("replaced");
    opened.check_unchanged();
}

TEST_CASE("A folder that is moved takes its database along") {
    TempDir dir;
    fs::create_directory(dir.file("data"));
    const auto store = open(dir.file("data/watchbill.db"));
    REQUIRE(store->raise_feed_generation("payments", "rotation", revocation()));
    fs::rename(dir.file("data"), dir.file("elsewhere"));
    CHECK(store->raise_feed_generation("payments", "rotation", revocation()).error().code ==
          ErrorCode::unavailable);
}

TEST_CASE("Beside the database the files of its latest changes are looked for, too") {
    Opened opened;
    const std::string ending = GENERATE("-wal", "-shm");
    fs::remove(opened.path + ending);
    opened.check_refused("moved or removed");
}

TEST_CASE("A database behind a link is where the link leads to") {
    TempDir dir;
    fs::create_directory(dir.file("data"));
    fs::create_symlink(dir.file("data/real.db"), dir.file("watchbill.db"));
    open(dir.file("data/real.db"));
    const auto store = open(dir.file("watchbill.db"));
    CHECK(store->raise_feed_generation("payments", "rotation", revocation()));
    fs::remove(dir.file("watchbill.db"));
    fs::create_symlink(dir.file("data/other.db"), dir.file("watchbill.db"));
    open(dir.file("data/other.db"));
    CHECK_FALSE(store->raise_feed_generation("payments", "rotation", revocation()));
}

}  // namespace place_test
