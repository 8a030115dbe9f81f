// Wakes a thread that sleeps until something is due. Rings count while it is awake as well, and many of them
// count as one. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace watchbill {

class WakeSignal {
public:
    void ring();
    void stop();  // for good
    // Returns when it rings or is stopped, after `longest` at the latest, by the steady clock. False once it
    // is stopped.
    bool wait_for(std::chrono::nanoseconds longest);

private:
    std::mutex mutex_;
    std::condition_variable woken_;
    // Guarded by mutex_:
    bool rung_ = false;
    bool stopped_ = false;
};

}  // namespace watchbill
