// The instances of one recurrence rule inside a range of local time (RFC 5545 3.3.10).
//
// Why not libical's iterator (3.0.16, measured): WEEKLY with BYSETPOS is wrong, DAILY;BYMONTHDAY=-1 is empty,
// and a rule that never matches keeps one next() busy for seconds. Here every period's set of days is built
// from the table of 3.3.10, work is counted, and rules without COUNT begin next to the range.
// Pure, thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "ical/rule.h"
#include "watchbill/time.h"

namespace watchbill::ical {

// Bounds the work of a file and of each of its events.
class WorkBudget {
public:
    WorkBudget();
    void begin_event();
    // False once the event's or the file's share is used up.
    bool spend(int64_t work);
    bool file_exhausted() const { return file_left_ <= 0; }

private:
    int64_t file_left_;
    int64_t event_left_;
};

struct LocalRange {
    LocalTime first;
    LocalTime end;  // exclusive
};

struct RuleRun {
    LocalTime start;          // DTSTART: counts from here; not an instance unless the rule produces it
    bool dates_only = false;  // then BYHOUR, BYMINUTE and BYSECOND mean nothing
    LocalTime last;           // UNTIL, inclusive; LocalTime::max() for never
};

enum class ExpansionEnd { complete, too_many_instances, too_much_work };

// Appends the instances inside `range`, in order. Sub-daily rules must not have BY parts (asserts).
ExpansionEnd expand(const Rule& rule, const RuleRun& run, const LocalRange& range, WorkBudget& budget,
                    std::vector<LocalTime>& instances);

}  // namespace watchbill::ical
