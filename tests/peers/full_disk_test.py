#!/usr/bin/env python3
"""A disk that is full, as a limit on the length of files (setrlimit(2), RLIMIT_FSIZE): nothing spins, readiness says so, feeds
are served, and all goes on by itself once there is room.

Usage: full_disk_test.py WATCHBILL_BINARY.
"""
import json
import resource
import subprocess
import sys
import time

import outbox_rows
from hostile_smtp import HostileSmtp
from incidents_test import Desk
from served import BINARY, Served, run_tests

UNLIMITED = resource.getrlimit(resource.RLIMIT_FSIZE)[1]


def with_mail(smtp):
    def configure(folder):
        config = folder / "watchbill.toml"
        text = config.read_text().split("\n[mail]")[0]
        config.write_text(text + f'\n[mail]\nfrom = "rota@example.com"\nsmtp = "smtp://127.0.0.1:{smtp.port}"\nstarttls = "never"\n')
    return configure


def ready(served):
    status, _, body = served.get(f"http://127.0.0.1:{served.port}/readyz")
    return status, json.loads(body)


def patiently(condition):
    def asked():
        found = condition()
        if not found:
            time.sleep(0.2)
        return found
    return asked


def test_a_disk_that_fills_up_while_the_service_runs(folder):
    smtp = HostileSmtp()
    desk = Desk(folder / "team", configure=with_mail(smtp))
    desk.served.stop()
    desk.served = served = Served(desk.folder, desk.port, UNLIMITED)
    assert ready(served)[0] == 200, ready(served)
    served.limit_files(0)
    # Written by somebody who has room: what waits makes the worker try.
    one = outbox_rows.add(desk.folder, 1, "a@example.com")
    served.until(patiently(lambda: ready(served)[0] == 503), "not ready")
    assert ready(served)[1]["reasons"], ready(served)
    status, _ = desk.call("POST", "", {"title": "Checkout fails"}, "incident")
    assert status == 503, status
    before = len((desk.folder / "log.txt").read_text().splitlines())
    began = time.monotonic()
    while time.monotonic() - began < 15:
        assert all(served.get(url)[0] == 200 for url in served.urls.values())
        time.sleep(0.5)
    lines = (desk.folder / "log.txt").read_text().splitlines()[before:]
    about = [line for line in lines if "outbox" in line]
    assert len(about) <= 2, f"{len(about)} lines in 15 s:\n" + "\n".join(about[:20])
    served.limit_files(UNLIMITED)
    served.until(patiently(lambda: ready(served)[0] == 200), "ready again")
    served.until(patiently(lambda: outbox_rows.states(desk.folder)[one]["state"] == "sent"), "the mail")
    assert desk.open()["id"]
    served.stop()
    smtp.stop()


def test_a_start_on_a_full_disk_serves_what_was_published(folder):
    smtp = HostileSmtp()
    desk = Desk(folder / "team", configure=with_mail(smtp))
    served = desk.served
    urls = dict(served.urls)  # while other commands can open the database
    feeds = {scope: served.get(url)[2] for scope, url in urls.items()}
    for end in (Served.stop, Served.kill):
        end(served)
        desk.served = served = Served(desk.folder, desk.port, 0)
        for scope, url in urls.items():
            status, _, body = served.get(url)
            assert status == 200 and body == feeds[scope], (scope, status)
        served.until(patiently(lambda: ready(served)[0] == 503), "not ready")
        status, _ = desk.call("POST", "", {"title": "Checkout fails"}, "incident")
        assert status == 503, status
        served.limit_files(UNLIMITED)
        served.until(patiently(lambda: ready(served)[0] == 200), "ready again")
        served.until(patiently(lambda: subprocess.run([BINARY, "outbox", "--config", str(desk.folder / "watchbill.toml")],
                                                      capture_output=True, check=False).returncode == 0), "other commands")
    assert desk.open()["id"]
    served.stop()
    smtp.stop()


if __name__ == "__main__":
    sys.exit(run_tests(dict(globals())))
