#!/usr/bin/env python3
"""Mail servers that misbehave: nothing is lost, nobody is held up, and repetitions have the same Message-ID.

Usage: smtp_hostile_test.py WATCHBILL_BINARY.
"""
import re
import subprocess
import json
import sys
import time

import outbox_rows
from hostile_smtp import HostileSmtp
from served import BINARY, DEADLINE, Served, example_copy, free_port, run_tests


def start(folder, smtp_port):
    port = free_port()
    example_copy(folder, port)
    config = folder / "watchbill.toml"
    config.write_text(config.read_text() + f'\n[mail]\nfrom = "rota@example.com"\nsmtp = "smtp://127.0.0.1:{smtp_port}"\nstarttls = "never"\n')
    return Served(folder, port)


def until(condition, what, folder):
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    unsent = [row for row in outbox_rows.states(folder).values() if row["state"] != "sent"]
    raise AssertionError(f"{what} did not happen in {DEADLINE} s: {unsent[:4]}\n{(folder / 'log.txt').read_text()[-1200:]}")


def wait_for(folder, ids, state):
    until(lambda: all(outbox_rows.states(folder)[each]["state"] == state for each in ids), f"{ids[-4:]} becoming {state}", folder)


def message_ids(mails):
    return sorted(re.search(rb"^Message-ID: <(.*?)>", mail, re.M | re.I)[1].decode() for _, mail in mails)


def test_few_connections_carry_a_batch_and_dots_survive(folder):
    smtp = HostileSmtp()
    served = start(folder, smtp.port)
    # Held up until all are written, so that they are one batch.
    smtp.script.rcpt = lambda to: "450 4.2.0 not yet"
    ids = [outbox_rows.add(folder, number, f"p{number}@example.com") for number in range(10)]
    until(lambda: all(row["attempts"] > 0 for row in outbox_rows.states(folder).values()), "a first attempt", folder)
    smtp.script.rcpt = lambda to: "250 ok"
    before = smtp.script.sessions
    outbox_rows.make_due(folder)
    wait_for(folder, ids, "sent")
    assert smtp.script.sessions - before <= 4, f"{smtp.script.sessions - before} connections for one batch"
    assert len(smtp.script.mails) == 10
    assert b"\r\n.\r\n..three" in smtp.script.mails[0][1], smtp.script.mails[0][1]
    served.stop()
    smtp.stop()


def test_greylisting_and_one_refused_of_three(folder):
    smtp = HostileSmtp()
    asked = []

    def rcpt(to):
        asked.append(to)
        if to == "gone@example.com":
            return "550 5.1.1 no such user"
        if to == "grey@example.com" and asked.count(to) == 1:
            return "451 4.7.1 greylisted, try again"
        return "250 ok"

    smtp.script.rcpt = rcpt
    served = start(folder, smtp.port)
    gone = outbox_rows.add(folder, 1, "gone@example.com")
    grey = outbox_rows.add(folder, 2, "grey@example.com")
    good = outbox_rows.add(folder, 3, "good@example.com", calendar=False)
    wait_for(folder, [good, grey], "sent")
    wait_for(folder, [gone], "failed")
    rows = outbox_rows.states(folder)
    assert rows[gone]["last_error"] == "the mail server refused the recipient (550 5.1.1)", rows[gone]
    assert asked.count("gone@example.com") == 1 and asked.count("grey@example.com") == 2, asked
    listed = json.loads(subprocess.run([BINARY, "outbox", "--json", "--config", str(folder / "watchbill.toml")], check=True,
                                       capture_output=True, text=True).stdout)
    assert {m["id"]: m["state"] for m in listed["messages"]} == {gone: "failed", grey: "sent", good: "sent"}
    assert "café" not in json.dumps(listed, ensure_ascii=False)
    # Mended, and asked for again.
    smtp.script.rcpt = lambda to: "250 ok"
    subprocess.run([BINARY, "outbox", "--retry", gone, "--config", str(folder / "watchbill.toml")], check=True, capture_output=True)
    wait_for(folder, [gone], "sent")
    metrics = served.get(f"http://127.0.0.1:{served.port}/metrics")[2].decode()
    assert 'watchbill_outbox_attempts_total{outcome="failed"} 1' in metrics, metrics
    assert re.search(r'watchbill_outbox_messages\{state="queued"\} 0', metrics), metrics
    assert "gone@example.com" not in (folder / "log.txt").read_text()
    served.stop()
    smtp.stop()


