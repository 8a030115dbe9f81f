#!/usr/bin/env python3
"""Who cannot be told of an incident, and for whom nobody waits: refused mailboxes, a mail server that is away, a calendar's
server that says nothing before the process is killed, an event that somebody deletes, and more incidents than anybody reads.

Usage: incident_delivery_test.py WATCHBILL_BINARY.
"""
import hashlib
import json
import re
import sqlite3
import subprocess
import sys
import time
import urllib.parse

from dav_servers import ask
from hostile_smtp import HostileSmtp
from incident_calendars_test import World
from incidents_test import Desk
from served import PEERS, free_port, run_tests


def with_mail(port):
    def configure(folder):
        config = folder / "watchbill.toml"
        config.write_text(re.sub(r"^\[mail\].*?(?=^\[|\Z)", "", config.read_text(), flags=re.M | re.S) +
                          f'\n[mail]\nfrom = "rota@example.com"\nsmtp = "smtp://127.0.0.1:{port}"\nstarttls = "never"\n')
    return configure


def until(desk, condition, what):
    def patiently():
        found = condition()
        if not found:
            time.sleep(0.1)
        return found
    return desk.served.until(patiently, what)


def entries(desk, incident, kind):
    return [entry for entry in desk.timeline(incident["id"]) if entry["kind"] == kind]


def shown(desk, incident):
    status, now = desk.call("GET", f"/{incident['id']}", scope="read")
    assert status == 200, now
    return now


def test_a_commander_whose_mailbox_does_not_exist_is_a_no_at_once(folder):
    smtp = HostileSmtp()
    desk = Desk(folder, ack_timeout="1h", configure=with_mail(smtp.port))
    try:
        _, preview = desk.call("POST", "/preview", {"title": "x"}, "incident")
        gone = preview["commander"]["email"]
        smtp.script.rcpt = lambda to: "550 5.1.1 no such user" if to == gone else "250 2.1.5 ok"
        began = time.monotonic()
        incident = desk.open()
        until(desk, lambda: entries(desk, incident, "escalated"), "the next one")
        assert time.monotonic() - began < 15, "a no that takes so long is silence"
        now = shown(desk, incident)
        assert now["commander"]["email"] != gone, now
        (first,) = entries(desk, incident, "escalated")
        assert "could not be told" in first["text"] and "550" in first["text"], first
        assert "has not answered" not in first["text"], first
        (row,) = [row for row in now["invitations"] if row["email"] == gone]
        assert row["role"] == "stand_in", now
        until(desk, lambda: any(to == now["commander"]["email"] for to, _ in smtp.script.mails), "the next one's mail")
    finally:
        desk.served.stop()
        smtp.stop()


def test_an_expert_whose_mailbox_is_full_has_their_time_and_is_said_to_be_untold(folder):
    smtp = HostileSmtp()
    desk = Desk(folder, ack_timeout="3s", configure=with_mail(smtp.port))
    try:
        _, preview = desk.call("POST", "/preview", {"title": "x", "needs": ["database"]}, "incident")
        full = preview["experts"][0]["email"]
        smtp.script.rcpt = lambda to: "452 4.2.2 mailbox full" if to == full else "250 2.1.5 ok"
        incident = desk.open(needs=["database"])
        until(desk, lambda: entries(desk, incident, "not_told"), "why they are not told")
        (untold,) = entries(desk, incident, "not_told")
        assert untold["about"] == full and "452 4.2.2" in untold["text"], untold
        until(desk, lambda: [one for one in entries(desk, incident, "escalated") if "could not be told so far" in one["text"]],
              "the next expert")
        (row,) = [row for row in shown(desk, incident)["invitations"] if row["email"] == full]
        assert row["state"] == "queued" and "452" in row["reason"] and row["next_try"] and row["attempts"] >= 1, row
        until(desk, lambda: 'watchbill_incidents_untold{team="payments"} 1' in
              desk.served.get(f"http://127.0.0.1:{desk.port}/metrics")[2].decode(), "the gauge")
    finally:
        desk.served.stop()
        smtp.stop()


