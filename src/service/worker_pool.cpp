#include "service/worker_pool.h"

namespace watchbill {

WorkerPool::WorkerPool(size_t threads) {
    for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        jobs_.clear();
    }
    has_work_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::submit(std::function<void()> job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    has_work_.notify_one();
}

bool WorkerPool::try_submit(std::function<void()> job, size_t most_waiting) {
    {
        const std::lock_guard lock(mutex_);
        if (jobs_.size() >= most_waiting) return false;
        jobs_.push_back(std::move(job));
    }
    has_work_.notify_one();
    return true;
}

bool WorkerPool::wait_until_idle(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    return became_idle_.wait_for(lock, patience, [this] { return idle(); });
}

void WorkerPool::wait_until_idle() {
    std::unique_lock lock(mutex_);
    became_idle_.wait(lock, [this] { return idle(); });
}

void WorkerPool::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        has_work_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (stopping_) return;
        const std::function<void()> job = std::move(jobs_.front());
        jobs_.pop_front();
        ++running_;
        lock.unlock();
        job();
        lock.lock();
        --running_;
        if (idle()) became_idle_.notify_all();
    }
}

}  // namespace watchbill
