#include "http/request_id.h"

#include <catch2/catch.hpp>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace request_id_test {

using namespace watchbill::http;

namespace {

std::string id_of(const std::string& given) { return request_id_of(given); }

bool is_random_id(const std::string& id) {
    return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

TEST_CASE("A request keeps a well-formed id that came with it") {
    const std::vector<std::string> well_formed = {"a", "Az09._-", "7b3c0d7e-1234-4a5b-8c9d-0123456789ab",
                                                  std::string(64, 'x')};
    for (const std::string& given : well_formed) CHECK(id_of(given) == given);
}

TEST_CASE("Any other id is replaced by a random one") {
    const std::vector<std::string> others = {"",     std::string(65, 'x'), "a b", "a\"b",    "a,b",
                                             "a\tb", "\xc3\xa9",           "a/b", "a%0d%0ab"};
    for (const std::string& given : others) {
        INFO(given);
        CHECK(is_random_id(id_of(given)));
    }
    CHECK(is_random_id(id_of("a, b")));  // two of them
    CHECK(is_random_id(request_id_of(std::nullopt)));
}

TEST_CASE("Random ids differ, on one thread and between threads") {
    std::mutex mutex;
    std::set<std::string> ids;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 1000; ++n) {
                const std::string id = request_id_of(std::nullopt);
                const std::lock_guard lock(mutex);
                ids.insert(id);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(ids.size() == 4000);
}

}  // namespace request_id_test