def test_nobodys_time_runs_while_no_mail_server_answers(folder):
    port = free_port()
    desk = Desk(folder, ack_timeout="2s", configure=with_mail(port))
    smtp = None
    try:
        incident = desk.open(needs=["database"])
        assert len(incident["invitations"]) == 2, incident

        # Each says why it waits, also those that nobody has tried.
        def all_say_why():
            rows = shown(desk, incident)["invitations"]
            return all(row["reason"] and row["next_try"] for row in rows) and rows
        rows = until(desk, all_say_why, "the reasons")
        assert all("accepts no connection" in row["reason"] and row["state"] == "queued" for row in rows), rows
        assert sorted(row["attempts"] > 0 for row in rows) == [False, True] or all(row["attempts"] for row in rows), rows
        # One that is opened now says so in its first answer.
        second = desk.open()
        assert "accepts no connection" in second["invitations"][0]["reason"], second
        until(desk, lambda: entries(desk, incident, "not_told"), "why nobody is told")
        desk.served.kill()
        desk.start()
        time.sleep(6)  # what would have happened by now is what this is about
        assert not entries(desk, incident, "escalated"), desk.timeline(incident["id"])
        (untold,) = entries(desk, incident, "not_told")
        assert "accepts no connection" in untold["text"], untold
        assert "cannot be told" in (folder / "log.txt").read_text()
        until(desk, lambda: 'watchbill_incidents_untold{team="payments"} 2' in
              desk.served.get(f"http://127.0.0.1:{desk.port}/metrics")[2].decode(), "the gauge")

        smtp = HostileSmtp(port)
        until(desk, lambda: len(smtp.script.mails) >= 3, "the mails")
        until(desk, lambda: len(entries(desk, incident, "told")) == 2, "that they are told")
        until(desk, lambda: entries(desk, incident, "escalated"), "silence, from then on")
    finally:
        desk.served.stop()
        if smtp:
            smtp.stop()


def test_the_oldest_of_more_than_a_thousand_is_escalated(folder):
    desk = Desk(folder, ack_timeout="2s")
    try:
        oldest = desk.open()
        desk.served.kill()
        database = sqlite3.connect(folder / "watchbill.db", timeout=30)
        with database:
            database.row_factory = sqlite3.Row
            (row,) = database.execute("SELECT * FROM incidents")
            for number in range(1100):
                copy, document = dict(row), json.loads(row["document"])
                document["id"] = copy["id"] = f"{row['id']}-{number}"
                document["uid"] = copy["uid"] = f"{number}.{row['uid']}"
                copy["opened_at"] = document["opened_at"] = row["opened_at"] + 1
                for slot in document["slots"]:
                    slot["exhausted"] = True  # and all are asked again later
                    slot["round_began"] = row["opened_at"] + 3600
                copy["document"] = json.dumps(document)
                copy["digest"] = hashlib.sha256(copy["document"].encode()).hexdigest()[:16]
                names = ",".join(copy)
                database.execute(f"INSERT INTO incidents ({names}) VALUES ({','.join('?' * len(copy))})", list(copy.values()))
        database.close()
        desk.start()
        until(desk, lambda: entries(desk, oldest, "escalated"), "the oldest one's escalation")
        metrics = desk.served.get(f"http://127.0.0.1:{desk.port}/metrics")[2].decode()
        assert 'watchbill_incidents{team="payments",state="open"} 1101' in metrics, metrics
        until(desk, lambda: int(re.search(r'watchbill_incidents_unanswered{team="payments"} (\d+)',
              desk.served.get(f"http://127.0.0.1:{desk.port}/metrics")[2].decode())[1]) >= 1100, "the gauge")
    finally:
        desk.served.stop()


