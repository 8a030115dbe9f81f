#!/usr/bin/env python3
"""`watchbill check` on what stands around it: mail servers that take and refuse us, calendars that teams share, a
machine without time zones.

Usage: check_test.py WATCHBILL_BINARY.
"""
import base64
import json
import os
import pathlib
import socketserver
import ssl
import subprocess
import sys
import threading
import time

from served import BINARY, Served, example_copy, free_port, run_tests

PASSWORD = "correct horse"


class MailServer(socketserver.ThreadingTCPServer):
    """Greets, encrypts where it has a certificate, and takes one user's password. Notes what it was told."""
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, certificate=None, auth=True, greeting="220 mail.example ESMTP"):
        super().__init__(("127.0.0.1", 0), Session)
        self.certificate, self.auth, self.greeting, self.verbs = certificate, auth, greeting, []
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Session(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            self.converse()
        except OSError:
            pass  # the other side went away

    def converse(self):
        server, encrypted = self.server, False
        stream = self.request.makefile("rwb")

        def say(line):
            stream.write(line.encode() + b"\r\n")
            stream.flush()

        if server.greeting is None:
            time.sleep(30)
            return
        say(server.greeting)
        while line := stream.readline(2000):
            verb = line.split()[0].decode().upper()
            server.verbs.append(verb)
            if verb == "EHLO":
                offers = (["STARTTLS"] if server.certificate and not encrypted else []) + (["AUTH PLAIN LOGIN"] if server.auth else [])
                for each in offers:
                    say("250-" + each)
                say("250 8BITMIME")
            elif verb == "STARTTLS":
                say("220 go on")
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(server.certificate + ".pem", server.certificate + ".key")
                stream = context.wrap_socket(self.request, server_side=True).makefile("rwb")
                encrypted = True
            elif verb == "AUTH":
                parts = line.split()
                if len(parts) < 3:
                    say("334 ")
                    parts.append(stream.readline(2000).strip())
                right = base64.b64decode(parts[2]).decode().split("\0")[1:] == ["rota", PASSWORD]
                say("235 2.7.0 yes" if right else "535 5.7.8 no")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


def make_certificate(folder):
    name = str(folder / "mail")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=mail", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", name + ".key", "-out", name + ".pem"], check=True, capture_output=True)
    return name


def team_with(folder, mail="", teams=None):
    (folder / "teams").mkdir(parents=True, exist_ok=True)
    (folder / "watchbill.toml").write_text(f'[server]\nlisten = "127.0.0.1:8080"\n{mail}')
    for name, text in (teams or {"payments": team("payments", alice=["alice.ics"])}).items():
        (folder / "teams" / f"{name}.toml").write_text(text)


def team(name, more="", **calendars):
    members = "".join(f'[[member]]\nemail = "{member}@example.com"\ncalendars = {json.dumps(of)}\n' for member, of in calendars.items())
    roster = json.dumps([f"{member}@example.com" for member in calendars])
    return f'[team]\nname = "{name}"\ntime_zone = "Europe/Paris"\n{more}\n{members}\n[[rotation]]\nname = "mro"\nstart = "09:00"\nmembers = {roster}\n'


def calendar(*events):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20260101T000000Z", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def days_from_now(days, format="%Y%m%d"):
    return time.strftime(format, time.gmtime(time.time() + days * 86400))