def test_dropped_before_the_acknowledgement_is_sent_again_under_the_same_id(folder):
    smtp = HostileSmtp()
    calls = []

    def after_data(message_id):
        calls.append(message_id)
        return None if len(calls) == 1 else "250 ok"

    smtp.script.after_data = after_data
    served = start(folder, smtp.port)
    one = outbox_rows.add(folder, 1, "a@example.com")
    wait_for(folder, [one], "sent")
    assert any("the mail server closed the connection after the message was sent and before it said whether it took it" in line
               for line in (folder / "log.txt").read_text().splitlines()), (folder / "log.txt").read_text()
    assert len(calls) == 2 and len(set(calls)) == 1 and calls[0] == f"{one}@example.com", calls
    assert smtp.script.seen[0][1] == smtp.script.seen[1][1], "the same mail is the same bytes"
    served.stop()
    smtp.stop()


def test_a_server_that_is_not_there_or_hangs_delays_no_answer(folder):
    smtp = HostileSmtp()
    smtp.script.greeting = lambda: "hang"
    served = start(folder, smtp.port)
    ids = [outbox_rows.add(folder, number, f"p{number}@example.com") for number in range(5)]
    until(lambda: smtp.script.sessions > 0, "a connection", folder)
    slowest = 0
    for _ in range(50):
        began = time.monotonic()
        assert served.get(f"http://127.0.0.1:{served.port}/healthz")[0] == 200
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 5, f"{slowest:.1f} s for an answer while the mail server hangs"
    # It goes away and comes back, at the same address.
    smtp.stop()
    again = HostileSmtp(smtp.port)
    wait_for(folder, ids, "sent")
    assert message_ids(again.script.mails) == sorted(f"{each}@example.com" for each in ids)
    served.stop()
    again.stop()


def test_stopping_gives_a_mail_its_moment_and_starting_again_sends_the_rest(folder):
    smtp = HostileSmtp()
    smtp.script.after_data = lambda message_id: "hang"
    served = start(folder, smtp.port)
    ids = [outbox_rows.add(folder, number, f"p{number}@example.com") for number in range(3)]
    until(lambda: smtp.script.seen, "a mail under way", folder)
    began = time.monotonic()
    served.stop()
    assert time.monotonic() - began < 30, "a hanging mail server must not keep the service from stopping"
    smtp.script.released.set()
    smtp.script.after_data = lambda message_id: "250 ok"
    outbox_rows.make_due(folder)
    served = Served(folder, served.port)
    wait_for(folder, ids, "sent")
    served.stop()
    smtp.stop()


def test_whoever_hangs_or_is_dropped_holds_up_nobody_else(folder):
    smtp = HostileSmtp()
    smtp.script.rcpt = lambda to: "hang" if to == "hangs@example.com" else None if to == "drops@example.com" else "250 ok"
    served = start(folder, smtp.port)
    outbox_rows.add(folder, 1, "hangs@example.com")
    dropped = outbox_rows.add(folder, 2, "drops@example.com")
    until(lambda: smtp.script.sessions >= 2, "two connections", folder)
    began = time.monotonic()
    ids = [outbox_rows.add(folder, 10 + number, f"p{number}@example.com") for number in range(12)]
    wait_for(folder, ids, "sent")
    assert time.monotonic() - began < 15, f"{time.monotonic() - began:.1f} s behind one that hangs"
    rows = outbox_rows.states(folder)
    assert "closed the connection when it was told the recipient" in rows[dropped]["last_error"], rows[dropped]
    assert "no mail can be sent" not in (folder / "log.txt").read_text()
    # What is under way is told as such, and not sent a second time meanwhile.
    hanging = listed(folder)["2026-17.1.request"]
    assert hanging["claim"]["state"] == "sending" and str(served.process.pid) in hanging["claim"]["by"], hanging
    refused = subprocess.run([BINARY, "outbox", "--retry", "2026-17.1.request", "--config", str(folder / "watchbill.toml")],
                             capture_output=True, text=True, check=False)
    assert refused.returncode == 1 and "is being sent right now" in refused.stderr, refused
    said = subprocess.run([BINARY, "outbox", "--config", str(folder / "watchbill.toml")], check=True, capture_output=True, text=True).stdout
    assert "being sent now" in said and f"by process {served.process.pid}" in said, said
    served.stop()
    smtp.stop()


