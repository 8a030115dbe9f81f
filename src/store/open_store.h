// Opens the database of a Watchbill, makes it when it is not there and brings its schema up to date.
//
// What stands in it is checked as it is read: what SQLite cannot follow, and a digest of each row. Damage is
// an error that says so; it is never taken for "nothing was published". check_database() looks at everything,
// which takes seconds for some hundred megabytes.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "watchbill/ports.h"

namespace watchbill {

struct StoreOptions {
    // How long a call waits for others that are writing, in this process and elsewhere, before it is
    // `unavailable`. Our longest transaction (a 10 MB source copy on a slow disk) stays well below a second.
    std::chrono::milliseconds busy_timeout{5000};
    // Reads that go on at the same time. They wait for no writer.
    int readers = 4;
};

// `url` is "sqlite:/absolute/path" or "sqlite::memory:"; the caller resolves relative paths. A new file gets
// mode 0600: the copies of members' calendars are private.
// Errors: invalid_input (no such kind of URL), not_found (no directory), damaged, newer_version, unavailable,
// refused (another program's database; PostgreSQL, for now). The store it returns is thread-safe.
Result<std::unique_ptr<Store>> open_store(const std::string& url, const StoreOptions& options = {});

// Whether the whole database is sound, on a session of its own: beside whoever uses it. A file that is not
// there yet is. Writes nothing. Errors: as open_store; unavailable, too, once `stop` is requested.
Result<void> check_database(const std::string& url, const std::stop_token& stop = {});

// Whether a database is there whose schema is the one that this program writes: open_store changes none then,
// under the feet of an older program that still runs. Never an error: what cannot be told is false.
bool has_current_schema(const std::string& url);

}  // namespace watchbill
