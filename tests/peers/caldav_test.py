#!/usr/bin/env python3
"""Members' calendars, and that of incidents, on real CalDAV servers: Radicale, Xandikos and Cyrus.

Usage: caldav_test.py WATCHBILL_BINARY.
"""
import datetime
import json
import subprocess
import sys
import urllib.parse

from dav_servers import PASSWORD, USER, Cyrus, Radicale, Xandikos, ask
from served import BINARY, Served, example_copy, free_port, run_tests

TODAY = datetime.date.today()
TEAM = "/api/v1/teams/payments"


def day(offset):
    return TODAY + datetime.timedelta(days=offset)


def basic_form(date):
    return date.isoformat().replace("-", "")


def calendar(uid, title, start, end=None, more=""):
    end = end or start + datetime.timedelta(days=1)
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\n"
            f"UID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:{basic_form(start)}\r\nDTEND;VALUE=DATE:{basic_form(end)}\r\n"
            f"SUMMARY:{title}\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n")


def put(server, uid, text):
    status = ask("PUT", f"{server.url}{urllib.parse.quote(uid)}.ics", text)[0]
    assert status in (201, 204), f"{server.name}: {status}"


def run(*arguments, code=0):
    done = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == code, f"{arguments}: {done.returncode} {said}"
    assert "SECRET" not in said, said
    return said


def secret_file(folder, name="password", text=PASSWORD):
    path = folder / name
    path.write_text(text + "\n")
    path.chmod(0o600)
    return path


def read(server, password, first=day(-10), last=day(60), code=0, **credentials):
    options = credentials or {"user": USER, "password-file": password}
    flags = [part for name, value in options.items() for part in (f"--{name}", value)]
    return run("calendar", server.url, "--caldav", *flags, "--from", first, "--to", last, "--json", code=code)


def titles(listing):
    return sorted(item["summary"] for item in json.loads(listing)["occurrences"])


def check_reading(server, folder):
    password = secret_file(folder)
    assert titles(read(server, password)) == [], "an empty collection is an empty calendar"
    put(server, "one", calendar("one", "Vacation", day(3), day(6)))
    put(server, "old", calendar("old", "Long ago", day(-3000)))
    put(server, "weekly", calendar("weekly", "Gym", day(-700), more="RRULE:FREQ=WEEKLY\r\n"))
    put(server, "odd name & more", calendar("odd name & more", 'Zo\u00eb <3 & "co" ]]>', day(5)))
    found = titles(read(server, password))
    assert found.count("Gym") == 10 and "Vacation" in found and "Long ago" not in found, f"{server.name}: {found}"
    assert 'Zo\u00eb <3 & "co" ]]>' in found, f"{server.name}: {found}"
    assert titles(read(server, password, day(-3010), day(-2990))) == ["Long ago"], server.name
    listing = json.loads(read(server, password))
    assert next(i for i in listing["occurrences"] if i["summary"] == "Vacation")["kind"] == "absence", listing
    assert listing["warnings"] == [], listing

    said = read(server, secret_file(folder, "wrong", "SECRET-MISTAKE"), code=1)
    assert "401" in said and "password file" in said and USER + "/" not in said, said


def test_radicale_is_read(folder):
    server = Radicale(folder / "radicale")
    try:
        check_reading(server, folder)
    finally:
        server.stop()


def test_xandikos_is_read(folder):
    server = Xandikos(folder / "xandikos")
    try:
        check_reading(server, folder)
    finally:
        server.stop()


def test_cyrus_is_read(folder):
    server = Cyrus(folder / "cyrus")
    try:
        password = secret_file(folder)
        put(server, "one", calendar("one", "Vacation", day(3), day(6)))
        put(server, "weekly", calendar("weekly", "Gym", day(-700), more="RRULE:FREQ=WEEKLY\r\n"))
        found = titles(read(server, password))
        assert found.count("Gym") == 10 and "Vacation" in found, found
    finally:
        server.stop()


def test_a_bearer_token(folder):
    server = Xandikos(folder / "xandikos", wanted="Bearer SECRET.token")
    try:
        put_status = ask("PUT", server.url + "one.ics", calendar("one", "Vacation", day(3)), authorization="Bearer SECRET.token")[0]
        assert put_status == 201, put_status
        token = secret_file(folder, "token", "SECRET.token")
        assert titles(read(server, None, **{"token-file": token})) == ["Vacation"]
        said = read(server, None, code=1, **{"token-file": secret_file(folder, "wrong", "SECRET.mistake")})
        assert "401" in said and "token file" in said, said
    finally:
        server.stop()


