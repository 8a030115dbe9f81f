// A few threads that fetch and read calendars side by side.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace watchbill {

// Thread-safe. Jobs must not throw.
class WorkerPool {
public:
    explicit WorkerPool(size_t threads);
    // Waits for the jobs that have begun; the others never run.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    void submit(std::function<void()> job);
    // Unless so many wait already. False: it will not run.
    bool try_submit(std::function<void()> job, size_t most_waiting);
    // Until every job is done, or so much time has gone by. True when all are.
    bool wait_until_idle(std::chrono::milliseconds patience);
    void wait_until_idle();

private:
    void work();
    bool idle() const { return jobs_.empty() && running_ == 0; }

    std::mutex mutex_;
    std::condition_variable has_work_;
    std::condition_variable became_idle_;
    std::deque<std::function<void()>> jobs_;
    size_t running_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace watchbill
