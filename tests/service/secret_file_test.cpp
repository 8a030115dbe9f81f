#include "service/secret_file.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <thread>

#include "service/fakes.h"

namespace secret_file_test {

using namespace watchbill;
using watchbill::test::TempDir;

namespace {

void write(const std::filesystem::path& path, const std::string& text, mode_t mode = 0600) {
    std::ofstream(path) << text;
    REQUIRE(::chmod(path.c_str(), mode) == 0);
}

std::string secret_at(const std::filesystem::path& path) { return load_or_make_secret(path).value_or(""); }

ErrorCode error_of(const std::filesystem::path& path) {
    const auto secret = load_or_make_secret(path);
    REQUIRE_FALSE(secret);
    CHECK(secret.error().where == path.string());
    return secret.error().code;
}

}  // namespace

TEST_CASE("The secret is made once, for its owner only") {
    const TempDir folder;
    const auto path = folder.path() / "secret.key";
    const auto made = load_or_make_secret(path);
    REQUIRE(made);
    CHECK(made->size() == 64);
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
    CHECK(secret_at(path) == *made);
    // Nothing else stays behind.
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
    const TempDir other;
    CHECK(secret_at(other.path() / "secret.key") != *made);
}

TEST_CASE("Several that start at once have the same secret") {
    const TempDir folder;
    std::array<std::string, 8> secrets;
    std::vector<std::thread> starters;
    for (std::string& secret : secrets) {
        starters.emplace_back([&secret, &folder] {
            if (const auto made = load_or_make_secret(folder.path() / "secret.key")) secret = *made;
        });
    }
    for (std::thread& starter : starters) starter.join();
    CHECK(std::set<std::string>(secrets.begin(), secrets.end()).size() == 1);
    CHECK(secrets[0].size() == 64);
}

TEST_CASE("A secret that people bring is taken without its line end") {
    const TempDir folder;
    const auto path = folder.path() / "secret.key";
    write(path, std::string(32, 'x') + "\r\n");
    CHECK(secret_at(path) == std::string(32, 'x'));
    const auto link = folder.path() / "link";
    std::filesystem::create_symlink(path, link);
    CHECK(secret_at(link) == std::string(32, 'x'));
}

TEST_CASE("A secret that others may use, or that is none, is refused") {
    const TempDir folder;
    const auto path = folder.path() / "secret.key";
    for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0644U}) {
        INFO(mode);
        write(path, std::string(64, 'x'), mode);
        CHECK(error_of(path) == ErrorCode::refused);
    }
    write(path, std::string(31, 'x') + "\n");
    CHECK(error_of(path) == ErrorCode::damaged);
    write(path, "");
    CHECK(error_of(path) == ErrorCode::damaged);
    write(path, std::string(5000, 'x'));
    CHECK(error_of(path) == ErrorCode::damaged);
    CHECK(error_of(folder.path()) == ErrorCode::refused);
    CHECK(error_of(folder.path() / "no" / "such" / "folder") == ErrorCode::unavailable);
}

}  // namespace secret_file_test
