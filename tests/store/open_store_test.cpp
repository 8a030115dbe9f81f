// Opening: places that cannot hold a database, versions, damage, other processes.
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <random>

#include "store/migrations.h"
#include "store/store_fixture.h"

namespace open_store_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

soci::session raw_session(const std::string& path) { return {soci::sqlite3, "db=\"" + path + "\""}; }

// A small database with something in every table; returns what readers must find.
struct Contents {
    std::vector<Assignment> assignments;
    EventVersions versions;
    std::string copy;
};

Contents fill(const std::string& path) {
    Contents contents;
    const auto store = open(path);
    for (int i = 0; i < 25; ++i) {
        const Day date = day("2026-03-02") + std::chrono::days(i);
        contents.assignments.push_back(
            shift_of("mro", format_day(date), i % 2 == 0 ? "alice@example.com" : "bob@example.com"));
        contents.versions["shift-" + format_day(date)] = {i, at("2026-03-01T00:00:00Z"),
                                                          std::string(64, 'a')};
    }
    Publication publication = publication_of(at("2026-03-01T00:00:00Z"), contents.assignments);
    publication.versions = contents.versions;
    REQUIRE(store->publish(publication));
    contents.copy = std::string(9000, 'x');  // longer than a page: an overflow chain
    REQUIRE(store->save_source_copy({"key", contents.copy, {}, at("2026-03-01T00:00:00Z")}));
    return contents;
}

// Root may write everywhere; the tests of permissions give that right up while one of these stands.
class WithoutRootRights {
public:
    WithoutRootRights() {
        if (::geteuid() == 0) dropped_ = ::seteuid(65534) == 0;
    }
    ~WithoutRootRights() {
        if (dropped_ && ::seteuid(0) != 0) std::abort();
    }
    WithoutRootRights(const WithoutRootRights&) = delete;
    WithoutRootRights& operator=(const WithoutRootRights&) = delete;

private:
    bool dropped_ = false;
};

// Every write to a file fails meanwhile, as on a full disk: no file of this process may be longer than
// nothing.
class WithoutRoom {
public:
    WithoutRoom() {
        std::signal(SIGXFSZ, SIG_IGN);
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
        rlimit none = before_;
        none.rlim_cur = 0;
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &none) == 0);
    }
    ~WithoutRoom() {
        if (::setrlimit(RLIMIT_FSIZE, &before_) != 0) std::abort();
    }
    WithoutRoom(const WithoutRoom&) = delete;
    WithoutRoom& operator=(const WithoutRoom&) = delete;

private:
    rlimit before_{};
};

}  // namespace

TEST_CASE(
    "A database on a full disk can be read, also after a crash, and is shared again once there is room") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    const Contents contents = fill(path);
    const bool crashed = GENERATE(false, true);
    if (crashed) {
        // As it stands while somebody has it open: what was written last is beside it.
        const std::string copy = dir.file("copy.db");
        const auto alive = open(path);
        REQUIRE(alive->save_source_copy({"other", "x", {}, at("2026-03-01T00:00:00Z")}));
        for (const char* suffix : {"", "-wal", "-shm"})
            std::filesystem::copy_file(path + suffix, copy + suffix);
    }
    const std::string name = crashed ? dir.file("copy.db") : path;
    const StoreOptions impatient{std::chrono::milliseconds(0)};
    std::unique_ptr<Store> store;
    {
        const WithoutRoom without_room;
        auto opened = open_store("sqlite:" + name, impatient);
        if (!opened) FAIL(opened.error().message);
        store = std::move(*opened);
        CHECK(assignments_in(*store) == contents.assignments);
        CHECK(store->source_copy("other").value().has_value() == crashed);
        for (int i = 0; i < 3; ++i) {
            CHECK(store->check_writable().error().code == ErrorCode::unavailable);
            CHECK(store->save_source_copy({"new", "y", {}, at("2026-03-01T00:00:00Z")}).error().code ==
                  ErrorCode::unavailable);
        }
        CHECK(assignments_in(*store) == contents.assignments);
    }
    CHECK(error_of_opening("sqlite:" + name, impatient).code == ErrorCode::unavailable);
    REQUIRE(store->check_writable());
    REQUIRE(store->save_source_copy({"new", "y", {}, at("2026-03-01T00:00:00Z")}));
    const auto another = open(name);
    CHECK(another->source_copy("new").value().has_value());
    CHECK(assignments_in(*another) == contents.assignments);
}

