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

void configure_reader(soci::session& sql) {
    sql << "PRAGMA query_only = ON";
    sql << "PRAGMA trusted_schema = OFF";
    sql << "PRAGMA cell_size_check = ON";
}

// What a full disk looks like, or a limit on the size of files.
bool may_lack_room(const soci::soci_error& error) {
    const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
    if (sqlite == nullptr) return false;
    const int code = sqlite->result() & 0xff;
    return code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_CANTOPEN;
}

// Sessions share what is written through a file of its own (-shm), for which a full disk has no room. Without
// it one session has the database to itself, and other processes are told that it is locked.
store::SociStore::Sessions open_writer(const std::string& path, const StoreOptions& options) {
    const auto open = [&](bool alone) {
        store::SociStore::Sessions sessions;
        sessions.alone = alone;
        sessions.writer.push_back(std::make_unique<soci::session>(soci::sqlite3, connect_string(path)));
        if (alone) *sessions.writer.front() << "PRAGMA locking_mode = EXCLUSIVE";
        configure(*sessions.writer.front(), options);
        return sessions;
    };
    try {
        return open(false);
    } catch (const soci::soci_error& error) {
        if (!may_lack_room(error)) throw;
        try {
            return open(true);
        } catch (const soci::soci_error&) {
            // What failed first is what there is to say.
        }
        throw;
    }
}

// With those that read beside the writer, where there can be any. The database is migrated.
Result<store::SociStore::Sessions> with_readers(store::SociStore::Sessions sessions, const std::string& path,
                                                const StoreOptions& options) {
    if (path == in_memory) return sessions;  // each session would have one of its own
    sessions.files.emplace(path);
    for (int i = 0; i < options.readers && !sessions.alone; ++i) {
        sessions.readers.push_back(std::make_unique<soci::session>(soci::sqlite3, connect_string(path)));
        configure_reader(*sessions.readers.back());
        // SQLite opens the -wal and -shm with the first read: now, and not once they were moved.
        int version = 0;
        *sessions.readers.back() << "SELECT version FROM watchbill_schema", soci::into(version);
    }
    // All of them have opened the same file.
    if (Result<void> placed = sessions.files->check(); !placed)
        return tl::unexpected<Error>(std::move(placed.error()));
    return sessions;
}

Result<std::unique_ptr<Store>> open_sqlite(const std::string& path, const std::string& place,
                                           const StoreOptions& options) {
    return store::guarded(place, [&]() -> Result<std::unique_ptr<Store>> {
        store::SociStore::Sessions writer = open_writer(path, options);
        if (Result<void> done = store::migrate(*writer.writer.front(), store::migrations(), place); !done)
            return tl::unexpected<Error>(std::move(done.error()));
        auto sessions = with_readers(std::move(writer), path, options);
        if (!sessions) return tl::unexpected<Error>(std::move(sessions.error()));
        return std::make_unique<store::SociStore>(
            std::move(*sessions), place, options.busy_timeout,
            [path, options] { return with_readers(open_writer(path, options), path, options); });
    });
}

// Absolute, so that no path is mistaken for one of SQLite's own names ("file:...", ":memory:").
Result<std::string> path_in(const std::string& url) {
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
    if (name == in_memory) return name;
    std::string path = std::filesystem::absolute(name).lexically_normal().string();
    if (path.find_first_of(std::string_view("\"\0", 2)) != std::string::npos) {
        return fail(ErrorCode::invalid_input,
                    "the path of the database holds a quotation mark: name a place without one", path);
    }
    return path;
}

}  // namespace

Result<std::unique_ptr<Store>> open_store(const std::string& url, const StoreOptions& options) {
    const Result<std::string> path = path_in(url);
    if (!path) return tl::unexpected<Error>(path.error());
    if (*path == in_memory) return open_sqlite(*path, "the database in memory", options);
    if (Result<void> prepared = prepare_file(*path); !prepared) {
        return tl::unexpected<Error>(std::move(prepared.error()));
    }
    return open_sqlite(*path, *path, options);
}

Result<void> check_database(const std::string& url, const std::stop_token& stop) {
    const Result<std::string> path = path_in(url);
    if (!path) return tl::unexpected<Error>(path.error());
    struct stat status {};
    if (*path == in_memory || (::stat(path->c_str(), &status) != 0 && errno == ENOENT)) return {};
    if (Result<void> prepared = prepare_file(*path); !prepared) return prepared;
    return store::guarded(*path, [&]() -> Result<void> {
        soci::session sql(soci::sqlite3, connect_string(*path));
        configure_reader(sql);
        store::set_busy_timeout(sql, StoreOptions().busy_timeout);
        if (Result<void> sound = store::check_integrity(sql, *path, stop); !sound) return sound;
        return store::check_schema(sql, store::migrations(), *path);
    });
}

bool has_current_schema(const std::string& url) {
    const Result<std::string> path = path_in(url);
    std::error_code ignored;
    // A file that is not there would be made by opening it.
    if (!path || !std::filesystem::is_regular_file(*path, ignored)) return false;
    int version = 0;
    try {
        soci::session sql(soci::sqlite3, connect_string(*path));
        sql << "SELECT version FROM watchbill_schema WHERE id = 1", soci::into(version);
    } catch (const soci::soci_error&) {
        return false;
    }
    return version == static_cast<int>(store::migrations().size());
}

}  // namespace watchbill