def check(folder, *arguments, code=0, **environment):
    done = subprocess.run([BINARY, "check", *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False,
                          env=os.environ | environment)
    assert done.returncode == code, f"{done.returncode}: {done.stdout}{done.stderr}"
    assert done.stderr == "", done.stderr
    return done.stdout


def mail_table(port, more=""):
    return f'[mail]\nfrom = "rota@example.com"\nsmtp = "smtp://127.0.0.1:{port}"\n{more}'


def credentials(folder, password=PASSWORD):
    (folder / "password").write_text(password)
    (folder / "password").chmod(0o600)
    return 'user = "rota"\npassword_file = "password"\n'


def with_calendar(folder):
    (folder / "teams").mkdir(parents=True, exist_ok=True)
    (folder / "teams" / "alice.ics").write_text(calendar())


def test_a_mail_server_that_takes_us_is_said_to(folder):
    with_calendar(folder)
    certificate = make_certificate(folder)
    for server, more, said in [
            (MailServer(), 'starttls = "never"\n', "not encrypted, no user asked for"),
            (MailServer(), 'starttls = "never"\n' + credentials(folder), "not encrypted, user and password taken"),
            (MailServer(certificate), 'starttls = "required"\n' + credentials(folder), "encrypted, user and password taken")]:
        team_with(folder, mail_table(server.port, more))
        out = check(folder, SSL_CERT_FILE=certificate + ".pem")
        assert f"watchbill.toml:5:8: note: the mail server smtp://127.0.0.1:{server.port} answers: {said}\n" in out, out
        assert out.endswith("0 errors, 0 warnings\n"), out
        assert not {"MAIL", "RCPT", "DATA"} & set(server.verbs) and server.verbs[-1] == "QUIT", server.verbs
        report = json.loads(check(folder, "--json", SSL_CERT_FILE=certificate + ".pem"))["mail_server"]
        assert report["usable"] and report["error"] is None and report["authenticated"] == ("user" in more), report
        asked = len(server.verbs)
        assert "mail server" not in check(folder, "--no-mail") and len(server.verbs) == asked
        server.shutdown()


def test_what_is_wrong_with_a_mail_server_is_an_error_at_its_place(folder):
    with_calendar(folder)
    certificate = make_certificate(folder)
    cases = [
        (None, "", "accepts no connection"),
        (MailServer(greeting="554 5.7.1 go away"), "", "554"),
        (MailServer(greeting=None), "", "took too long"),
        (MailServer(), 'starttls = "required"\n', "offers no STARTTLS"),
        (MailServer(certificate), 'starttls = "required"\n', "certificate cannot be verified"),
        (MailServer(), credentials(folder, "wrong horse"), "refuses the user or the password"),
        (MailServer(auth=False), credentials(folder, "wrong horse"), "offers no AUTH"),
    ]
    for server, more, said in cases:
        port = server.port if server else free_port()
        team_with(folder, mail_table(port, more))
        began = time.monotonic()
        out = check(folder, code=1)
        assert time.monotonic() - began < 20, f"{said}: {time.monotonic() - began} s"
        assert f"watchbill.toml:5:8: error: the mail server smtp://127.0.0.1:{port} cannot be used: " in out and said in out, (said, out)
        assert out.endswith("1 error, 0 warnings\n") and "horse" not in out, out
        report = json.loads(check(folder, "--json", code=1))
        assert not report["mail_server"]["usable"] and said in report["mail_server"]["error"]["message"], report
        if server:
            assert not {"MAIL", "RCPT", "DATA"} & set(server.verbs), server.verbs
            server.shutdown()


def test_no_mail_server_is_said_once(folder):
    with_calendar(folder)
    team_with(folder)
    out = check(folder)
    assert out.count("[mail]") == 1 and out.endswith("0 errors, 1 warning\n"), out


def test_calendars_are_told_by_what_they_hold_and_members_without_any_named(folder):
    team_with(folder, teams={"payments": team("payments", 'holidays = ["company.ics"]', alice=["alice.ics"], bob=["bob.ics"], carol=[])
              .replace('email = "carol@example.com"', 'email = "carol@example.com"\nname = "Carol Tan"')})
    day = days_from_now
    night = ["SUMMARY:Night duty", f"DTSTART:{day(20)}T210000Z", f"DTEND:{day(21)}T050000Z"]
    (folder / "teams" / "alice.ics").write_text(calendar(
        *[["SUMMARY:Vacation", f"DTSTART;VALUE=DATE:{day(at)}", f"DTEND;VALUE=DATE:{day(at + 2)}"] for at in (3, 30, 60)], night,
        *[["SUMMARY:Stand-up", f"DTSTART:{day(at)}T090000Z", "DURATION:PT15M"] for at in range(26)],
        ["SUMMARY:Weekly", f"DTSTART:{day(1)}T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=100"],
        ["SUMMARY:Long ago", "DTSTART:20200101T100000Z", "DURATION:PT1H"]))
    (folder / "teams" / "bob.ics").write_text(calendar(["SUMMARY:Lunch", f"DTSTART:{day(1)}T100000Z", "DURATION:PT1H"]))
    (folder / "teams" / "company.ics").write_text(calendar(["SUMMARY:Founders' day", f"DTSTART;VALUE=DATE:{day(9)}"]))
    out = check(folder)
    for said in ("alice.ics) can be read: 3 absences, 1 night duty, 126 others, within 30 days back and 180 ahead\n",
                 "bob.ics) can be read: 0 absences, 0 night duties, 1 other, within",
                 "company.ics) can be read: 1 holiday, 0 others, within"):
        assert out.count(said) == 1, (said, out)
    assert out.count("has no calendar") == 1, out
    assert ": note: Carol Tan (carol@example.com) has no calendar, so no absence and no night duty of theirs can be known\n" in out, out
    report = json.loads(check(folder, "--json"))
    kinds = [one["kinds"] for one in report["calendars"] if "alice" in one["label"]]
    assert kinds == [{"absences": 3, "night_duties": 1, "swaps": 0, "others": 126}], report["calendars"]
    assert [one["member"] for one in report["members_without_calendar"]] == ["carol@example.com"], report


def test_what_teams_share_is_said_once(folder):
    odd = calendar(["SUMMARY:Stand-up", "DTSTART;TZID=Nowhere:20200101T090000", "RRULE:FREQ=DAILY"])
    shared = {name: team(name, 'holidays = ["company.ics"]', alice=["alice.ics"], bob=["missing.ics"]) for name in ("a", "b", "c")}
    team_with(folder, teams=shared)
    (folder / "teams" / "alice.ics").write_text(odd)
    (folder / "teams" / "company.ics").write_text(odd)
    out = check(folder, code=1)
    assert out.count("[unknown_zone]") == 2, out  # Alice's, and the company's
    assert out.count("missing.ics) cannot be read") == 1, out
    assert "(also at teams/b.toml:" in out and "(also at teams/c.toml:" in out, out
    assert out.count("alice.ics) can be read") == 1 and out.count("company.ics) can be read") == 1, out
    lines = [line for line in out.splitlines() if ": note: how" not in line]
    assert len(set(lines)) == len(lines), out


def api(served, path, method="GET", body=None):
    token = subprocess.run([BINARY, "token", "create", "--scope", "admin", "--name", "bot"], cwd=served.folder, capture_output=True,
                           text=True, check=True).stdout.strip()
    status, _, answer = served.get(f"http://127.0.0.1:{served.port}/api/v1/teams/payments{path}", method,
                                   json.dumps(body).encode() if body else None, Authorization=f"Bearer {token}",
                                   Content_Type="application/json")
    assert status == 200, (path, status, answer)
    return json.loads(answer)


def test_who_left_the_team_and_still_has_shifts_is_warned_of(folder):
    port = free_port()
    people = {"alice": ["alice.ics"], "bob": ["bob.ics"], "carol": ["carol.ics"]}
    remote = '[[rotation]]\nname = "remote"\nstart = "18:00"\nmembers = ["carol@example.com", "bob@example.com"]\n'
    everybody = team("payments", **people).replace('start = "09:00"\n', 'start = "09:00"\nend = "18:00"\nhands_over_to = "remote"\n')
    team_with(folder, teams={"payments": everybody + remote})
    config = folder / "watchbill.toml"
    config.write_text(config.read_text().replace("127.0.0.1:8080", f"127.0.0.1:{port}"))
    for name in people:
        (folder / "teams" / f"{name}.ics").write_text(calendar())
    # "MRO cover" of Carol's on each of the next days invites Alice, who has said yes.
    own = ["ORGANIZER:mailto:carol@example.com", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com"]
    events = [["SUMMARY:MRO cover", f"DTSTART:{days_from_now(at)}T100000Z", "DURATION:PT1H", *own] for at in range(4, 8)]
    for name in ("alice", "carol"):
        (folder / "teams" / f"{name}.ics").write_text(calendar(*events))
    assert "not in this team" not in check(folder), "there is no database yet"
    served = Served(folder, port)
    try:
        assert "not in this team" not in check(folder, "--no-calendars")
        row = next(row for row in api(served, f"/plan?rotation=mro&from={days_from_now(10, '%Y-%m-%d')}")["assignments"]
                   if row["member"] == "bob@example.com")
        api(served, f"/shifts/mro/{row['date']}", "PUT", {"member": "carol@example.com"})
        swaps = api(served, "/swaps")["swaps"]
        assert any(swap["state"] == "applied" for swap in swaps), swaps
    finally:
        served.stop()
    with_carol = (folder / "teams" / "payments.toml").read_text()
    team_with(folder, teams={"payments": everybody.replace(', "carol@example.com"]', "]").replace(
        '[[member]]\nemail = "carol@example.com"\ncalendars = ["carol.ics"]\n', "")
                             + remote.replace('"carol@example.com", ', "")})
    assert "carol" in with_carol and "carol" not in (folder / "teams" / "payments.toml").read_text()
    out = check(folder)
    for rotation in ("mro", "remote"):
        place = 1 + (folder / "teams" / "payments.toml").read_text()[:].split("\n").index(f'name = "{rotation}"')
        assert f"teams/payments.toml:{place}:" in out, (place, out)
    assert f"is given by an override to carol@example.com, who is not in this team: it ends with the next reload" in out, out
    assert "carol@example.com, who is not in this team, holds " in out and "published shift" in out, out
    assert "one of the two is not in this team, and the swap ends with the next reload" in out, out
    report = json.loads(check(folder, "--json"))
    assert report["ok"] and sum("not in this team" in one["message"] for one in report["problems"]) >= 3, report["problems"]
    # Whom a rotation's roster still names, and to whom it hands over, is an error at its place.
    text = (folder / "teams" / "payments.toml").read_text()
    (folder / "teams" / "payments.toml").write_text(text.replace('hands_over_to = "remote"', 'hands_over_to = "carol@example.com"'))
    out = check(folder, code=1)
    assert '"hands_over_to" names a rotation, and "carol@example.com" is a person' in out, out
    (folder / "teams" / "payments.toml").write_text(text.replace('members = ["bob@', 'members = ["carol@example.com", "bob@'))
    out = check(folder, code=1)
    assert '"carol@example.com" is no member of this team' in out, out


def without_zones(folder, script, *arguments):
    """In a mount namespace where /usr/share/zoneinfo is what `script` made of it."""
    inside = f'mount -t tmpfs none /usr/share/zoneinfo && {script} && cd "$1" && shift && exec "$@"'
    return subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", inside, "sh", str(folder), BINARY, *arguments],
                          capture_output=True, text=True, timeout=60, check=False)


def test_a_missing_time_zone_database_is_said_plainly(folder):
    port = free_port()
    example_copy(folder, port)
    before = {str(path) for path in folder.rglob("*")}
    if without_zones(folder, "true", "--version").returncode != 0:
        print("skipped: no mount namespace can be made here")
        return
    for command in (["check"], ["serve"], ["plan", "--from", "2026-12-01", "--days", "7"], ["on-duty"], ["token", "list"],
                    ["calendar", "calendars/alice-google.ics", "--from", "2026-01-01", "--to", "2026-02-01"]):
        done = without_zones(folder, "true", *command)
        said = done.stdout + done.stderr
        assert done.returncode == 1, f"{command}: {done.returncode} {said}"
        assert said.count("the time zone database is missing") == 1, f"{command}: {said}"
        assert "/usr/share/zoneinfo" in said and "tzdata" in said, said
        assert "did you mean" not in said and "Europe/Paris" not in said and "terminate" not in said, said
    assert json.loads(without_zones(folder, "true", "check", "--json").stdout)["ok"] is False
    assert {str(path) for path in folder.rglob("*")} == before, "something was made"


def test_an_incomplete_time_zone_database_is_said_plainly(folder):
    example_copy(folder, free_port())
    if without_zones(folder, "true", "--version").returncode != 0:
        print("skipped: no mount namespace can be made here")
        return
    kept = folder / "zones"
    kept.mkdir()
    subprocess.run(["cp", "-a", "/usr/share/zoneinfo/.", str(kept)], check=True)
    some = f'cp -a "{kept}/." /usr/share/zoneinfo/'
    assert without_zones(folder, some, "check", "--no-calendars").returncode == 0
    for harm, lacks in [("rm /usr/share/zoneinfo/Europe/Paris", "lacks Europe/Paris"),
                        ("rm -r /usr/share/zoneinfo/Asia", "lacks Asia/Tokyo"),
                        ("rm -f /usr/share/zoneinfo/Europe/Paris && echo TZ > /usr/share/zoneinfo/Europe/Paris", "lacks Europe/Paris"),
                        ("rm -rf /usr/share/zoneinfo/*", "is missing")]:
        for command in ("check", "serve"):
            done = without_zones(folder, f"{some} && {harm}", command)
            said = done.stdout + done.stderr
            assert done.returncode == 1 and lacks in said and "tzdata" in said, f"{harm}: {done.returncode} {said}"
            assert "did you mean" not in said and "terminate" not in said, said
    # A zone that only the team's file names.
    team_file = pathlib.Path(folder / "teams" / "payments.toml")
    team_file.write_text(team_file.read_text().replace("Europe/Paris", "Europe/Berlin"))
    done = without_zones(folder, f"{some} && rm /usr/share/zoneinfo/Europe/Berlin", "check", "--no-calendars")
    assert done.returncode == 1 and "tzdata" in done.stdout and 'did you mean "Europe/Berlin"' not in done.stdout, done.stdout


sys.exit(run_tests(dict(globals())))
