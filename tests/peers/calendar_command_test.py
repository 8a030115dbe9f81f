#!/usr/bin/env python3
"""Tricky calendars with answers worked out by hand, read through `watchbill calendar --json`.

Usage: calendar_command_test.py WATCHBILL_BINARY [CASE...]. Each case is a calendar and what must come out of it;
the program is a black box here.
"""
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

BINARY = sys.argv[1]
ONLY = sys.argv[2:]
CASES = []


def case(name, body, window, expected, *, zone="Europe/Paris", member="alice@example.com", warning=None, raw=False,
         fields=("start", "end")):
    CASES.append(dict(name=name, body=body, window=window, expected=expected, zone=zone, member=member,
                      warning=warning, raw=raw, fields=fields))


def calendar(*components, header=""):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//Test//EN"]
    if header:
        lines.append(header)
    for component in components:
        lines += component.strip("\n").split("\n")
    lines.append("END:VCALENDAR")
    return "\r\n".join(lines) + "\r\n"


def event(text, uid="1@test", summary="Something"):
    return f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\nSUMMARY:{summary}\n{text.strip()}\nEND:VEVENT"


def timed(*pairs):
    return [dict(zip(("start", "end"), pair)) for pair in pairs]


# --- zones -------------------------------------------------------------------------------------------------------
case("a Windows zone name without VTIMEZONE",
     calendar(event("DTSTART;TZID=W. Europe Standard Time:20260715T090000\nDTEND;TZID=W. Europe Standard Time:20260715T100000")),
     ("2026-07-15", "2026-07-16"), timed(("2026-07-15T07:00:00Z", "2026-07-15T08:00:00Z")))
case("a quoted Windows zone name",
     calendar(event('DTSTART;TZID="Pacific Standard Time":20260115T090000\nDTEND;TZID="Pacific Standard Time":20260115T093000')),
     ("2026-01-15", "2026-01-16"), timed(("2026-01-15T17:00:00Z", "2026-01-15T17:30:00Z")))
