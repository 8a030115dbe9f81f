#!/usr/bin/env python3
"""What an operator sees of the whole program: /metrics, the alert rules that read them, and the log.

Usage: metrics_test.py WATCHBILL_BINARY. The metrics are read by an own, strict reader of Prometheus' text format; the alert
rules by python3-yaml, and by promtool where that is installed. The log is searched for everything that must not be in it.
"""
import json
import re
import shutil
import signal
import socket
import subprocess
import sys

from served import BINARY, PEERS, SOURCE, Served, events_of, example_copy, free_port, run_tests

TEAM = "/api/v1/teams/payments"
SAMPLE = re.compile(r'^([a-z_]+)(?:\{((?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def read_metrics(text):
    """{name: {labels as a frozenset of pairs: value}}; asserts that the text is well-formed and complete."""
    samples, types, helped = {}, {}, set()
    for line in text.splitlines():
        if line.startswith("# HELP "):
            helped.add(line.split(" ", 3)[2])
        elif line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in types, f"{name} comes twice"
            types[name] = kind
        else:
            match = SAMPLE.match(line)
            assert match, f"not a sample: {line}"
            labels = frozenset(LABEL.findall(match[2] or ""))
            assert labels not in samples.setdefault(match[1], {}), f"twice: {line}"
            samples[match[1]][labels] = float(match[3])
    for name in samples:
        family = name if name in types else re.sub(r"_(bucket|sum|count)$", "", name)
        assert family in types and family in helped, f"{name} has no type or help"
    for name, kind in types.items():
        assert kind != "counter" or name.endswith("_total"), name
        if kind == "histogram":
            check_histogram(name, samples)
    return samples


def check_histogram(name, samples):
    for labels, count in samples[f"{name}_count"].items():
        buckets = [(float(dict(have)["le"]), value) for have, value in samples[f"{name}_bucket"].items()
                   if {pair for pair in have if pair[0] != "le"} == set(labels)]
        buckets.sort()
        values = [value for _, value in buckets]
        assert values == sorted(values), f"{name} {labels} is not cumulative"
        assert buckets[-1] == (float("inf"), count), f"{name} {labels} disagrees with its count"


class Watched:
    """The example team, served, with a token and its log."""

    def __init__(self, folder, settings, team_text=lambda text: text):
        self.folder, self.port = folder, free_port()
        example_copy(folder, self.port)
        config = folder / "watchbill.toml"
        config.write_text(config.read_text().replace("[server]\n", f"[server]\n{settings}\n"))
        team = folder / "teams" / "payments.toml"
        team.write_text(team_text(team.read_text()))
        self.token = self.run("token", "create", "--scope", "admin", "--name", "ops bot").strip()
        self.served = Served(folder, self.port)

    def run(self, *arguments):
        done = subprocess.run([BINARY, *arguments, "--config", str(self.folder / "watchbill.toml")], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{arguments}: {done.stdout} {done.stderr}"
        return done.stdout

    def call(self, path, method="GET", body=None, token=None, **headers):
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if body is not None:
            body = json.dumps(body).encode()
            headers["Content_Type"] = "application/json"
        return self.served.get(f"http://127.0.0.1:{self.port}{path}", method, body, **headers)

    def metrics(self):
        status, headers, body = self.call("/metrics")
        assert status == 200 and headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8", headers
        return read_metrics(body.decode())

    def log(self):
        return (self.folder / "log.txt").read_text()


def value(samples, name, **labels):
    return samples[name][frozenset(labels.items())]


def test_metrics_tell_what_happened(folder):
    watched = Watched(folder, "")
    try:
        url = watched.served.urls["rotation"]
        status, headers, feed = watched.served.get(url)
        assert status == 200 and re.fullmatch(r"[0-9a-f]{32}", headers["X-Request-Id"]), headers
        watched.served.get(url, If_None_Match=headers["ETag"])
        watched.served.get(url, "HEAD")
        watched.served.get(url.replace("rotation.ics", "nothing.ics"))
        assert watched.call(TEAM)[0] == 401
        assert watched.call(f"{TEAM}/refresh", "POST", token=watched.token)[0] == 200
        with socket.create_connection(("127.0.0.1", watched.port)) as broken:
            broken.sendall(b"GET / HTTP/1.1\r\nno colon\r\n\r\n")
            answer = broken.recv(4096)
            assert answer.startswith(b"HTTP/1.1 400 ") and b"X-Request-Id: " in answer, answer
        samples = watched.metrics()
        route = "/feeds/{team}/{token}/rotation.ics"
        count = "watchbill_http_requests_total"
        assert value(samples, count, method="GET", route=route, status_class="2xx") == 1
        assert value(samples, count, method="GET", route=route, status_class="3xx") == 1
        assert value(samples, count, method="HEAD", route=route, status_class="2xx") == 1
        assert value(samples, count, method="GET", route="unmatched", status_class="4xx") == 1
        assert value(samples, count, method="other", route="unmatched", status_class="4xx") == 1
        assert value(samples, count, method="GET", route="/api/v1/teams/{team}", status_class="4xx") == 1
        assert value(samples, count, method="POST", route="/api/v1/teams/{team}/refresh", status_class="2xx") == 1
        assert value(samples, "watchbill_http_request_seconds_count", route=route) == 3
        # That of the scrape, and at most the broken one that still says farewell.
        assert 1 <= value(samples, "watchbill_http_connections") <= 2
        fetches = {dict(labels)["result"]: count for labels, count in samples["watchbill_calendar_fetches_total"].items()}
        calendars = len(json.loads(watched.call(f"{TEAM}/sources", token=watched.token)[2])["sources"])
        assert fetches["ok"] == calendars and fetches["not_modified"] == calendars, fetches
        assert sum(fetches.values()) == 2 * calendars, fetches
        nobody = {uid for uid, event in events_of(feed).items() if "NOBODY" in event["SUMMARY"]}
        assert value(samples, "watchbill_plan_uncovered_days", team="payments", within="horizon") == len({uid[:10] for uid in nobody})
        version = subprocess.run([BINARY, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
        assert value(samples, "watchbill_build_info", version=version) == 1
        # Whatever clients send, there are no more series than before.
        before = sum(len(series) for series in samples.values())
        for i in range(30):
            watched.call(f"/nothing/{i}")
            watched.served.get(f"http://127.0.0.1:{watched.port}/", f"BREW{i}")
        samples = watched.metrics()
        assert sum(len(series) for series in samples.values()) == before
        text = watched.call("/metrics")[2].decode()
        assert "@" not in text and not re.search("alice|bob|chlo|gabrielle|david|emma|felix", text, re.I), "a person is named"
        watched.served.stop()
    finally:
        watched.served.kill()


def expressions(rules):
    for group in rules["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"], json.dumps(rule.get("annotations", {}))


def test_alert_rules_ask_for_what_is_there(folder):
    file = SOURCE / "feeds" / "alerts.yml"
    # Debian's Python has the module; the one that runs this test may not.
    done = subprocess.run(["/usr/bin/python3", "-c", "import json,sys,yaml; print(json.dumps(yaml.safe_load(sys.stdin)))"],
                          stdin=file.open(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rules = json.loads(done.stdout)
    watched = Watched(folder, "")
    try:
        samples = watched.metrics()
        watched.served.stop()
    finally:
        watched.served.kill()
    used = set()
    for alert, expression, annotations in expressions(rules):
        selectors = re.findall(r"\b(watchbill_[a-z_]+|up)(?:\{([^}]*)\})?", expression)
        assert selectors, f"{alert} asks for nothing"
        for name, matchers in selectors:
            if name == "up":  # Prometheus' own
                continue
            assert name in samples, f"{alert} asks for {name}, which there is not"
            used.add(name)
            for label, operator, wanted in re.findall(r'([a-z_]+)(=~|!~|!=|=)"([^"]*)"', matchers):
                values = {dict(labels).get(label) for labels in samples[name]}
                assert None not in values, f"{alert}: {name} has no label {label}"
                pattern = wanted if "~" in operator else re.escape(wanted)
                matched = {have for have in values if re.fullmatch(pattern, have)}
                assert matched and matched != (values if operator.startswith("!") else None), f"{alert}: {label}{operator}{wanted} matches none of {values}"
        for label in re.findall(r"\$labels\.([a-z_]+)", annotations):
            assert any(label in dict(labels) for name, _ in selectors if name in samples for labels in samples[name]), f"{alert} tells of {label}"
    assert {"watchbill_published_at", "watchbill_calendar_stale", "watchbill_plan_uncovered_days", "watchbill_http_requests_total"} <= used
    if shutil.which("promtool"):
        subprocess.run(["promtool", "check", "rules", str(file)], check=True, capture_output=True)


# Odd in every way that makes a warning, with titles and texts that are nobody's business.
ODD_CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Test//Test//EN
BEGIN:VEVENT
UID:1@test
DTSTAMP:20260101T000000Z
DTSTART;TZID=Nowhere/Atlantis:20261201T090000
DTEND;TZID=Nowhere/Atlantis:20261201T100000
SUMMARY:zebraTITLE with an unknown zone
LOCATION:zebraPLACE
DESCRIPTION:zebraTEXT
END:VEVENT
BEGIN:VEVENT
UID:2@test
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20261202
RRULE:FREQ=SOMETIMES;BYDAY=XX
EXDATE:notadate
SUMMARY:zebraTITLE with a bad rule
END:VEVENT
BEGIN:VEVENT
UID:3@test
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20261203
SUMMARY:Bob Durand vacation zebraTITLE
END:VEVENT
BEGIN:VEVENT
UID:4@test
DTSTAMP:20260101T000000Z
DTSTART:notatime
SUMMARY:zebraTITLE without a start
END:VEVENT
BEGIN:VEVENT
UID:5@test
DTSTAMP:20260101T000000Z
DTSTART:20261204T200000
DTEND:20261204T100000
SUMMARY:On call zebraTITLE that ends before it begins
END:VEVENT
BEGIN:VEVENT
UID:6@test
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20261205
RRULE:FREQ=SECONDLY;BYMONTH=2
RDATE:alsonotadate
SUMMARY:MRO swap zebraTITLE
ATTENDEE;PARTSTAT=SOMETHING:mailto:zebra@example.com
END:VEVENT
BEGIN:VEVENT
UID:7@test
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20261206
SUMMARY:zebraTITLE caf\xe9 in another character set
DESCRIPTION:folded by somebody who
zebraLINE does not know how
DURATION:notaduration
STATUS:NOSTATUS
TRANSP;X-ZEBRA="zebraPARAMETER:zebraVALUE
END:VEVENT
BEGIN:VODDITY
zebraPROPERTY:zebraVALUE
END:VOTHER
BEGIN:VFREEBUSY
UID:8@test
FREEBUSY:notaperiod
SUMMARY:zebraTITLE of busy time
END:VFREEBUSY
END:VCALENDAR
"""


def provoke(watched, hostile):
    """Every feature, used well and badly. What must not be in the log."""
    secrets = [watched.token]
    for scope, url in watched.served.urls.items():
        token = re.search(r"/([0-9a-f]{32})/", url)[1]
        secrets.append(token)
        watched.served.get(url)
        watched.served.get(url + "?access=zebraQUERY")
        watched.served.get(url.replace(token, token[:-1]))
        watched.served.get(url.replace(token, token.upper()))
        watched.served.get(url.replace(".ics", ".json"))
        watched.served.get(url, "DELETE")
    watched.call(f"/feeds/payments/{token}%0d%0aX/rotation.ics")
    watched.call("/feeds/payments/zebraPATH/rotation.ics", X_Request_Id="zebra ID", User_Agent="zebraAGENT", Referer="http://x/zebraREFERER")
    for wrong in ("wb_" + "zebra" * 10, "zebraTOKEN", watched.token[:-1]):
        assert watched.call(TEAM, token=wrong)[0] == 401
        secrets.append(wrong)
    watched.call(f"{TEAM}?access_token=zebraQUERY", token=watched.token)
    watched.call(f"{TEAM}/plan?from=zebraQUERY", token=watched.token)
    plan = json.loads(watched.call(f"{TEAM}/plan?rotation=mro", token=watched.token)[2])["assignments"]
    shift = next(row for row in plan[5:] if row["member"] == "alice@example.com")
    path = f"{TEAM}/shifts/mro/{shift['date']}"
    other = next(row["member"] for row in plan if row["member"] not in (None, "alice@example.com"))
    status, headers, body = watched.call(path, "PUT", {"member": other, "reason": "zebraREASON", "force": True}, watched.token, X_Request_Id="override-1")
    assert status == 200 and headers["X-Request-Id"] == "override-1", body
    assert 400 <= watched.call(path, "PUT", {"member": "zebra@example.com", "reason": "zebraREASON"}, watched.token)[0] < 500
    assert watched.call(path, "PUT", {"zebraMEMBER": 1}, watched.token)[0] == 400
    assert watched.call(path, "DELETE", token=watched.token)[0] in (200, 204)
    assert watched.call(f"{TEAM}/handover-notes", "POST", {"text": "zebraNOTE"}, watched.token)[0] in (200, 201)
    assert watched.call(f"{TEAM}/refresh", "POST", token=watched.token)[0] == 200
    for path in ("/audit", "/sources", "/balances", "/brief", "/on-duty", "/availability", f"/explain?date={shift['date']}"):
        status, _, body = watched.call(TEAM + path, token=watched.token)
        assert status == 200, path
        # What the log leaves out when there are many warnings.
        assert path != "/sources" or b"zebra" not in body.lower(), body
    for raw in (b"GET /zebraPATH HTTP/1.1\r\nbroken zebraHEADER\r\n\r\n", b"zebraMETHOD\r\n\r\n",
                b"POST /zebraPATH HTTP/1.1\r\nHost: zebraHOST\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", watched.port), timeout=20) as connection:
            connection.sendall(raw)
            assert connection.recv(4096).startswith(b"HTTP/1.1 4")
    # Reloads: of a file with a mistake beside a secret, and of a good one.
    team = watched.folder / "teams" / "payments.toml"
    good = team.read_text()
    team.write_text(good.replace(f"{hostile}/status/500?", "ftp://zebraUSER:zebraPASSWORD@example.com/zebraPATH?", 1))
    assert team.read_text() != good
    watched.served.process.send_signal(signal.SIGHUP)
    watched.served.until(lambda: watched.call("/healthz") and "nothing changes" in watched.log(), "the refusal of a bad file")
    team.write_text(good)
    watched.served.process.send_signal(signal.SIGHUP)
    watched.served.until(lambda: watched.call("/healthz") and "was read again" in watched.log(), "the reload of a good file")
    watched.run("token", "create", "--team", "payments", "rotation")
    assert watched.call(f"{TEAM}/refresh", "POST", token=watched.token)[0] == 200
    return secrets


def check_log(folder, log_format):
    hostile = subprocess.Popen([sys.executable, str(PEERS / "hostile_http.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        base = f"http://127.0.0.1:{int(re.search(r'[0-9]+', hostile.stdout.readline())[0])}"

        def with_secrets(text):
            for calendar, path in {"bob-outlook": "/login", "chloe-nextcloud": "/status/500", "david-thunderbird": "/truncated",
                                   "emma-google": "/redirect?to=http://localhost:1/zebraREDIRECT"}.items():
                mark = "&" if "?" in path else "?"
                text = text.replace(f'"../calendars/{calendar}.ics"', f'"{base}{path}{mark}secret=zebraSECRET"')
            return text

        shutil.copytree(SOURCE / "feeds" / "calendars", folder / "calendars")
        watched = Watched(folder, f'log_level = "debug"\nlog_format = "{log_format}"', with_secrets)
        try:
            titles = set(re.findall(r"^(?:SUMMARY|DESCRIPTION|LOCATION)[^:\n]*:(.{6,})$", "".join(
                path.read_text(errors="replace").replace("\r", "") for path in (SOURCE / "feeds" / "calendars").glob("*.ics")), re.M))
            assert len(titles) > 10, titles
            (folder / "calendars" / "alice-google.ics").write_bytes(ODD_CALENDAR.replace("\n", "\r\n").encode("latin-1"))
            secrets = provoke(watched, base)
            watched.served.stop()
        finally:
            watched.served.kill()
        log = watched.log()
        assert "alice@example.com calendar 1" in log, "the odd calendar made no warning: " + log
        for secret in [*secrets, *titles]:
            assert secret not in log, f"{secret!r} is in the log: {next(line for line in log.splitlines() if secret in line)}"
        found = re.search(r".*zebra.*", log, re.I)
        assert not found, f"the log tells what it must not: {found[0]}"
        return log
    finally:
        hostile.kill()


def test_json_log_holds_no_secret_and_no_title(folder):
    lines = [json.loads(line) for line in check_log(folder, "json").splitlines()]
    assert all(set(line) >= {"time", "level", "message"} for line in lines)
    answered = [line for line in lines if "request_id" in line]
    override = next(line for line in answered if line["request_id"] == "override-1")
    assert override == {**override, "level": "info", "method": "PUT", "route": "/api/v1/teams/{team}/shifts/{rotation}/{date}",
                        "status": 200, "who": "token:ops bot", "from": "127.0.0.1"}, override
    assert override["bytes"] > 0 and 0 < override["milliseconds"] < 60000
    assert len({line["request_id"] for line in answered}) == len(answered), "an id comes twice"
    reads = [line for line in answered if line["method"] == "GET" and line["status"] == 200]
    assert reads and all(line["level"] == "debug" for line in reads)
    assert any(line["route"] == "/feeds/{team}/{token}/member/{email}.ics" for line in reads)
    assert any(line["status"] == 401 and line["level"] == "info" for line in answered)


def test_human_log_holds_no_secret_and_no_title(folder):
    log = check_log(folder, "human")
    assert re.search(r"^\S+ info: PUT /api/v1/teams/\{team\}/shifts/\{rotation\}/\{date\} 200: [0-9]+ bytes, [0-9.]+ ms, "
                     r"token:ops bot, from 127\.0\.0\.1, request override-1$", log, re.M), log


def test_without_a_level_reads_are_not_logged(folder):
    watched = Watched(folder, "")
    try:
        watched.served.get(watched.served.urls["rotation"])
        watched.call(f"{TEAM}/refresh", "POST", token=watched.token)
        watched.served.stop()
    finally:
        watched.served.kill()
    assert "GET /" not in watched.log() and "POST /api/v1/teams/{team}/refresh 200" in watched.log(), watched.log()


sys.exit(run_tests(dict(globals())))
