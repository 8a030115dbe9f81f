#!/usr/bin/env python3
"""/openapi.json against the whole program: every operation that it describes is asked for, and every answer, right or
wrong, is judged by it (openapi_validator.mjs, with Ajv).

Usage: openapi_test.py WATCHBILL_BINARY. A new operation needs one entry in EXERCISES; what becomes of it without a token, with
a wrong scope, for a team that is not there and with malformed input is asked without one.
"""
import datetime
import hashlib
import hmac
import json
import re
import sqlite3
import subprocess
import sys
import urllib.parse

from served import BINARY, PEERS, Served, example_copy, free_port, run_tests

MISSPELT = {"misspelt": "1"}


class Call:
    """One request to an operation. Any value may also be a function of what was answered so far: {operationId: Answer}.

    path     values of path parameters, where the usual ones (usual_values) do not serve
    body     sent as JSON; or bytes, with `type`
    status   that is expected
    """

    def __init__(self, status=200, query=None, body=None, type="application/json", path=None, headers=None):
        self.status, self.query, self.body, self.type = status, query or {}, body, type
        self.path, self.headers = path or {}, headers or {}


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers.items()}

    @property
    def json(self):
        return json.loads(self.body)


def some_day():
    """On which there is a shift that has not begun."""
    return next(str(day) for day in (datetime.date.today() + datetime.timedelta(days=n) for n in range(20, 27)) if day.weekday() < 3)


def same_etag(operation):
    return {"If-None-Match": lambda seen: seen[operation].headers["etag"]}


def somebody_free(seen):
    """A colleague who can take the shift of some_day() from whoever has it."""
    shift = next(row for row in seen["explainDay"].json["assignments"] if row["rotation"] == "mro")
    return next(reason["member"] for reason in shift["reasons"] if reason["code"] == "not_their_turn")


def assets_version(seen):
    return re.search(rb"/assets/([0-9a-f]+)/", seen["showPage"].body)[1].decode()


def first_incident(seen):
    return next(row["id"] for row in seen["listIncidents"].json["incidents"] if row["id"] != latest_incident(seen))


def latest_incident(seen):
    return seen["openIncident"].json["id"]


def link_token(incident):
    """The secret of a link with which somebody who was called says yes: only their mail has it."""
    def token(seen):
        database = sqlite3.connect(f"file:{seen['world'].folder / 'watchbill.db'}?mode=ro", uri=True)
        texts = database.execute("SELECT body_text FROM outbox WHERE about = ? ORDER BY seq", (incident(seen),)).fetchall()
        database.close()
        return next(match[1] for text, in texts if (match := re.search(r"/ack/[^/]+/[^/]+/([0-9a-f]+)", text)))
    return token


def shift_holder(seen):
    return next(row["member"] for row in seen["explainDay"].json["assignments"] if row["rotation"] == "mro")


def cover_token(seen):
    """The secret of the link that asks the holder of some_day() themselves, made as the server makes it."""
    secret = (seen["world"].folder / "secret.key").read_text().strip()
    message = f"watchbill-cover|payments|mro|{some_day()}|{shift_holder(seen)}"
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()[:32]


INCIDENT = {"title": "Checkout fails", "severity": "sev1", "needs": ["database"], "description": "502 since 14:02",
            "duration": "45m", "reporter": "support@customer.example"}
FORM = "application/x-www-form-urlencoded"
OWN_PAGE = {"Origin": lambda seen: seen["world"].base}
DAYS = {"from": "2026-12-01", "to": "2027-01-01"}