class ScriptedDav:
    """tests/peers/scripted_dav.py with one collection, and what it was asked."""

    def __init__(self, folder, collection):
        self.log = folder / "dav.log"
        self.process = subprocess.Popen([sys.executable, str(PEERS / "scripted_dav.py"), "--log", str(self.log)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}/{collection}/"

    def asked(self, method):
        if not self.log.exists():
            return []
        return [line for line in self.log.read_text().splitlines() if line.startswith(method + " ")]

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


def make_it_long_ago(folder, seconds):
    """As if the process had been away for so long: its claims are over, and the mails' time is up."""
    database = sqlite3.connect(folder / "watchbill.db", timeout=30)
    database.row_factory = sqlite3.Row
    with database:
        for row in database.execute("SELECT * FROM outbox").fetchall():
            created = row["created_at"] - seconds
            parts = [row[name] for name in ("id", "team", "kind", "about", "recipient", "recipient_name", "subject", "body_text",
                                            "body_html", "calendar", "calendar_method")]
            parts.append(str(created) + ("caldav" if row["transport"] == "caldav" else ""))
            joined = b"".join(str(len(part.encode())).encode() + b":" + part.encode() for part in parts)
            database.execute("UPDATE outbox SET created_at = ?, digest = ?, next_attempt = ?, claimed_until = 0, held_until ="
                             " CASE WHEN held_until > 0 THEN MAX(1, held_until - ?) ELSE 0 END WHERE id = ?",
                             (created, hashlib.sha256(joined).hexdigest()[:16], created, seconds, row["id"]))
    database.close()


def test_who_was_told_by_the_calendar_before_the_kill_is_not_told_by_mail(folder):
    server = ScriptedDav(folder, "schedules-mute")
    world = World(folder, server.url)
    try:
        until(world.desk, lambda: server.asked("OPTIONS"), "that the server was asked what it can do")
        incident = world.desk.open(needs=["database"])
        until(world.desk, lambda: server.asked("PUT"), "the event")
        world.desk.served.kill()
        make_it_long_ago(folder / "team", 100)
        world.desk.start()
        until(world.desk, lambda: world.desk.query("SELECT state FROM outbox WHERE transport = 'caldav'") == [("sent",)],
              "that the event is found")
        until(world.desk, lambda: {row["state"] for row in world.invitations(incident).values()} == {"sent"}, "the states")
        assert world.mailed() == [], world.mailed()
        assert len(server.asked("PUT")) == 1, server.asked("PUT")
        assert {one[0] for one in world.desk.query("SELECT state FROM outbox WHERE transport = 'mail'")} == {"dropped"}
    finally:
        world.stop()
        server.stop()


def test_who_was_not_told_before_the_kill_is_told_right_after_the_start(folder):
    server = ScriptedDav(folder, "schedules")
    world = World(folder, server.url)
    try:
        until(world.desk, lambda: server.asked("OPTIONS"), "that the server was asked what it can do")
        incident = world.desk.open(needs=["database"])
        until(world.desk, lambda: world.stored(incident), "the event")
        world.desk.served.kill()
        # As if it had died before: the event is not there, and nothing is known of it.
        ask("DELETE", world.stored(incident)[1])
        database = sqlite3.connect(folder / "team" / "watchbill.db", timeout=30)
        with database:
            database.execute("UPDATE outbox SET state = 'queued', settled_at = 0, claimed_by = 'dead', held_until = CASE WHEN"
                             " transport = 'mail' THEN created_at + 90 ELSE 0 END")
        database.close()
        make_it_long_ago(folder / "team", 100)
        began = time.monotonic()
        world.desk.start()
        until(world.desk, lambda: world.stored(incident), "the event, put anew")
        assert time.monotonic() - began < 20, "people wait"
        until(world.desk, lambda: {row["state"] for row in world.invitations(incident).values()} == {"sent"}, "the states")
        assert world.mailed() == [], world.mailed()
    finally:
        world.stop()
        server.stop()


def test_an_event_that_somebody_deletes_is_put_back_and_at_last_left(folder):
    for number, collection in enumerate(["plain", "schedules"]):
        (folder / str(number)).mkdir()
        server = ScriptedDav(folder / str(number), collection)
        world = World(folder / str(number), server.url)
        try:
            incident = world.desk.open(needs=["database"])
            until(world.desk, lambda: world.stored(incident), "the event")
            until(world.desk, lambda: {row["state"] for row in world.invitations(incident).values()} == {"sent"}, "the states")
            mails = len(world.mailed())
            url = world.stored(incident)[1]
            for times in (1, 2, 3):
                assert ask("DELETE", url)[0] == 204
                until(world.desk, lambda: world.stored(incident), "the event, put back")
                until(world.desk, lambda: world.desk.query("SELECT COUNT(*) FROM outbox WHERE state = 'queued'") == [(0,)], "rest")
                assert len(entries(world.desk, incident, "event_restored")) == times, world.desk.timeline(incident["id"])
            sequence = shown(world.desk, incident)["event"]["sequence"]
            assert sequence == (3 if collection == "schedules" else 0), sequence
            assert len(world.mailed()) == mails, world.mailed()
            assert ask("DELETE", url)[0] == 204
            until(world.desk, lambda: entries(world.desk, incident, "event_missing"), "that it is left")
            # The next change puts it there again.
            status, _ = world.desk.call("PATCH", f"/{incident['id']}", {"severity": "sev1"}, "incident")
            assert status == 200
            until(world.desk, lambda: world.stored(incident), "the changed event")
        finally:
            world.stop()
            server.stop()


if __name__ == "__main__":
    sys.exit(run_tests(dict(globals())))
