#include "store/sqlite.h"

#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <climits>
#include <filesystem>

#include "store/soci_errors.h"

namespace watchbill::store {

namespace {

sqlite_api::sqlite3* handle_of(soci::session& sql) {
    return static_cast<soci::sqlite3_session_backend*>(sql.get_backend())->conn_;
}

}  // namespace

void set_busy_timeout(soci::session& sql, std::chrono::milliseconds timeout) {
    const auto count = std::clamp<std::chrono::milliseconds::rep>(timeout.count(), 0, INT_MAX);
    sqlite_api::sqlite3_busy_timeout(handle_of(sql), static_cast<int>(count));
}

Result<void> check_integrity(soci::session& sql, const std::string& place, const std::stop_token& stop) {
    std::string verdict;
    // Asked every so many steps: an interrupt (sqlite3_interrupt) that came before the statement would be
    // lost.
    constexpr int steps = 10'000;
    const auto is_over = [](void* token) {
        return static_cast<const std::stop_token*>(token)->stop_requested() ? 1 : 0;
    };
    std::stop_token token = stop;
    sqlite_api::sqlite3_progress_handler(handle_of(sql), steps, is_over, &token);
    try {
        sql << "PRAGMA integrity_check(1)", soci::into(verdict);
    } catch (const soci::soci_error&) {
        if (stop.stop_requested()) return fail(ErrorCode::unavailable, "the check was stopped", place);
        throw;
    }
    sqlite_api::sqlite3_progress_handler(handle_of(sql), 0, nullptr, nullptr);
    if (verdict != "ok") return tl::unexpected<Error>(damaged_database(verdict, place));
    return {};
}

std::optional<DatabaseFiles::File> DatabaseFiles::look_at(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    return File{path, status.st_dev, status.st_ino};
}

DatabaseFiles::DatabaseFiles(const std::string& path) : place_(path) {
    if (auto file = look_at(path)) files_.push_back(std::move(*file));
    // SQLite follows links before it names the other two.
    std::error_code failed;
    const std::string real = std::filesystem::canonical(path, failed).string();
    if (failed) return;
    for (const char* ending : {"-wal", "-shm"}) {
        if (auto file = look_at(real + ending)) files_.push_back(std::move(*file));
    }
}

Result<void> DatabaseFiles::check() const {
    for (const File& file : files_) {
        const auto there = look_at(file.path);
        if (there && there->device == file.device && there->inode == file.inode) continue;
        return fail(ErrorCode::unavailable,
                    std::string("the database's file was ") + (there ? "replaced" : "moved or removed") +
                        " while Watchbill runs, so nothing is written any more, as it would be lost: put the "
                        "file back where it was, or restart Watchbill to go on with what is there now",
                    file.path);
    }
    return {};
}

}  // namespace watchbill::store
