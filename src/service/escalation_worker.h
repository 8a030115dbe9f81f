// Escalates open incidents for as long as the process runs, on a thread of its own: however long calendars
// are read and plans are made, nobody is called later for it. DESIGN.md 7.
#pragma once

#include <spdlog/logger.h>

#include "service/incident_desk.h"
#include "service/notice_board.h"
#include "service/wake_signal.h"
#include "watchbill/ports.h"

namespace watchbill {

class EscalationWorker {
public:
    // All must outlive it.
    EscalationWorker(IncidentDesk& desk, const NoticeBoard& board, const Clock& clock, spdlog::logger& log);

    // Works until stop(). Blocks. What a failing store kept it from is tried again.
    void run();
    void stop() { wake_.stop(); }  // thread-safe
    // Somebody may have to be called sooner than was known: an incident, a delivery or a plan changed.
    // Thread-safe.
    void ring() { wake_.ring(); }

private:
    Duration look();  // does what is due, and says how long nothing else will be

    IncidentDesk& desk_;
    const NoticeBoard& board_;
    const Clock& clock_;
    spdlog::logger& log_;

    WakeSignal wake_;
};

}  // namespace watchbill
