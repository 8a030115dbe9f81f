// How long people still have to answer, measured by the steady clock: whoever sets the wall clock gives
// nobody more time, and takes none away.
//
// Instants in the store are of the wall clock. What of somebody's time had passed when this process first saw
// them follows from those; from then on the steady clock decides. An instant that lies ahead, although it was
// past when it was written, shows that the wall clock was set back: what is waited for then is due, unless
// this process itself knows that it began only now.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>

#include "incident/escalation.h"
#include "watchbill/ports.h"

namespace watchbill {

// Thread-safe. The clock must outlive it.
class AnswerTimers {
public:
    explicit AnswerTimers(const Clock& clock) : clock_(clock) {}

    // 0: the time is over. What begins later, as the incident itself may, counts from there.
    Duration left(const Incident& incident, const AnswerWait& wait, Duration ack_timeout);
    // Forgets the team's other incidents.
    void keep(const std::string& team, const std::set<std::string>& incidents);

private:
    struct Timer {
        Instant from;
        bool running = false;  // false: its beginning lies ahead
        SteadyInstant over;    // while it runs
        SteadyInstant looked;  // last, while it does not
    };
    using Key = std::tuple<std::string, std::string, MemberId>;  // team, incident, who

    const Clock& clock_;
    std::mutex mutex_;
    std::map<Key, Timer> timers_;  // guarded by mutex_
};

}  // namespace watchbill