TEST_CASE("A new database is a file that only its owner can read, with its WAL beside it") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    const auto store = open(path);
    REQUIRE(store->save_source_copy({"key", "secret", {}, at("2026-03-01T00:00:00Z")}));
    for (const std::string& name : {path, path + "-wal", path + "-shm"}) {
        struct stat status {};
        INFO(name);
        REQUIRE(::stat(name.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
    }
}

TEST_CASE("Paths with blanks, equal signs and letters of any language work") {
    const TempDir dir;
    const std::string path = dir.file(
        GENERATE(std::string("two  blanks here.db"), std::string("a=b db=c.db"), std::string("'quoted'.db"),
                 std::string("\xC3\xA9t\xC3\xA9.db"), std::string("100%?#&x=1.db")));
    open(path);
    CHECK(std::filesystem::exists(path));
    CHECK(std::filesystem::file_size(path) > 0);
}

TEST_CASE("A place that cannot hold a database is refused with what to do") {
    const TempDir dir;
    SECTION("no such directory") {
        const Error error = error_of_opening("sqlite:" + dir.file("missing/watchbill.db"));
        CHECK(error.code == ErrorCode::not_found);
        CHECK_THAT(error.message, Catch::Contains("directory") && Catch::Contains("create it"));
        CHECK(error.where == dir.file("missing/watchbill.db"));
    }
    SECTION("a file where a directory should be") {
        write_file(dir.file("plain"), "x");
        CHECK(error_of_opening("sqlite:" + dir.file("plain/watchbill.db")).code == ErrorCode::not_found);
    }
    SECTION("a directory") {
        const Error error = error_of_opening("sqlite:" + dir.path().string());
        CHECK(error.code == ErrorCode::invalid_input);
        CHECK_THAT(error.message, Catch::Contains("is a directory"));
    }
    SECTION("a pipe") {
        REQUIRE(::mkfifo(dir.file("pipe").c_str(), 0600) == 0);
        CHECK(error_of_opening("sqlite:" + dir.file("pipe")).code == ErrorCode::invalid_input);
    }
    SECTION("a quotation mark") {
        CHECK(error_of_opening("sqlite:" + dir.file("a\"b.db")).code == ErrorCode::invalid_input);
        CHECK_FALSE(std::filesystem::exists(dir.file("a\"b.db")));
    }
    SECTION("no path or another scheme") {
        for (const std::string url : {"", "sqlite:", "watchbill.db", "mysql://x"}) {
            CHECK(error_of_opening(url).code == ErrorCode::invalid_input);
        }
    }
}

TEST_CASE("PostgreSQL is refused for now, without printing the password in its URL") {
    const Error error = error_of_opening("postgresql://rota:hunter2@db.example.com/rota");
    CHECK(error.code == ErrorCode::refused);
    CHECK_THAT(error.message, Catch::Contains("PostgreSQL") && Catch::Contains("sqlite:"));
    CHECK_THAT(error.message + error.where, !Catch::Contains("hunter2") && !Catch::Contains("rota@"));
}

TEST_CASE("A directory or file that may not be written is unavailable, and nothing is lost") {
    const TempDir dir;
    REQUIRE(::chmod(dir.path().c_str(), 0755) == 0);
    SECTION("a new file in a read-only directory") {
        REQUIRE(::chmod(dir.path().c_str(), 0555) == 0);
        const WithoutRootRights dropped;
        const Error error = error_of_opening("sqlite:" + dir.file("watchbill.db"));
        CHECK(error.code == ErrorCode::unavailable);
        CHECK_THAT(error.message, Catch::Contains("right to write"));
    }
    SECTION("a file that is read-only") {
        fill(dir.file("watchbill.db"));
        REQUIRE(::chmod(dir.file("watchbill.db").c_str(), 0444) == 0);
        const WithoutRootRights dropped;
        CHECK(error_of_opening("sqlite:" + dir.file("watchbill.db")).code == ErrorCode::unavailable);
    }
    SECTION("a good file in a read-only directory, where SQLite cannot make its WAL") {
        const Contents contents = fill(dir.file("watchbill.db"));
        REQUIRE(::chmod(dir.file("watchbill.db").c_str(), 0666) == 0);
        REQUIRE(::chmod(dir.path().c_str(), 0555) == 0);
        {
            const WithoutRootRights dropped;
            CHECK(error_of_opening("sqlite:" + dir.file("watchbill.db")).code == ErrorCode::unavailable);
        }
        REQUIRE(::chmod(dir.path().c_str(), 0755) == 0);
        CHECK(assignments_in(*open(dir.file("watchbill.db"))) == contents.assignments);
    }
}

TEST_CASE("Another program's database is refused and left as it was") {
    const TempDir dir;
    const std::string path = dir.file("other.db");
    raw_session(path) << "CREATE TABLE bookmarks (url TEXT)";
    const std::string before = read_file(path);
    const Error error = error_of_opening("sqlite:" + path);
    CHECK(error.code == ErrorCode::refused);
    CHECK_THAT(error.message, Catch::Contains("another program"));
    int tables = 0;
    raw_session(path) << "SELECT COUNT(*) FROM sqlite_master", soci::into(tables);
    CHECK(tables == 1);
}

TEST_CASE("A newer schema version is refused with both versions and what to do") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    fill(path);
    raw_session(path) << "UPDATE watchbill_schema SET version = 99";
    const Error error = error_of_opening("sqlite:" + path);
    CHECK(error.code == ErrorCode::newer_version);
    CHECK_THAT(error.message, Catch::Contains("version 99") && Catch::Contains("newer version"));
    int version = 0;
    raw_session(path) << "SELECT version FROM watchbill_schema", soci::into(version);
    CHECK(version == 99);
}

