// One store used by several threads, and one file by several stores.
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "store/store_fixture.h"

namespace concurrency_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

constexpr int rounds = 25;

// Publishes, reads and raises; counts what failed. Catch2's macros are not for several threads.
void use_store(Store& store, int number, std::atomic<int>& failures) {
    const std::string key = "key" + std::to_string(number);
    for (int i = 0; i < rounds; ++i) {
        const std::string bytes(1000, static_cast<char>('a' + i));
        const Day date = day("2026-03-02") + std::chrono::days(i);
        Publication publication =
            publication_of(at("2026-03-01T00:00:00Z"),
                           {shift_of("rotation" + std::to_string(number), format_day(date), "a@x.org")});
        publication.versions = {{key, {i, at("2026-03-01T00:00:00Z"), bytes}}};
        if (!store.publish(publication)) ++failures;
        if (!store.save_source_copy({key, bytes, {}, at("2026-03-01T00:00:00Z")})) ++failures;
        const auto copy = store.source_copy(key);
        if (!copy || !*copy || (*copy)->bytes != bytes) ++failures;
        if (!store.raise_feed_generation("payments", "rotation", revocation())) ++failures;
        if (!store.assignments("payments", all_days)) ++failures;
    }
}

void check_all_there(Store& store, int threads) {
    CHECK(assignments_in(store).size() == static_cast<size_t>(threads * rounds));
    CHECK(store.feed_generation("payments", "rotation").value() == threads * rounds);
    CHECK(store.event_versions("payments").value().size() == static_cast<size_t>(threads));
    CHECK(store.audit_log("payments", 1000).value().size() == static_cast<size_t>(threads * rounds));
}

}  // namespace

TEST_CASE("Threads share one store without losing anything") {
    const TempDir dir;
    const auto store = open(dir.file("watchbill.db"));
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number) {
        threads.emplace_back([&, number] { use_store(*store, number, failures); });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(failures == 0);
    check_all_there(*store, 4);
}

TEST_CASE("Stores on one file, opened at once, wait for each other without losing anything") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (int number = 0; number < 3; ++number) {
        threads.emplace_back([&, number] {
            const StoreOptions patient{std::chrono::seconds(60)};  // a slow disk under a loaded machine
            auto store = open_store("sqlite:" + path, patient);
            if (!store) {
                ++failures;
                return;
            }
            use_store(**store, number, failures);
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(failures == 0);
    check_all_there(*open(path), 3);
}

TEST_CASE("Replicas that publish the same team at once take turns") {
    const TempDir dir;
    const std::string path = dir.file("watchbill.db");
    std::vector<Assignment> year;
    for (int i = 0; i < 300; ++i) {
        year.push_back(
            shift_of("mro", format_day(day("2026-03-02") + std::chrono::days(i)), "a@example.com"));
    }
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (int number = 0; number < 2; ++number) {
        threads.emplace_back([&] {
            auto store = open_store("sqlite:" + path, {std::chrono::seconds(60)});
            for (int i = 0; i < 15 && store; ++i) {
                if (!(*store)->publish(publication_of(at("2026-03-01T00:00:00Z"), year))) ++failures;
            }
            if (!store) ++failures;
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(failures == 0);
    CHECK(assignments_in(*open(path)) == year);
}

}  // namespace concurrency_test
