#!/usr/bin/env python3
"""Mail through a real mail server (Postfix, STARTTLS and AUTH), read by Python's email package and icalendar.

Usage: mail_test.py WATCHBILL_BINARY.
"""
import email
import email.policy
import email.utils
import json
import os
import subprocess
import sys
import time

import icalendar

import outbox_rows
from postfix import Postfix
from served import BINARY, DEADLINE, Served, example_copy, free_port, run_tests


def configure(folder, postfix, password="correct horse", extra=""):
    port = free_port()
    example_copy(folder, port)
    (folder / "password").write_text(password + "\n")
    (folder / "password").chmod(0o600)
    config = folder / "watchbill.toml"
    config.write_text(config.read_text() + f'\n[mail]\nfrom = "rota@example.com"\nsmtp = "smtp://localhost:{postfix.port}"\n'
                      f'starttls = "required"\nuser = "rota@example.com"\npassword_file = "password"\n{extra}')
    return port


def wait_for(folder, condition, what):
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"{what}: {outbox_rows.states(folder)}\n{(folder / 'log.txt').read_text()[-2000:]}"
        time.sleep(0.1)


def sent(folder, ids):
    return lambda: all(outbox_rows.states(folder)[each]["state"] == "sent" for each in ids)


def test_an_invitation_arrives_as_one(folder):
    postfix = Postfix(folder)
    try:
        os.environ["SSL_CERT_FILE"] = str(postfix.certificate)
        served = Served(folder, configure(folder, postfix))
        invitation = outbox_rows.add(folder, 1, "bob@example.com")
        notice = outbox_rows.add(folder, 2, "alice@example.com", calendar=False, text="Grüße\n\n" + "long " * 500 + "\n.\nend")
        nobody = outbox_rows.add(folder, 3, "nobody@example.com")
        wait_for(folder, sent(folder, [invitation, notice]), "sending")
        wait_for(folder, lambda: outbox_rows.states(folder)[nobody]["state"] == "failed", "the refusal of an unknown recipient")
        assert "(550 5.1.1)" in outbox_rows.states(folder)[nobody]["last_error"], outbox_rows.states(folder)[nobody]

        mail = email.message_from_bytes(postfix.mails("bob", 1)[0], policy=email.policy.default)
        assert not mail.defects, mail.defects
        assert mail["Message-ID"] == f"<{invitation}@example.com>"
        assert mail["Subject"] == "SEV1: café 1"
        assert email.utils.parseaddr(mail["From"])[1] == "rota@example.com"
        assert mail["To"].addresses[0].display_name == "Zoé" and mail["To"].addresses[0].addr_spec == "bob@example.com"
        assert mail["Auto-Submitted"] is None and mail["Date"].datetime is not None
        assert mail["Delivered-To"] == "bob@example.com"
        assert [part.get_content_type() for part in mail.walk()] == [
            "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics"]
        parts = {part.get_content_type(): part for part in mail.walk()}
        assert parts["text/calendar"].get_param("method") == "REQUEST" and parts["text/calendar"].get_content_charset() == "utf-8"
        assert parts["application/ics"].get_filename() == "invite.ics"
        expected = (outbox_rows.INVITATION % "bob@example.com").encode()
        assert parts["text/calendar"].get_payload(decode=True) == expected
        assert parts["application/ics"].get_payload(decode=True) == expected
        calendar = icalendar.Calendar.from_ical(expected)
        event = calendar.walk("VEVENT")[0]
        assert calendar["METHOD"] == "REQUEST" and event["ATTENDEE"] == "mailto:bob@example.com"
        assert parts["text/plain"].get_content().replace("\r\n", "\n").startswith("one\ntwo\n.\n..three")

        mail = email.message_from_bytes(postfix.mails("alice", 1)[0], policy=email.policy.default)
        assert mail["Auto-Submitted"] == "auto-generated" and mail.get_content_type() == "text/plain"
        assert mail.get_content().replace("\r\n", "\n") == "Grüße\n\n" + "long " * 500 + "\n.\nend\n", mail.get_content()
        served.stop()
    finally:
        postfix.stop()


