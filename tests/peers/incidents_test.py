#!/usr/bin/env python3
"""Incidents over the whole program: opened, changed, answered, ended, repeated, and the process killed meanwhile.

Usage: incidents_test.py WATCHBILL_BINARY. What waits for people is read from the database, with
another SQLite than ours.
"""
import concurrent.futures
import http.client
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import threading
import time

from served import BINARY, Served, events_of, example_copy, free_port, run_tests

KILLS, OPENINGS = 25, 60
BASE = "/api/v1/teams/payments/incidents"
PEOPLE = {f"{name}@example.com" for name in ("alice", "bob", "chloe", "gabrielle", "david", "emma", "felix")}


class Desk:
    """The example team, served. Everybody is there at any hour: a shift each day, a backup, nobody's calendar."""

    def __init__(self, folder, ack_timeout="1h", configure=lambda folder: None):
        self.folder, self.port = folder, free_port()
        example_copy(folder, self.port)
        team = folder / "teams" / "payments.toml"
        text = re.sub(r'^calendars = .*\n', "", team.read_text(), flags=re.M)
        text = re.sub(r"^holidays  = \[.*?^\]\n", "", text, flags=re.M | re.S)
        text = re.sub(r'^(start|end) .*\n', "", text, flags=re.M)
        text = text.replace('title         = "MRO"', 'title         = "MRO"\nstart = "00:00"')
        text = text.replace('title         = "Remote MRO"', 'title         = "Remote MRO"\nstart = "00:00"')
        text = re.sub(r'^days .*\n', 'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n', text, flags=re.M)
        text = text.replace("payments-{incident}", "{incident}")
        text = text.replace('[team]\n', f'[team]\nack_timeout = "{ack_timeout}"\n', 1)
        team.write_text(text)
        configure(folder)
        self.start()
        self.tokens = {scope: self.run("token", "create", "--scope", scope, "--name", f"{scope} bot").strip()
                       for scope in ("read", "incident", "admin")}

    def start(self):
        self.served = Served(self.folder, self.port)

    def run(self, *arguments, code=0, **environment):
        done = subprocess.run([BINARY, *arguments, "--config", str(self.folder / "watchbill.toml")], capture_output=True,
                              text=True, check=False, env={**os.environ, **environment})
        assert done.returncode == code, f"{arguments}: {done.returncode} {done.stdout} {done.stderr}"
        return done.stdout if code == 0 else done.stderr

    def raw(self, method, path, body=None, scope="admin", **headers):
        if scope:
            headers["Authorization"] = f"Bearer {self.tokens[scope]}"
        if body is not None:
            headers["Content_Type"] = "application/json"
        data = None if body is None else json.dumps(body).encode()
        return self.served.get(f"http://127.0.0.1:{self.port}{path}", method, data, **headers)

    def call(self, method, path="", body=None, scope="admin", **headers):
        status, _, answer = self.raw(method, BASE + path, body, scope, **headers)
        return status, json.loads(answer)

    def open(self, **order):
        status, incident = self.call("POST", "", {"title": "Checkout fails", **order}, "incident")
        assert status == 201, incident
        return incident

    def query(self, sql, *values):
        database = sqlite3.connect(f"file:{self.folder / 'watchbill.db'}?mode=ro", uri=True, timeout=30)
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()

    def messages(self, incident):
        """(recipient, method, sequence) of each message, and the texts by recipient."""
        rows = self.query("SELECT recipient, calendar_method, calendar, subject, body_text, body_html, id FROM outbox"
                          " WHERE about = ? ORDER BY seq", incident)
        return [(row[0], row[1], int(re.search(r"SEQUENCE:(\d+)", row[2])[1]), row) for row in rows]

    def pretend_sent(self):
        """As if a mail server had taken all that waits: whoever was told nothing is not told the end of it either."""
        database = sqlite3.connect(self.folder / "watchbill.db", timeout=30)
        with database:
            database.execute("UPDATE outbox SET state = 'sent', claimed_by = 'a worker', settled_at = created_at WHERE state = 'queued'")
        database.close()

    def timeline(self, incident):
        status, answer = self.call("GET", f"/{incident}/timeline", scope="read")
        assert status == 200, answer
        return answer["entries"]


