// Who waits for whom, and how long: readers for nobody, writers for others until their time is up.
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "store/store_fixture.h"
#include "watchbill/call_deadline.h"

namespace waiting_test {

using namespace watchbill;
using namespace watchbill::test;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

// Another process that is writing, and does not come to an end.
class Lock {
public:
    explicit Lock(const std::string& path) : sql_(soci::sqlite3, "db=\"" + path + "\"") {
        sql_ << "BEGIN IMMEDIATE";
    }
    void release() { sql_ << "COMMIT"; }

private:
    soci::session sql_;
};

std::unique_ptr<Store> open_with(const std::string& path, milliseconds patience) {
    auto store = open_store("sqlite:" + path, {patience});
    REQUIRE(store);
    return std::move(*store);
}

Result<void> write_to(Store& store) {
    return store.raise_feed_generation("payments", "rotation", revocation());
}

template <typename Work>
steady_clock::duration time_of(Work&& work) {
    const auto began = steady_clock::now();
    work();
    return steady_clock::now() - began;
}

}  // namespace

TEST_CASE("Readers answer while writers of this process wait for another one") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    const auto store = open_with(path, seconds(60));
    const Assignment shift = shift_of("mro", "2027-01-01", "alice@example.com");
    REQUIRE(store->publish(publication_of(at("2026-03-01T00:00:00Z"), {shift})));
    Lock lock(path);
    std::atomic<int> written = 0;
    std::vector<std::thread> writers;
    for (int i = 0; i < 3; ++i)
        writers.emplace_back([&] { written += write_to(*store).has_value() ? 1 : 0; });
    const auto took = time_of([&] {
        // More readers than there are sessions for.
        std::vector<std::thread> readers;
        std::atomic<int> found = 0;
        for (int i = 0; i < 10; ++i) {
            readers.emplace_back([&] {
                const auto rows = store->assignments("payments", all_days);
                found += rows && rows->size() == 1 ? 1 : 0;
                found += store->feed_generation("payments", "rotation").value_or(-1) == 0 ? 1 : 0;
            });
        }
        for (std::thread& reader : readers) reader.join();
        CHECK(found == 20);
        CHECK(written == 0);
    });
    CHECK(took < seconds(30));  // and not a minute: they have waited for nobody
    lock.release();
    for (std::thread& writer : writers) writer.join();
    CHECK(written == 3);
    CHECK(store->feed_generation("payments", "rotation").value() == 3);  // what was written is read
}

TEST_CASE("Who waits for this process's writers and then for another process has one time for both") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    constexpr milliseconds patience(1000);
    const auto store = open_with(path, patience);
    const Lock lock(path);
    std::atomic<steady_clock::rep> longest = 0;
    std::atomic<int> unavailable = 0;
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i) {
        writers.emplace_back([&] {
            const auto took = time_of([&] {
                const auto outcome = write_to(*store);
                if (!outcome && outcome.error().code == ErrorCode::unavailable) ++unavailable;
            });
            for (auto known = longest.load(); took.count() > known;)
                if (longest.compare_exchange_weak(known, took.count())) break;
        });
    }
    for (std::thread& writer : writers) writer.join();
    CHECK(unavailable == 4);
    CHECK(steady_clock::duration(longest) < 2 * patience);  // one after the other they would take four times
}

TEST_CASE("A thread's deadline is shared by all that it waits for") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    const auto store = open_with(path, seconds(60));
    Lock lock(path);
    const auto took = time_of([&] {
        const CallDeadline deadline(steady_clock::now() + milliseconds(50));
        for (int i = 0; i < 3; ++i) {
            const auto outcome = write_to(*store);
            REQUIRE_FALSE(outcome);
            CHECK(outcome.error().code == ErrorCode::unavailable);
        }
        CHECK(store->feed_generation("payments", "rotation").value() == 0);
    });
    CHECK(took < seconds(30));
    lock.release();
    // Time that is up keeps nobody from what is free.
    const CallDeadline over(steady_clock::now() - seconds(1));
    CHECK(write_to(*store));
    CHECK(store->feed_generation("payments", "rotation").value() == 1);
}

TEST_CASE("Of deadlines inside each other the earliest holds, and each ends with its block") {
    CHECK_FALSE(CallDeadline::current());
    const auto now = steady_clock::now();
    {
        const CallDeadline outer(now + seconds(2));
        CHECK(CallDeadline::current() == now + seconds(2));
        {
            const CallDeadline later(now + seconds(3));
            CHECK(CallDeadline::current() == now + seconds(2));
            const CallDeadline earlier(now + seconds(1));
            CHECK(CallDeadline::current() == now + seconds(1));
        }
        CHECK(CallDeadline::current() == now + seconds(2));
        std::thread([] { CHECK_FALSE(CallDeadline::current()); }).join();
    }
    CHECK_FALSE(CallDeadline::current());
}

TEST_CASE("That a token was used is noted at once or not at all") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    const auto store = open_with(path, seconds(60));
    const Instant noon = at("2026-03-01T12:00:00Z");
    REQUIRE(store->add_api_token({"t1", "bot", "digest", {"read"}, noon, {}, {}, {}}, revocation()));
    Lock lock(path);
    const auto took = time_of([&] { CHECK_FALSE(store->touch_api_token("t1", noon)); });
    CHECK(took < seconds(30));
    lock.release();
    CHECK(store->touch_api_token("t1", noon));
    CHECK(store->find_api_token("digest").value()->last_used_at == noon);
}

TEST_CASE("A database in memory is one for readers and writers") {
    const auto store = open_store("sqlite::memory:");
    REQUIRE(store);
    REQUIRE(write_to(**store));
    CHECK((*store)->feed_generation("payments", "rotation").value() == 1);
    CHECK((*store)->check_place());
}

}  // namespace waiting_test