TEST_CASE("Migrations are applied in order, each once, and a failing one leaves the version before it") {
    const TempDir dir;
    soci::session sql = raw_session(dir.file("steps.db"));
    const std::vector<store::Migration> steps = {
        {"CREATE TABLE people (name TEXT)", "INSERT INTO people VALUES ('alice')"},
        {"ALTER TABLE people ADD COLUMN mail TEXT", "UPDATE people SET mail = 'alice@example.com'"},
        {"INSERT INTO people VALUES ('bob', 'bob@example.com')", "INSERT INTO missing VALUES (1)"}};
    const auto version = [&sql] {
        int found = -1;
        sql << "SELECT version FROM watchbill_schema", soci::into(found);
        return found;
    };
    const auto people = [&sql] {
        int found = -1;
        sql << "SELECT COUNT(*) FROM people", soci::into(found);
        return found;
    };
    const std::span<const store::Migration> all(steps);

    REQUIRE(store::migrate(sql, all.first(1), "here"));
    CHECK(version() == 1);
    REQUIRE(store::migrate(sql, all.first(1), "here"));
    CHECK(people() == 1);

    REQUIRE(store::migrate(sql, all.first(2), "here"));
    CHECK(version() == 2);
    std::string mail;
    sql << "SELECT mail FROM people", soci::into(mail);
    CHECK(mail == "alice@example.com");

    CHECK(store::migrate(sql, all, "here").error().code == ErrorCode::damaged);
    CHECK(version() == 2);
    CHECK(people() == 1);

    CHECK(store::migrate(sql, all.first(1), "here").error().code == ErrorCode::newer_version);
}

TEST_CASE("A fresh database has the newest schema version, and opening it again changes nothing") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    open(path);
    const std::string before = read_file(path);
    open(path);
    CHECK((read_file(path) == before));
    int version = 0;
    raw_session(path) << "SELECT version FROM watchbill_schema", soci::into(version);
    CHECK(version == static_cast<int>(store::migrations().size()));
}