def test_an_incident_from_its_opening_to_its_end(folder):
    desk = Desk(folder)
    try:
        status, headers, body = desk.raw("POST", BASE, {
            "title": "Checkout fails", "severity": "sev1", "needs": ["database"], "description": "502 since 14:02",
            "duration": "45m", "reporter": "support@customer.example"}, "incident")
        incident = json.loads(body)
        assert status == 201 and headers["Location"] == f"{BASE}/{incident['id']}", (status, headers.items())
        assert incident["state"] == "open" and incident["severity"] == "sev1" and incident["unfilled"] == [], incident
        assert incident["commander"]["rule"] == "rotation" and incident["commander"]["why"], incident
        (expert,) = incident["experts"]
        assert expert["skill"] == "database" and expert["email"] != incident["commander"]["email"], incident
        assert incident["conference"] == f"https://meet.example.com/{incident['id']}", incident
        assert incident["event"]["sequence"] == 0 and incident["opened_by"] == "token:incident bot", incident
        assert {row["email"]: (row["role"], row["state"], row["rsvp"]) for row in incident["invitations"]} == {
            incident["commander"]["email"]: ("commander", "queued", "needs_action"),
            expert["email"]: ("expert", "queued", "needs_action"),
            "support@customer.example": ("reporter", "queued", "needs_action")}, incident
        identity = incident["id"]
        assert desk.call("GET", f"/{identity}", scope="read") == (200, incident)

        # Each has one mail, which says first what is wanted of them.
        told = desk.messages(identity)
        assert sorted(message[:3] for message in told) == sorted(
            (row["email"], "REQUEST", 0) for row in incident["invitations"]), told
        texts = {message[0]: message[3] for message in told}
        assert texts[incident["commander"]["email"]][3].startswith("You command - SEV1: Checkout fails"), texts
        assert texts[expert["email"]][4].startswith("Your help is needed: database - SEV1"), texts
        assert f"Join: https://meet.example.com/{identity}" in texts[expert["email"]][4], texts
        assert "I am on it" not in texts["support@customer.example"][4], texts
        calendar = texts[expert["email"]][2].replace("\r\n ", "")
        assert "METHOD:REQUEST" in calendar and f"UID:{incident['event']['uid']}" in calendar, calendar
        assert f"mailto:{incident['commander']['email']}" in calendar and "ROLE=CHAIR" in calendar, calendar

        desk.pretend_sent()
        # Who was named goes on, who is not needed any more is told so.
        other = sorted(PEOPLE - {incident["commander"]["email"], expert["email"]})[0]
        status, changed = desk.call("PATCH", f"/{identity}", {"severity": "sev2", "add_experts": [other],
                                                              "remove_experts": [expert["email"]]}, "incident")
        assert status == 200 and changed["event"]["sequence"] == 1 and changed["severity"] == "sev2", changed
        told = {message[:3] for message in desk.messages(identity)}
        assert (expert["email"], "CANCEL", 1) in told and (other, "REQUEST", 1) in told, told
        assert (expert["email"], "REQUEST", 1) not in told, told
        status, same = desk.call("PATCH", f"/{identity}", {"severity": "sev2"}, "incident")
        assert status == 200 and same["event"]["sequence"] == 1, same
        status, passed = desk.call("PATCH", f"/{identity}", {"commander": other}, "incident")
        assert status == 200 and passed["commander"]["email"] == other and passed["commander"]["rule"] == "transfer", passed

        status, _ = desk.call("POST", f"/{identity}/notes", {"text": "db3 is read-only\nsince 14:02"}, "incident")
        assert status == 201
        status, headers, event = desk.raw("GET", f"{BASE}/{identity}/event.ics", scope="read")
        assert status == 200 and headers["Content-Type"].startswith("text/calendar"), headers.items()
        assert events_of(event)[incident["event"]["uid"]]["SEQUENCE"] == "2", event

        # Everybody who subscribes sees it.
        feed = desk.served.until(lambda: events_of(desk.served.get(desk.served.urls["incidents"])[2])
                                 .get(incident["event"]["uid"], {}).get("SEQUENCE") == "2", "the feed's event")
        assert feed
        status, brief = desk.raw("GET", "/api/v1/teams/payments/brief?rotation=mro", scope="read")[::2]
        (line,) = json.loads(brief)["incidents"]
        assert status == 200 and line["id"] == identity and line["open"], brief
        assert "OPEN, sev2: Checkout fails" in json.loads(brief)["text"], brief
        metrics = desk.served.get(f"http://127.0.0.1:{desk.port}/metrics")[2].decode()
        assert 'watchbill_incidents{team="payments",state="open"} 1' in metrics, metrics

        status, resolved = desk.call("POST", f"/{identity}/resolve", {"note": "Rolled back"}, "incident")
        assert status == 200 and resolved["state"] == "resolved" and resolved["closed_at"] <= resolved["event"]["end"], resolved
        assert resolved["event"]["end"] < incident["event"]["end"], resolved  # now, and a minute long at least
        status, problem = desk.call("PATCH", f"/{identity}", {"severity": "sev3"}, "incident")
        assert status == 409 and problem["code"] == "incident_closed", problem
        kinds = [entry["kind"] for entry in desk.timeline(identity)]
        assert kinds[0] == "opened" and kinds[-1] == "resolved" and "note" in kinds and "expert_removed" in kinds, kinds
        status, list_ = desk.call("GET", "?state=open", scope="read")
        assert status == 200 and list_["incidents"] == [], list_
        desk.served.until(lambda: events_of(desk.served.get(desk.served.urls["incidents"])[2])
                          [incident["event"]["uid"]]["SUMMARY"].startswith("Resolved"), "the resolved event")

        # A cancelled one tells everybody, and stays in the feed as cancelled.
        second = desk.open()
        desk.pretend_sent()
        status, cancelled = desk.call("POST", f"/{second['id']}/cancel", None, "incident")
        assert status == 200 and cancelled["state"] == "cancelled", cancelled
        methods = {message[1] for message in desk.messages(second["id"]) if message[2] == 1}
        assert methods == {"CANCEL"}, methods
        desk.served.until(lambda: events_of(desk.served.get(desk.served.urls["incidents"])[2])
                          .get(second["event"]["uid"], {}).get("STATUS") == "CANCELLED", "the cancelled event")
    finally:
        desk.served.stop()


