// CALENDARS.md, "Meaning": points 19 to 22, as far as reading goes; src/rotation decides what it means for
// the plan.
#include "reader_fixture.h"

namespace meaning_test {

using namespace watchbill;
using namespace watchbill::test;

namespace {

const Window june{"2026-06-01", "2026-07-01"};

EventDetails details_of(const std::string& properties) {
    const auto reading = read(calendar(event("DTSTART:20260602T090000Z\n" + properties)), june);
    REQUIRE(reading.occurrences.size() == 1);
    return *reading.occurrences[0].event;
}

std::string availability(const std::string& properties) {
    return "BEGIN:VAVAILABILITY\nUID:av\nDTSTAMP:20260101T000000Z\n" + properties + "END:VAVAILABILITY\n";
}

std::string available(const std::string& properties) {
    return "BEGIN:AVAILABLE\nUID:free\nDTSTAMP:20260101T000000Z\n" + properties + "END:AVAILABLE\n";
}

}  // namespace

TEST_CASE("Point 19: cancelled events do not come out", "[calendars]") {
    CHECK(read(calendar(event("DTSTART:20260602T090000Z\nSTATUS:CANCELLED")), june).occurrences.empty());
    CHECK(read(calendar(event("DTSTART:20260602T090000Z\nRRULE:FREQ=DAILY\nSTATUS:cancelled") +
                        event("RECURRENCE-ID:20260603T090000Z\nDTSTART:20260603T100000Z")),
               june)
              .occurrences.empty());
    CHECK(read(calendar(event("DTSTART:20260602T090000Z"), "METHOD:CANCEL\n"), june).occurrences.empty());
    // The cancellation is the later version.
    CHECK(read(calendar(event("SEQUENCE:1\nDTSTART:20260602T090000Z")) +
                   calendar(event("SEQUENCE:2"), "METHOD:CANCEL\n"),
               june)
              .occurrences.empty());
}

TEST_CASE("Point 19: answers to invitations are no events", "[calendars]") {
    const auto reading = read(calendar(event("DTSTART:20260602T090000Z"), "METHOD:REPLY\n"), june);
    CHECK(reading.occurrences.empty());
    CHECK(codes(reading) == Lines{"ignored_method"});
    CHECK(read(calendar(event("DTSTART:20260602T090000Z"), "METHOD:REQUEST\n"), june).occurrences.size() ==
          1);
}

TEST_CASE("Point 19: attendees, their answers, and e-mail without case or mailto", "[calendars]") {
    const EventDetails details = details_of(
        "ORGANIZER;CN=\"Boss: Bob\":MAILTO:Bob@Example.COM\n"
        "ATTENDEE;CN=Alice;PARTSTAT=DECLINED:MAILTO:Alice@Example.com\n"
        "ATTENDEE;PARTSTAT=accepted;CN=\"Carol, the \"\"other\":mailto:carol%2Brota@example.com\n"
        "ATTENDEE:mailto:dan@example.com\n"
        "ATTENDEE;PARTSTAT=TENTATIVE;EMAIL=eve@example.com:urn:uuid:1234\n"
        "ATTENDEE;PARTSTAT=DELEGATED;X-EMAIL=fay@example.com:/o=Exchange/cn=fay\n"
        "ATTENDEE;PARTSTAT=X-MAYBE:mailto:gus@example.com\n"
        "ATTENDEE;PARTSTAT=ACCEPTED:urn:uuid:5678\n");
    REQUIRE(details.organizer.has_value());
    CHECK(details.organizer->email() == "bob@example.com");
    std::vector<std::pair<std::string, ParticipationStatus>> found;
    for (const Attendee& attendee : details.attendees)
        found.emplace_back(attendee.member.email(), attendee.status);
    CHECK(found == std::vector<std::pair<std::string, ParticipationStatus>>{
                       {"alice@example.com", ParticipationStatus::declined},
                       {"carol+rota@example.com", ParticipationStatus::accepted},
                       {"dan@example.com", ParticipationStatus::needs_action},
                       {"eve@example.com", ParticipationStatus::tentative},
                       {"fay@example.com", ParticipationStatus::delegated},
                       {"gus@example.com", ParticipationStatus::other}});
    CHECK(details.attendees[0].common_name == "Alice");
}

TEST_CASE("Point 20: transparency and Outlook's busy status come out side by side", "[calendars]") {
    const EventDetails details = details_of("TRANSP:TRANSPARENT\nX-MICROSOFT-CDO-BUSYSTATUS:OOF\n");
    CHECK(details.transparent);
    CHECK(details.busy_status == BusyStatus::out_of_office);
    CHECK(details_of("X-MICROSOFT-CDO-BUSYSTATUS:FREE\n").busy_status == BusyStatus::free);
    CHECK(details_of("X-MICROSOFT-CDO-BUSYSTATUS:BUSY\n").busy_status == BusyStatus::busy);
    CHECK(details_of("X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE\n").busy_status == BusyStatus::tentative);
    CHECK(details_of("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE\n").busy_status ==
          BusyStatus::working_elsewhere);
    CHECK_FALSE(details_of("TRANSP:OPAQUE\n").transparent);
    CHECK(details_of("STATUS:TENTATIVE\n").status == EventStatus::tentative);
    CHECK(details_of("SEQUENCE:7\n").sequence == 7);
}

TEST_CASE("Titles, names and categories show all that they say, and in its order", "[calendars]") {
    CHECK(details_of("SUMMARY:Vac\u200bation\u202e 2026\u2028now\n").summary == "Vacation 2026 now");
    CHECK(details_of("SUMMARY:\u200b\u00a0\n").summary.empty());
    CHECK(details_of("CATEGORIES:Night\u2060 duty,\u200b\n").categories == Lines{"Night duty"});
    const EventDetails details = details_of(
        "ORGANIZER:mailto:bob@example.com\u200b\n"
        "ATTENDEE;CN=\"Al\u0085ice \u202eelpoep\u2029\":mailto:alice@example.com\n"
        "ATTENDEE:mailto:car\u202eol@example.com\n");
    CHECK_FALSE(details.organizer.has_value());
    REQUIRE(details.attendees.size() == 1);
    CHECK(details.attendees[0].common_name == "Al ice elpoep");
    // A warning that quotes them, too.
    const auto reading =
        read(calendar(event("DTSTART;TZID=No\u202ewhere:20260610T090000")), {"2026-06-10", "2026-06-11"});
    REQUIRE(reading.warnings.size() == 1);
    CHECK(reading.warnings[0].message.find("\"Nowhere\"") != std::string::npos);
}

TEST_CASE("Point 21: a summary is its words, unescaped and without its parameters", "[calendars]") {
    CHECK(details_of("SUMMARY;LANGUAGE=de;X-A=\"a:b;c\":Urlaub\\, Nord\\; See\\nmit \\\\ C:\\x\n").summary ==
          "Urlaub, Nord; See mit \\ C:\\x");
    CHECK(details_of("SUMMARY:First\nSUMMARY:Second\n").summary == "First");
    CHECK(details_of("SUMMARY:Abs\n ence\n").summary == "Absence");
    CHECK(details_of("SUMMARY:Busy\n").summary == "Busy");
    CHECK(details_of("CATEGORIES:Holiday\\, long,Out of office\nCATEGORIES:Night duty\n").categories ==
          Lines{"Holiday, long", "Out of office", "Night duty"});
}

TEST_CASE("Point 21: alarms inside an event do not speak for it", "[calendars]") {
    const auto reading =
        read(calendar("BEGIN:VEVENT\nUID:1\nDTSTART:20260602T090000Z\nBEGIN:VALARM\nDURATION:PT5H\n"
                      "SUMMARY:Alarm\nATTENDEE:mailto:x@example.com\nEND:VALARM\n"
                      "SUMMARY:Event\nEND:VEVENT\n"
                      "BEGIN:VTODO\nUID:2\nDTSTART:20260602T090000Z\nEND:VTODO\n"),
             june);
    CHECK(spans(reading) == Lines{"2026-06-02T09:00:00Z/2026-06-02T09:00:00Z"});
    CHECK(summaries(reading) == Lines{"Event"});
    CHECK(reading.occurrences[0].event->attendees.empty());
    CHECK(reading.warnings.empty());
}

TEST_CASE("Point 21: an override without words takes those of its series", "[calendars]") {
    CHECK(summaries(read(calendar(event("DTSTART:20260601T090000Z\nRRULE:FREQ=DAILY;COUNT=1\nSUMMARY:Duty") +
                                  event("RECURRENCE-ID:20260601T090000Z\nDTSTART:20260601T100000Z")),
                         june)) == Lines{"Duty"});
}

TEST_CASE("Point 22: VFREEBUSY periods come out by their type, BUSY when it says none", "[calendars]") {
    const auto reading = read(
        calendar("BEGIN:VFREEBUSY\nUID:fb\nDTSTAMP:20260101T000000Z\nDTSTART:20260601T000000Z\nDTEND:"
                 "20260608T000000Z\n"
                 "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260602T080000Z/PT8H,20260604T080000Z/20260604T090000Z\n"
                 "FREEBUSY:20260603T080000Z/PT1H\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20260605T080000Z/PT1H\n"
                 "FREEBUSY;FBTYPE=FREE:20260606T080000Z/PT1H\nFREEBUSY;FBTYPE=X-ODD:20260607T080000Z/PT1H\n"
                 "FREEBUSY:20260702T080000Z/PT1H\nEND:VFREEBUSY\n"),
        june);
    CHECK(spans(reading) ==
          Lines{"2026-06-02T08:00:00Z/2026-06-02T16:00:00Z", "2026-06-03T08:00:00Z/2026-06-03T09:00:00Z",
                "2026-06-04T08:00:00Z/2026-06-04T09:00:00Z", "2026-06-05T08:00:00Z/2026-06-05T09:00:00Z",
                "2026-06-06T08:00:00Z/2026-06-06T09:00:00Z", "2026-06-07T08:00:00Z/2026-06-07T09:00:00Z"});
    std::vector<BusyStatus> statuses;
    for (const Occurrence& occurrence : reading.occurrences) {
        CHECK(occurrence.event->component == ComponentKind::free_busy);
        CHECK(occurrence.recurrence_id.empty());
        statuses.push_back(occurrence.event->busy_status);
    }
    CHECK(statuses == std::vector{BusyStatus::out_of_office, BusyStatus::busy, BusyStatus::out_of_office,
                                  BusyStatus::tentative, BusyStatus::free, BusyStatus::busy});
}

TEST_CASE("Point 22: a malformed period is a warning, the others count", "[calendars]") {
    const auto reading =
        read(calendar("BEGIN:VFREEBUSY\nFREEBUSY:whenever,20260603T080000Z/PT1H\nEND:VFREEBUSY\n"), june);
    CHECK(starts(reading) == Lines{"2026-06-03T08:00:00Z"});
    CHECK(codes(reading) == Lines{"bad_period"});
}

TEST_CASE("Point 22: a VAVAILABILITY is unavailable but for its AVAILABLE times", "[calendars]") {
    const auto reading =
        read(calendar(availability(
                 "DTSTART;TZID=Europe/Paris:20260608T000000\nDTEND;TZID=Europe/Paris:20260610T000000\n" +
                 available("DTSTART;TZID=Europe/Paris:20260101T090000\n"
                           "DTEND;TZID=Europe/Paris:20260101T170000\nRRULE:FREQ=DAILY\n"))),
             june);
    CHECK(spans(reading) == Lines{"2026-06-07T22:00:00Z/2026-06-08T07:00:00Z",
                                  "2026-06-08T15:00:00Z/2026-06-09T07:00:00Z",
                                  "2026-06-09T15:00:00Z/2026-06-09T22:00:00Z"});
    for (const Occurrence& occurrence : reading.occurrences) {
        CHECK(occurrence.event->component == ComponentKind::availability);
        CHECK(occurrence.event->busy_status == BusyStatus::out_of_office);
    }
}

TEST_CASE("Point 22: a VAVAILABILITY without AVAILABLE keeps its own bounds", "[calendars]") {
    const auto reading = read(
        calendar(availability("BUSYTYPE:BUSY-TENTATIVE\nDTSTART:20260520T000000Z\nDTEND:20260820T000000Z\n")),
        june);
    CHECK(spans(reading) == Lines{"2026-05-20T00:00:00Z/2026-08-20T00:00:00Z"});
    CHECK(reading.occurrences[0].event->busy_status == BusyStatus::tentative);
}

TEST_CASE("Point 22: without bounds a VAVAILABILITY fills the window", "[calendars]") {
    CHECK(spans(read(calendar(availability("")), {"2026-06-01", "2026-06-02", "UTC"})) ==
          Lines{"2026-06-01T00:00:00Z/2026-06-02T00:00:00Z"});
    // The gap around a weekend keeps its true ends although the window cuts it.
    CHECK(spans(read(calendar(availability("DTSTART:20260101T000000Z\n" +
                                           available("DTSTART:20260101T090000Z\nDTEND:20260101T170000Z\n"
                                                     "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR\n"))),
                     {"2026-06-06", "2026-06-07", "UTC"})) ==
          Lines{"2026-06-05T17:00:00Z/2026-06-08T09:00:00Z"});
}

TEST_CASE("Point 22: the higher priority decides where two VAVAILABILITY overlap", "[calendars]") {
    // Available by priority 1 on 2 June, whatever priority 5 says.
    const auto reading = read(
        calendar(
            availability("PRIORITY:5\nDTSTART:20260601T000000Z\nDTEND:20260605T000000Z\n") +
            availability("PRIORITY:1\nBUSYTYPE:BUSY\nDTSTART:20260602T000000Z\nDTEND:20260603T000000Z\n" +
                         available("DTSTART:20260602T060000Z\nDTEND:20260603T000000Z\n"))),
        june);
    CHECK(spans(reading) == Lines{"2026-06-01T00:00:00Z/2026-06-02T00:00:00Z",
                                  "2026-06-02T00:00:00Z/2026-06-02T06:00:00Z",
                                  "2026-06-03T00:00:00Z/2026-06-05T00:00:00Z"});
}

}  // namespace meaning_test
