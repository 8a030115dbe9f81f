#include "store/open_store.h"

#include <fcntl.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "store/migrations.h"
#include "store/soci_errors.h"
#include "store/soci_store.h"

namespace watchbill {

namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";
constexpr std::string_view in_memory = ":memory:";

Error cannot_open(int reason, const std::string& path) {
    if (reason == ENOENT || reason == ENOTDIR) {
        return {ErrorCode::not_found,
                "the directory of the database does not exist: create it, or name another place", path};
    }
    return {ErrorCode::unavailable,
            std::string("the database cannot be opened for writing (") + std::strerror(reason) +
                "): give the service's user the right to write the file and its directory",
            path};
}

// Makes an empty file, which is an empty SQLite database, before SQLite would with the umask's mode. SQLite
// gives its -wal and -shm files the mode of the database. A file that is there is looked at, not opened:
// closing it again would drop the locks that another connection of this process holds (fcntl(2)).
Result<void> prepare_file(const std::string& path) {
    const int descriptor =
        ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
    if (descriptor >= 0) {
        ::close(descriptor);
        return {};
    }
    if (errno != EEXIST) return tl::unexpected<Error>(cannot_open(errno, path));
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return tl::unexpected<Error>(cannot_open(errno, path));
    if (S_ISDIR(status.st_mode)) {
        return fail(ErrorCode::invalid_input,
                    "the database is a directory: name a file, such as watchbill.db inside it", path);
    }
    if (!S_ISREG(status.st_mode))
        return fail(ErrorCode::invalid_input, "the database is not a regular file: name another place", path);
    if (::faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) != 0)
        return tl::unexpected<Error>(cannot_open(errno, path));
    return {};
}

// SOCI reads its parameters as key="value" without a way to escape a quote.
std::string connect_string(const std::string& path) { return "db=\"" + path + "\""; }

// Readers then never wait for the writer. The change of mode alone does not wait its turn when others use the
// database, so that we wait for theirs with an empty transaction, which does, and try again.
void write_ahead(soci::session& sql) {
    constexpr int attempts = 100;  // each comes after another process has ended a transaction
    for (int attempt = 1;; ++attempt) {
        try {
            sql << "PRAGMA journal_mode = WAL";
            return;
        } catch (const soci::soci_error&) {
            if (attempt == attempts) throw;
        }
        sql << "BEGIN IMMEDIATE";
        sql << "COMMIT";
    }
}

void configure(soci::session& sql, const StoreOptions& options) {
    sql << "PRAGMA busy_timeout = " << options.busy_timeout.count();
    write_ahead(sql);
    sql << "PRAGMA synchronous = FULL";  // a commit survives a power cut
    sql << "PRAGMA foreign_keys = ON";
    sql << "PRAGMA trusted_schema = OFF";  // a file made by others runs no functions of theirs
    sql << "PRAGMA cell_size_check = ON";
}

// The full check and not quick_check: that one does not compare indexes with their tables, and a shift whose
// key is damaged in one of them would be missing without a word.
Result<void> check_integrity(soci::session& sql, const std::string& place) {
    std::string verdict;
    sql << "PRAGMA integrity_check(1)", soci::into(verdict);
    if (verdict != "ok") return tl::unexpected<Error>(store::damaged_database(verdict, place));
    return {};
}

Result<std::unique_ptr<Store>> open_sqlite(const std::string& path, const std::string& place,
                                           const StoreOptions& options) {
    return store::guarded(place, [&]() -> Result<std::unique_ptr<Store>> {
        auto sql = std::make_unique<soci::session>(soci::sqlite3, connect_string(path));
        configure(*sql, options);
        if (Result<void> sound = check_integrity(*sql, place); !sound) {
            return tl::unexpected<Error>(std::move(sound.error()));
        }
        if (Result<void> done = store::migrate(*sql, store::migrations(), place); !done) {
            return tl::unexpected<Error>(std::move(done.error()));
        }
        return std::make_unique<store::SociStore>(std::move(sql), place);
    });
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(const std::string& url, const StoreOptions& options) {
    if (url.starts_with("postgresql:") || url.starts_with("postgres:")) {
        return fail(ErrorCode::refused,
                    "PostgreSQL is not supported yet: use database = \"sqlite:watchbill.db\"", "database");
    }
    if (!url.starts_with(sqlite_scheme) || url.size() == sqlite_scheme.size()) {
        return fail(ErrorCode::invalid_input,
                    "the database is given as \"sqlite:\" and a file's path: database = "
                    "\"sqlite:watchbill.db\"",
                    "database");
    }
    const std::string name = url.substr(sqlite_scheme.size());
    if (name == in_memory) return open_sqlite(name, "the database in memory", options);

    // Absolute, so that no path is mistaken for one of SQLite's own names ("file:...", ":memory:").
    const std::string path = std::filesystem::absolute(name).lexically_normal().string();
    if (path.find_first_of(std::string_view("\"\0", 2)) != std::string::npos) {
        return fail(ErrorCode::invalid_input,
                    "the path of the database holds a quotation mark: name a place without one", path);
    }
    if (Result<void> prepared = prepare_file(path); !prepared) {
        return tl::unexpected<Error>(std::move(prepared.error()));
    }
    return open_sqlite(path, path, options);
}

bool has_current_schema(const std::string& url) {
    if (!url.starts_with(sqlite_scheme)) return false;
    const std::string path = url.substr(sqlite_scheme.size());
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) return false;  // opening it would make it
    int version = 0;
    try {
        soci::session sql(soci::sqlite3, connect_string(path));
        sql << "SELECT version FROM watchbill_schema WHERE id = 1", soci::into(version);
    } catch (const soci::soci_error&) {
        return false;
    }
    return version == static_cast<int>(store::migrations().size());
}

}  // namespace watchbill