def listed(folder):
    """What `outbox --json` says, by id."""
    done = subprocess.run([BINARY, "outbox", "--json", "--config", str(folder / "watchbill.toml")], check=True, capture_output=True, text=True)
    return {message["id"]: message for message in json.loads(done.stdout)["messages"]}


def test_four_people_at_a_slow_server_are_told_within_six_seconds(folder):
    smtp = HostileSmtp()
    smtp.script.step = lambda: time.sleep(1)
    served = start(folder, smtp.port)
    began = time.monotonic()
    ids = [outbox_rows.add(folder, number, f"p{number}@example.com") for number in range(4)]
    until(lambda: len(smtp.script.arrived) == 4, "four mails", folder)
    # The worker of another process's mails looks every 5 s: what counts is from the first connection on.
    first, last = min(smtp.script.arrived.values()), max(smtp.script.arrived.values())
    assert last - first < 1.5, f"{last - first:.1f} s between the first and the last of four"
    assert last - began < 6 + 5, f"{last - began:.1f} s for four people"
    wait_for(folder, ids, "sent")
    served.stop()
    smtp.stop()


def test_a_server_that_takes_one_connection_gets_all_mails(folder):
    smtp = HostileSmtp()
    smtp.script.most_sessions = 1
    served = start(folder, smtp.port)
    began = time.monotonic()
    ids = [outbox_rows.add(folder, number, f"p{number}@example.com") for number in range(20)]
    wait_for(folder, ids, "sent")
    assert time.monotonic() - began < 20, f"{time.monotonic() - began:.1f} s"
    assert "no mail can be sent" not in (folder / "log.txt").read_text(), (folder / "log.txt").read_text()
    served.stop()
    smtp.stop()


def test_what_a_killed_process_was_sending_can_be_asked_for(folder):
    smtp = HostileSmtp()
    smtp.script.after_data = lambda message_id: "hang"
    served = start(folder, smtp.port)
    one = outbox_rows.add(folder, 1, "a@example.com")
    until(lambda: smtp.script.seen, "a mail under way", folder)
    served.kill()
    ended = listed(folder)[one]
    assert ended["claim"]["state"] == "ended", ended
    said = subprocess.run([BINARY, "outbox", "--config", str(folder / "watchbill.toml")], check=True, capture_output=True, text=True).stdout
    assert f"process {served.process.pid} took it and has ended" in said, said
    subprocess.run([BINARY, "outbox", "--retry", one, "--config", str(folder / "watchbill.toml")], check=True, capture_output=True)
    smtp.script.released.set()
    smtp.script.after_data = lambda message_id: "250 ok"
    served = Served(folder, served.port)
    wait_for(folder, [one], "sent")
    served.stop()
    smtp.stop()


def test_kill_at_any_moment_loses_nothing(folder):
    smtp = HostileSmtp()
    served = start(folder, smtp.port)
    ids = []
    for round_number in range(6):
        killing = round_number % 2 == 0
        # Of four connections each comes here, one of them maybe when the next process runs already, which is not meant.
        smtp.script.after_data = (lambda message_id, victim=served: victim.kill() or "250 ok") if killing else (lambda message_id: "250 ok")
        ids += [outbox_rows.add(folder, round_number * 10 + n, f"p{n}@example.com") for n in range(4)]
        if killing:
            until(lambda: served.process.poll() is not None, "the kill", folder)
            smtp.script.after_data = lambda message_id: "250 ok"
            served = Served(folder, served.port)
            wait_for(folder, ids, "sent")
            took = time.monotonic() - served.began
            assert took < 15, f"{took:.1f} s after the restart"
        wait_for(folder, ids, "sent")
    got = message_ids(smtp.script.mails)
    assert set(got) == {f"{each}@example.com" for each in ids}
    assert len(got) <= len(ids) + 3 * 4, f"{len(got) - len(ids)} repetitions for 3 kills with 4 mails under way"
    served.stop()
    smtp.stop()


if __name__ == "__main__":
    sys.exit(run_tests(dict(globals())))
