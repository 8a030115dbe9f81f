#!/usr/bin/env python3
"""Random teams, planned by `watchbill plan --fresh --json` and checked by rules written anew from the design.

Usage: plan_checker_test.py WATCHBILL_BINARY [TEAMS] [SEED]. Checks, for each shift: nobody absent or resting
is assigned while anybody else can be; a day nobody can serve is uncovered and says so; the same input gives the same
bytes; nobody is ever a whole shift away from their fair share of weekends, and of holidays, and of all shifts where there
are no such classes (exact fractions). Beside classes the whole stays below one and a half, and below one in all but a
few teams.
"""
import datetime as dt
import json
import pathlib
import random
import subprocess
import sys
import tempfile
from fractions import Fraction
from zoneinfo import ZoneInfo

BINARY, *NUMBERS = sys.argv[1:]
TEAMS = int(NUMBERS[0]) if NUMBERS else 40
SEED = int(NUMBERS[1]) if len(NUMBERS) > 1 else random.randrange(1 << 32)
ZONES = ["Europe/Paris", "America/Montreal", "Asia/Tokyo", "Australia/Lord_Howe", "UTC"]
UTC = dt.timezone.utc
DAY = dt.timedelta(days=1)


def stamp(instant):
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


class Member:
    def __init__(self, rng, index, first, days):
        self.email = f"member{index}@example.com"
        self.zone = ZoneInfo(rng.choice(ZONES))
        self.weight = rng.choice([Fraction(1), Fraction(1), Fraction(1), Fraction(1, 2), Fraction(4, 5), Fraction(3, 10)])
        self.absences, self.duties, self.holidays, self.lines = [], [], [], []
        self.site = rng.choice(["here", "there"])
        for _ in range(rng.randrange(0, 5)):
            start = first + DAY * rng.randrange(-5, days)
            end = start + DAY * rng.randrange(1, 20)
            self.all_day(start, end)
        for _ in range(rng.randrange(0, 6)):
            start = first + DAY * rng.randrange(0, days)
            begin = dt.datetime.combine(start, dt.time(rng.randrange(6, 14), rng.choice([0, 30])), self.zone)
            self.timed(begin, begin.astimezone(UTC) + dt.timedelta(minutes=30 * rng.randrange(1, 16)), "Vacation", self.absences)
        for _ in range(rng.randrange(0, 12)):
            start = first + DAY * rng.randrange(-2, days)
            begin = dt.datetime.combine(start, dt.time(rng.randrange(19, 24), rng.choice([0, 30])), self.zone)
            # At least six hours, of which at least four lie between 20:00 and 08:00.
            self.timed(begin, begin.astimezone(UTC) + dt.timedelta(minutes=30 * rng.randrange(12, 20)), "On-call night", self.duties)

    def all_day(self, start, end):
        self.absences.append((dt.datetime.combine(start, dt.time(), self.zone), dt.datetime.combine(end, dt.time(), self.zone)))
        self.event(f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}", "Vacation")

    def holiday(self, date, zone):
        """Of the site: in the team's calendar, not in theirs."""
        when = (dt.datetime.combine(date, dt.time(), zone), dt.datetime.combine(date + DAY, dt.time(), zone))
        self.absences.append(when)
        self.holidays.append(when)

    def timed(self, start, end, title, into):
        into.append((start, end))
        self.event(f"DTSTART:{stamp(start)}", f"DTEND:{stamp(end)}", title)

    def event(self, start, end, title):
        self.lines += ["BEGIN:VEVENT", f"UID:{len(self.lines)}@{self.email}", "DTSTAMP:20260101T000000Z", start, end, f"SUMMARY:{title}", "END:VEVENT"]

    def calendar(self):
        return calendar(self.lines)


def calendar(lines):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//Test//EN", *lines, "END:VCALENDAR", ""])


