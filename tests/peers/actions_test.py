#!/usr/bin/env python3
"""Shifts given by API, notes and briefs: the whole program on the example team, seen as a subscriber sees it.

Usage: actions_test.py WATCHBILL_BINARY.
"""
import datetime
import json
import re
import subprocess
import sys

from served import BINARY, PEERS, Served, events_of, example_copy, free_port, run_tests

NAMES = {"alice@example.com": "Alice Martin", "bob@example.com": "Bob Durand", "chloe@example.com": "Chloé Lefèvre",
         "gabrielle@example.com": "Gabrielle Roy", "david@example.com": "David Klein", "emma@example.com": "Emma Tremblay",
         "felix@example.com": "Félix Gagnon"}


class Team:
    """The example team, served, with a token for each scope."""

    def __init__(self, folder, refresh=None):
        port = free_port()
        example_copy(folder, port, refresh)
        self.folder = folder
        self.served = Served(folder, port)
        self.port = port
        self.tokens = {scope: self.run("token", "create", "--scope", scope, "--name", f"{scope} bot").strip()
                       for scope in ("read", "incident", "admin")}
        self.answers = []  # all that was said to clients of the API

    def run(self, *arguments, code=0):
        done = subprocess.run([BINARY, *arguments, "--config", str(self.folder / "watchbill.toml")], capture_output=True,
                              text=True, check=False)
        assert done.returncode == code, f"{arguments}: {done.returncode} {done.stdout} {done.stderr}"
        return done.stdout if code == 0 else done.stderr

    def call(self, method, path, body=None, scope="admin"):
        headers = {"Authorization": f"Bearer {self.tokens[scope]}"}
        if body is not None:
            headers["Content_Type"] = "application/json"
        data = None if body is None else json.dumps(body).encode()
        status, _, answer = self.served.get(f"http://127.0.0.1:{self.port}/api/v1/teams/payments{path}", method, data, **headers)
        self.answers.append(answer.decode())
        return status, json.loads(answer)

    def feed(self, name):
        status, headers, body = self.served.get(self.served.urls[name])
        assert status == 200, status
        return headers["ETag"], body

    def events(self, name="rotation"):
        return events_of(self.feed(name)[1])

    def rows(self, first=3):
        """The shifts of the day rotation from some days ahead on."""
        day = datetime.date.today() + datetime.timedelta(days=first)
        status, plan = self.call("GET", f"/plan?from={day}&rotation=mro", scope="read")
        assert status == 200, plan
        return [row for row in plan["assignments"] if row["member"]]

    def check_readable(self, name):
        (self.folder / "feed.ics").write_bytes(self.feed(name)[1])
        for reader in (["/usr/bin/python3", str(PEERS / "feeds_icalendar.py")], ["node", str(PEERS / "feeds_ical_js.mjs")]):
            done = subprocess.run([*reader, str(self.folder / "feed.ics")], capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"


def free_colleague(row):
    """Somebody else who is neither away nor resting."""
    return next(reason["member"] for reason in row["reasons"] if reason["code"] == "not_their_turn")


def uid_of(row):
    return f'{row["date"]}.mro.payments.shift@watchbill'


def test_a_shift_is_given_and_goes_back(folder):
    team = Team(folder)
    try:
        row = next(r for r in team.rows() if any(x["code"] == "not_their_turn" for x in r["reasons"]))
        holder, colleague, uid = row["member"], free_colleague(row), uid_of(row)
        path = f'/shifts/mro/{row["date"]}'
        before = team.events()
        assert before[uid]["SUMMARY"] == f"MRO: {NAMES[holder]}", before[uid]
        order = {"member": colleague, "reason": "school run", "by": holder}
        status, given = team.call("PUT", path, order)
        assert status == 200 and given["member"] == colleague and given["changed"] and "override" in given["flags"], given

        after = team.events()
        assert after[uid]["SUMMARY"] == f"MRO: {NAMES[colleague]} (for {NAMES[holder]})", after[uid]
        assert int(after[uid]["SEQUENCE"]) == int(before[uid]["SEQUENCE"]) + 1
        assert set(after) == set(before), "a UID came or went"
        for other in before:
            if before[other] != after[other]:
                assert int(after[other]["SEQUENCE"]) == int(before[other]["SEQUENCE"]) + 1, other
        # Near days do not dance; later ones make up for it.
        notice = (datetime.date.today() + datetime.timedelta(days=14)).isoformat()
        moved = [u for u in before if before[u]["SUMMARY"] != after[u]["SUMMARY"] and u != uid and u[:10] < notice]
        assert not moved, moved
        assert uid in team.events(f"member/{colleague}") and uid not in team.events(f"member/{holder}")
        team.check_readable("rotation")

        tag, body = team.feed("rotation")
        status, again = team.call("PUT", path, order)
        assert status == 200 and again["changed"] is False and again["member"] == colleague, again
        assert team.feed("rotation") == (tag, body), "the same override again changed the feed"

        # It is there after a restart, byte for byte.
        team.served.stop()
        team.served = Served(folder, team.port)
        assert team.feed("rotation") == (tag, body), "a restart changed the feed"

        status, back = team.call("DELETE", path)
        assert status == 200 and back["member"] == holder and back["flags"] == [], back
        last = team.events()
        assert last[uid]["SUMMARY"] == before[uid]["SUMMARY"]
        assert int(last[uid]["SEQUENCE"]) == int(before[uid]["SEQUENCE"]) + 2
        status, gone = team.call("DELETE", path)
        assert (status, gone["code"]) == (404, "no_override"), gone
        status, log = team.call("GET", "/audit")
        assert [entry["action"] for entry in log["entries"]] == ["override.removed", "override.set"], log
        assert all(entry["who"] == "token:admin bot" and entry["from"] == "127.0.0.1" for entry in log["entries"]), log
        assert "school run" in log["entries"][1]["what"] and NAMES[holder] in log["entries"][1]["what"], log
        team.served.stop()
    finally:
        team.served.kill()


def test_absent_people_need_force_and_nothing_private_is_shown(folder):
    team = Team(folder)
    try:
        titles = set()
        for calendar in (folder / "calendars").glob("*.ics"):
            text = calendar.read_bytes().decode("utf-8", "replace").replace("\r\n ", "").replace("\n ", "")
            titles |= {t.strip() for t in re.findall(r"^SUMMARY[^:\n]*:(.*)$", text, re.M) if len(t.strip()) > 12}
        assert len(titles) > 5, titles
        row, absence = next((r, reason) for r in team.rows() for reason in r["reasons"] if reason["code"] == "absent")
        order = {"member": absence["member"]}
        path = f'/shifts/mro/{row["date"]}'
        status, refused = team.call("PUT", path, order)
        assert (status, refused["code"]) == (409, "absent"), refused
        assert NAMES[absence["member"]] in refused["detail"] and "Name somebody else, or force it." in refused["detail"], refused
        assert team.call("PUT", path, order, scope="incident")[0] == 403
        assert team.call("GET", "/audit")[1]["entries"] == []
        status, forced = team.call("PUT", path, {**order, "force": True})
        assert status == 200 and forced["member"] == absence["member"] and forced["warnings"], forced
        assert team.events()[uid_of(row)]["SUMMARY"].startswith(f'MRO: {NAMES[absence["member"]]}')
        assert "Forced" in team.call("GET", "/audit")[1]["entries"][0]["what"]
        team.call("GET", "/brief")

        secrets = [*team.tokens.values(), *(re.search(r"/([0-9a-f]{32})/", url)[1] for url in team.served.urls.values())]
        log = (folder / "log.txt").read_text()
        for text in [*team.answers, log]:
            assert not any(secret in text for secret in secrets), "a secret got out"
            found = [title for title in titles if title in text]
            assert not found, f"titles got out: {found}"
        team.served.stop()
    finally:
        team.served.kill()


def test_notes_reach_the_next_person(folder):
    # Short, so that the service soon looks at what the command line wrote.
    team = Team(folder, refresh="10s")
    try:
        status, brief = team.call("GET", "/brief", scope="read")
        assert status == 200 and brief["notes"] == [], brief
        uid = f'{brief["date"]}.{brief["rotation"]}.payments.handover@watchbill'
        before = team.events("handovers")[uid]
        assert team.call("POST", "/handover-notes", {"text": "x"}, scope="read")[0] == 403
        note = {"text": "Disk of db1 fills up; see the runbook,\nsecond page 🦊"}
        status, left = team.call("POST", "/handover-notes", note, scope="incident")
        assert status == 201 and left["author"] == "token:incident bot" and left["date"] == brief["date"], left
        assert team.call("POST", "/handover-notes", note, scope="incident")[0] == 200
        after = team.events("handovers")[uid]
        assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
        assert "Disk of db1 fills up\\; see the runbook\\,\\n  second page 🦊" in after["DESCRIPTION"], after
        assert "incident bot" in after["DESCRIPTION"] and "Checklist:" in after["DESCRIPTION"]

        team.run("note", "Second note, from a shell", "--rotation", brief["rotation"], "--date", brief["date"])
        team.served.until(lambda: "Second note" in team.events("handovers")[uid]["DESCRIPTION"], "the service noticing a note")
        assert int(team.events("handovers")[uid]["SEQUENCE"]) == int(before["SEQUENCE"]) + 2
        status, brief = team.call("GET", f'/brief?rotation={brief["rotation"]}&date={brief["date"]}')
        assert [n["text"] for n in brief["notes"]] == [note["text"], "Second note, from a shell"], brief
        words = team.run("brief", "--rotation", brief["rotation"], "--date", brief["date"])
        assert "Disk of db1" in words and "  second page" in words and "Second note" in words, words
        assert team.events("handovers")[uid]["DESCRIPTION"].replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";") == brief["text"]
        for person in (brief["from"], brief["to"]):
            if person["member"]:
                assert uid in team.events(f'member/{person["member"]}'), person
        team.check_readable("handovers")
        entries = team.call("GET", "/audit?limit=10")[1]["entries"]
        assert [e["action"] for e in entries] == ["note.added", "note.added"], entries
        assert entries[0]["who"].startswith("cli:") and entries[1]["who"] == "token:incident bot", entries
        team.served.stop()
    finally:
        team.served.kill()


def test_a_change_is_told_at_the_handovers_before_it(folder):
    team = Team(folder)
    try:
        rows = team.rows()
        row = next(r for r in rows if any(x["code"] == "not_their_turn" for x in r["reasons"]))
        colleague = free_colleague(row)
        before = team.events("handovers")
        status, given = team.call("PUT", f'/shifts/mro/{row["date"]}', {"member": colleague})
        assert status == 200, given
        after = team.events("handovers")
        told = {u for u in after if f"{NAMES[colleague]} instead of {NAMES[row['member']]}" in after[u]["DESCRIPTION"]}
        assert told, "no handover tells the change"
        day = datetime.date.fromisoformat(row["date"])
        for uid in told:
            assert day - datetime.timedelta(days=8) <= datetime.date.fromisoformat(uid[:10]) <= day, uid
        for uid, event in before.items():
            if after.get(uid) != event and uid in after:
                assert int(after[uid]["SEQUENCE"]) == int(event["SEQUENCE"]) + 1, uid
        team.served.stop()
    finally:
        team.served.kill()


sys.exit(run_tests(dict(globals())))
