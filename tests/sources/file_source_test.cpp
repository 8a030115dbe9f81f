// Calendars in files.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "sources/source_fixture.h"

namespace file_source_test {

using namespace watchbill;
using namespace watchbill::test;

TEST_CASE("A file's bytes are read as they are") {
    const TempDir dir;
    const std::string bytes =
        GENERATE(std::string(), std::string("BEGIN\r\n\0\xff", 9), std::string(200'000, 'x'));
    write_file(dir.file("a b.ics"), bytes);
    const Fetched result = fetched(file_calendar(dir.file("a b.ics")));
    CHECK_FALSE(result.not_modified);
    CHECK((result.bytes == bytes));
    CHECK(result.validators.etag.empty());
    CHECK_FALSE(result.validators.last_modified.empty());
}

TEST_CASE("A file that did not change is not modified, and one that changed is read again") {
    const TempDir dir;
    const std::string path = dir.file("alice.ics");
    write_file(path, "one");
    const Validators first = fetched(file_calendar(path)).validators;
    const Fetched again = fetched(file_calendar(path), {}, first);
    CHECK(again.not_modified);
    CHECK(again.bytes.empty());
    CHECK(again.validators == first);

    SECTION("another size") { write_file(path, "three"); }
    SECTION("the same size, another time") {
        write_file(path, "two");
        const timespec times[2] = {{1'800'000'000, 1}, {1'800'000'000, 2}};
        REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
    }
    SECTION("another file of the same size moved to its place, its times copied") {
        struct stat old {};
        REQUIRE(::stat(path.c_str(), &old) == 0);
        write_file(dir.file("new.ics"), "two");
        const timespec times[2] = {old.st_atim, old.st_mtim};
        REQUIRE(::utimensat(AT_FDCWD, dir.file("new.ics").c_str(), times, 0) == 0);
        std::filesystem::rename(dir.file("new.ics"), path);
    }
    const Fetched changed = fetched(file_calendar(path), {}, first);
    CHECK_FALSE(changed.not_modified);
    CHECK(changed.bytes == read_file(path));
    CHECK(changed.validators != first);
}

TEST_CASE("A missing file says what to do, and not where it was looked for") {
    const TempDir dir;
    write_file(dir.file("plain"), "x");
    for (const std::string& path : {dir.file("SECRET.ics"), dir.file("plain/SECRET.ics"), std::string(),
                                    dir.file("plain") + std::string("\0SECRET", 7)}) {
        const Error error = error_of(file_calendar(path));
        CHECK(error.code == ErrorCode::not_found);
        CHECK_THAT(error.message, Catch::Contains("does not exist") && Catch::Contains("create it"));
    }
}

TEST_CASE("What is no regular file is refused at once, without blocking on it") {
    const TempDir dir;
    std::string path = dir.path().string();
    SECTION("a directory") {}
    SECTION("a pipe nobody writes to") {
        path = dir.file("pipe");
        REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    }
    SECTION("an endless device") { path = "/dev/zero"; }
    SECTION("a socket") {
        path = dir.file("socket");
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
        const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
        REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
        ::close(listener);
    }
    SECTION("a link to a directory") {
        path = dir.file("link");
        std::filesystem::create_symlink(dir.path(), path);
    }
    const Error error = error_of(file_calendar(path));
    CHECK(error.code == ErrorCode::refused);
    CHECK_THAT(error.message, Catch::Contains("not a regular file"));
}

TEST_CASE("A link to a file is read, a link in a circle is not") {
    const TempDir dir;
    write_file(dir.file("real.ics"), "content");
    std::filesystem::create_symlink(dir.file("real.ics"), dir.file("link.ics"));
    CHECK(fetched(file_calendar(dir.file("link.ics"))).bytes == "content");
    std::filesystem::create_symlink(dir.file("circle"), dir.file("circle"));
    CHECK(error_of(file_calendar(dir.file("circle"))).code == ErrorCode::unavailable);
}

TEST_CASE("A file that may not be read is refused") {
    const TempDir dir;
    REQUIRE(::chmod(dir.path().c_str(), 0755) == 0);
    const std::string path = dir.file("private.ics");
    write_file(path, "x");
    REQUIRE(::chmod(path.c_str(), 0000) == 0);
    const bool is_root = ::geteuid() == 0;
    if (is_root) REQUIRE(::seteuid(65534) == 0);
    const Result<Fetched> outcome = fetch(file_calendar(path));
    if (is_root) REQUIRE(::seteuid(0) == 0);
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error().code == ErrorCode::refused);
    CHECK_THAT(outcome.error().message, Catch::Contains("right to read"));
}

TEST_CASE("A file of 10 MB is read and one byte more is too large, also when it has holes") {
    const TempDir dir;
    const std::string path = dir.file("big.ics");
    write_file(path, "x");
    std::filesystem::resize_file(path, 10 * 1024 * 1024);
    CHECK(fetched(file_calendar(path)).bytes.size() == 10 * 1024 * 1024);
    std::filesystem::resize_file(path, GENERATE(uintmax_t{10 * 1024 * 1024 + 1}, uintmax_t{50'000'000'000}));
    const Error error = error_of(file_calendar(path));
    CHECK(error.code == ErrorCode::too_large);
}

}  // namespace file_source_test