VTZ_CUSTOM = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0330
TZOFFSETTO:+0330
END:STANDARD
END:VTIMEZONE"""
case("a custom zone with its VTIMEZONE",
     calendar(VTZ_CUSTOM, event("DTSTART;TZID=Customized Time Zone:20260715T090000\nDTEND;TZID=Customized Time Zone:20260715T100000")),
     ("2026-07-15", "2026-07-16"), timed(("2026-07-15T05:30:00Z", "2026-07-15T06:30:00Z")))
case("a custom zone without VTIMEZONE falls back to the member's zone, with a warning",
     calendar(event("DTSTART;TZID=tzone://Microsoft/Custom:20260715T090000\nDTEND;TZID=tzone://Microsoft/Custom:20260715T100000")),
     ("2026-07-15", "2026-07-16"), timed(("2026-07-15T07:00:00Z", "2026-07-15T08:00:00Z")), warning="unknown_zone")
VTZ_LIES = """BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:-0500
TZOFFSETTO:-0500
END:STANDARD
END:VTIMEZONE"""
case("a VTIMEZONE that contradicts its IANA name loses",
     calendar(VTZ_LIES, event("DTSTART;TZID=Europe/Paris:20260115T090000\nDTEND;TZID=Europe/Paris:20260115T100000")),
     ("2026-01-15", "2026-01-16"), timed(("2026-01-15T08:00:00Z", "2026-01-15T09:00:00Z")))
for prefix in ("/freeassociation.sourceforge.net/", "/mozilla.org/20050126_1/", "/citadel.org/20190914_1/"):
    case(f"a prefixed zone name {prefix}",
         calendar(event(f"DTSTART;TZID={prefix}America/New_York:20260715T090000\nDTEND;TZID={prefix}America/New_York:20260715T100000")),
         ("2026-07-15", "2026-07-16"), timed(("2026-07-15T13:00:00Z", "2026-07-15T14:00:00Z")))
case("floating times are the member's",
     calendar(event("DTSTART:20260715T090000\nDTEND:20260715T100000")),
     ("2026-07-15", "2026-07-16"), timed(("2026-07-15T07:00:00Z", "2026-07-15T08:00:00Z")))
case("floating times follow X-WR-TIMEZONE",
     calendar(event("DTSTART:20260715T090000\nDTEND:20260715T100000"), header="X-WR-TIMEZONE:America/New_York"),
     ("2026-07-15", "2026-07-16"), timed(("2026-07-15T13:00:00Z", "2026-07-15T14:00:00Z")))
case("a date with a TZID is a date",
     calendar(event("DTSTART;VALUE=DATE;TZID=America/New_York:20260715\nDTEND;VALUE=DATE;TZID=America/New_York:20260716")),
     ("2026-07-15", "2026-07-16"), timed(("2026-07-15", "2026-07-16")))
case("02:30 in the spring gap",
     calendar(event("DTSTART;TZID=Europe/Paris:20260329T023000\nDTEND;TZID=Europe/Paris:20260329T040000")),
     ("2026-03-29", "2026-03-30"), timed(("2026-03-29T01:30:00Z", "2026-03-29T02:00:00Z")))
case("02:30 in the autumn overlap is the first",
     calendar(event("DTSTART;TZID=Europe/Paris:20261025T023000\nDTEND;TZID=Europe/Paris:20261025T040000")),
     ("2026-10-25", "2026-10-26"), timed(("2026-10-25T00:30:00Z", "2026-10-25T03:00:00Z")))
case("half an hour of daylight saving",
     calendar(event("DTSTART;TZID=Australia/Lord_Howe:20261004T021500\nDTEND;TZID=Australia/Lord_Howe:20261004T040000")),
     ("2026-10-03", "2026-10-05"), timed(("2026-10-03T15:45:00Z", "2026-10-03T17:00:00Z")))
case("a night event keeps its duration across daylight saving",
     calendar(event("DTSTART;TZID=Europe/Paris:20260327T220000\nDTEND;TZID=Europe/Paris:20260328T060000\nRRULE:FREQ=DAILY;COUNT=3")),
     ("2026-03-27", "2026-03-31"),
     timed(("2026-03-27T21:00:00Z", "2026-03-28T05:00:00Z"), ("2026-03-28T21:00:00Z", "2026-03-29T05:00:00Z"),
           ("2026-03-29T20:00:00Z", "2026-03-30T04:00:00Z")))

# --- spans -------------------------------------------------------------------------------------------------------
case("all-day ends are exclusive",
     calendar(event("DTSTART;VALUE=DATE:20260714\nDTEND;VALUE=DATE:20260716")),
     ("2026-07-15", "2026-07-17"), timed(("2026-07-14", "2026-07-16")))
case("all-day ends are exclusive: the day after",
     calendar(event("DTSTART;VALUE=DATE:20260714\nDTEND;VALUE=DATE:20260716")), ("2026-07-16", "2026-07-17"), [])
case("all-day without an end lasts a day",
     calendar(event("DTSTART;VALUE=DATE:20260714")), ("2026-07-01", "2026-08-01"), timed(("2026-07-14", "2026-07-15")))
case("timed without an end has no length",
     calendar(event("DTSTART:20260714T100000Z")), ("2026-07-01", "2026-08-01"),
     timed(("2026-07-14T10:00:00Z", "2026-07-14T10:00:00Z")))
case("an end before the start is a warning and no length",
     calendar(event("DTSTART:20260714T100000Z\nDTEND:20260714T090000Z")), ("2026-07-01", "2026-08-01"),
     timed(("2026-07-14T10:00:00Z", "2026-07-14T10:00:00Z")), warning=True)
case("midnight to midnight, floating, is all-day",
     calendar(event("DTSTART:20260714T000000\nDTEND:20260716T000000")), ("2026-07-01", "2026-08-01"),
     timed(("2026-07-14", "2026-07-16")))
case("Outlook's all-day flag",
     calendar(event("DTSTART;TZID=Romance Standard Time:20260714T000000\nDTEND;TZID=Romance Standard Time:20260715T000000\n"
                    "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE")), ("2026-07-01", "2026-08-01"),
     timed(("2026-07-14", "2026-07-15")))
case("an event that began long before the window",
     calendar(event("DTSTART:20250101T000000Z\nDTEND:20270101T000000Z")), ("2026-07-14", "2026-07-15"),
     timed(("2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z")))
case("DURATION in days is nominal",
     calendar(event("DTSTART;TZID=Europe/Paris:20260328T120000\nDURATION:P1D")), ("2026-03-28", "2026-03-31"),
     timed(("2026-03-28T11:00:00Z", "2026-03-29T10:00:00Z")))
case("DURATION in hours is exact",
     calendar(event("DTSTART;TZID=Europe/Paris:20260328T120000\nDURATION:PT24H")), ("2026-03-28", "2026-03-31"),
     timed(("2026-03-28T11:00:00Z", "2026-03-29T11:00:00Z")))
case("a window is half-open",
     calendar(event("DTSTART:20260714T100000Z\nDTEND:20260715T000000Z", uid="a") ,
              event("DTSTART:20260716T000000Z\nDTEND:20260716T010000Z", uid="b")),
     ("2026-07-15", "2026-07-16"), [], zone="UTC")

# --- recurrence --------------------------------------------------------------------------------------------------
WEEKLY = "DTSTART;TZID=Europe/Paris:20260601T090000\nDTEND;TZID=Europe/Paris:20260601T100000\nRRULE:FREQ=WEEKLY"
case("an override moves an instance out of the window",
     calendar(event(WEEKLY),
              event("RECURRENCE-ID;TZID=Europe/Paris:20260608T090000\nDTSTART;TZID=Europe/Paris:20260620T090000\nDTEND;TZID=Europe/Paris:20260620T100000")),
     ("2026-06-08", "2026-06-09"), [])
case("an override moves an instance into the window",
     calendar(event(WEEKLY),
              event("RECURRENCE-ID;TZID=Europe/Paris:20260608T090000\nDTSTART;TZID=Europe/Paris:20260620T090000\nDTEND;TZID=Europe/Paris:20260620T120000")),
     ("2026-06-20", "2026-06-21"), [dict(start="2026-06-20T07:00:00Z", end="2026-06-20T10:00:00Z", recurrence_id="2026-06-08T07:00:00Z")],
     fields=("start", "end", "recurrence_id"))
case("an override given in UTC",
     calendar(event(WEEKLY), event("RECURRENCE-ID:20260608T070000Z\nDTSTART:20260608T120000Z\nDTEND:20260608T130000Z")),
     ("2026-06-08", "2026-06-09"), timed(("2026-06-08T12:00:00Z", "2026-06-08T13:00:00Z")))
case("a cancelled instance is free",
     calendar(event(WEEKLY), event("RECURRENCE-ID;TZID=Europe/Paris:20260608T090000\nDTSTART;TZID=Europe/Paris:20260608T090000\nSTATUS:CANCELLED")),
     ("2026-06-08", "2026-06-09"), [])
case("an override without its master is kept",
     calendar(event("RECURRENCE-ID:20260608T070000Z\nDTSTART:20260608T120000Z\nDTEND:20260608T130000Z")),
     ("2026-06-08", "2026-06-09"), timed(("2026-06-08T12:00:00Z", "2026-06-08T13:00:00Z")))
case("this and future instances shift",
     calendar(event(WEEKLY),
              event("RECURRENCE-ID;TZID=Europe/Paris;RANGE=THISANDFUTURE:20260615T090000\nDTSTART;TZID=Europe/Paris:20260615T140000\nDTEND;TZID=Europe/Paris:20260615T160000")),
     ("2026-06-08", "2026-06-23"),
     timed(("2026-06-08T07:00:00Z", "2026-06-08T08:00:00Z"), ("2026-06-15T12:00:00Z", "2026-06-15T14:00:00Z"),
           ("2026-06-22T12:00:00Z", "2026-06-22T14:00:00Z")))
case("of two components with one UID the higher SEQUENCE wins",
     calendar(event("SEQUENCE:2\nDTSTART:20260608T120000Z\nDTEND:20260608T130000Z"), event("SEQUENCE:1\nDTSTART:20260608T150000Z\nDTEND:20260608T160000Z")),
     ("2026-06-08", "2026-06-09"), timed(("2026-06-08T12:00:00Z", "2026-06-08T13:00:00Z")))
case("EXDATE as a date removes that local day's instance",
     calendar(event(WEEKLY + "\nEXDATE;VALUE=DATE:20260608")), ("2026-06-01", "2026-06-16"),
     timed(("2026-06-01T07:00:00Z", "2026-06-01T08:00:00Z"), ("2026-06-15T07:00:00Z", "2026-06-15T08:00:00Z")))
case("EXDATE in UTC",
     calendar(event(WEEKLY + "\nEXDATE:20260608T070000Z")), ("2026-06-08", "2026-06-09"), [])
case("EXDATE removes an overridden instance too",
     calendar(event(WEEKLY + "\nEXDATE;TZID=Europe/Paris:20260608T090000"),
              event("RECURRENCE-ID;TZID=Europe/Paris:20260608T090000\nDTSTART;TZID=Europe/Paris:20260608T110000\nDTEND;TZID=Europe/Paris:20260608T120000")),
     ("2026-06-08", "2026-06-09"), [])
case("RDATE with a period has its own length",
     calendar(event("DTSTART:20260601T090000Z\nDTEND:20260601T100000Z\nRDATE;VALUE=PERIOD:20260603T090000Z/PT3H,20260604T090000Z/20260604T093000Z")),
     ("2026-06-01", "2026-06-10"),
     timed(("2026-06-01T09:00:00Z", "2026-06-01T10:00:00Z"), ("2026-06-03T09:00:00Z", "2026-06-03T12:00:00Z"),
           ("2026-06-04T09:00:00Z", "2026-06-04T09:30:00Z")))
case("an RDATE equal to an instance counts once",
     calendar(event("DTSTART:20260601T090000Z\nDTEND:20260601T100000Z\nRRULE:FREQ=DAILY;COUNT=3\nRDATE:20260602T090000Z,20260605T090000Z")),
     ("2026-06-01", "2026-06-10"),
     timed(*[(f"2026-06-0{d}T09:00:00Z", f"2026-06-0{d}T10:00:00Z") for d in (1, 2, 3, 5)]))
case("UNTIL as a date includes that local day",
     calendar(event("DTSTART;TZID=America/New_York:20260601T220000\nDTEND;TZID=America/New_York:20260601T230000\nRRULE:FREQ=DAILY;UNTIL=20260603")),
     ("2026-06-01", "2026-06-10"),
     timed(*[(f"2026-06-0{d}T02:00:00Z", f"2026-06-0{d}T03:00:00Z") for d in (2, 3, 4)]))
case("UNTIL without Z is in the start's zone",
     calendar(event("DTSTART;TZID=America/New_York:20260601T220000\nDTEND;TZID=America/New_York:20260601T230000\nRRULE:FREQ=DAILY;UNTIL=20260603T220000")),
     ("2026-06-01", "2026-06-10"),
     timed(*[(f"2026-06-0{d}T02:00:00Z", f"2026-06-0{d}T03:00:00Z") for d in (2, 3, 4)]))
case("COUNT counts before EXDATE",
     calendar(event("DTSTART:20260601T090000Z\nDTEND:20260601T100000Z\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260602T090000Z")),
     ("2026-06-01", "2026-06-10"), timed(*[(f"2026-06-0{d}T09:00:00Z", f"2026-06-0{d}T10:00:00Z") for d in (1, 3)]))
case("the last day of each month by a daily rule",
     calendar(event("DTSTART:20260131T090000Z\nDTEND:20260131T100000Z\nRRULE:FREQ=DAILY;BYMONTHDAY=-1")),
     ("2026-01-01", "2026-04-01"), timed(*[(f"2026-{d}T09:00:00Z", f"2026-{d}T10:00:00Z") for d in ("01-31", "02-28", "03-31")]))
case("WEEKLY with BYSETPOS",
     calendar(event("DTSTART:20260601T090000Z\nDTEND:20260601T100000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1,-1")),
     ("2026-06-01", "2026-06-14"), timed(*[(f"2026-06-{d}T09:00:00Z", f"2026-06-{d}T10:00:00Z") for d in ("01", "05", "08", "12")]))
case("a start its own rule does not produce is no instance",
     calendar(event("DTSTART:20260602T090000Z\nDTEND:20260602T100000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO")),
     ("2026-06-01", "2026-06-16"), timed(*[(f"2026-06-{d}T09:00:00Z", f"2026-06-{d}T10:00:00Z") for d in ("08", "15")]))
case("the last Friday of each month",
     calendar(event("DTSTART;TZID=Europe/Paris:20260130T090000\nDTEND;TZID=Europe/Paris:20260130T100000\nRRULE:FREQ=MONTHLY;BYDAY=-1FR")),
     ("2026-03-01", "2026-05-01"), timed(("2026-03-27T08:00:00Z", "2026-03-27T09:00:00Z"), ("2026-04-24T07:00:00Z", "2026-04-24T08:00:00Z")))
case("every other week counts weeks from their first day",
     calendar(event("DTSTART:20260607T090000Z\nDTEND:20260607T100000Z\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU")),
     ("2026-06-07", "2026-06-30"), timed(*[(f"2026-06-{d}T09:00:00Z", f"2026-06-{d}T10:00:00Z") for d in ("07", "08", "21", "22")]))
case("29 February every year",
     calendar(event("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY")), ("2026-01-01", "2029-01-01"), timed(("2028-02-29", "2028-03-01")))
case("a rule with COUNT and UNTIL is not lost",
     calendar(event("DTSTART:20260601T090000Z\nDTEND:20260601T100000Z\nRRULE:FREQ=DAILY;COUNT=5;UNTIL=20260603T090000Z")),
     ("2026-06-01", "2026-06-10"), timed(*[(f"2026-06-0{d}T09:00:00Z", f"2026-06-0{d}T10:00:00Z") for d in (1, 2, 3)]), warning=None)
case("all-day recurrence across daylight saving",
     calendar(event("DTSTART;VALUE=DATE:20260327\nDTEND;VALUE=DATE:20260328\nRRULE:FREQ=DAILY;COUNT=4")),
     ("2026-03-28", "2026-03-31"), timed(("2026-03-28", "2026-03-29"), ("2026-03-29", "2026-03-30"), ("2026-03-30", "2026-03-31")))
case("events of a declined invitation are free, yet listed",
     calendar(event("DTSTART:20260601T090000Z\nDTEND:20260601T190000Z\nORGANIZER:mailto:bob@example.com\nATTENDEE;PARTSTAT=DECLINED:MAILTO:Alice@Example.com",
                    summary="Vacation")),
     ("2026-06-01", "2026-06-02"), [dict(start="2026-06-01T09:00:00Z", kind="none")], fields=("start", "kind"))
case("an own vacation, transparent",
     calendar(event("DTSTART;VALUE=DATE:20260601\nTRANSP:TRANSPARENT", summary="Congés d'été")),
     ("2026-06-01", "2026-06-02"), [dict(start="2026-06-01", kind="absence")], fields=("start", "kind"))
case("out of office by Outlook's mark",
     calendar(event("DTSTART:20260601T090000Z\nDTEND:20260601T190000Z\nX-MICROSOFT-CDO-BUSYSTATUS:OOF", summary="xyz")),
     ("2026-06-01", "2026-06-02"), [dict(start="2026-06-01T09:00:00Z", kind="absence")], fields=("start", "kind"))
case("busy is not absent",
     calendar(event("DTSTART:20260601T090000Z\nDTEND:20260601T190000Z", summary="Busy")),
     ("2026-06-01", "2026-06-02"), [dict(start="2026-06-01T09:00:00Z", kind="none")], fields=("start", "kind"))
case("night duty",
     calendar(event("DTSTART;TZID=Europe/Paris:20260601T220000\nDTEND;TZID=Europe/Paris:20260602T070000", summary="Astreinte")),
     ("2026-06-01", "2026-06-02"), [dict(start="2026-06-01T20:00:00Z", kind="night_duty")], fields=("start", "kind"))
case("free/busy that is unavailable",
     calendar("BEGIN:VFREEBUSY\nUID:fb\nDTSTAMP:20260101T000000Z\nDTSTART:20260601T000000Z\nDTEND:20260608T000000Z\n"
              "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260602T080000Z/PT8H\nFREEBUSY:20260603T080000Z/PT1H\nEND:VFREEBUSY"),
     ("2026-06-02", "2026-06-03"), [dict(start="2026-06-02T08:00:00Z", end="2026-06-02T16:00:00Z", kind="absence")],
     fields=("start", "end", "kind"))

# --- bytes -------------------------------------------------------------------------------------------------------
PLAIN = calendar(event("DTSTART:20260601T090000Z\nDTEND:20260601T100000Z", summary="Réunion"))
ONE = timed(("2026-06-01T09:00:00Z", "2026-06-01T10:00:00Z"))
JUNE = ("2026-06-01", "2026-07-01")
case("a byte order mark", b"\xef\xbb\xbf" + PLAIN.encode(), JUNE, ONE)
case("LF only", PLAIN.replace("\r\n", "\n"), JUNE, ONE)
case("CR only", PLAIN.replace("\r\n", "\r"), JUNE, ONE)
case("latin-1", PLAIN.encode("latin-1"), JUNE, [dict(start="2026-06-01T09:00:00Z", summary="Réunion")], fields=("start", "summary"))
case("a fold inside a UTF-8 character",
     PLAIN.encode().replace("é".encode(), b"\xc3\r\n \xa9"), JUNE, [dict(start="2026-06-01T09:00:00Z", summary="Réunion")],
     fields=("start", "summary"))
case("several calendars in one file",
     calendar(event("DTSTART:20260601T090000Z\nDTEND:20260601T100000Z")) + calendar(event("DTSTART:20260602T090000Z\nDTEND:20260602T100000Z", uid="2@test")),
     JUNE, timed(("2026-06-01T09:00:00Z", "2026-06-01T10:00:00Z"), ("2026-06-02T09:00:00Z", "2026-06-02T10:00:00Z")))
case("an empty calendar is a calendar", calendar(), JUNE, [])
case("a login page", "<!DOCTYPE html><html><body>Sign in</body></html>", JUNE, "error")
case("nothing at all", "", JUNE, "error")
case("blanks only", " \r\n\r\n ", JUNE, "error")
case("JSON", '{"error": "unauthorized"}', JUNE, "error")
case("a card, not a calendar", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Alice\r\nEND:VCARD\r\n", JUNE, "error")
case("over 10 MB", b"BEGIN:VCALENDAR\r\n" + b"X-A:" + b"b" * 70 + b"\r\n" + b"X-B:b\r\n" * 1_600_000 + b"END:VCALENDAR\r\n", JUNE, "error")


def bomb(name, body, expected="any"):
    case("bomb: " + name, body, JUNE, expected)


bomb("minutely", calendar(event("DTSTART:20000101T000000Z\nRRULE:FREQ=MINUTELY;COUNT=100000000")))
bomb("hourly never", calendar(event("DTSTART:20000101T000000Z\nRRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30")))
bomb("secondly never", calendar(event("DTSTART:20000101T000000Z\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30")))
bomb("yearly never", calendar(event("DTSTART:20000101T000000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")))
bomb("20,000 RDATEs", calendar(event("DTSTART:20260601T000000Z\n" + "\n".join(f"RDATE:2026{m:02}{d:02}T{h:02}{n:02}00Z" for m in range(1, 13) for d in range(1, 29) for h in range(10) for n in range(6)))))
bomb("one long line", calendar(event("DTSTART:20260601T000000Z\nDESCRIPTION:" + "x" * 9_900_000)))
bomb("deep nesting", calendar("BEGIN:VEVENT\n" * 20000 + "END:VEVENT\n" * 20000))
bomb("many rules", calendar(*[event("DTSTART:19700101T000000Z\nRRULE:FREQ=DAILY", uid=f"u{i}") for i in range(90000)]))
bomb("many events", calendar(*[event("DTSTART:20260601T000000Z", uid=f"u{i}") for i in range(90000)]))
bomb("many attendees", calendar(event("DTSTART:20260601T000000Z\n" + "\n".join(f"ATTENDEE:mailto:a{i}@example.com" for i in range(200000)))))
bomb("many overrides", calendar(event("DTSTART:20000101T000000Z\nRRULE:FREQ=DAILY"), *[event(f"RECURRENCE-ID:20{y:02}{m:02}{d:02}T000000Z\nDTSTART:20{y:02}{m:02}{d:02}T010000Z") for y in range(99) for m in range(1, 13) for d in range(1, 29)]))
bomb("many exclusions", calendar(event("DTSTART:20000101T000000Z\nRRULE:FREQ=DAILY\nEXDATE:" + ",".join(["20260601T000000Z"] * 500000))))
bomb("many zones", calendar(*[VTZ_CUSTOM.replace("Customized Time Zone", f"Zone{i}") for i in range(40000)], event("DTSTART:20260601T000000Z")))
bomb("many parameters", calendar(event("DTSTART:20260601T000000Z\nSUMMARY" + ";X-A=b" * 1_000_000 + ":x")))
bomb("a zone that changes each day", calendar("BEGIN:VTIMEZONE\nTZID:Crazy\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE",
                                           event("DTSTART;TZID=Crazy:20260601T000000\nRRULE:FREQ=DAILY")))


def run(entry):
    body = entry["body"] if isinstance(entry["body"], bytes) else entry["body"].encode()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "calendar.ics"
        path.write_bytes(body)
        command = [BINARY, "calendar", str(path), "--from", entry["window"][0], "--to", entry["window"][1], "--zone", entry["zone"],
                   "--member", entry["member"], "--json"]
        began = time.monotonic()
        done = subprocess.run(command, capture_output=True, timeout=300, check=False)
        seconds = time.monotonic() - began
    problems = []
    if done.returncode not in (0, 1):
        return [f"exit {done.returncode}: {done.stderr.decode()[-300:]}"], seconds
    if entry["expected"] == "error":
        if done.returncode != 1 or not done.stderr.strip():
            problems.append(f"expected exit 1 and a message, got exit {done.returncode}: {done.stderr.decode()!r}")
        return problems, seconds
    if entry["expected"] == "any":
        if done.returncode == 1 and not done.stderr.strip():
            problems.append("exit 1 without a message")
        return problems, seconds
    if done.returncode != 0:
        return [f"exit {done.returncode}: {done.stderr.decode()}"], seconds
    answer = json.loads(done.stdout)
    found = [{field: occurrence[field] for field in entry["fields"]} for occurrence in answer["occurrences"]]
    wanted = [{field: occurrence.get(field) for field in entry["fields"]} for occurrence in entry["expected"]]
    if found != wanted:
        problems.append(f"\n      wanted {wanted}\n      found  {found}\n      warnings {answer['warnings']}")
    codes = [warning["code"] for warning in answer["warnings"]]
    if entry["warning"] is True and not codes:
        problems.append("expected a warning, got none")
    if isinstance(entry["warning"], str) and entry["warning"] not in codes:
        problems.append(f"expected warning {entry['warning']}, got {codes}")
    return problems, seconds


failures = 0
for entry in CASES:
    if ONLY and not any(part in entry["name"] for part in ONLY):
        continue
    problems, seconds = run(entry)
    if problems:
        failures += 1
        print(f"FAILED  {entry['name']}: {'; '.join(problems)}")
    elif ONLY or seconds > 1:
        print(f"ok      {entry['name']} ({seconds:.2f} s)")
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(f"{len(CASES)} calendars, {failures} failed; largest process {peak} MB")
sys.exit(1 if failures else 0)
