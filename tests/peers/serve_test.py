#!/usr/bin/env python3
"""The whole program on the example team: served, subscribed to, restarted, disturbed.

Usage: serve_test.py WATCHBILL_BINARY. Independent readers (python3-icalendar, ical.js) read what is served.
"""
import datetime
import gzip
import json
import os
import pathlib
import re
import signal
import subprocess
import sys

from served import BINARY, PEERS, Served, events_of, example_copy, free_port, run_tests


def plan_of(folder, feed):
    """What `watchbill plan` says of the dates that the feed shows."""
    dates = sorted(datetime.date.fromisoformat(uid[:10]) for uid in events_of(feed))
    days = (dates[-1] - dates[0]).days + 1
    done = subprocess.run([BINARY, "plan", "--config", str(folder / "watchbill.toml"), "--from", dates[0].isoformat(),
                           "--days", str(days), "--json"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def check_peers(folder, feed, plan):
    names = {"alice": "Alice Martin", "bob": "Bob Durand", "chloe": "Chloé Lefèvre", "gabrielle": "Gabrielle Roy",
             "david": "David Klein", "emma": "Emma Tremblay", "felix": "Félix Gagnon"}
    titles = {"mro": "MRO", "remote": "Remote MRO"}
    expected = [{"uid": f'{row["date"]}.{row["rotation"]}.payments.shift@watchbill', "start": row["start"], "end": row["end"],
                 "summary": f'{titles[row["rotation"]]}: ' + (names[row["member"].split("@")[0]] if row["member"] else "NOBODY (uncovered)")}
                for row in plan]
    (folder / "feed.ics").write_bytes(feed)
    (folder / "expected.json").write_text(json.dumps(expected))
    for reader in (["/usr/bin/python3", str(PEERS / "feeds_icalendar.py")], ["node", str(PEERS / "feeds_ical_js.mjs")]):
        done = subprocess.run([*reader, str(folder / "feed.ics"), str(folder / "expected.json")], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{reader[1]}: {done.stdout}{done.stderr}"


def test_subscribing(folder):
    port = free_port()
    example_copy(folder, port)
    served = Served(folder, port)
    try:
        assert len(served.urls) == 11, served.text()
        url = served.urls["rotation"]
        status, headers, feed = served.get(url)
        assert status == 200 and headers["Content-Type"] == "text/calendar; charset=utf-8", headers
        check_peers(folder, feed, plan_of(folder, feed))
        for scope, other in served.urls.items():
            status, _, body = served.get(other)
            assert status == 200 and body.startswith(b"BEGIN:VCALENDAR\r\n"), scope
            (folder / "other.ics").write_bytes(body)
            done = subprocess.run(["/usr/bin/python3", str(PEERS / "feeds_icalendar.py"), str(folder / "other.ics")], capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{scope}: {done.stdout}{done.stderr}"
        assert served.get(url, If_None_Match=headers["ETag"])[0] == 304
        assert served.get(url, If_Modified_Since=headers["Last-Modified"])[0] == 304
        assert served.get(url, "HEAD")[2] == b""
        status, zipped, body = served.get(url, Accept_Encoding="gzip")
        assert zipped["Content-Encoding"] == "gzip" and gzip.decompress(body) == feed and zipped["ETag"] != headers["ETag"]
        wrong = re.sub(r"/[0-9a-f]{32}/", "/" + "0" * 32 + "/", url)
        status, problem, _ = served.get(wrong)
        assert status == 404 and problem["Content-Type"] == "application/problem+json", status
        assert served.get(url, "POST")[0] == 405
        assert served.get(f"http://127.0.0.1:{port}/healthz")[0] == 200
        assert served.get(f"http://127.0.0.1:{port}/readyz")[0] == 200
        if "sanitize" not in os.environ.get("WATCHBILL_BUILD", ""):
            assert served.memory_mb() < 40, f"{served.memory_mb()} MB at rest"
        served.stop()
        # A restart shows the same bytes.
        served = Served(folder, port)
        status, again, body = served.get(url)
        assert status == 200 and body == feed and again["ETag"] == headers["ETag"], "a restart changed the feed"
        assert served.get(url, If_None_Match=headers["ETag"])[0] == 304
        # Also after a kill that left no time to tidy up.
        served.kill()
        served = Served(folder, port)
        assert served.get(url)[1]["ETag"] == headers["ETag"], "a kill changed the feed"
        served.stop()
    finally:
        served.kill()


def test_a_vacation_moves_a_shift(folder):
    port = free_port()
    example_copy(folder, port)
    served = Served(folder, port)
    try:
        url = served.urls["rotation"]
        feed = served.get(url)[2]
        before = events_of(feed)
        row = next(r for r in plan_of(folder, feed)[4:] if r["rotation"] == "mro" and r["member"] == "alice@example.com")
        uid = f'{row["date"]}.mro.payments.shift@watchbill'
        calendar = folder / "calendars" / "alice-google.ics"
        vacation = (f"BEGIN:VEVENT\r\nUID:new@test\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:{row['date'].replace('-', '')}\r\n"
                    "SUMMARY:Vacances\r\nEND:VEVENT\r\nEND:VCALENDAR")
        # An unreadable state in between must not look like "Alice has nothing".
        text = calendar.read_bytes().decode()
        calendar.write_bytes(text.replace("END:VCALENDAR", vacation).encode())
        team = folder / "teams" / "payments.toml"
        team.write_text(team.read_text().replace('[team]\n', '[team]\nrefresh = "10s"\n', 1))
        served.process.send_signal(signal.SIGHUP)

        def moved():
            after = events_of(served.get(url)[2])
            return after if after[uid]["SUMMARY"] != before[uid]["SUMMARY"] else None

        after = served.until(moved, "the shift of a member on vacation moving")
        assert "Alice" not in after[uid]["SUMMARY"]
        assert int(after[uid]["SEQUENCE"]) == int(before[uid]["SEQUENCE"]) + 1
        changed = [u for u in before if before[u] != after.get(u)]
        assert all(after[u]["SEQUENCE"] != before[u]["SEQUENCE"] for u in changed), "a change without a new SEQUENCE"
        # An invalid configuration changes nothing and says why.
        good = team.read_text()
        team.write_text(good.replace('start         = "09:00"', 'start         = "25:00"'))
        served.process.send_signal(signal.SIGHUP)
        served.until(lambda: served.get(url)[0] == 200 and "nothing changes" in (folder / "log.txt").read_text(), "the refusal of a bad file")
        assert events_of(served.get(url)[2]) == after
        served.stop()
    finally:
        served.kill()


def test_failing_sources(folder):
    """Calendars that fail in every way: the feeds go on, the state is visible, nothing crashes."""
    port = free_port()
    example_copy(folder, port)
    hostile = subprocess.Popen([sys.executable, str(PEERS / "hostile_http.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        base = f"http://127.0.0.1:{int(re.search(r'[0-9]+', hostile.stdout.readline())[0])}"
        paths = ["/login", "/status/500", "/truncated", "/large", "/redirect?to=http://localhost:1/ok", "/hang"]
        calendars = ["alice-google", "bob-outlook", "chloe-nextcloud", "gabrielle-apple", "david-thunderbird", "emma-google"]
        team = folder / "teams" / "payments.toml"
        text = team.read_text()
        for calendar, path in zip(calendars, paths):
            text = text.replace(f'"../calendars/{calendar}.ics"', f'"{base}{path}{"&" if "?" in path else "?"}secret=hunter2"')
        team.write_text(text)
        served = Served(folder, port)
        try:
            status, _, feed = served.get(served.urls["rotation"])
            assert status == 200 and len(events_of(feed)) > 200
            ready = f"http://127.0.0.1:{port}/readyz"
            served.until(lambda: served.get(ready)[2].count(b"failing") >= 5, "five failing calendars on /readyz")
            assert served.get(served.urls["rotation"])[0] == 200
            served.stop()
            log = (folder / "log.txt").read_text()
            assert "hunter2" not in log and "hunter2" not in served.text(), "a secret got out"
            assert "alice@example.com calendar 1" in log, log
        finally:
            served.kill()
    finally:
        hostile.kill()


def test_the_secret_urls_are_printed_to_a_terminal_only(folder):
    port = free_port()
    example_copy(folder, port)
    command = [BINARY, "serve", "--config", str(folder / "watchbill.toml")]
    served = Served(folder, port)
    try:
        secret = re.search(r"/feeds/\S+/([0-9a-f]{32})/", served.urls["rotation"])[1]
        assert "watchbill token list --team payments" in served.text(), served.text()
        assert "/feeds/" not in served.text() and secret not in served.text(), served.text()
        assert not any(url in served.text() for url in served.urls.values()), served.text()
        served.stop()
        log = folder / "output.txt"
        with log.open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL)
        served.until(lambda: b"On duty now" in log.read_bytes(), "the output")
        process.terminate()
        assert process.wait(timeout=60) == 0 and secret.encode() not in log.read_bytes()

        ours, theirs = os.openpty()
        process = subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL)
        os.close(theirs)
        said = b""
        while b"On duty now" not in said:
            said += os.read(ours, 65536)
        for url in served.urls.values():
            assert url.encode() in said, said
        process.terminate()
        assert process.wait(timeout=60) == 0
        os.close(ours)
    finally:
        served.kill()


sys.exit(run_tests(dict(globals())))
