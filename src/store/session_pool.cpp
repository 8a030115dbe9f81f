#include "store/session_pool.h"

#include <utility>

namespace watchbill::store {

SessionPool::SessionPool(std::vector<std::unique_ptr<soci::session>> sessions)
    : sessions_(std::move(sessions)) {
    free_.reserve(sessions_.size());
    for (const auto& session : sessions_) free_.push_back(session.get());
}

SessionPool::Lease::Lease(Lease&& other) noexcept
    : pool_(std::exchange(other.pool_, nullptr)), session_(std::exchange(other.session_, nullptr)) {}

SessionPool::Lease::~Lease() {
    if (session_ == nullptr) return;
    {
        const std::lock_guard lock(pool_->mutex_);
        pool_->free_.push_back(session_);
    }
    pool_->given_back_.notify_one();
}

SessionPool::Lease SessionPool::borrow(Time until) {
    std::unique_lock lock(mutex_);
    if (!given_back_.wait_until(lock, until, [this] { return !free_.empty(); })) return {};
    // The one that was used last: its pages are in memory.
    soci::session* const session = free_.back();
    free_.pop_back();
    return {*this, *session};
}

}  // namespace watchbill::store