TEST_CASE("A file that is no database is damaged and left as it was") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    const std::string garbage = GENERATE(std::string("this is no database\n"), std::string(5000, '\0'),
                                         std::string("SQLite format 3\0 and nothing more", 34),
                                         std::string("[server]\nlisten = \"127.0.0.1:8080\"\n"));
    write_file(path, garbage);
    const Error error = error_of_opening("sqlite:" + path);
    CHECK(error.code == ErrorCode::damaged);
    CHECK_THAT(error.message, Catch::Contains("damaged") && Catch::Contains("restore"));
    CHECK(error.where == path);
    CHECK((read_file(path) == garbage));
}

// Whether damage is named at once, or by the check of the whole.
bool is_damaged(const std::string& path) {
    const auto store = open_store("sqlite:" + path);
    if (!store) return store.error().code == ErrorCode::damaged;
    const auto sound = check_database("sqlite:" + path);
    return !sound && sound.error().code == ErrorCode::damaged;
}

TEST_CASE("A truncated database is damaged") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    fill(path);
    const auto size = std::filesystem::file_size(path);
    const auto kept = GENERATE_COPY(size - 4097, size - 4096, size / 2, size_t{4096}, size_t{100});
    std::filesystem::resize_file(path, kept);
    INFO(kept << " of " << size);
    CHECK(is_damaged(path));
}

TEST_CASE("A flipped bit is reported or harmless: nobody is put on duty by it and no shift goes missing") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    const Contents contents = fill(path);
    const std::string sound = read_file(path);
    const unsigned seed = 20260301;
    INFO("seed " << seed);
    std::mt19937 random(seed);
    int reported = 0;
    for (int round = 0; round < 150; ++round) {
        std::string flipped = sound;
        const size_t place = random() % flipped.size();
        flipped[place] = static_cast<char>(flipped[place] ^ (1 << random() % 8));
        write_file(path, flipped);
        std::filesystem::remove(path + "-wal");
        std::filesystem::remove(path + "-shm");
        INFO("byte " << place);

        auto store = open_store("sqlite:" + path);
        if (!store || !check_database("sqlite:" + path)) {
            ++reported;
            continue;
        }
        const auto rows = (*store)->assignments("payments", all_days);
        const auto versions = (*store)->event_versions("payments");
        const auto copy = (*store)->source_copy("key");
        for (const bool sound_answer : {rows.has_value(), versions.has_value(), copy.has_value()}) {
            if (!sound_answer) ++reported;
        }
        if (!rows) CHECK(rows.error().code == ErrorCode::damaged);
        if (!versions) CHECK(versions.error().code == ErrorCode::damaged);
        if (!copy) CHECK(copy.error().code == ErrorCode::damaged);
        if (rows) CHECK(assignments_in(**store) == contents.assignments);
        if (versions) CHECK(*versions == contents.versions);
        if (copy) {
            REQUIRE(copy->has_value());
            CHECK((*copy)->bytes == contents.copy);
        }
    }
    CHECK(reported > 10);  // the rest hit free space, of which small tables are full
}

TEST_CASE("A damaged key is reported, in the table as in its index: no shift is missing without a word") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    fill(path);
    const std::string sound = read_file(path);
    int found = 0;
    for (size_t place = sound.find("payments2026-03-05"); place != std::string::npos;
         place = sound.find("payments2026-03-05", place + 1)) {
        ++found;
        std::string flipped = sound;
        flipped[place] = 'q';
        write_file(path, flipped);
        INFO("byte " << place);
        if (is_damaged(path)) continue;
        const auto rows = open(path)->assignments("payments", all_days);
        REQUIRE_FALSE(rows.has_value());
        CHECK(rows.error().code == ErrorCode::damaged);
    }
    CHECK(found >= 2);
}

