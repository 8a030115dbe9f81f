// Database sessions that threads borrow one at a time. Thread-safe.
#pragma once

#include <soci/soci.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace watchbill::store {

class SessionPool {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit SessionPool(std::vector<std::unique_ptr<soci::session>> sessions);

    // A session for one borrower alone, who gives it back by letting go of it.
    class Lease {
    public:
        Lease() = default;  // of nothing
        Lease(SessionPool& pool, soci::session& session) : pool_(&pool), session_(&session) {}
        Lease(Lease&& other) noexcept;
        Lease& operator=(Lease&&) = delete;
        ~Lease();
        explicit operator bool() const { return session_ != nullptr; }
        soci::session& session() const { return *session_; }

    private:
        SessionPool* pool_ = nullptr;
        soci::session* session_ = nullptr;
    };

    bool empty() const { return sessions_.empty(); }
    // Waits until then for one to be free, and leases nothing when none is. One that is free at once is
    // leased also after that time.
    Lease borrow(Time until);

private:
    const std::vector<std::unique_ptr<soci::session>> sessions_;
    std::mutex mutex_;
    std::condition_variable given_back_;
    std::vector<soci::session*> free_;  // guarded by mutex_
};

}  // namespace watchbill::store
