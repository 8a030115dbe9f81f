// What SQLite's own interface is needed for, beside SOCI: how long a statement waits, whether the file is
// still in its place, whether its structure is sound.
#pragma once

#include <soci/soci.h>
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "watchbill/result.h"

namespace watchbill::store {

// How long the session's statements wait for another process's lock from now on; 0: not at all.
void set_busy_timeout(soci::session& sql, std::chrono::milliseconds timeout);

// The full check and not quick_check: that one does not compare indexes with their tables, and a shift whose
// key is damaged in one of them would be missing without a word. Errors: damaged; unavailable, once `stop` is
// requested.
Result<void> check_integrity(soci::session& sql, const std::string& place, const std::stop_token& stop);

// The files of an open database: whether they still stand where another process, or this one at its next
// start, would look for them. What is written to files that were moved or removed is lost. Immutable, hence
// thread-safe.
class DatabaseFiles {
public:
    // `path` is that of a database which is open and was read from: SQLite makes its -wal and -shm then.
    explicit DatabaseFiles(const std::string& path);

    // Error: unavailable. It asks for the state of three paths and opens none: closing one would drop the
    // locks of the connections (fcntl(2)).
    Result<void> check() const;

private:
    struct File {
        std::string path;
        dev_t device = 0;
        ino_t inode = 0;
    };
    static std::optional<File> look_at(const std::string& path);

    std::string place_;
    std::vector<File> files_;
};

}  // namespace watchbill::store
