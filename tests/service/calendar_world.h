// What the refresh flow needs, in memory or in a folder of its own: the example team with empty calendars.
#pragma once

#include "ical/reader.h"
#include "service/fakes.h"

namespace watchbill::test {

struct CalendarWorld {
    CalendarWorld() {
        ical::initialise();
        for (const Member& m : team.members) source.serve(m.calendars[0].location, calendar_of({}));
    }

    TempDir folder;
    FakeClock clock{at("2026-11-24T12:00:00Z")};  // a Tuesday; the shift of the day runs until 17:00Z
    FakeSource source;
    WatchedStore store{folder.path()};
    LogCapture log;
    Team team = example_team();
};

}  // namespace watchbill::test
