#!/usr/bin/env python3
"""Swaps through calendar events: one pair of calendars per rule, over `plan --fresh --json`, `serve` and `swaps`.

Usage: swaps_test.py WATCHBILL_BINARY.
"""
import datetime
import json
import subprocess
import sys

from served import BINARY, Served, events_of, free_port, run_tests

PEOPLE = {"alice": "Alice Martin", "bob": "Bob Durand", "carol": "Carol Petit"}
NEEDS, YES, NO, MAYBE = "NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"


def event(uid, title, day, organizer=None, guests=(), start="100000", extra="", shape="google"):
    """A VEVENT of an hour in Paris, or all day with start=None, as Google, Outlook, Apple or CalDAV servers write it."""
    compact = day.strftime("%Y%m%d")
    lines = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"SUMMARY:{title}"]
    if start is None:
        lines += [f"DTSTART;VALUE=DATE:{compact}", f"DTEND;VALUE=DATE:{(day + datetime.timedelta(days=1)).strftime('%Y%m%d')}"]
    else:
        zone = "Romance Standard Time" if shape == "outlook" else "Europe/Paris"
        lines += [f"DTSTART;TZID={zone}:{compact}T{start}", f"DTEND;TZID={zone}:{compact}T{int(start) + 10000:06d}"]
    mailto = "MAILTO:" if shape == "apple" else "mailto:"
    if organizer:
        lines.append(f'ORGANIZER;CN={PEOPLE[organizer]}:{mailto}{organizer}@example.com')
        for guest, status in ((organizer, YES), *guests):
            lines.append(f'ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT={status};CN={PEOPLE[guest]}:{mailto}{guest.title()}@example.com')
    if shape == "outlook":
        lines.append("X-MICROSOFT-CDO-BUSYSTATUS:BUSY")
    lines += [line for line in extra.split("\n") if line] + ["END:VEVENT"]
    return "\r\n".join(lines) + "\r\n"


def invited(uid, title, day, organizer, colleague, answer, claimed=NEEDS, **more):
    """The organiser's event and the colleague's own copy: {member: text}."""
    return {organizer: event(uid, title, day, organizer, [(colleague, claimed)], **more),
            colleague: event(uid, title, day, organizer, [(colleague, answer)], **more)}


class Team:
    def __init__(self, folder, extra="", rotation_zone="Europe/Paris"):
        self.folder = folder
        (folder / "teams").mkdir()
        self.port = free_port()
        (folder / "watchbill.toml").write_text(f'[server]\nlisten = "127.0.0.1:{self.port}"\npublic_url = "http://127.0.0.1:{self.port}"\n'
                                               'database = "sqlite:watchbill.db"\nteams = "teams"\nsecret_file = "secret.key"\n')
        members = "".join(f'[[member]]\nemail = "{name}@example.com"\nname = "{full}"\ncalendars = ["{name}.ics"]\n'
                          for name, full in PEOPLE.items())
        roster = ", ".join(f'"{name}@example.com"' for name in PEOPLE)
        (folder / "teams" / "ops.toml").write_text(
            f'[team]\nname = "ops"\ntime_zone = "Europe/Paris"\nhorizon_days = 40\nnotice_days = 40\n{extra}\n'
            f'[[rotation]]\nname = "mro"\ntitle = "MRO"\nstart = "09:00"\nend = "18:00"\nmembers = [{roster}]\n'
            f'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\nbalance = []\n{members}')
        self.write({})

    def write(self, calendars):
        """{member: text of events}, pairs merged; whoever is missing has an empty calendar."""
        for name in PEOPLE:
            path = self.folder / "teams" / f"{name}.ics"
            body = calendars.get(name, "")
            path.write_text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n" + body + "END:VCALENDAR\r\n", newline="")

    def run(self, *arguments):
        done = subprocess.run([BINARY, *arguments, "--config", str(self.folder / "watchbill.toml")], capture_output=True, text=True,
                              check=False)
        assert done.returncode == 0, f"{arguments}: {done.returncode} {done.stdout} {done.stderr}"
        return done.stdout

    def fresh(self, first, days=12):
        rows = json.loads(self.run("plan", "--team", "ops", "--from", str(first), "--days", str(days), "--fresh", "--json"))
        return {row["date"]: row for row in rows}


def holders(rows):
    return {date: row["member"].split("@")[0] for date, row in rows.items()}