# operationId -> what is asked, in this order: a later one may use the answers of those before.
EXERCISES = {
    "showPage": [Call(), Call(query={"team": "payments"}), Call(303, query={"lang": "fr"})],
    "readAsset": [Call(path={"version": assets_version, "file": name}) for name in ("page.css", "page.js", "en.json", "icon.svg")] + [
        Call(404, path={"version": assets_version, "file": "nothing.css"})],
    "signIn": [Call(303, body=lambda seen: b"token=" + seen["world"].tokens["read"].encode(), type=FORM, headers=OWN_PAGE),
               Call(401, body=b"token=wrong", type=FORM, headers=OWN_PAGE), Call(403, body=b"token=wrong", type=FORM)],
    "signOut": [Call(303, headers=OWN_PAGE), Call(403)],
    "checkHealth": [Call()],
    "checkReadiness": [Call()],
    "readMetrics": [Call()],
    "describeApi": [Call()],
    "listTeams": [Call()],
    "showTeam": [Call()],
    "listSources": [Call()],
    "showOnDuty": [Call(), Call(query={"at": f"{some_day()}T10:00:00+01:00"})],
    "showPlan": [Call(), Call(query={**DAYS, "rotation": "mro", "member": "alice@example.com"}),
                 Call(404, query={"rotation": "nothing"}), Call(400, query={"from": "tomorrow"})],
    "explainDay": [Call(query={"date": some_day()}), Call(query={"date": some_day(), "rotation": "mro"}), Call(400)],
    "showAvailability": [Call(), Call(query={**DAYS, "member": "alice@example.com"})],
    "showBalances": [Call(), Call(query={**DAYS, "format": "json"}), Call(query={"format": "csv"}), Call(400, query={"format": "pdf"})],
    "giveShift": [Call(body={"member": somebody_free, "reason": "school run", "by": "alice@example.com"}),
                  Call(body={"member": somebody_free, "force": True}), Call(422, body={"reason": "nobody"}),
                  Call(422, body={"member": "nobody@example.com"}), Call(404, body={"member": somebody_free}, path={"rotation": "nothing"}),
                  Call(409, body={"member": somebody_free}, path={"date": "2020-01-01"})],
    "takeShiftBack": [Call(), Call(404)],
    "leaveNote": [Call(201, body={"text": "Deploys are frozen until Monday", "by": "alice@example.com"}),
                  Call(200, body={"text": "Deploys are frozen until Monday", "by": "alice@example.com"}), Call(422, body={})],
    "showBrief": [Call(), Call(query={"rotation": "mro"})],
    "refreshTeam": [Call(), Call(body={}), Call(400, body={"unknown": 1})],
    "listSwaps": [Call()],
    "receiveMail": [Call(body=b"From: alice@example.com\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n", type="message/rfc822"),
                    Call(422, body=b"From: alice@example.com\r\nSubject: hello\r\n\r\nNo calendar in here.\r\n", type="message/rfc822"),
                    Call(415, body=b"{}", type="application/json")],
    "previewIncident": [Call(body=INCIDENT), Call(422, body={"title": "Checkout fails", "needs": ["databose"]})],
    "openIncident": [Call(201, body=INCIDENT), Call(201, body={**INCIDENT, "severity": "sev4"}, headers={"Idempotency-Key": "alert-1"}),
                     Call(422, body=INCIDENT, headers={"Idempotency-Key": "alert-1"}), Call(422, body={"title": ""})],
    "listIncidents": [Call(), Call(query={"state": "open", "limit": 5}), Call(400, query={"state": "forgotten"})],
    "getIncident": [Call(), Call(404, path={"incident": "nothing"})],
    "changeIncident": [Call(body={"severity": "sev2", "title": "Checkout fails for some"}), Call(422, body={"severity": "loud"}),
                       Call(412, body={"severity": "sev1"}, headers={"If-Match": '"0"'})],
    "noteIncident": [Call(201, body={"text": "db3 is read-only"}), Call(422, body={"text": ""})],
    "getIncidentTimeline": [Call()],
    "getIncidentEvent": [Call()],
    "showAcknowledgement": [Call(path={"token": link_token(latest_incident)}), Call(404, path={"token": "0" * 32})],
    "pressAcknowledgement": [Call(path={"token": link_token(latest_incident)})],
    "acknowledgeIncident": [Call(path={"incident": first_incident}, body={"token": link_token(first_incident)}), Call(404, body={"token": "0" * 32})],
    "joinIncident": [Call(body={"member": "emma@example.com"}), Call(body={"member": "emma@example.com"}),
                     Call(422, body={"member": "nobody@example.com"}), Call(422, body={})],
    "showCoverRequest": [Call(path={"token": cover_token}), Call(404, path={"token": "0" * 32})],
    "answerCoverRequest": [Call(body=b"answer=yes", type=FORM, path={"token": cover_token}), Call(404, body=b"answer=yes", type=FORM, path={"token": "0" * 32}), Call(422, body=b"answer=perhaps", type=FORM)],
    "resolveIncident": [Call(body={"note": "Failed over"}), Call()],
    "cancelIncident": [Call(path={"incident": first_incident}), Call(409)],
    "showAuditLog": [Call(), Call(query={"limit": 2}), Call(400, query={"limit": 0})],
    "listFeeds": [Call()],
    "drawFeedCode": [Call(), Call(404, path={"feed": "nothing"})],
    "drawMemberFeedCode": [Call(), Call(404, path={"email": "nobody@example.com"})],
    "readRotationFeed": [Call(), Call(304, headers=same_etag("readRotationFeed"))],
    "readHandoversFeed": [Call(), Call(304, headers=same_etag("readHandoversFeed"))],
    "readAbsencesFeed": [Call(), Call(304, headers=same_etag("readAbsencesFeed"))],
    "readIncidentsFeed": [Call(), Call(304, headers=same_etag("readIncidentsFeed"))],
    "readMemberFeed": [Call(), Call(304, headers=same_etag("readMemberFeed"))],
}


