#include "store/write_check.h"

#include <soci/sqlite3/soci-sqlite3.h>

namespace watchbill::store {

namespace {

bool is_busy(const soci::soci_error& error) {
    const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
    return sqlite != nullptr && (sqlite->result() & 0xff) == SQLITE_BUSY;
}

// The session waits for nobody as long as it lives, and as before afterwards.
class WithoutWaiting {
public:
    explicit WithoutWaiting(soci::session& sql) : sql_(sql) {
        sql_ << "PRAGMA busy_timeout", soci::into(before_);
        sql_ << "PRAGMA busy_timeout = 0";
    }
    ~WithoutWaiting() {
        try {
            sql_ << "PRAGMA busy_timeout = " << before_;
        } catch (const soci::soci_error&) {
            // It sets a number in memory: there is nothing that could fail.
        }
    }
    WithoutWaiting(const WithoutWaiting&) = delete;
    WithoutWaiting& operator=(const WithoutWaiting&) = delete;

private:
    soci::session& sql_;
    int before_ = 0;
};

}  // namespace

Result<void> check_writable(soci::session& sql) {
    const WithoutWaiting without_waiting(sql);
    try {
        // A number that nobody looks at. SQLite writes no page whose bytes stay the same, so that it has to
        // change.
        int number = 0;
        sql << "PRAGMA user_version", soci::into(number);
        sql << "PRAGMA user_version = " << (number == 0 ? 1 : 0);
    } catch (const soci::soci_error& error) {
        if (!is_busy(error)) throw;
    }
    return {};
}

}  // namespace watchbill::store
