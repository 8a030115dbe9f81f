#!/usr/bin/env python3
"""Characters that cannot be seen or turn a line around, through every door of the program.

Usage: plain_text_test.py WATCHBILL_BINARY.
"""
import json
import subprocess
import sys

from served import BINARY, Served, example_copy, free_port, run_tests

HIDDEN = ["\u200b", "\u200e", "\u202e", "\u2066", "\u061c", "\u2060", "\ufeff", "\u00ad", "\u180e", "\U000e0041"]
BLANK = ["\u00a0", "\u3000", "\u2003", "\u2800", "\u3164", "\u2028"]


def test_what_people_write_shows_all_that_it_says(folder):
    port = free_port()
    example_copy(folder, port)
    served = Served(folder, port)
    made = subprocess.run([BINARY, "token", "create", "--config", str(folder / "watchbill.toml"), "--scope", "admin", "--name", "test", "--json"],
                          check=True, capture_output=True, text=True)
    token = json.loads(made.stdout)["token"]

    def post(path, **order):
        status, _, body = served.get(f"http://127.0.0.1:{port}/api/v1/teams/payments/{path}", method="POST", body=json.dumps(order).encode(),
                                     Authorization="Bearer " + token, Content_Type="application/json")
        return status, json.loads(body)

    try:
        for empty in [*HIDDEN, *BLANK, "\u200b\u00a0\u202e", "\u200d"]:
            status, answer = post("incidents", title=empty)
            assert status == 422 and "is empty" in answer["detail"], (ascii(empty), status, answer)
            status, answer = post("handover-notes", text=empty)
            assert status == 422 and "is empty" in answer["detail"], (ascii(empty), status, answer)
        status, opened = post("incidents", title="Check" + "".join(HIDDEN) + "out\u2028fails", description="one\u200b\u2029two")
        assert status == 201 and opened["title"] == "Checkout fails" and opened["description"] == "one\ntwo", opened
        for url in ("https://x.example/\u202egpj", "https://x\u200b.example/", "https://x.example/\u00a0y"):
            assert post("incidents", title="a", conference=url)[0] == 422, ascii(url)
        assert post("incidents", title="a", reporter="bo\u202eb@example.com")[0] == 422
    finally:
        served.kill()


def test_a_configuration_with_them_is_refused_at_its_place(folder):
    example_copy(folder, free_port())
    team = folder / "teams" / "payments.toml"
    text = team.read_text()
    for hidden in [*HIDDEN, "\u0085", "\u2028"]:
        team.write_text(text.replace("Alice Martin", f"Alice{hidden} Martin", 1))
        done = subprocess.run([BINARY, "check", "--no-calendars", "--config", str(folder / "watchbill.toml")], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and f'"name" holds U+{ord(hidden):04X}' in done.stdout and hidden not in done.stdout, done.stdout


def test_a_calendar_with_them_is_read_without(folder):
    (folder / "a.ics").write_text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
                                  "DTSTART;VALUE=DATE:20260601\r\nSUMMARY:Vac\u200bation \u202enow\u2028here\r\n"
                                  'ATTENDEE;CN="Al\u0085ice\u202e":mailto:alice@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n')
    done = subprocess.run([BINARY, "calendar", str(folder / "a.ics"), "--from", "2026-06-01", "--to", "2026-06-02", "--json"],
                          check=True, capture_output=True, text=True)
    [found] = json.loads(done.stdout)["occurrences"]
    assert found["summary"] == "Vacation now here" and found["kind"] == "absence", found
    assert not any(each in json.dumps(found, ensure_ascii=False) for each in [*HIDDEN, "\u0085", "\u2028"]), found


sys.exit(run_tests(dict(globals())))