def test_a_wrong_certificate_or_password_sends_nothing_and_says_so(folder):
    postfix = Postfix(folder)
    try:
        os.environ.pop("SSL_CERT_FILE", None)
        port = configure(folder, postfix, password="wrong")
        served = Served(folder, port)
        one = outbox_rows.add(folder, 1, "bob@example.com")
        wait_for(folder, lambda: "certificate" in outbox_rows.states(folder)[one]["last_error"], "the certificate's refusal")
        served.stop()
        os.environ["SSL_CERT_FILE"] = str(postfix.certificate)
        outbox_rows.make_due(folder)
        served = Served(folder, port)
        wait_for(folder, lambda: "password" in outbox_rows.states(folder)[one]["last_error"], "the password's refusal")
        assert outbox_rows.states(folder)[one]["state"] == "queued"
        # A password that is put right is used without a restart.
        (folder / "password").write_text("correct horse\n")
        wait_for(folder, sent(folder, [one]), "sending with the right password")
        log = (folder / "log.txt").read_text()
        assert "wrong" not in log.replace("went wrong", "") and "correct horse" not in log and "no mail can be sent" in log, log
        assert len(postfix.mails("bob", 1)) == 1
        served.stop()
    finally:
        postfix.stop()


ANSWER = """From: Bob <bob@example.com>
To: rota@example.com
Subject: Accepted
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

yes
--b
Content-Type: text/calendar; method=REPLY; charset=utf-8

BEGIN:VCALENDAR
METHOD:REPLY
BEGIN:VEVENT
UID:nobody-knows@example.com
DTSTAMP:20260302T141500Z
ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.com
END:VEVENT
END:VCALENDAR
--b--
"""


def receive(folder, mail):
    done = subprocess.run([BINARY, "receive-mail", "--json", "--config", str(folder / "watchbill.toml")], input=mail, capture_output=True)
    return done.returncode, json.loads(done.stdout) if done.stdout else None


def test_mails_come_in_by_pipe_and_by_hook(folder):
    port = free_port()
    example_copy(folder, port)
    assert receive(folder, ANSWER.encode())[1]["code"] == "unknown_event"
    assert receive(folder, ANSWER.replace("mailto:bob", "mailto:eve").encode()) [1]["code"] == "not_the_attendee"
    assert receive(folder, b"From: bob@example.com\nAuto-Submitted: auto-replied\n\naway\n") == (
        0, {"result": "ignored", "applied": False, "code": "auto_reply", "message":
            "the mail was written by a program (out of office, say), and is no answer", "team": None, "about": None})
    assert receive(folder, b"x" * 2_000_000)[1]["code"] == "too_large"
    assert receive(folder, b"")[0] == 1
    broken = folder / "broken"
    example_copy(broken, port)
    (broken / "watchbill.toml").write_text("no toml")
    assert receive(broken, ANSWER.encode())[0] == 75, "a broken configuration is not the sender's fault"

    served = Served(folder, port)
    token = subprocess.run([BINARY, "token", "create", "--scope", "mail", "--name", "hook", "--json", "--config",
                            str(folder / "watchbill.toml")], check=True, capture_output=True, text=True)
    token = json.loads(token.stdout)["token"]
    url = f"http://127.0.0.1:{port}/api/v1/mail"
    authorised = {"Authorization": f"Bearer {token}", "Content_Type": "message/rfc822"}
    status, headers, body = served.get(url, "POST", ANSWER.encode(), **authorised)
    assert status == 422 and json.loads(body)["code"] == "unknown_event", (status, body)
    assert headers["Content-Type"].startswith("application/problem+json")
    assert served.get(url, "POST", ANSWER.encode(), Content_Type="message/rfc822")[0] == 401
    status, _, body = served.get(url, "POST", b"Return-Path: <>\nFrom: MAILER-DAEMON@example.com\n\nno\n", **authorised)
    assert status == 200 and json.loads(body)["result"] == "ignored", (status, body)
    log = (folder / "log.txt").read_text()
    assert "unknown_event" in log and "bob@" not in log and "nobody-knows" not in log, log
    served.stop()


HOSTILE_FIELDS = {
    "groups": b"a:" * 45_000, "folded": b"a:\r\n " * 30_000, "quoted": b'"a":' * 20_000, "commented": b"a(x):" * 20_000,
    "few groups": b"a:" * 1_000, "comments": b"(" * 50_000, "words": b"x " * 200_000,
}