def holidays(rng, members, first, days):
    """Of the site "here"; the calendar's lines. Its days are those of the site, where its first member lives."""
    zone = next((m.zone for m in members if m.site == "here"), None)
    lines = []
    for number in range(rng.randrange(0, days // 12 + 1)):
        date = first + DAY * rng.randrange(0, days)
        lines += ["BEGIN:VEVENT", f"UID:{number}@holidays", "DTSTAMP:20260101T000000Z", f"DTSTART;VALUE=DATE:{date:%Y%m%d}",
                  f"DTEND;VALUE=DATE:{date + DAY:%Y%m%d}", "SUMMARY:Public holiday", "END:VEVENT"]
        for member in members:
            if member.site == "here":
                member.holiday(date, zone)
    return lines


class Balances:
    """Shares earned and shifts served, of all shifts or of one class."""

    def __init__(self, members):
        self.of = {m.email: Fraction(0) for m in members}

    def count(self, candidates, holder):
        total = sum(m.weight for m in candidates)
        for m in candidates:
            self.of[m.email] += m.weight / total
        self.of[holder] -= 1

    def furthest(self):
        return max(abs(balance) for balance in self.of.values())


def class_of(date, start, end, members):
    if date.weekday() >= 5:
        return "weekend"
    return "holiday" if any(a < end and start < b for m in members for a, b in map(utc, m.holidays)) else None


def utc(pair):
    return pair[0].astimezone(UTC), pair[1].astimezone(UTC)


def covered(intervals, start, end):
    total, reach = dt.timedelta(), start
    for a, b in sorted(map(utc, intervals)):
        a, b = max(a, reach), min(b, end)
        if b > a:
            total, reach = total + (b - a), b
    return total


def absent(member, start, end):
    needed = min(dt.timedelta(hours=4), end - start)
    return covered(member.absences, start, end) >= needed


def resting(member, start, end):
    for a, b in map(utc, member.duties):
        if (a < end and start < b) or (b <= start < b + dt.timedelta(hours=11)):
            return True
    return False


def check_team(rng, folder):
    first = dt.date(2026, 1, 1) + DAY * rng.randrange(0, 700)
    days = rng.randrange(20, 120)
    members = [Member(rng, i, first, days) for i in range(rng.randrange(2, 8))]
    zone = rng.choice(ZONES)
    holiday_lines = holidays(rng, members, first, days)
    start, end = rng.choice([("09:00", "18:00"), ("08:00", "12:00"), ("22:00", "06:00"), ("09:00", None)])
    weekdays = rng.choice([["mon", "tue", "wed", "thu", "fri"], ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]])
    (folder / "teams").mkdir()
    (folder / "holidays.ics").write_text(calendar(holiday_lines))
    toml = [f'[team]\nname = "random"\ntitle = "Random"\ntime_zone = "{zone}"\n'
            'holidays = [{ calendar = "../holidays.ics", site = "here" }]\n',
            f'[[rotation]]\nname = "mro"\ntitle = "MRO"\nstart = "{start}"', f'end = "{end}"' if end else "",
            f"days = {json.dumps(weekdays)}", f"members = {json.dumps([m.email for m in members])}"]
    for member in members:
        (folder / f"{member.email}.ics").write_text(member.calendar())
        toml.append(f'\n[[member]]\nemail = "{member.email}"\nname = "{member.email.split("@")[0].title()} X"\n'
                    f'time_zone = "{member.zone.key}"\nsite = "{member.site}"\nweight = {float(member.weight)}\ncalendars = ["../{member.email}.ics"]')
    (folder / "teams" / "random.toml").write_text("\n".join(toml))
    (folder / "watchbill.toml").write_text('[server]\nlisten = "127.0.0.1:0"\npublic_url = "http://127.0.0.1"\n'
                                           'database = "sqlite:watchbill.db"\nteams = "teams"\nsecret_file = "secret.key"\n')
    command = [BINARY, "plan", "--config", str(folder / "watchbill.toml"), "--team", "random", "--from", first.isoformat(),
               "--days", str(days), "--fresh", "--json"]
    runs = [subprocess.run(command, capture_output=True, timeout=60, check=False) for _ in range(2)]
    assert runs[0].returncode == 0, f"exit {runs[0].returncode}: {runs[0].stderr.decode()}"
    assert runs[0].stdout == runs[1].stdout, "the same input gave two plans"
    assert not (folder / "watchbill.db").exists(), "--fresh touched the database"
    plan = json.loads(runs[0].stdout)

    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    dates = [d for d in (first + DAY * i for i in range(days)) if names[d.weekday()] in weekdays]
    assert [row["date"] for row in plan] == [d.isoformat() for d in dates], "not one row for each shift, in date order"
    whole, classes = Balances(members), {"weekend": Balances(members), "holiday": Balances(members)}
    furthest, classified = 0, False
    for row in plan:
        begin, finish = (dt.datetime.fromisoformat(row[k].replace("Z", "+00:00")) for k in ("start", "end"))
        date = dt.date.fromisoformat(row["date"])
        wanted = dt.datetime.combine(date, dt.time.fromisoformat(start), ZoneInfo(zone)).astimezone(UTC)
        assert begin == wanted, f"{row['date']} starts at {begin}, not {wanted}"
        here = [m for m in members if not absent(m, begin, finish)]
        rested = [m for m in here if not resting(m, begin, finish)]
        candidates = rested or here
        emails = [m.email for m in candidates]
        if not candidates:
            assert row["member"] is None and "uncovered" in row["flags"], f"{row} should be uncovered"
            continue
        assert row["member"] in emails, f"{row['member']} on {row['date']} is not among {emails}"
        assert ("rest_broken" in row["flags"]) == (not rested), f"rest_broken is wrong in {row}"
        whole.count(candidates, row["member"])
        furthest = max(furthest, whole.furthest())
        its_class = class_of(date, begin, finish, members)
        if its_class:
            classified = True
            classes[its_class].count(candidates, row["member"])
            off = classes[its_class].furthest()
            assert off < 1, f"after {row['date']} somebody is {off} {its_class} shifts away from their fair share"
    assert furthest < (Fraction(3, 2) if classified else 1), f"somebody is {furthest} shifts away from their fair share"
    return len(plan), furthest >= 1


shifts = beyond = 0
for number in range(TEAMS):
    rng = random.Random(f"{SEED}/{number}")
    with tempfile.TemporaryDirectory() as name:
        try:
            planned, whole_shift_off = check_team(rng, pathlib.Path(name))
            shifts += planned
            beyond += whole_shift_off
        except AssertionError as problem:
            print(f"FAILED team {number} of seed {SEED}: {problem}")
            sys.exit(1)
# One in a hundred is what is promised; few teams scatter.
if beyond > max(2, TEAMS // 50):
    print(f"FAILED {beyond} of {TEAMS} teams of seed {SEED} have somebody a whole shift away from their fair share of all shifts")
    sys.exit(1)
print(f"{TEAMS} random teams, {shifts} shifts, seed {SEED}: all as the design says; {beyond} a whole shift or more off in all")
