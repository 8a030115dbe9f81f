#include "service/nameless_copies.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

namespace nameless_copies_test {

using namespace watchbill;

namespace {

const std::string bytes(100'000, 'x');

std::string bytes_of(int descriptor) {
    std::string read(1 << 20, '\0');
    const ssize_t got = ::pread(descriptor, read.data(), read.size(), 0);
    REQUIRE(got >= 0);
    read.resize(static_cast<size_t>(got));
    return read;
}

std::string where(int descriptor) {
    return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor));
}

ino_t inode_of(int descriptor) {
    struct stat status {};
    REQUIRE(::fstat(descriptor, &status) == 0);
    return status.st_ino;
}

}  // namespace

TEST_CASE("A file without a name holds its bytes, and no other file appears") {
    const auto copies = NamelessCopies::make(bytes, 1);
    REQUIRE(copies);
    CHECK(bytes_of(copies->descriptor(0)) == bytes);
    CHECK_FALSE(std::filesystem::exists(where(copies->descriptor(0))));
}

TEST_CASE("Each reader has a file of its own, as far as there are copies") {
    const auto copies = NamelessCopies::make(bytes, 2);
    REQUIRE(copies);
    const int first = copies->descriptor(0);
    const int second = copies->descriptor(1);
    CHECK(inode_of(first) != inode_of(second));
    CHECK(bytes_of(first) == bytes);
    CHECK(bytes_of(second) == bytes);
    CHECK(copies->descriptor(2) == first);
    CHECK(copies->descriptor(3) == second);
}

TEST_CASE("Files without a name are closed with their last reader") {
    auto copies = NamelessCopies::make(bytes, 2);
    REQUIRE(copies);
    const std::string first = where(copies->descriptor(0));
    const std::string second = where(copies->descriptor(1));
    const auto still_open = [&] {
        size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
            std::error_code closed_meanwhile;
            const std::string file = std::filesystem::read_symlink(entry.path(), closed_meanwhile);
            if (file == first || file == second) ++count;
        }
        return count;
    };
    CHECK(still_open() == 2);
    copies.reset();
    CHECK(still_open() == 0);
}

TEST_CASE("Where a folder takes no files, they are in memory") {
    for (const char* folder : {"/nowhere", "/proc"}) {
        INFO(folder);
        const auto copies = NamelessCopies::make(bytes, 2, folder);
        REQUIRE(copies);
        for (const size_t reader : {0U, 1U}) {
            CHECK(where(copies->descriptor(reader)).starts_with("/memfd:"));
            CHECK(bytes_of(copies->descriptor(reader)) == bytes);
        }
    }
}

}  // namespace nameless_copies_test
