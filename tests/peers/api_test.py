#!/usr/bin/env python3
"""The JSON API of the whole program on the example team: tokens from the command line, every reading route, refreshes.

Usage: api_test.py WATCHBILL_BINARY. What the API answers is compared with what the commands print, and searched for secrets
and for the titles of people's events.
"""
import concurrent.futures
import datetime
import json
import re
import signal
import socket
import subprocess
import sys
import time

from served import BINARY, DEADLINE, SOURCE, Served, example_copy, free_port, run_tests

TEAM = "/api/v1/teams/payments"


class Api:
    """The example team, served, with tokens; remembers all that was said."""

    def __init__(self, folder, refresh=None):
        self.folder, self.port = folder, free_port()
        example_copy(folder, self.port, refresh)
        self.said, self.tokens = [], {}
        # Before the service has ever run: tokens may be handed out first.
        for scope in ("read", "incident", "admin"):
            self.tokens[scope] = self.run("token", "create", "--scope", scope, "--name", f"{scope} bot").strip()
        self.served = Served(folder, self.port)

    def run(self, *arguments, code=0):
        done = subprocess.run([BINARY, *arguments, "--config", str(self.folder / "watchbill.toml")], capture_output=True,
                              text=True, check=False)
        assert done.returncode == code, f"{arguments}: {done.returncode} {done.stdout} {done.stderr}"
        return done.stdout

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "--json"))

    def call(self, path, token, method="GET", body=None, **headers):
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            headers.setdefault("Content_Type", "application/json")
        status, fields, answer = self.served.get(f"http://127.0.0.1:{self.port}{path}", method, body, **headers)
        self.said.append(answer.decode() + str(fields))
        return status, fields, answer

    def answer(self, path, token=None, **more):
        status, headers, body = self.call(path, token or self.tokens["read"], **more)
        assert status == 200, f"{path}: {status} {body}"
        assert headers["Content-Type"] == "application/json", headers
        assert headers["Cache-Control"] == "private, no-store", headers
        return json.loads(body)

    def refused(self, status, path, token, **more):
        got, headers, body = self.call(path, token, **more)
        assert got == status, f"{more} {path}: {got} instead of {status}: {body}"
        assert headers["Content-Type"] == "application/problem+json", headers
        problem = json.loads(body)
        assert problem["status"] == status and problem["code"] and problem["detail"].endswith("."), problem
        return problem, headers

    def log(self):
        return (self.folder / "log.txt").read_text()


def today():
    return datetime.date.today()  # within a day of the team's; tests look a few days ahead


def day_of_a_shift():
    return next(day for day in (today() + datetime.timedelta(days=n) for n in range(3, 7)) if day.weekday() < 5)


def test_tokens(folder):
    api = Api(folder)
    try:
        plain = re.compile(r"^wb_[0-9a-f]{64}$")
        assert all(plain.match(token) for token in api.tokens.values()), api.tokens
        assert len(set(api.tokens.values())) == 3

        made = api.json("token", "create", "--scope", "read", "--scope", "incident", "--name", "ops bot", "--expires", "90d")
        assert plain.match(made["token"]) and made["scopes"] == ["read", "incident"], made
        left = datetime.datetime.fromisoformat(made["expires_at"].replace("Z", "+00:00")) - datetime.datetime.now(datetime.timezone.utc)
        assert datetime.timedelta(days=89) < left <= datetime.timedelta(days=90), made
        api.answer(TEAM, made["token"])  # known at once

        listed = {row["id"]: row for row in api.json("token", "list") if "id" in row}
        assert len(listed) == 4 and listed[made["id"]]["last_used_at"], listed
        assert {row["name"] for row in listed.values()} == {"read bot", "incident bot", "admin bot", "ops bot"}
        text = api.run("token", "list")
        assert "ops bot" in text and "webcal://" in text
        for secret in [*api.tokens.values(), made["token"]]:
            assert secret not in text and secret not in json.dumps(list(listed.values()))
            assert secret[3:].encode() not in (folder / "watchbill.db").read_bytes()

        api.run("token", "revoke", made["id"])
        end = time.monotonic() + DEADLINE
        while api.call(TEAM, made["token"])[0] == 200:
            assert time.monotonic() < end, "a revoked token still works"
        problem, headers = api.refused(401, TEAM, made["token"])
        assert problem["code"] == "invalid_token" and 'error="invalid_token"' in headers["WWW-Authenticate"]
        assert "REVOKED" in api.run("token", "list")
        api.run("token", "revoke", made["id"])
        api.run("token", "revoke", "0123456789", code=1)

        for wrong in (["--scope", "write", "--name", "a"], ["--scope", "read"], ["--name", "a"], [],
                      ["rotation", "--scope", "read", "--name", "a"], ["--scope", "read", "--name", "a\nb"],
                      ["--scope", "read", "--name", "a", "--expires", "soon"], ["--scope", "read", "--name", "a", "--expires", "0d"]):
            api.run("token", "create", *wrong, code=2)
        # Feeds' URLs are made and replaced as ever.
        before = [row["url"] for row in api.json("token", "list") if row.get("feed") == "rotation"]
        after = [row["url"] for row in api.json("token", "create", "rotation")]
        assert len(before) == len(after) == 1 and before != after
    finally:
        api.served.stop()