def test_what_cannot_be_is_refused_with_the_nearest_that_can(folder):
    desk = Desk(folder)
    try:
        _, preview = desk.call("POST", "/preview", {"title": "x", "needs": ["database"]}, "incident")
        assert preview["commander"]["email"] in PEOPLE and preview["experts"][0]["skill"] == "database", preview
        commander = preview["commander"]["email"]
        for order, code, words in [
                ({"title": "x", "experts": [commander]}, "commander_is_no_expert", "never also an expert"),
                ({"title": "x", "experts": ["alcie@example.com"]}, "unknown_person", "alice@example.com"),
                ({"title": "x", "needs": ["databse"]}, "unknown_skill", "database"),
                ({"title": "x", "severity": "sev0"}, "unknown_severity", "sev1"),
                ({"title": "x", "conference": "javascript:alert(1)"}, "invalid_input", "https://"),
                ({"title": "x", "duration": "2 hours"}, "invalid_input", "45m"),
                ({"title": "a\u0007b"}, "invalid_input", "title"),
                ({"title": "x" * 201}, "too_large", "title"),
                ({}, "invalid_input", "title")]:
            for path in ("", "/preview"):
                status, problem = desk.call("POST", path, order, "incident")
                assert status == 422 and problem["code"] == code and words in problem["detail"], (order, status, problem)
        assert desk.call("POST", "", {"title": "x", "sverity": "sev1"}, "incident")[0] == 400
        assert desk.call("POST", "", {"title": "x"}, "read")[0] == 403
        assert desk.call("GET", "/2020-01-01-aaaa", scope="read")[0] == 404
        assert desk.call("PATCH", "/2020-01-01-aaaa", {}, "incident")[0] == 404
        assert desk.query("SELECT COUNT(*) FROM incidents") == [(0,)]
        assert desk.query("SELECT COUNT(*) FROM outbox") == [(0,)]
    finally:
        desk.served.stop()


