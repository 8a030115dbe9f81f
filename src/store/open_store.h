// Opens the database of a Watchbill, makes it when it is not there and brings its schema up to date.
//
// What stands in it is checked first: SQLite's own structure check, then, as rows are read, a digest of each
// row. Damage is an error that says so; it is never taken for "nothing was published".
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "watchbill/ports.h"

namespace watchbill {

struct StoreOptions {
    // How long a call waits for another process that is writing, before it is `unavailable`. Our longest
    // transaction (a 10 MB source copy on a slow disk) stays well below a second.
    std::chrono::milliseconds busy_timeout{5000};
};

// `url` is "sqlite:/absolute/path" or "sqlite::memory:"; the caller resolves relative paths. A new file gets
// mode 0600: the copies of members' calendars are private.
// Errors: invalid_input (no such kind of URL), not_found (no directory), damaged, newer_version, unavailable,
// refused (another program's database; PostgreSQL, for now). The store it returns is thread-safe.
Result<std::unique_ptr<Store>> open_store(const std::string& url, const StoreOptions& options = {});

// Whether a database is there whose schema is the one that this program writes: open_store changes none then,
// under the feet of an older program that still runs. Never an error: what cannot be told is false.
bool has_current_schema(const std::string& url);

}  // namespace watchbill
