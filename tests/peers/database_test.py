#!/usr/bin/env python3
"""The service and its database file: locked by another process, moved away, damaged, and what is remembered in it.

Usage: database_test.py WATCHBILL_BINARY.
"""
import concurrent.futures
import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.parse

from served import BINARY, DEADLINE, Served, example_copy, free_port, run_tests

TEAM = "/api/v1/teams/payments"
# One deadline of 5 s from a request's arrival, and what a loaded machine adds to it.
LATEST = 8.5
AT_ONCE = 3.0


class World:
    """The example team, served, with a token."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.database = folder / "watchbill.db"
        example_copy(folder, self.port)
        self.token = self.run("token", "create", "--scope", "admin", "--name", "bot").strip()
        self.served = Served(folder, self.port)

    def run(self, *arguments, code=0):
        done = subprocess.run([BINARY, *arguments, "--config", str(self.folder / "watchbill.toml")], capture_output=True,
                              text=True, check=False)
        assert done.returncode == code, f"{arguments}: {done.returncode} {done.stdout} {done.stderr}"
        return done.stdout

    def call(self, path, method="GET", body=None, token=None, **headers):
        if token != "":
            headers["Authorization"] = f"Bearer {token or self.token}"
        if body is not None:
            headers.setdefault("Content_Type", "application/json")
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.served.get(f"http://127.0.0.1:{self.port}{path}", method, body, **headers)

    def timed(self, *arguments, **more):
        began = time.monotonic()
        status, headers, body = self.call(*arguments, **more)
        return status, headers, body, time.monotonic() - began

    def open_incident(self):
        return self.timed(f"{TEAM}/incidents", "POST", {"title": "Checkout fails"})

    def ready(self):
        status, _, body = self.call("/readyz", token="")
        return status, json.loads(body).get("reasons", [])

    def log(self):
        return (self.folder / "log.txt").read_text()

    def restart(self):
        self.served.stop()
        self.served = Served(self.folder, self.port)

    def rows(self, sql, *values):
        database = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()


def test_readers_wait_for_no_other_process_and_writers_once(folder):
    world = World(folder)
    # Each has never been used: that is noted with its first request.
    tokens = [world.run("token", "create", "--scope", "admin", "--name", f"bot {number}").strip() for number in range(5)]
    other = sqlite3.connect(world.database, timeout=30, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        for token in tokens[:3]:
            status, _, body, took = world.timed(f"{TEAM}/incidents", token=token)
            assert status == 200 and took < AT_ONCE, (status, body, took)
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            changes = [pool.submit(world.timed, f"{TEAM}/incidents", "POST", {"title": "x"}, token=token) for token in tokens]
            changes.append(pool.submit(world.timed, f"{TEAM}/shifts/mro/2099-01-04", "PUT", {"member": "bob@example.com"}))
            time.sleep(1)
            for _ in range(3):
                status, _, body, took = world.timed(f"{TEAM}/incidents")
                assert status == 200 and took < AT_ONCE, f"readers wait for writers that wait: {status} {took}"
            for change in changes[:-1]:
                status, headers, body, took = change.result()
                assert status == 503 and headers["Retry-After"], (status, body)
                assert took < LATEST, f"a change was answered after {took:.1f} s"
    finally:
        other.execute("ROLLBACK")
        other.close()
    status, _, body, _ = world.open_incident()
    assert status == 201, body
    world.served.stop()


def test_a_refresh_is_refused_in_time_while_another_process_holds_the_database(folder):
    world = World(folder)
    plan = f"{TEAM}/plan?rotation=mro&from={time.strftime('%Y-%m-%d', time.gmtime(time.time() + 20 * 86400))}"

    def first():
        return next(row["member"] for row in json.loads(world.call(plan)[2])["assignments"] if row["member"])

    assert world.timed(f"{TEAM}/refresh", "POST", {})[0] == 200
    holder = first()
    calendar = next(folder.glob(f"calendars/{holder.split('@')[0]}-*.ics"))
    away = "BEGIN:VEVENT\r\nUID:away\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Vacation\r\nDTSTART;VALUE=DATE:{}\r\n" \
           "DTEND;VALUE=DATE:{}\r\nEND:VEVENT\r\nEND:VCALENDAR"
    today = time.strftime("%Y%m%d", time.gmtime(time.time() + 86400))
    later = time.strftime("%Y%m%d", time.gmtime(time.time() + 40 * 86400))
    calendar.write_text(calendar.read_text().replace("END:VCALENDAR", away.format(today, later)))
    other = sqlite3.connect(world.database, timeout=30, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        status, headers, body, took = world.timed(f"{TEAM}/refresh", "POST", {})
        assert status == 503 and headers["Retry-After"] and json.loads(body)["code"] == "unavailable", (status, body)
        assert took < LATEST, f"a refresh was answered after {took:.1f} s"
    finally:
        other.execute("ROLLBACK")
        other.close()
    # What was asked for goes on.
    world.served.until(lambda: first() != holder, "the plan without the member who is away")
    world.served.stop()


def test_a_database_that_is_moved_takes_no_changes(folder):
    world = World(folder)
    assert world.open_incident()[0] == 201
    assert world.ready() == (200, [])
    elsewhere = folder / "elsewhere.db"
    world.database.rename(elsewhere)
    status, headers, body, _ = world.open_incident()
    assert status == 503 and headers["Retry-After"], (status, body)
    problem = json.loads(body)
    assert problem["code"] == "unavailable" and "moved or removed" in problem["detail"], problem
    status, reasons = world.ready()
    assert status == 503 and len(reasons) == 1 and "moved or removed" in reasons[0], (status, reasons)
    assert world.served.get(world.served.urls["rotation"])[0] == 200, "feeds go on"
    assert not world.database.exists(), "nothing makes a new one meanwhile"
    elsewhere.rename(world.database)
    status, _, body, _ = world.open_incident()
    assert status == 201, body
    assert world.ready() == (200, [])

    # Another one in its place: a backup, say.
    with sqlite3.connect(world.database) as source, sqlite3.connect(folder / "backup.db") as backup:
        source.backup(backup)
    (folder / "backup.db").rename(world.database)
    status, _, body, _ = world.open_incident()
    assert status == 503 and "replaced" in json.loads(body)["detail"], body
    world.restart()
    assert world.ready() == (200, [])
    assert world.open_incident()[0] == 201
    assert len(world.rows("SELECT id FROM incidents")) == 3, "all that was answered 201 is there"

    world.database.unlink()
    assert world.open_incident()[0] == 503
    world.served.stop()


def test_a_damaged_database_is_named_by_serve_and_check_only(folder):
    world = World(folder)
    world.served.until(lambda: "the database was checked, and is sound" in world.log(), "the check")
    world.served.stop()
    assert "damaged" not in world.run("check", "--no-calendars")
    with sqlite3.connect(world.database) as database:
        # An index that is not what its table says.
        database.execute("PRAGMA writable_schema = ON")
        database.execute("UPDATE sqlite_master SET sql = 'CREATE INDEX audit_log_of_team ON audit_log (seq, team)'"
                         " WHERE name = 'audit_log_of_team'")
    database.close()
    assert "the database is damaged" in world.run("check", "--no-calendars", code=1)
    world.run("on-duty")  # and it was not read whole
    world.served = Served(folder, world.port)
    world.served.until(lambda: world.ready()[0] == 503, "saying so")
    status, reasons = world.ready()
    assert len(reasons) == 1 and "the database is damaged" in reasons[0], reasons
    assert "the database is damaged" in world.log()
    world.served.stop()


def test_whoever_signed_out_is_out_after_a_restart_too(folder):
    world = World(folder)
    ours = {"Origin": f"http://127.0.0.1:{world.port}"}

    def post(path, body=b"", **headers):
        return world.call(path, "POST", body, token="", Content_Type="application/x-www-form-urlencoded", **ours, **headers)

    def looks(cookie):
        return world.call("/api/v1/teams", token="", Cookie=cookie)[0]

    cookies = []
    for _ in range(2):
        status, headers, body = post("/sign-in", urllib.parse.urlencode({"token": world.token}).encode())
        assert status == 303, (status, body)
        cookies.append(headers["Set-Cookie"].split(";")[0])
    stolen, other = cookies
    assert looks(stolen) == 200 and looks(other) == 200
    assert post("/sign-out", Cookie=stolen)[0] == 303
    assert looks(stolen) == 401, "the cookie of a session that was ended"
    world.restart()
    assert looks(stolen) == 401, "after a restart"
    assert looks(other) == 200
    assert not any(part in str(row) for row in world.rows("SELECT session_digest FROM ended_sessions")
                   for part in re.split(r"[.=]", stolen) if len(part) > 20), "what is kept opens nothing"
    world.served.stop()


def test_the_calendar_of_who_left_goes_with_the_next_reload(folder):
    world = World(folder)

    def copies():
        return len(world.rows("SELECT source_key FROM source_copies"))

    world.served.until(lambda: copies() >= 3, "reading the calendars")
    before = copies()
    team = folder / "teams" / "payments.toml"
    text = team.read_text()
    blocks = re.split(r"(?m)^(?=\[\[)", text)
    left = next(block for block in reversed(blocks) if block.startswith("[[member]]") and "calendars" in block)
    email = re.search(r'email\s*=\s*("[^"]+")', left)[1]
    text = "".join(block for block in blocks if block is not left)
    text = re.sub(rf",\s*{re.escape(email)}|{re.escape(email)}\s*,\s*", "", text)
    team.write_text(text)
    assert email not in text
    world.served.process.send_signal(signal.SIGHUP)
    world.served.until(lambda: copies() < before, f"forgetting the calendar of {email}")
    world.served.stop()


if __name__ == "__main__":
    sys.exit(run_tests(dict(globals())))