def merged(*pairs):
    all_of = {}
    for pair in pairs:
        for name, text in pair.items():
            all_of[name] = all_of.get(name, "") + text
    return all_of


MONDAY = datetime.date(2026, 3, 23)  # the week in which Paris changes its clocks


def day(offset):
    return MONDAY + datetime.timedelta(days=offset)


def test_each_rule_in_a_fresh_plan(folder):
    team = Team(folder)
    base = holders(team.fresh(MONDAY))
    order = [base[str(day(n))] for n in range(4)]
    assert order == ["alice", "bob", "carol", "alice"], order

    def check(what, calendars, **moved):
        team.write(calendars)
        rows = team.fresh(MONDAY)
        expected = base | {str(day(int(n[1:]))): who for n, who in moved.items()}
        assert holders(rows) == expected, f"{what}: {holders(rows)} instead of {expected}"
        for n in moved:
            row = rows[str(day(int(n[1:])))]
            assert row["reasons"][0]["code"] == "override" and "override" in row["flags"], (what, row)
            assert any(r["code"] == "replaced" and r["member"] == base[row["date"]] + "@example.com" for r in row["reasons"]), (what, row)

    for shape in ("google", "outlook", "apple", "caldav"):
        check(f"accepted, {shape}", invited("u", "MRO swap", day(0), "alice", "bob", YES, shape=shape), d0="bob", d1="alice")
    check("all day", invited("u", "MRO swap", day(0), "alice", "bob", YES, start=None), d0="bob", d1="alice")
    check("dated", invited("u", "MRO swap 27 March", day(0), "alice", "bob", YES), d0="bob", d4="alice")
    check("day first", invited("u", "MRO swap 28/03", day(0), "alice", "carol", YES), d0="carol", d5="alice")
    check("across the change of the clocks", invited("u", "MRO swap 2026-03-30", day(6), "alice", "bob", YES), d6="bob", d7="alice")
    check("in German", invited("u", "MRO Tausch", day(0), "alice", "bob", YES), d0="bob", d1="alice")
    check("cover", invited("u", "MRO cover", day(0), "alice", "bob", YES), d0="bob")
    for answer in (NEEDS, MAYBE, NO):
        check(answer, invited("u", "MRO swap", day(0), "alice", "bob", answer, claimed=YES))
    check("forged", {"alice": event("u", "MRO swap", day(0), "alice", [("bob", YES)])})
    check("wrong day", invited("u", "MRO swap", day(2), "alice", "bob", YES))
    check("wrong date in the title", invited("u", "MRO swap 2026-03-25", day(0), "alice", "bob", YES))
    check("ambiguous", invited("u", "MRO swap 3", day(0), "alice", "bob", YES))
    check("cancelled", invited("u", "MRO swap", day(0), "alice", "bob", YES, extra="STATUS:CANCELLED"))
    check("other UIDs", {"alice": event("u", "MRO swap", day(0), "alice", [("bob", NEEDS)]),
                         "bob": event("v", "MRO swap", day(0), "alice", [("bob", YES)])}, d0="bob", d1="alice")
    check("named", {"alice": event("u", "MRO swap with Bob", day(0), shape="outlook"),
                    "bob": event("v", "MRO swap with Alice", day(0), shape="outlook")}, d0="bob", d1="alice")
    check("named by one only", {"alice": event("u", "MRO swap with Bob", day(0))})
    # Calendars that are published without people: one UID is one event and its copy, however much else matches.
    for title in ("MRO cover for Alice", "MRO swap Alice and Bob", "MRO swap Alice / Bob"):
        for uid in ("u", "U", " u "):
            check(f"one UID, nothing answered: {title}", {"alice": event("u", title, day(0), shape="outlook"),
                                                         "bob": event(uid, title, day(0), shape="outlook")})
        invited_list = "ORGANIZER:mailto:alice@example.com\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:all@lists.example.com"
        for copy in (invited_list, ""):
            check(f"a mailing list: {title}", {"alice": event("u", title, day(0), extra=invited_list),
                                              "bob": event("u", title, day(0), extra=copy)})
        check(f"one UID, answered: {title}", {"alice": event("u", title, day(0), shape="outlook"),
                                             "bob": event("u", title, day(0), extra="ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.com")},
              **({"d0": "bob"} if "cover" in title else {"d0": "bob", "d1": "alice"}))
        # One instance of a series, moved and written in two zones.
        check(f"one instance in two zones: {title}", {
            "alice": event("u", title, day(0), extra="RECURRENCE-ID;TZID=Europe/Paris:20260323T100000"),
            "bob": event("u", title, day(0), extra="RECURRENCE-ID:20260323T090000Z")})
    for no in ("Declined: ", "[DECLINED] ", "Refusé : ", "Abgelehnt: ", "Canceled: Declined: ", "Annulé : "):
        for uid in ("u", "v"):
            check(f"{no} in the colleague's title", {"alice": event("u", "MRO swap Alice / Bob", day(0), shape="outlook"),
                                                    "bob": event(uid, no + "MRO swap Alice / Bob", day(0), shape="outlook")})
        check(f"{no} in the organiser's title", {"alice": event("u", no + "MRO swap", day(0), "alice", [("bob", NEEDS)]),
                                                "bob": event("u", "MRO swap", day(0), "alice", [("bob", YES)])})
        check(f"{no} an absence", {"alice": event("u", no + "Vacation", day(0), start=None)})
    check("a chain on one day", merged(invited("u", "MRO swap", day(0), "alice", "bob", YES),
                                       invited("v", "MRO swap", day(0), "bob", "carol", YES)), d0="carol", d1="alice", d2="bob")
    check("open cover taken twice", merged({"alice": event("u", "MRO cover", day(0))},
                                           {"carol": event("v", "MRO cover for Alice", day(0), extra="LAST-MODIFIED:20260102T000000Z")},
                                           {"bob": event("w", "MRO cover for Alice", day(0), extra="LAST-MODIFIED:20260103T000000Z")}),
          d0="carol")
    vacation = event("x", "Vacation", day(0), start=None)
    team.write({"bob": vacation})
    away = holders(team.fresh(MONDAY))
    team.write(merged(invited("u", "MRO swap", day(0), "alice", "bob", YES), {"bob": vacation}))
    assert holders(team.fresh(MONDAY)) == away, "an absent colleague was given a shift"


