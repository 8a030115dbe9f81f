#include "service/process_name.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace process_name_test {

using namespace watchbill;

TEST_CASE("This process is not gone, whoever asks by whatever name") {
    const std::string mine = name_of_this_process("abc");
    CHECK(mine.ends_with("/abc"));
    CHECK_FALSE(process_is_gone(mine));
    CHECK(process_in_words(mine) == "process " + std::to_string(::getpid()));
    CHECK(name_of_this_process("def") != mine);
}

TEST_CASE("A process that has ended is gone, also while nobody has asked for its exit code") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        const std::string name = name_of_this_process("child");
        const ssize_t written = ::write(ends[1], name.data(), name.size());
        ::_exit(written == static_cast<ssize_t>(name.size()) ? 0 : 1);
    }
    ::close(ends[1]);
    std::string name;
    char buffer[256];
    for (ssize_t length = 0; (length = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        name.append(buffer, static_cast<size_t>(length));
    ::close(ends[0]);
    siginfo_t info{};
    REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) == 0);
    CHECK(process_is_gone(name));
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    CHECK(process_is_gone(name));
}

TEST_CASE("A number that another process has by now tells nothing, and what is not known is not gone") {
    const std::string mine = name_of_this_process("abc");
    const size_t start = mine.find('/') + 1;
    const size_t space = mine.find('/', start) + 1;
    // The same number, begun at another time: that one has ended.
    CHECK(process_is_gone(mine.substr(0, start) + "1" + mine.substr(mine.find('/', start))));
    // Of another container or another boot.
    CHECK_FALSE(process_is_gone(mine.substr(0, space) + "1" + mine.substr(mine.find('/', space))));
    const size_t boot = mine.find('/', space) + 1;
    CHECK_FALSE(process_is_gone(mine.substr(0, boot) + "other" + mine.substr(mine.find('/', boot))));
    for (const char* odd : {"", "one", "0123456789abcdef", "1/2/3", "//////", "a/b/c/d/e", "-1/1/1/1/1"}) {
        CHECK_FALSE(process_is_gone(odd));
        CHECK(process_in_words(odd) == std::nullopt);
    }
}

}  // namespace process_name_test