def test_who_may(folder):
    api = Api(folder)
    try:
        reading = ["/api/v1/teams", TEAM, TEAM + "/sources", TEAM + "/plan", TEAM + "/on-duty", TEAM + "/availability",
                   f"{TEAM}/explain?date={day_of_a_shift()}", TEAM + "/balances", TEAM + "/brief"]
        for path in reading:
            problem, headers = api.refused(401, path, None)
            assert headers["WWW-Authenticate"] == 'Bearer realm="watchbill"', headers
            api.refused(401, path, "wb_" + "0" * 64)
            problem, headers = api.refused(403, path, api.tokens["incident"])
            assert problem["code"] == "missing_scope" and '"read"' in problem["detail"], problem
            assert 'error="insufficient_scope", scope="read"' in headers["WWW-Authenticate"]
            for scope in ("read", "admin"):
                status, _, body = api.call(path, api.tokens[scope])
                assert status == 200, f"{path}: {body}"
            _, headers = api.refused(405, path, api.tokens["admin"], method="POST")
            assert headers["Allow"] == "GET, HEAD, OPTIONS", headers
        api.refused(403, TEAM + "/refresh", api.tokens["read"], method="POST")
        api.refused(405, TEAM + "/refresh", api.tokens["admin"])
        api.refused(404, "/api/v1/teams/nobody", api.tokens["read"])
        api.refused(404, "/api/v1/nothing", api.tokens["read"])
        api.refused(404, TEAM + "/plan?rotation=nothing", api.tokens["read"])
        for query in ("?x=1", "?from=tomorrow", "?from=2026-02-30", "?from=2026-12-02&to=2026-12-01", "?from=2026-12-01&from=2026-12-01",
                      "?member=alice", "?from=%zz"):
            problem, _ = api.refused(400, TEAM + "/plan" + query, api.tokens["read"])
            assert problem["code"] == "invalid_input", problem
        for body, status in ((b"{", 400), (b"[]", 400), (b'{"x":1}', 400), (b"\xff", 400), (b"[" * 60000, 400), (b"{}" + b" " * 65536, 413)):
            api.refused(status, TEAM + "/refresh", api.tokens["admin"], method="POST", body=body)
        api.refused(415, TEAM + "/refresh", api.tokens["admin"], method="POST", body=b"{}", Content_Type="text/plain")
        # What needs no token still needs none.
        for path in ("/healthz", "/readyz", "/"):
            assert api.call(path, None)[0] == 200, path
    finally:
        api.served.stop()


def test_same_as_the_commands(folder):
    api = Api(folder)
    try:
        first = today() + datetime.timedelta(days=1)
        end = first + datetime.timedelta(days=30)
        plan = api.answer(f"{TEAM}/plan?from={first}&to={end}")["assignments"]
        assert plan == api.json("plan", "--from", str(first), "--days", "30"), "the API and the command differ"
        assert len(plan) > 30 and {row["rotation"] for row in plan} == {"mro", "remote"}
        holder = next(row["member"] for row in plan if row["member"])
        theirs = api.answer(f"{TEAM}/plan?from={first}&to={end}&member={holder}")["assignments"]
        assert theirs == [row for row in plan if row["member"] == holder]
        date = plan[0]["date"]
        explained = api.answer(f"{TEAM}/explain?date={date}")["assignments"]
        assert explained == api.json("explain", date)
        assert all(row["explanation"].endswith(".") for row in explained)
        at = plan[0]["start"]
        assert api.answer(f"{TEAM}/on-duty?at={at}") == api.json("on-duty", "--at", at)

        teams = api.answer("/api/v1/teams")["teams"]
        assert [team["name"] for team in teams] == ["payments"] and teams[0]["ready"] is True
        team = api.answer(TEAM)
        assert len(team["members"]) == 7 and [rotation["name"] for rotation in team["rotations"]] == ["mro", "remote"]
        sources = api.answer(TEAM + "/sources")["sources"]
        assert len(sources) == 10 and all(source["state"] == "ok" for source in sources), sources
        away = api.answer(TEAM + "/availability")["members"]
        assert [row["member"] for row in away] == [member["email"] for member in team["members"]]
        kinds = {absence["kind"] for row in away for absence in row["absences"]}
        assert kinds <= {"vacation", "sick", "out_of_office", "holiday", "unavailable", "other"} and "holiday" in kinds, kinds
    finally:
        api.served.stop()


