#include "store/session_pool.h"

#include <utility>

namespace watchbill::store {

SessionPool::SessionPool(std::vector<std::unique_ptr<soci::session>> sessions) { add(std::move(sessions)); }

void SessionPool::add(std::vector<std::unique_ptr<soci::session>> sessions) {
    const std::lock_guard lock(mutex_);
    for (auto& session : sessions) free_.push_back(&sessions_.emplace_back(std::move(session)));
    given_back_.notify_all();
}

bool SessionPool::empty() const {
    const std::lock_guard lock(mutex_);
    return sessions_.empty();
}

SessionPool::Lease::Lease(Lease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)), slot_(std::exchange(other.slot_, nullptr)) {}

SessionPool::Lease::~Lease() {
    if (slot_ == nullptr) return;
    {
        const std::lock_guard lock(pool_->mutex_);
        pool_->free_.push_back(slot_);
    }
    pool_->given_back_.notify_one();
}

SessionPool::Lease SessionPool::borrow(Time until) {
    std::unique_lock lock(mutex_);
    if (!given_back_.wait_until(lock, until, [this] { return !free_.empty(); })) return {};
    // The one that was used last: its pages are in memory.
    auto& slot = *free_.back();
    free_.pop_back();
    return {*this, slot};
}

}  // namespace watchbill::store
