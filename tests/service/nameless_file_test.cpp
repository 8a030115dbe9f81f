#include "service/nameless_file.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

namespace nameless_file_test {

using namespace watchbill;

namespace {

std::string bytes_of(const NamelessFile& file) {
    std::string bytes(1 << 20, '\0');
    const ssize_t got = ::pread(file.descriptor(), bytes.data(), bytes.size(), 0);
    REQUIRE(got >= 0);
    bytes.resize(static_cast<size_t>(got));
    return bytes;
}

std::string where(const NamelessFile& file) {
    return std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file.descriptor()));
}

}  // namespace

TEST_CASE("A file without a name holds its bytes, and no other file appears") {
    const std::string bytes(100'000, 'x');
    const auto file = NamelessFile::make(bytes);
    REQUIRE(file);
    CHECK(bytes_of(*file) == bytes);
    CHECK_FALSE(std::filesystem::exists(where(*file)));
}

TEST_CASE("Where a folder takes no files, they are in memory") {
    const std::string bytes(100'000, 'x');
    for (const char* folder : {"/nowhere", "/proc"}) {
        INFO(folder);
        const auto file = NamelessFile::make(bytes, folder);
        REQUIRE(file);
        CHECK(where(*file).starts_with("/memfd:"));
        CHECK(bytes_of(*file) == bytes);
    }
}

}  // namespace nameless_file_test