REPLY = """From: {who} <{who}@example.com>
To: rota@example.com
Subject: Re
MIME-Version: 1.0
Content-Type: text/calendar; method=REPLY; charset=utf-8

BEGIN:VCALENDAR
METHOD:REPLY
BEGIN:VEVENT
UID:{uid}
SEQUENCE:{sequence}
DTSTAMP:{stamp}
ATTENDEE;PARTSTAT={answer}:mailto:{who}@example.com
END:VEVENT
END:VCALENDAR
"""


class Service:
    def __init__(self, folder, extra=""):
        self.team = Team(folder, extra)
        self.served = Served(folder, self.team.port)
        self.token = self.team.run("token", "create", "--scope", "admin", "--name", "bot").strip()

    def call(self, method, path):
        headers = {"Authorization": f"Bearer {self.token}"}
        status, _, body = self.served.get(f"http://127.0.0.1:{self.team.port}/api/v1/teams/ops{path}", method, **headers)
        assert status == 200, (status, body)
        return json.loads(body)

    def refresh(self, calendars):
        self.team.write(calendars)
        self.call("POST", "/refresh")
        return self.call("GET", "/swaps")["swaps"]

    def mail(self, uid, who, answer, stamp, sequence=0):
        """The code with which an answer by mail is taken or refused."""
        done = subprocess.run([BINARY, "receive-mail", "--json", "--config", str(self.team.folder / "watchbill.toml")], capture_output=True,
                              input=REPLY.format(uid=uid, who=who, answer=answer, stamp=stamp, sequence=sequence).encode(), check=False)
        return json.loads(done.stdout)["code"]

    def events(self):
        status, _, body = self.served.get(self.served.urls["rotation"])
        assert status == 200
        return body, events_of(body)


