// Database sessions that threads borrow one at a time. Thread-safe.
#pragma once

#include <soci/soci.h>

#include <chrono>
#include <condition_variable>
#include <deque>
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
        Lease(SessionPool& pool, std::unique_ptr<soci::session>& slot) : pool_(&pool), slot_(&slot) {}
        Lease(Lease&& other) noexcept;
        Lease& operator=(Lease&&) = delete;
        ~Lease();
        explicit operator bool() const { return slot_ != nullptr; }
        bool is_closed() const { return *slot_ == nullptr; }
        soci::session& session() const { return **slot_; }
        // Whoever borrows it next finds it closed, until somebody puts another one in its place.
        void close() { slot_->reset(); }
        void put(std::unique_ptr<soci::session> session) { *slot_ = std::move(session); }

    private:
        SessionPool* pool_ = nullptr;
        std::unique_ptr<soci::session>* slot_ = nullptr;
    };

    bool empty() const;
    void add(std::vector<std::unique_ptr<soci::session>> sessions);
    // Waits until then for one to be free, and leases nothing when none is. One that is free at once is
    // leased also after that time.
    Lease borrow(Time until);

private:
    mutable std::mutex mutex_;
    std::condition_variable given_back_;
    std::deque<std::unique_ptr<soci::session>>
        sessions_;                                       // guarded by mutex_, what it owns by who borrowed it
    std::vector<std::unique_ptr<soci::session>*> free_;  // guarded by mutex_
};

}  // namespace watchbill::store