def test_hostile_headers_end_neither_the_service_nor_the_command(folder):
    port = free_port()
    example_copy(folder, port)
    served = Served(folder, port)
    token = subprocess.run([BINARY, "token", "create", "--scope", "mail", "--name", "hook", "--json", "--config",
                            str(folder / "watchbill.toml")], check=True, capture_output=True, text=True)
    url, answer = f"http://127.0.0.1:{port}/api/v1/mail", ANSWER.encode()
    authorised = {"Authorization": f"Bearer {json.loads(token.stdout)['token']}", "Content_Type": "message/rfc822"}
    mails = {f"{name}: {what}": name.encode() + b": " + value + b"\r\n" + answer
             for name in ("From", "To", "Cc", "Bcc", "Reply-To", "Sender") for what, value in HOSTILE_FIELDS.items()}
    mails["inside"] = b"From: bob@example.com\nContent-Type: message/rfc822\n\nTo: " + HOSTILE_FIELDS["groups"] + b"\n\nx"
    mails["in a digest"] = (b"From: bob@example.com\nContent-Type: multipart/digest; boundary=b\n\n--b\n\nTo: "
                            + HOSTILE_FIELDS["groups"] + b"\n\nx")
    mails["deep"] = b"From: bob@example.com\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (i, i) for i in range(5_000))
    mails["parts"] = b"From: bob@example.com\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 200_000
    mails["parameters"] = b"From: bob@example.com\nContent-Type: text/calendar" + b"".join(
        b"; a*%d=b" % i for i in range(50_000)) + b"\n\nx"
    mails["fields"] = b"X: y\n" * 150_000 + answer
    for name, mail in mails.items():
        status, headers, body = served.get(url, "POST", mail, **authorised)
        assert status == 422 and json.loads(body)["code"], (name, status, body)
    assert served.get(url, "POST", answer, **authorised)[0] == 422
    # One gateway hands over everybody's answers.
    codes = {served.get(url, "POST", answer, **authorised)[0] for _ in range(300)}
    assert codes == {422}, codes
    served.stop()
    for name in ("To: groups", "Sender: folded", "inside", "deep"):
        code, verdict = receive(folder, mails[name])
        assert code == 1 and verdict["result"] == "refused", (name, code, verdict)


def test_only_the_own_mail_servers_findings_count(folder):
    port = free_port()
    example_copy(folder, port)
    config = folder / "watchbill.toml"
    config.write_text(config.read_text() + '\n[mail]\nfrom = "rota@example.com"\nsmtp = "smtp://127.0.0.1:1"\nauthserv_id = "mx.example.com"\n')

    def code_with(findings):
        return receive(folder, "".join(f"Authentication-Results: {one}\n" for one in findings).encode() + ANSWER.encode())[1]["code"]

    for failure in ("dmarc=fail", "dmarc = fail", "dmarc=(p=none) fail", "dmarc=\n fail", "DMARC(a)/1 =\n\t\"FAIL\"", "spf=pass; dmarc=fail"):
        assert code_with([f"mx.example.com; {failure}"]) == "unauthenticated", failure
        assert code_with(["mx.example.com 1; spf=pass", f"MX.example.com (b) 1; {failure}"]) == "unauthenticated", failure
        assert code_with([f"mx.example.net; {failure}", "mx.example.com; dmarc=pass"]) == "unknown_event", failure
    assert code_with(['mx.example.com; dmarc=pass (dmarc=fail) reason="dmarc=fail"']) == "unknown_event"
    for sender in (b"carol@example.com\0", b"<bob@example.com\0@evil.example>", b"bob@example.com, eve@example.net",
                   b"=?utf-8?q?bob=40example.com?=", b"<=?utf-8?q?bob=40example.com?=>", b"bob@example.com\nFrom: eve@example.net",
                   b"bob@example.com <eve@example.net>"):
        code, verdict = receive(folder, ANSWER.encode().replace(b"Bob <bob@example.com>", sender))
        assert code == 1 and verdict["code"] in ("malformed_header", "several_senders", "no_sender"), (sender, verdict)


if __name__ == "__main__":
    sys.exit(run_tests(dict(globals())))