class Desk:
    """The example team, whose Alice has her calendar on a CalDAV server."""

    def __init__(self, folder, server):
        self.folder, self.port = folder / "team", free_port()
        example_copy(self.folder, self.port, "1h")
        secret_file(self.folder / "teams")
        team = self.folder / "teams" / "payments.toml"
        entry = f'{{ url = "{server.url}", type = "caldav", user = "{USER}", password_file = "password" }}'
        team.write_text(team.read_text().replace('"../calendars/alice-google.ics"', entry))
        self.token = self.command("token", "create", "--scope", "admin", "--name", "test").strip().splitlines()[0]
        self.served = Served(self.folder, self.port)

    def command(self, *arguments, code=0):
        return run(*arguments, "--config", self.folder / "watchbill.toml", code=code)

    def call(self, path, method="GET"):
        status, _, body = self.served.get(f"http://127.0.0.1:{self.port}{TEAM}{path}", method, b"" if method == "POST" else None,
                                          Authorization=f"Bearer {self.token}")
        assert status == 200, f"{path}: {status} {body}"
        assert b"SECRET" not in body, body
        return json.loads(body)

    def refresh(self):
        """Reads all calendars now; what Alice is away for in the next weeks."""
        self.call("/refresh", "POST")
        return self.away()

    def away(self):
        availability = self.call(f"/availability?from={day(0)}&to={day(60)}&member=alice%40example.com")
        person = next(m for m in availability["members"] if m["member"] == "alice@example.com")
        return sorted(absence["all_day"]["start"] for absence in person["absences"] if absence["kind"] == "vacation")

    def source(self):
        return next(s for s in self.call("/sources")["sources"] if s["label"].startswith("alice@example.com calendar 1 "))

    def restart(self):
        self.served.stop()
        self.served = Served(self.folder, self.port)

    def stop(self):
        self.served.kill()
        log = (self.folder / "log.txt").read_text()
        assert "SECRET" not in log and f"/{USER}/" not in log, log


def check_following(server, folder):
    put(server, "one", calendar("one", "Vacation", day(10)))
    desk = Desk(folder, server)
    try:
        first = desk.away()
        assert len(first) == 1, first
        put(server, "two", calendar("two", "Vacation", day(20)))
        assert len(desk.refresh()) == 2, f"{server.name}: a new event"
        put(server, "one", calendar("one", "Vacation", day(30)))
        moved = desk.refresh()
        assert len(moved) == 2 and first[0] not in moved, f"{server.name}: a changed event: {moved}"
        assert ask("DELETE", server.url + "two.ics")[0] in (200, 204)
        alone = desk.refresh()
        assert len(alone) == 1, f"{server.name}: a deleted event: {alone}"
        assert desk.refresh() == alone

        server.forget_tokens()
        put(server, "three", calendar("three", "Vacation", day(40)))
        both = desk.refresh()
        assert len(both) == 2, f"{server.name}: after the sync-token was forgotten: {both}"

        server.stop()
        assert desk.refresh() == both, "the last good copy is used while the server is away"
        state = desk.source()
        assert state["state"] == "stale" and state["error"]["code"] == "unavailable", state
        desk.restart()
        assert desk.away() == both, "and after a restart"
        server.start()
        assert desk.refresh() == both
        assert desk.source()["state"] == "ok", desk.source()

        secret_file(desk.folder / "teams", "password", "SECRET-MISTAKE")
        assert desk.refresh() == both
        assert "401" in desk.source()["error"]["message"], desk.source()
    finally:
        desk.stop()


def test_radicale_is_followed(folder):
    server = Radicale(folder / "radicale")
    try:
        check_following(server, folder)
    finally:
        server.stop()


def test_xandikos_is_followed(folder):
    server = Xandikos(folder / "xandikos")
    try:
        check_following(server, folder)
        asked = server.guard.asked
        assert "REPORT sync-collection" in asked, asked
    finally:
        server.stop()


def check_of(folder, server, code=0, collection=None):
    """What `check` says of a team whose incidents go to that server's calendar."""
    team_folder = folder / f"check-{server.name}"
    example_copy(team_folder, free_port())
    secret_file(team_folder / "teams")
    team = team_folder / "teams" / "payments.toml"
    text = team.read_text()
    table = f'\n[team.incident_calendar]\nurl = "{collection or server.url}"\nuser = "{USER}"\npassword_file = "password"\n'
    at = text.index("\n# Paris opens")
    team.write_text(text[:at] + table + text[at:])
    said = run("check", "--config", team_folder / "watchbill.toml", code=code)
    report = json.loads(run("check", "--json", "--config", team_folder / "watchbill.toml", code=code))
    return said, report["incident_calendars"][0]


def test_check_tells_who_invites(folder):
    radicale, xandikos, cyrus = Radicale(folder / "radicale"), Xandikos(folder / "xandikos"), Cyrus(folder / "cyrus")
    try:
        for server in (radicale, xandikos):
            said, found = check_of(folder, server)
            assert "Watchbill does by mail" in said and found["usable"] and not found["schedules"], said
        said, found = check_of(folder, cyrus)
        assert "invites the attendees itself" in said and found["schedules"], said
        assert found["organizers"] == [f"{USER}@example.com"], found
        radicale.stop()
        said, found = check_of(folder / "again", radicale, code=1)
        assert "cannot be used" in said and not found["usable"] and found["error"]["code"] == "unavailable", said
        said, found = check_of(folder / "folder", xandikos, code=1, collection=xandikos.url.replace("calendar/", ""))
        assert "no calendar at this address" in said, said
    finally:
        for server in (radicale, xandikos, cyrus):
            server.stop()


sys.exit(run_tests(dict(globals())))
