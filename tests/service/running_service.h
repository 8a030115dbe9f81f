// The refresh flow in a thread of its own, and gates to hold it up at.
#pragma once

#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "rotation/fair_planner.h"
#include "service/calendar_world.h"
#include "service/service.h"

namespace watchbill::test {

constexpr std::chrono::seconds patience{60};  // nothing waits so long that does not go wrong

// Counts plans, and may be held up before one.
class WatchedPlanner final : public Planner {
public:
    Choice choose(const PlannerInput& input) const override {
        ++plans;
        if (before) before();
        return planner_.choose(input);
    }

    mutable std::atomic<int> plans = 0;
    std::function<void()> before;  // set while the service stands

private:
    FairPlanner planner_;
};

// A service that runs in a thread of its own, with a clock that stands: nothing is due but what is asked for.
struct RunningService : CalendarWorld {
    ~RunningService() { stop(); }

    void start(bool wait_for_plan = true) {
        service.set_teams({team});
        flow = std::thread([this] { service.run(); });
        if (wait_for_plan) planned.get_future().wait();
    }
    void stop() {
        service.stop();
        if (flow.joinable()) flow.join();
    }
    ServiceOptions options() {
        ServiceOptions options;
        options.patience = std::chrono::milliseconds(20);
        options.on_posted = [this](const TeamNotice& notice) {
            if (notice.ready() && !std::exchange(told, true)) planned.set_value();
        };
        return options;
    }

    Result<RefreshReport> refresh() { return service.refresh_now("payments", patience); }
    std::future<Result<RefreshReport>> refresh_later() {
        return std::async(std::launch::async, [this] { return refresh(); });
    }
    std::string holder(const std::string& date) const {
        const auto notice = board.find("payments");  // held: the next plan may come at any moment
        for (const Assignment& assignment : notice->plan->assignments) {
            if (assignment.shift.key.date == day(date))
                return assignment.member ? assignment.member->email() : "nobody";
        }
        return "no shift";
    }

    WatchedPlanner planner;
    NoticeBoard board;
    std::promise<void> planned;
    bool told = false;  // the flow's thread's own
    Service service{
        {&source, &store, &planner, log.logger.get()}, clock, FeedTokens("of some length"), board, options()};
    std::thread flow;
};

// Holds back whoever asks until it is opened.
struct Gate {
    void wait() {
        ++arrived;
        opened.wait();
    }
    void wait_for_arrival() const {
        while (arrived == 0) std::this_thread::yield();
    }
    void open() { door.set_value(); }

    std::atomic<int> arrived = 0;
    std::promise<void> door;
    std::shared_future<void> opened{door.get_future()};
};

}  // namespace watchbill::test
