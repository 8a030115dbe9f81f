#include "store/soci_errors.h"

#include <soci/sqlite3/soci-sqlite3.h>

namespace watchbill::store {

namespace {

// SQLite's extended codes keep the primary one in the low byte (sqlite.org/rescode.html).
constexpr int primary_code(int code) { return code & 0xff; }

}  // namespace

Error damaged_database(const std::string& what, const std::string& place) {
    return {ErrorCode::damaged,
            "the database is damaged (" + what +
                "): restore it from a backup, or move it away to start with an empty one, which forgets "
                "what was published",
            place};
}

Error database_error(const soci::soci_error& error, const std::string& place) {
    // get_error_message() and not what(): the latter quotes the values of the statement's parameters.
    const std::string text = error.get_error_message();
    const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
    if (sqlite == nullptr) return damaged_database(text, place);

    switch (primary_code(sqlite->result())) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return {ErrorCode::unavailable,
                    "another process keeps the database locked: end it, or try again later", place};
        case SQLITE_FULL:
            return {ErrorCode::unavailable, "the disk of the database is full: make room and try again",
                    place};
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_CANTOPEN:
        case SQLITE_AUTH:
            return {ErrorCode::unavailable,
                    "the database cannot be written: give the service's user the right to write the file "
                    "and its directory",
                    place};
        case SQLITE_IOERR:
        case SQLITE_NOMEM:
        case SQLITE_PROTOCOL:
        case SQLITE_NOLFS:
            return {ErrorCode::unavailable,
                    "the database cannot be used now (" + text + "): check the disk and try again", place};
        default:
            // SQLITE_CORRUPT and SQLITE_NOTADB say it themselves. The rest (SQLITE_ERROR, _MISMATCH,
            // _CONSTRAINT) cannot come from our fixed statements on the tables we made.
            return damaged_database(text, place);
    }
}

}  // namespace watchbill::store