def test_a_swap_lives_in_the_service(folder):
    service = Service(folder)
    try:
        today = datetime.date.today()
        plan = {row["date"]: row["member"].split("@")[0] for row in service.call("GET", f"/plan?from={today}")["assignments"]}
        first = today + datetime.timedelta(days=3)
        organizer = plan[str(first)]
        colleague = plan[str(first + datetime.timedelta(days=1))]
        uid = f"{first}.mro.ops.shift@watchbill"
        _, before = service.events()

        pair = invited("u", "MRO swap", first, organizer, colleague, NEEDS, claimed=YES)
        swaps = service.refresh(pair)
        assert [swap["state"] for swap in swaps] == ["proposed"], swaps
        body, proposed = service.events()
        assert "Proposed swap" in proposed[uid]["DESCRIPTION"], proposed[uid]
        assert proposed[uid]["SUMMARY"] == before[uid]["SUMMARY"]
        assert service.refresh(pair) == swaps and service.events()[0] == body, "the same calendars changed something"

        pair = invited("u", "MRO swap", first, organizer, colleague, YES)
        swaps = service.refresh(pair)
        assert [swap["state"] for swap in swaps] == ["applied"] and swaps[0]["consent"] == "own_event", swaps
        assert [step["state"] for step in swaps[0]["history"]] == ["proposed", "accepted", "applied"], swaps
        body, applied = service.events()
        assert applied[uid]["SUMMARY"] == f"MRO: {PEOPLE[colleague]} (for {PEOPLE[organizer]})", applied[uid]
        assert int(applied[uid]["SEQUENCE"]) == int(proposed[uid]["SEQUENCE"]) + 1
        assert set(applied) == set(before), "a UID came or went"
        words = service.team.run("swaps", "--team", "ops")
        assert "applied" in words and PEOPLE[colleague] in words, words
        assert json.loads(service.team.run("swaps", "--team", "ops", "--json"))[0]["id"] == swaps[0]["id"]

        # What cannot be read is no withdrawal.
        for name in PEOPLE:
            (folder / "teams" / f"{name}.ics").write_text("<!DOCTYPE html><html>Sign in</html>")
        service.call("POST", "/refresh")
        assert service.call("GET", "/swaps")["swaps"] == swaps and service.events()[0] == body
        service.served.stop()
        service.served = Served(folder, service.team.port)
        assert service.events()[0] == body, "a restart changed the feed"

        swaps = service.refresh({})
        assert [swap["state"] for swap in swaps] == ["withdrawn"], swaps
        _, after = service.events()
        assert after[uid]["SUMMARY"] == before[uid]["SUMMARY"], after[uid]
        actions = [entry["action"] for entry in service.call("GET", "/audit")["entries"]]
        assert actions[:4] == ["swap.withdrawn", "swap.applied", "swap.accepted", "swap.proposed"], actions
        service.served.stop()
    finally:
        service.served.kill()


def test_an_answer_by_mail_belongs_to_its_event(folder):
    service = Service(folder)
    try:
        today = datetime.date.today()
        plan = {row["date"]: row["member"].split("@")[0] for row in service.call("GET", f"/plan?from={today}")["assignments"]}
        first = today + datetime.timedelta(days=3)
        organizer = plan[str(first)]
        colleague = plan[str(first + datetime.timedelta(days=1))]

        def asks(*uids):
            swaps = service.refresh({organizer: "".join(event(uid, "MRO swap", first, organizer, [(colleague, NEEDS)]) for uid in uids)})
            assert len(swaps) == 1, swaps
            return swaps[0]["state"]

        def holder():
            return service.call("GET", f"/plan?from={first}&to={first + datetime.timedelta(days=1)}")["assignments"][0]["member"].split("@")[0]

        assert asks("UID-1") == "proposed"
        assert service.mail("UID-1", colleague, YES, "20260301T100000Z", 2) == "accepted"
        assert asks("UID-1") == "applied" and holder() == colleague
        assert asks() == "withdrawn" and holder() == organizer
        assert service.mail("UID-1", colleague, YES, "20260301T110000Z", 2) == "withdrawn", "a deleted event took an answer"
        assert asks("UID-2") == "proposed" and holder() == organizer
        assert service.mail("UID-2", colleague, NO, "20260301T090000Z") == "declined", "compared with answers to another UID"
        assert asks("UID-2") == "withdrawn" and holder() == organizer
        assert asks("UID-3") == "proposed"
        assert service.mail("UID-3", colleague, YES, "20260301T080000Z") == "accepted", "after a no to another event"
        assert asks("UID-3") == "applied" and holder() == colleague
        assert asks("UID-4") == "proposed" and holder() == organizer, "a new event in one go has no answers yet"
        assert service.mail("UID-4", organizer, YES, "20260301T120000Z") == "uninvited"
        service.served.stop()
    finally:
        service.served.kill()


sys.exit(run_tests(dict(globals())))
