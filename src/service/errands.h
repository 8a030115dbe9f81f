// What other threads ask of the thread that runs the flow, and wait for: "fetch this team's calendars now".
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "service/source_state.h"
#include "watchbill/result.h"

namespace watchbill {

// What came of it.
struct RefreshReport {
    // Published while it was done: anew or differently, and no longer planned. News that came in at the same
    // time counts too.
    size_t changed_shifts = 0;
    size_t withdrawn_shifts = 0;
    std::vector<SourceState> sources;
};

struct Errand {
    enum class Kind {
        refresh,  // asks every calendar of the team, then plans
        replan,   // plans with what is known: the store holds something new
    };
    std::string team;
    Kind kind = Kind::replan;
};

// Thread-safe.
class Errands {
public:
    // An errand that was asked for. Its answer is the queue's to guard.
    struct Ticket {
        Errand errand;
        std::optional<Result<RefreshReport>> answer;
    };

    // `on_asked` is called when an errand has come in, by whoever asks.
    explicit Errands(std::function<void()> on_asked) : on_asked_(std::move(on_asked)) {}

    // Why there will be no answer for long, if so.
    using Hindrance = std::function<std::optional<Error>()>;

    // By those who ask; blocks. The errand is run even if nobody waits for it any longer. Errors: timeout,
    // unavailable (too many wait already, or the service stops), and whatever the answer was. Shortly before
    // the thread's CallDeadline is over `hindrance` is asked, once: with one nobody waits longer.
    Result<RefreshReport> ask(Errand errand, std::chrono::milliseconds patience,
                              const Hindrance& hindrance = {});

    // By the flow.
    std::vector<std::shared_ptr<Ticket>> take();
    void answer(Ticket& ticket, Result<RefreshReport> report);
    // Nobody waits from now on: the flow has stopped.
    void close();

private:
    const std::function<void()> on_asked_;
    std::mutex mutex_;
    std::condition_variable answered_;
    size_t waiting_ = 0;  // threads
    std::vector<std::shared_ptr<Ticket>> asked_;
    bool closed_ = false;
};

}  // namespace watchbill