class Operation:
    """One that the document describes."""

    def __init__(self, path, method, item, operation):
        self.id, self.path, self.method = operation["operationId"], path, method.upper()
        self.scope = operation["security"][0]["apiToken"][0] if operation["security"] else None
        self.takes_json = "application/json" in operation.get("requestBody", {}).get("content", {})
        self.name = f"{self.id} ({self.method} {path})"


def operations_of(document):
    return [Operation(path, method, item, operation) for path, item in document["paths"].items()
            for method, operation in item.items() if isinstance(operation, dict) and "operationId" in operation]


def resolved(value, seen):
    """With functions replaced by what they return, all the way down."""
    if callable(value):
        return value(seen)
    if isinstance(value, dict):
        return {name: resolved(member, seen) for name, member in value.items()}
    if isinstance(value, list):
        return [resolved(item, seen) for item in value]
    return value


class World:
    """The example team, served, and all that was asked and answered."""

    def __init__(self, folder):
        port = free_port()
        example_copy(folder, port)
        self.base, self.folder = f"http://127.0.0.1:{port}", folder
        self.tokens = {scope: self.token(scope) for scope in ("read", "incident", "mail", "admin")}
        self.served = Served(folder, port)
        self.seen, self.exchanges = {"world": self}, []
        self.document = json.loads(self.served.get(self.base + "/openapi.json")[2])
        self.operations = {operation.id: operation for operation in operations_of(self.document)}

    def token(self, scope):
        return subprocess.run([BINARY, "token", "create", "--config", str(self.folder / "watchbill.toml"), "--scope", scope, "--name", scope],
                              capture_output=True, text=True, check=True).stdout.strip()

    def usual_values(self, operation):
        """Of path parameters; the token is that of the feed at the same place, which the server has announced."""
        values = {"team": "payments", "rotation": "mro", "date": some_day(), "email": "alice@example.com", "feed": "rotation",
                  "incident": latest_incident(self.seen) if "openIncident" in self.seen else "nothing", "token": "0" * 32}
        wanted = re.sub(r"\{\w+\}", "[^/]+", operation.path.replace("{email}", re.escape(values["email"])))
        for url in self.served.urls.values():
            path = urllib.parse.unquote(urllib.parse.urlsplit(url).path)
            if re.fullmatch(wanted, path):
                values["token"] = path.split("/")[3]
        return values

    def ask(self, operation, call, scope="its own", remember=True):
        call_path, query, headers, body = (resolved(what, self.seen) for what in (call.path, call.query, call.headers, call.body))
        values = {**self.usual_values(operation), **call_path}
        path = re.sub(r"\{(\w+)\}", lambda match: urllib.parse.quote(str(values[match[1]]), safe="@"), operation.path)
        if query:
            path += "?" + urllib.parse.urlencode(query)
        scope = operation.scope if scope == "its own" else scope
        if scope:
            headers["Authorization"] = f"Bearer {self.tokens[scope]}"
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        if data is not None and call.type:
            headers["Content-Type"] = call.type
        answer = Answer(*self.served.get(self.base + path, operation.method, data, **headers))
        assert answer.status == call.status, f"{operation.name}: {path} was answered with {answer.status}, not {call.status}: {answer.body[:500]}"
        # What the document says of requests holds for those that are taken.
        self.exchanges.append({"operation": operation.id, "query": query, "requestType": call.type,
                               "requestBody": None if data is None else data.decode("latin-1"),
                               "status": answer.status, "headers": answer.headers, "body": answer.body.decode()})
        if remember and answer.status < 300:
            self.seen[operation.id] = answer
        return answer

    def complaints(self):
        done = subprocess.run(["node", str(PEERS / "openapi_validator.mjs")], input=json.dumps({"document": self.document, "exchanges": self.exchanges}),
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"the validator failed: {done.stderr[:2000]}"
        return json.loads(done.stdout)


def with_world(folder, test):
    world = World(folder)
    try:
        test(world)
        assert not world.complaints(), "\n" + "\n".join(world.complaints()[:40])
        world.served.stop()
    finally:
        world.served.kill()


def exercised(world):
    """The operations and their first calls. A failure tells what to do about those that are new."""
    for operation in world.operations.values():
        assert operation.id in EXERCISES, (
            f"openapi.json describes {operation.name}, which nothing here asks for: add \"{operation.id}\": [Call(...)] "
            "to EXERCISES in tests/peers/openapi_test.py")
    for name in EXERCISES:
        assert name in world.operations, f"EXERCISES asks for {name}, which openapi.json does not describe: describe it, or take it out"


def test_every_operation_answers_as_described(folder):
    def test(world):
        exercised(world)
        for name, calls in EXERCISES.items():
            assert any(call.status < 400 for call in calls), f"{name}: no exercise succeeds"
            for call in calls:
                world.ask(world.operations[name], call)
    with_world(folder, test)


def test_every_operation_refuses_as_described(folder):
    """What need not be said of each operation."""
    def test(world):
        world.ask(world.operations["openIncident"], EXERCISES["openIncident"][0])
        world.exchanges.clear()
        # Refused before anything is looked at: whatever a successful call sends.
        for operation in world.operations.values():
            body = {} if operation.takes_json else None
            if operation.scope:
                world.ask(operation, Call(401, body=body), scope=None)
                world.ask(operation, Call(403, body=body), scope="incident" if operation.scope == "read" else "read")
                if operation.method == "GET":
                    world.ask(operation, Call(400, query=MISSPELT))
            if "{team}" in operation.path:
                world.ask(operation, Call(404, body=body, path={"team": "nobody"}))
            if operation.takes_json:
                for status, sent, media in ((400, b"{", "application/json"), (400, b"[]", "application/json"), (400, b'{"misspelt":1}', "application/json"),
                                            (415, b"{}", "text/plain"), (413, b"{}" + b" " * 65536, "application/json")):
                    world.ask(operation, Call(status, body=sent, type=media))
        assert all(exchange["headers"]["content-type"] == "application/problem+json" for exchange in world.exchanges)
        assert all(json.loads(exchange["body"])["status"] == exchange["status"] for exchange in world.exchanges)
    with_world(folder, test)


def test_the_validator_sees_what_is_wrong(folder):
    """Else all of this would prove nothing."""
    def test(world):
        world.ask(world.operations["showTeam"], Call())
        right, document = world.exchanges.copy(), json.dumps(world.document)

        def complaints(change_document=lambda document: None, **changes):
            world.document = json.loads(document)
            change_document(world.document)
            world.exchanges = [{**right[0], **changes}]
            return world.complaints()

        body = json.loads(right[0]["body"])
        assert complaints() == []
        assert complaints(body=json.dumps({**body, "secret": 1}))
        assert complaints(body=json.dumps({**body, "ready": "yes"}))
        assert complaints(body=json.dumps({**body, "backup": ["nobody"]}))
        assert complaints(body="{}") and complaints(body="no JSON")
        assert complaints(headers={"content-type": "text/html"})
        assert complaints(status=201) and complaints(status=404) and complaints(query={"at": "1"})
        assert complaints(lambda document: document["components"]["schemas"]["Team"]["properties"].pop("backup"))
        assert complaints(lambda document: document["components"]["schemas"]["Team"]["required"].append("budget"))
        world.document, world.exchanges = json.loads(document), right
    with_world(folder, test)


sys.exit(run_tests(dict(globals())))