def vacation(email_free_days):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//Test//EN"]
    for day in email_free_days:
        lines += ["BEGIN:VEVENT", f"UID:{day}@test", "DTSTAMP:20260101T000000Z", f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
                  f"DTEND;VALUE=DATE:{day + datetime.timedelta(days=1):%Y%m%d}", "SUMMARY:Vacation in a secret place", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def test_refresh(folder):
    # Nothing is read again by itself while this runs.
    api = Api(folder, refresh="1h")
    try:
        first = today() + datetime.timedelta(days=20)
        shift = next(row for row in api.answer(f"{TEAM}/plan?from={first}")["assignments"] if row["member"] and row["rotation"] == "mro")
        calendar = next(folder.glob(f"calendars/{shift['member'].split('@')[0]}-*.ics"))
        calendar.write_text(vacation([datetime.date.fromisoformat(shift["date"])]))
        report = api.answer(TEAM + "/refresh", api.tokens["admin"], method="POST")
        assert report["changed_shifts"] >= 1 and len(report["sources"]) == 10, report
        now = next(row for row in api.answer(f"{TEAM}/plan?from={shift['date']}&rotation=mro")["assignments"])
        assert now["date"] == shift["date"] and now["member"] != shift["member"], now
        assert api.answer(TEAM + "/refresh", api.tokens["admin"], method="POST", body=b"{}")["changed_shifts"] == 0

        # A calendar that is no calendar any more shows, and changes nothing else.
        calendar.write_text("<html>Sign in</html>")
        report = api.answer(TEAM + "/refresh", api.tokens["admin"], method="POST")
        stale = [source for source in report["sources"] if source["state"] != "ok"]
        assert report["changed_shifts"] == 0 and len(stale) == 1 and stale[0]["error"]["code"] == "not_a_calendar", report
    finally:
        api.served.stop()


def test_readers_while_refreshing(folder):
    api = Api(folder, refresh="1h")
    try:
        first = today() + datetime.timedelta(days=20)
        path = f"{TEAM}/plan?from={first}&to={first + datetime.timedelta(days=20)}"
        rows = len(api.answer(path)["assignments"])
        calendar = next(folder.glob("calendars/alice-*.ics"))

        def read(_):
            return len(api.answer(path)["assignments"])

        def refresh(number):
            calendar.write_text(vacation([first + datetime.timedelta(days=number)]))
            return api.answer(TEAM + "/refresh", api.tokens["admin"], method="POST")["team"]

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            readers = [pool.submit(read, number) for number in range(60)]
            refreshes = [pool.submit(refresh, number) for number in range(6)]
            assert all(reader.result() == rows for reader in readers)
            assert [done.result() for done in refreshes] == ["payments"] * 6
    finally:
        api.served.stop()


def test_stopping_does_not_wait_for_slow_calendars(folder):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()  # takes connections, and never answers
        api = Api(folder, refresh="1h")
        team = folder / "teams" / "payments.toml"
        location = f'"http://127.0.0.1:{silent.getsockname()[1]}/slow.ics"'
        team.write_text(re.sub(r'calendars = \["[^"]*felix[^"]*"\]', f"calendars = [{location}]", team.read_text()))
        assert "slow.ics" in team.read_text()
        api.served.process.send_signal(signal.SIGHUP)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            api.served.until(lambda: "configuration was read again" in api.log(), "reloading")
            silent.settimeout(DEADLINE)
            slow, _ = silent.accept()  # the calendar is being asked
            waiting = pool.submit(api.call, TEAM + "/refresh", api.tokens["admin"], "POST")
            began = time.monotonic()
            api.served.stop()
            assert time.monotonic() - began < 10, "stopping waited for a slow calendar"
            try:
                assert waiting.result()[0] == 503, waiting.result()
            except OSError:
                pass  # its connection came too late
            slow.close()


def test_nothing_private(folder):
    api = Api(folder)
    try:
        for path in ("/api/v1/teams", TEAM, TEAM + "/sources", TEAM + "/plan", TEAM + "/on-duty", TEAM + "/availability", TEAM + "/balances",
                     f"{TEAM}/explain?date={day_of_a_shift()}"):
            api.answer(path)
        api.answer(TEAM + "/refresh", api.tokens["admin"], method="POST")
        api.refused(400, TEAM + "/plan?token=" + api.tokens["read"], api.tokens["read"])
        everything = "".join(api.said) + api.log() + api.served.text().split("On duty now")[1]
        for scope, token in api.tokens.items():
            assert token[3:] not in everything, f"the {scope} token was shown"
        for feed, url in api.served.urls.items():
            assert url.split("/")[5] not in everything, f"the token of {feed} was shown"
        assert str(folder) not in everything and (folder / "secret.key").read_text().strip() not in everything
        titles = set()
        for calendar in (SOURCE / "feeds" / "calendars").glob("*.ics"):
            unfolded = calendar.read_text().replace("\r\n ", "").replace("\n ", "")
            titles |= {title.replace("\\,", ",").strip() for title in re.findall(r"^SUMMARY[^:\r\n]*:([^\r\n]*)", unfolded, re.M)}
        assert len(titles) > 10, titles
        for title in titles:
            assert title.lower() in ("mro", "vacation", "sick") or title not in everything, f"the title {title!r} was shown"
    finally:
        api.served.stop()


if __name__ == "__main__":
    sys.exit(run_tests(dict(globals())))