def test_a_key_opens_one_incident_however_often_it_is_sent(folder):
    desk = Desk(folder)
    try:
        order = {"title": "Checkout fails", "needs": ["network"]}

        def send(_):
            return desk.raw("POST", BASE, order, "incident", Idempotency_Key="alert-4711")

        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(send, range(50)))
        assert {answer[0] for answer in answers} == {201}, [answer[0] for answer in answers]
        assert len({answer[2] for answer in answers}) == 1, "the answers differ"
        assert len({answer[1]["Location"] for answer in answers}) == 1
        assert desk.query("SELECT COUNT(*) FROM incidents") == [(1,)]
        incident = json.loads(answers[0][2])
        assert len(desk.messages(incident["id"])) == len(incident["invitations"])
        # Also after a crash, in another process, and although the incident has changed since.
        desk.call("POST", f"/{incident['id']}/resolve", {}, "incident")
        desk.served.kill()
        desk.start()
        assert send(0)[2] == answers[0][2]
        status, problem = desk.call("POST", "", {"title": "Another"}, "incident", Idempotency_Key="alert-4711")
        assert status == 422 and problem["code"] == "key_reused" and incident["id"] in problem["detail"], problem
        assert desk.call("POST", "", order, "incident", Idempotency_Key="k" * 201)[0] == 422
    finally:
        desk.served.stop()


def test_the_link_in_the_mail_answers_once_and_only_when_pressed(folder):
    desk = Desk(folder)
    try:
        incident = desk.open(needs=["network"])
        expert = incident["experts"][0]["email"]
        mail = next(message[3][4] for message in desk.messages(incident["id"]) if message[0] == expert)
        link = re.search(r"I am on it: (\S+)", mail)[1]
        status, headers, page = desk.served.get(link)
        assert status == 200 and b"<form method=\"post\">" in page and "no-referrer" in headers["Referrer-Policy"], page
        assert desk.call("GET", f"/{incident['id']}", scope="read")[1]["experts"][0]["rsvp"] == "needs_action"
        assert desk.served.get(link, "POST")[0] == 200
        after = desk.call("GET", f"/{incident['id']}", scope="read")[1]
        assert after["experts"][0]["rsvp"] == "accepted" and after["commander"]["rsvp"] == "needs_action", after
        assert desk.served.get(link, "POST")[0] == 409
        assert b"<form" not in desk.served.get(link)[2]
        assert desk.served.get(link[:-1] + ("0" if link[-1] != "0" else "1"), "POST")[0] == 404

        # Programs send the same token; it is no other person's.
        commander = next(message[3][4] for message in desk.messages(incident["id"])
                         if message[0] == incident["commander"]["email"])
        token = re.search(r"I am on it: \S+/([0-9a-f]{32})", commander)[1]
        status, acknowledged = desk.call("POST", f"/{incident['id']}/ack", {"token": token}, scope=None)
        assert status == 200 and acknowledged["commander"]["rsvp"] == "accepted", acknowledged
        status, problem = desk.call("POST", f"/{incident['id']}/ack", {"token": token}, scope=None)
        assert status == 409 and problem["code"] == "link_used", problem
        status, problem = desk.call("POST", f"/{incident['id']}/ack", {"token": "0" * 32}, scope=None)
        assert status == 404 and problem["code"] == "bad_token", problem
        kinds = [entry["kind"] for entry in desk.timeline(incident["id"])]
        assert kinds.count("answered") == 2, kinds
        log = (folder / "log.txt").read_text()
        assert token not in log and "Checkout" not in log, "tokens and titles stay out of the log"
    finally:
        desk.served.stop()


