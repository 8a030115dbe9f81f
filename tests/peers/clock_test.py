#!/usr/bin/env python3
"""The wall clock is set while the program runs: back two hours, back a day, forward a day and two hours. Incidents
are mailed within seconds all the same, calendars are read at their pace, and ages stay ages.

Usage: clock_test.py WATCHBILL_BINARY. The clock is Debian's faketime between the program and the C library; time that
passes (CLOCK_MONOTONIC) is left alone.
"""
import json
import os
import re
import subprocess
import sys
import threading
import time

from hostile_smtp import HostileSmtp
from served import BINARY, Served, example_copy, free_port, run_tests

MISSING = 77  # the exit code that ctest counts as skipped
REFRESH = 2  # seconds
SECONDS = 15  # a mail or a reading takes no longer, however the clock was set
TEAM = "/api/v1/teams/payments"
FAR = ("20200101", "20400101")


def shim():
    """The shim's library, or nothing where the package is missing."""
    listed = subprocess.run(["dpkg", "-L", "libfaketime"], capture_output=True, text=True, check=False).stdout
    found = [line for line in listed.split() if line.endswith("/libfaketimeMT.so.1")]
    return found[0] if found else None


class Shifted:
    """The example team, served with a clock of its own, and a mail server. A shift each day at all hours."""

    def __init__(self, folder):
        self.folder, self.port, self.offset = folder, free_port(), 0
        self.smtp = HostileSmtp()
        example_copy(folder, self.port, refresh=f"{REFRESH}s")
        config = folder / "watchbill.toml"
        config.write_text(config.read_text() + f'\n[mail]\nfrom = "rota@example.com"\nstarttls = "never"\n'
                          f'smtp = "smtp://127.0.0.1:{self.smtp.port}"\n')
        team = folder / "teams" / "payments.toml"
        text = re.sub(r"^holidays  = \[.*?^\]\n", "", team.read_text(), flags=re.M | re.S)
        text = re.sub(r'^calendars = \["(.*)/.*"\]\n', self.own_calendar(), text, flags=re.M)
        text = re.sub(r'^(start|end) .*\n', "", text, flags=re.M)
        text = text.replace('title         = "MRO"', 'title         = "MRO"\nstart = "00:00"')
        text = text.replace('title         = "Remote MRO"', 'title         = "Remote MRO"\nstart = "00:00"')
        text = re.sub(r'^days .*\n', 'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n', text, flags=re.M)
        team.write_text(text)
        for number in range(1, 8):
            self.write_calendar(number, [])
        self.set_clock(0)
        os.environ.update(FAKETIME_TIMESTAMP_FILE=str(folder / "offset"), FAKETIME_NO_CACHE="1", LD_PRELOAD=shim(),
                          FAKETIME_DONT_FAKE_MONOTONIC="1", NO_FAKE_STAT="1")
        try:
            self.served = Served(folder, self.port)
            self.tokens = {scope: self.token(scope) for scope in ("read", "incident")}
        finally:
            for name in ("LD_PRELOAD", "FAKETIME_TIMESTAMP_FILE"):
                os.environ.pop(name)

    @staticmethod
    def own_calendar():
        numbers = iter(range(1, 100))
        return lambda found: f'calendars = ["{found[1]}/{next(numbers)}.ics"]\n'

    def write_calendar(self, number, spans):
        events = "".join(f"BEGIN:VEVENT\r\nUID:{first}@test\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:{first}\r\n"
                         f"DTEND;VALUE=DATE:{end}\r\nSUMMARY:Vacation\r\nEND:VEVENT\r\n" for first, end in spans)
        new = self.folder / "calendars" / "new"
        new.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n{events}END:VCALENDAR\r\n")
        new.rename(self.folder / "calendars" / f"{number}.ics")

    def token(self, scope):
        done = subprocess.run([BINARY, "token", "create", "--scope", scope, "--name", scope, "--config",
                               str(self.folder / "watchbill.toml")], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def set_clock(self, offset):
        self.offset = offset
        new = self.folder / "offset.new"
        new.write_text(f"{offset:+d}\n")
        new.rename(self.folder / "offset")

    def get(self, path):
        status, _, body = self.served.get(f"http://127.0.0.1:{self.port}{path}", Authorization=f"Bearer {self.tokens['read']}")
        assert status == 200, (status, body)
        return body.decode()

    def open_incident(self, title):
        body = json.dumps({"title": title, "severity": "sev2"}).encode()
        status, _, answer = self.served.get(f"http://127.0.0.1:{self.port}{TEAM}/incidents", "POST", body,
                                            Authorization=f"Bearer {self.tokens['incident']}", Content_Type="application/json",
                                            Idempotency_Key=title)
        assert status == 201, answer
        return json.loads(answer)

    def mailed(self, title):
        with self.smtp.script.lock:
            return any(title.encode() in mail for _, mail in self.smtp.script.mails)

    def away(self, email):
        members = json.loads(self.get(f"{TEAM}/availability"))["members"]
        return any(one["absences"] for one in members if one["member"] == email)

    def oldest(self):
        found = re.search(r'^watchbill_calendar_oldest_success_seconds\{team="payments"\} (\S+)$', self.get("/metrics"), re.M)
        assert found, "the metric of the most silent calendar"
        return float(found[1])

    def within(self, condition, what):
        began = time.monotonic()
        while not condition():
            passed = time.monotonic() - began
            assert passed < SECONDS, f"{what} took more than {SECONDS} s; log: {(self.folder / 'log.txt').read_text()[-1500:]}"
            time.sleep(0.1)

    def stop(self):
        self.served.stop()
        self.smtp.stop()


STEPS = {"back two hours": -2 * 3600, "back a day": -86400 - 2 * 3600, "forward a day and two hours": 0,
         "forward a day and two hours again": 86400 + 2 * 3600}


def test_calendars_are_read_at_their_pace_however_the_clock_is_set(folder):
    team = Shifted(folder)
    try:
        for number, (step, offset) in enumerate(STEPS.items(), 1):
            team.set_clock(offset)
            team.write_calendar(number, [FAR])
            email = re.findall(r'^email     = "(.*)"', (folder / "teams" / "payments.toml").read_text(), re.M)[number - 1]
            team.within(lambda email=email: team.away(email), f"{step}: reading {email}'s vacation")
            now = time.time() + offset
            for source in json.loads(team.get(f"{TEAM}/sources"))["sources"]:
                assert source["state"] == "ok", (step, source)
                read = time.mktime(time.strptime(source["last_success"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
                assert abs(now - read) < SECONDS, (step, source, now)
            assert 0 <= team.oldest() < SECONDS, (step, team.oldest())
        # What is not read any more grows old, at the clock's own pace.
        (folder / "calendars" / "7.ics").unlink()
        time.sleep(REFRESH + 1)
        before = team.oldest()
        for offset in (-2 * 3600, 86400, 0):
            team.set_clock(offset)
            time.sleep(1)
            age = team.oldest()
            assert before < age < before + SECONDS, (offset, before, age)
            before = age
    finally:
        team.stop()


def test_incidents_are_mailed_at_once_however_the_clock_is_set(folder):
    team = Shifted(folder)
    script = team.smtp.script
    good = script.greeting, script.rcpt
    try:
        for step, offset in STEPS.items():
            # The mail server has no time, so that a pause is under way when the clock is set.
            tried = threading.Event()
            script.greeting = script.rcpt = lambda *_, tried=tried: tried.set() or "421 4.3.2 busy"
            titles = [f"Checkout fails before {step}", f"Checkout fails after {step}"]
            team.open_incident(titles[0])
            team.within(tried.is_set, f"{step}: the first try")
            time.sleep(0.5)
            team.set_clock(offset)
            script.greeting, script.rcpt = good
            team.open_incident(titles[1])
            for title in titles:
                team.within(lambda title=title: team.mailed(title), f"the invitation to \"{title}\"")
    finally:
        team.stop()


if __name__ == "__main__":
    if shim() is None:
        print("SKIPPED: the package faketime is missing, so that no clock can be set")
        sys.exit(MISSING)
    sys.exit(run_tests(globals()))