TEST_CASE("Opening reads no more of a database than it needs, and checking it reads all") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    fill(path);
    CHECK(check_database("sqlite:" + path));
    // A page that only the copies of calendars have.
    std::string bytes = read_file(path);
    const size_t place = bytes.find(std::string(20, 'e'));  // base64 of many x
    const size_t overflow = bytes.find("eHh4eHh4");
    REQUIRE(std::min(place, overflow) != std::string::npos);
    const size_t page = std::min(place, overflow) / 4096 * 4096;
    bytes.replace(page, 8, std::string(8, '\xff'));
    write_file(path, bytes);
    const auto store = open(path);
    CHECK_FALSE(assignments_in(*store).empty());
    const auto copy = store->source_copy("key");
    REQUIRE_FALSE(copy);
    CHECK(copy.error().code == ErrorCode::damaged);
    const auto checked = check_database("sqlite:" + path);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == ErrorCode::damaged);
    CHECK_THAT(checked.error().message, Catch::Contains("damaged") && Catch::Contains("restore"));
    CHECK(checked.error().where == path);
}

TEST_CASE("A check of the whole makes no file, changes none, and can be stopped") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    CHECK(check_database("sqlite:" + path));
    CHECK_FALSE(std::filesystem::exists(path));
    const auto filled = fill(path);
    const std::string before = read_file(path);
    std::stop_source stopping;
    CHECK(check_database("sqlite:" + path, stopping.get_token()));
    CHECK((read_file(path) == before));
    stopping.request_stop();
    // It asks now and then: one this small may be through before.
    if (const auto checked = check_database("sqlite:" + path, stopping.get_token()); !checked)
        CHECK(checked.error().code == ErrorCode::unavailable);
    CHECK(check_database("sqlite::memory:"));
    CHECK(check_database("postgresql://db").error().code == ErrorCode::refused);
    raw_session(path) << "UPDATE watchbill_schema SET version = 99";
    CHECK(check_database("sqlite:" + path).error().code == ErrorCode::newer_version);
    raw_session(dir.file("other.db")) << "CREATE TABLE bookmarks (url TEXT)";
    CHECK(check_database("sqlite:" + dir.file("other.db")).error().code == ErrorCode::refused);
}

TEST_CASE("A changed row inside a sound file is damaged, and a copy can be saved anew") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    fill(path);
    SECTION("the person of a shift") {
        raw_session(path)
            << "UPDATE assignments SET member = 'mallory@example.com' WHERE shift_date = '2026-03-05'";
        const auto rows = open(path)->assignments("payments", all_days);
        REQUIRE_FALSE(rows.has_value());
        CHECK(rows.error().code == ErrorCode::damaged);
        CHECK(rows.error().where == path);
    }
    SECTION("the bytes of a copy") {
        raw_session(path) << "UPDATE source_copies SET bytes_base64 = 'AAAA'";
        const auto store = open(path);
        CHECK(store->source_copy("key").error().code == ErrorCode::damaged);
        REQUIRE(store->save_source_copy({"key", "fresh", {}, at("2026-03-01T00:00:00Z")}));
        CHECK(store->source_copy("key").value()->bytes == "fresh");
    }
}

TEST_CASE("A database that another process keeps locked is unavailable, at opening and later") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    fill(path);
    const StoreOptions impatient{std::chrono::milliseconds(20)};
    SECTION("a writer that never ends") {
        auto store = open_store("sqlite:" + path, impatient);
        REQUIRE(store.has_value());
        soci::session other = raw_session(path);
        other << "BEGIN IMMEDIATE";
        const auto outcome = (*store)->raise_feed_generation("payments", "rotation", revocation());
        REQUIRE_FALSE(outcome.has_value());
        CHECK(outcome.error().code == ErrorCode::unavailable);
        CHECK_THAT(outcome.error().message, Catch::Contains("another process"));
        const auto publication =
            publication_of(at("2026-03-01T00:00:00Z"), {shift_of("mro", "2027-01-01", "a@example.com")});
        CHECK((*store)->publish(publication).error().code == ErrorCode::unavailable);
        CHECK((*store)->assignments("payments", all_days).has_value());  // readers go on
        other << "COMMIT";
        CHECK((*store)->publish(publication).has_value());
    }
    SECTION("an exclusive lock") {
        soci::session other = raw_session(path);
        other << "PRAGMA locking_mode = EXCLUSIVE";
        other << "BEGIN EXCLUSIVE";
        CHECK(error_of_opening("sqlite:" + path, impatient).code == ErrorCode::unavailable);
    }
}

}  // namespace open_store_test