def test_silence_asks_the_next_one_also_after_a_restart(folder):
    desk = Desk(folder, ack_timeout="2s")
    try:
        incident = desk.open(needs=["database"])
        desk.served.kill()  # before anything was due: the timer is in the database
        desk.start()

        def kinds():
            return [entry["kind"] for entry in desk.timeline(incident["id"])]

        desk.served.until(lambda: kinds().count("escalated") >= 2, "both parts' escalation")
        now = desk.call("GET", f"/{incident['id']}", scope="read")[1]
        assert now["commander"]["email"] == incident["commander"]["email"], now
        assert any(row["role"] == "stand_in" for row in now["invitations"]), now
        def exhausted(what):
            return [one for one in desk.timeline(incident["id"]) if one["kind"] == "exhausted" and what in one["text"]]

        desk.served.until(lambda: exhausted("to command") and exhausted("for database"), "the end of both chains")
        # Counted right after it was written.
        for line in ('watchbill_incidents_unanswered{team="payments"} 1',
                     'watchbill_incident_escalations_total{result="exhausted",team="payments"} '):
            desk.served.until(lambda: line in desk.served.get(f"http://127.0.0.1:{desk.port}/metrics")[2].decode(), line)
        assert "NOBODY IS LEFT TO ASK" in (folder / "log.txt").read_text()
        # The command is never given up: all are asked again and again, at last all at once. An expert's part is.
        def shown():
            return desk.call("GET", f"/{incident['id']}", scope="read")[1]["escalation"]

        desk.served.until(lambda: shown()["all_at_once"], "that all are asked at once")
        now_asked = shown()
        assert now_asked["round"] >= 3 and now_asked["next"] and now_asked["next_for"] == "commander", now_asked
        assert [one["round"] for one in now_asked["asked"] if one["who"] == incident["commander"]["email"]][:3] == [1, 2, 3]
        assert all(one["how"] == "mail" and one["answer"] == "needs_action" for one in now_asked["asked"]), now_asked
        assert len(exhausted("for database")) == 1, "what is exhausted for an expert is said once"
        # Nobody is written to because somebody else was asked.
        experts = [row["email"] for row in now["invitations"] if row["role"] == "expert"]
        assert all(len([1 for message in desk.messages(incident["id"]) if message[0] == one]) == 1 for one in experts), experts
        # The first stand-in to accept commands, and the others are told that they are done.
        desk.pretend_sent()
        stand_in = next(row["email"] for row in now["invitations"] if row["role"] == "stand_in")
        mail = [message[3][4] for message in desk.messages(incident["id"]) if message[0] == stand_in][-1]
        assert desk.served.get(re.search(r"I am on it: (\S+)", mail)[1], "POST")[0] == 200
        now = desk.call("GET", f"/{incident['id']}", scope="read")[1]
        assert now["commander"]["email"] == stand_in and now["commander"]["rsvp"] == "accepted", now
        assert all(row["role"] != "stand_in" for row in now["invitations"]), now
        told = [message[:3] for message in desk.messages(incident["id"])]
        assert (incident["commander"]["email"], "CANCEL", now["event"]["sequence"]) in told, told
        # Who was asked, and what they said, is known also now that they are done.
        asked = now["escalation"]["asked"]
        assert [one["answer"] for one in asked if one["who"] == stand_in][-1] == "accepted", asked
        assert incident["commander"]["email"] in {one["who"] for one in asked}, asked
        assert now["escalation"]["next_at"] is None and now["escalation"]["next"] is None, now["escalation"]
    finally:
        desk.served.stop()


