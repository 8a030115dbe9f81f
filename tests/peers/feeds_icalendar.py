#!/usr/bin/python3
"""Reads a feed as a client built on python3-icalendar does (khal, Home Assistant) and compares what comes out.

Usage: feeds_icalendar.py FEED.ics [EXPECTED]
EXPECTED is JSON, or the path of a file with it: [{"uid", "start", "end", "summary"}], instants as
"2026-12-03T08:00:00Z", all-day events as dates with the end exclusive. All of them and no others must be there.
Checks the bytes too (CRLF, 75 octets, UTF-8), and each VTIMEZONE against the system's tzdata for every hour of the
feed. Exit 0: all well. 1: what is wrong, one line each. 2: usage.
"""
import datetime as dt
import json
import pathlib
import sys
from zoneinfo import ZoneInfo

import icalendar

UTC = dt.timezone.utc
problems = []


def check(condition, problem):
    if not condition:
        problems.append(problem)


def check_bytes(data):
    check(data.endswith(b"END:VCALENDAR\r\n"), "does not end with END:VCALENDAR and CRLF")
    for number, line in enumerate(data.split(b"\r\n"), 1):
        check(len(line) <= 75, f"line {number}: {len(line)} octets")
        check(b"\r" not in line and b"\n" not in line, f"line {number}: a line end that is not CRLF")
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            problems.append(f"line {number}: not UTF-8, or a character is split by folding")


def rfc3339(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def resolve(prop, zones, uid):
    """An event's start or end, by the file's own VTIMEZONE."""
    value = prop.dt
    if not isinstance(value, dt.datetime):
        return value.isoformat()
    check(value.tzinfo is not None, f"{uid}: a floating time")
    tzid = prop.params.get("TZID")
    if value.tzinfo is None or tzid is None:
        return rfc3339(value.replace(tzinfo=value.tzinfo or UTC))
    if tzid not in zones:
        problems.append(f"{uid}: no VTIMEZONE for {tzid}")
        return None
    local = value.replace(tzinfo=None)
    moment = zones[tzid].localize(local)
    wall = moment.astimezone(ZoneInfo(tzid)).replace(tzinfo=None)
    check(wall == local, f"{uid}: {local} is {wall} by the clocks of {tzid}")
    return rfc3339(moment)


def read_event(event, zones):
    uid = str(event.get("UID"))
    for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "LAST-MODIFIED"):
        check(name in event, f"{uid}: no {name}")
    for name in ("ATTENDEE", "ORGANIZER", "RRULE", "CLASS"):
        check(name not in event, f"{uid}: unexpected {name}")
    check(event.get("TRANSP") == "TRANSPARENT", f"{uid}: it would block people's time")
    check(event.get("X-MICROSOFT-CDO-BUSYSTATUS") == "FREE", f"{uid}: it would block people's time in Outlook")
    check(event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt, f"{uid}: DTSTAMP is not LAST-MODIFIED")
    start = resolve(event["DTSTART"], zones, uid)
    end = resolve(event.get("DTEND", event["DTSTART"]), zones, uid)
    if start is not None and end is not None:
        check(start <= end, f"{uid}: ends ({end}) before it starts ({start})")
    return {"uid": uid, "start": start, "end": end, "summary": str(event["SUMMARY"])}


def check_zone(tzid, zone, events):
    """Hour by hour over the days of the events, the file's rules against the system's."""
    timed = [moment for event in events for moment in (event["start"], event["end"]) if moment and "T" in moment]
    if not timed:
        return
    now = dt.datetime.fromisoformat(min(timed).replace("Z", "+00:00"))
    last = dt.datetime.fromisoformat(max(timed).replace("Z", "+00:00"))
    while now <= last:
        ours = now.astimezone(zone).utcoffset()
        theirs = now.astimezone(ZoneInfo(tzid)).utcoffset()
        if ours != theirs:
            problems.append(f"VTIMEZONE {tzid}: {ours} at {rfc3339(now)}, where tzdata says {theirs}")
            return
        now += dt.timedelta(hours=1)


def read_feed(data):
    calendars = icalendar.Calendar.from_ical(data, multiple=True)
    if len(calendars) != 1:
        raise ValueError(f"{len(calendars)} calendars instead of one")
    calendar = calendars[0]
    for component in calendar.walk():
        for name, error in component.errors:
            problems.append(f"{name}: {error}")
    check(calendar.get("VERSION") == "2.0", "VERSION is not 2.0")
    check(bool(calendar.get("X-WR-CALNAME")), "the calendar has no name")
    zones = {}
    for component in calendar.walk("VTIMEZONE"):
        check(not any("RDATE" in part for part in component.subcomponents), "a VTIMEZONE with RDATE")
        zones[str(component["TZID"])] = component.to_tz()
    events = [read_event(event, zones) for event in calendar.walk("VEVENT")]
    for tzid, zone in zones.items():
        check_zone(tzid, zone, events)
    return events


def compare(found, expected):
    by_uid = {event["uid"]: event for event in found}
    check(len(by_uid) == len(found), "two events share a UID")
    for event in expected:
        other = by_uid.pop(event["uid"], None)
        if other is None:
            problems.append(f"{event['uid']}: missing")
            continue
        for key in ("start", "end", "summary"):
            check(other[key] == event[key], f"{event['uid']}: {key} is \"{other[key]}\", expected \"{event[key]}\"")
    for uid in by_uid:
        problems.append(f"{uid}: not expected")


def main():
    if len(sys.argv) not in (2, 3):
        print("usage: feeds_icalendar.py FEED.ics [EXPECTED]", file=sys.stderr)
        return 2
    path = sys.argv[1]
    data = pathlib.Path(path).read_bytes()
    check_bytes(data)
    try:
        found = read_feed(data)
    except ValueError as error:
        problems.append(f"cannot be read: {error}")
    else:
        expected = found
        if len(sys.argv) == 3:
            literal = sys.argv[2].lstrip().startswith("[")
            expected = json.loads(sys.argv[2] if literal else pathlib.Path(sys.argv[2]).read_text("utf-8"))
        compare(found, expected)
        if not problems:
            print(f"{len(found)} events are as they should be")
    for problem in problems:
        print(f"{path}: {problem}", file=sys.stderr)
    return 1 if problems else 0


sys.exit(main())