def test_the_command_line_is_a_client_of_the_api(folder):
    desk = Desk(folder)
    try:
        environment = {"WATCHBILL_TOKEN": desk.tokens["admin"]}
        opened = json.loads(desk.run("incident", "open", "Checkout fails", "--severity", "sev2", "--need", "network",
                                     "--key", "k1", "--json", **environment))
        again = json.loads(desk.run("incident", "open", "Checkout fails", "--severity", "sev2", "--need", "network",
                                    "--key", "k1", "--json", **environment))
        assert opened == again and opened["severity"] == "sev2", (opened, again)
        identity = opened["id"]
        assert identity in desk.run("incident", "list", **environment)
        assert "Checkout fails" in desk.run("incident", "show", identity, **environment)
        assert "commander" in desk.run("incident", "open", "Only looking", "--preview", **environment)
        desk.run("incident", "note", identity, "Looking", **environment)
        desk.run("incident", "change", identity, "--severity", "sev1", **environment)
        (folder / "token").write_text(desk.tokens["admin"] + "\n")
        out = desk.run("incident", "resolve", identity, "Done", "--token-file", str(folder / "token"),
                       "--server", f"http://127.0.0.1:{desk.port}", "--team", "payments")
        assert "resolved" in out, out
        assert "Resolved: Done" in desk.run("incident", "timeline", identity, **environment)
        assert desk.query("SELECT COUNT(*) FROM incidents") == [(1,)]
        assert "did you mean" in desk.run("incident", "open", "x", "--need", "netwrok", code=1, **environment)
        assert "API token" in desk.run("incident", "list", code=1, WATCHBILL_TOKEN="")
    finally:
        desk.served.stop()


def test_what_was_answered_survives_kills(folder):
    """Openings one after the other by a client that repeats what was not answered, while the process is killed."""
    desk = Desk(folder)
    seed = int(os.environ.get("SEED", random.randrange(10**6)))
    print(f"        seed {seed}, {KILLS} kills, {OPENINGS} openings")
    chance = random.Random(seed)
    done, kills, answered, first_answers = threading.Event(), 0, {}, {}

    def send(number):
        connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=30)
        try:
            connection.request("POST", BASE, json.dumps({"title": f"Incident {number}", "needs": ["database"]}), {
                "Authorization": f"Bearer {desk.tokens['incident']}", "Content-Type": "application/json",
                "Idempotency-Key": f"key-{number}"})
            answer = connection.getresponse()
            body = answer.read()
            return answer.status, body
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def sent_until_taken(number):
        end = time.monotonic() + 600
        while time.monotonic() < end:
            answer = send(number)
            if answer is not None and answer[0] == 201:
                return answer[1]
            assert answer is None or answer[0] in (429, 503), answer  # starting, or asked too often
            time.sleep(0.1)
        raise AssertionError(f"opening {number} was never answered")

    def client(numbers):
        for number in numbers:
            # Openings spread over the kills, whatever the machine's pace.
            while number >= (kills + 1) * OPENINGS // KILLS + 2:
                time.sleep(0.01)
            first_answers[number] = sent_until_taken(number)
            answered[number] = json.loads(first_answers[number])

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        clients = [pool.submit(client, range(start, OPENINGS, 4)) for start in range(4)]
        while kills < KILLS and not all(one.done() for one in clients):
            # From right after the start to well into the work.
            done.wait(chance.uniform(0, 0.12))
            desk.served.kill()
            kills += 1
            desk.start()
        for one in clients:
            one.result()
    try:
        assert len(answered) == OPENINGS
        rows = dict(desk.query("SELECT id, document FROM incidents"))
        assert len(rows) == OPENINGS, f"{len(rows)} incidents of {OPENINGS} openings"
        assert {incident["id"] for incident in answered.values()} == set(rows)
        ids = [row[0] for row in desk.query("SELECT id FROM outbox")]
        assert len(ids) == len(set(ids))
        for number, incident in answered.items():
            told = desk.query("SELECT recipient, COUNT(*) FROM outbox WHERE about = ? GROUP BY recipient", incident["id"])
            assert sorted(told) == sorted((row["email"], 1) for row in incident["invitations"]), (incident, told)
            assert sent_until_taken(number) == first_answers[number], "a repeated opening has another answer"
        print(f"        {kills} kills")
        assert desk.query("PRAGMA integrity_check") == [("ok",)]
    finally:
        desk.served.stop()


if __name__ == "__main__":
    sys.exit(run_tests(dict(globals())))
