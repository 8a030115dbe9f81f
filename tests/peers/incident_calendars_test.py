#!/usr/bin/env python3
"""Incidents in calendars of real CalDAV servers: Radicale and Xandikos, which keep a copy while mails invite, and Cyrus,
which invites attendees itself and takes their answers.

Usage: incident_calendars_test.py WATCHBILL_BINARY.
"""
import re
import sys
import time
import urllib.parse

from dav_servers import PASSWORD, USER, Cyrus, Radicale, Xandikos, ask, basic
from hostile_smtp import HostileSmtp
from incidents_test import Desk
from served import run_tests


class World:
    """The example team with a mail server that takes all, and its incidents in a calendar."""

    def __init__(self, folder, url, user=USER):
        self.smtp, self.url, self.user = HostileSmtp(), url, user
        self.desk = Desk(folder / "team", configure=self.configure)

    def configure(self, folder):
        config = folder / "watchbill.toml"
        config.write_text(re.sub(r"^\[mail\].*?(?=^\[|\Z)", "", config.read_text(), flags=re.M | re.S) +
                          f'\n[mail]\nfrom = "rota@example.com"\nsmtp = "smtp://127.0.0.1:{self.smtp.port}"\nstarttls = "never"\n')
        secret = folder / "teams" / "dav-password"
        secret.write_text(PASSWORD + "\n")
        secret.chmod(0o600)
        team = folder / "teams" / "payments.toml"
        text = team.read_text()
        at = re.search(r"^\[\[rotation\]\]", text, re.M).start()
        team.write_text(text[:at] + f'[team.incident_calendar]\nurl = "{self.url}"\nuser = "{self.user}"\npassword_file = "dav-password"\n'
                        f'read_every = "5s"\n\n' + text[at:])

    def until(self, condition, what):
        def patiently():
            found = condition()
            if not found:
                time.sleep(0.1)
            return found
        return self.desk.served.until(patiently, what)

    def stored(self, incident):
        """The event, unfolded, and its URL and ETag; None where it is not there."""
        url = self.url + urllib.parse.quote(incident["event"]["uid"].replace("@", "=40"), safe="=") + ".ics"
        status, headers, body = ask("GET", url, authorization=basic(self.user))
        return (body.replace("\r\n ", "").replace("\n ", ""), url, headers["ETag"]) if status == 200 else None

    def attendees(self, incident):
        """ATTENDEE's parameters by address."""
        text = self.stored(incident)[0]
        return {address.lower(): parameters for parameters, address in re.findall(r"^ATTENDEE(.*):mailto:(\S+)", text, re.M | re.I)}

    def mailed(self):
        with self.smtp.script.lock:
            return sorted(to for to, mail in self.smtp.script.mails)

    def invitations(self, incident):
        status, now = self.desk.call("GET", f"/{incident['id']}", scope="read")
        assert status == 200, now
        return {row["email"]: row for row in now["invitations"]}

    def stop(self):
        self.desk.served.stop()
        self.smtp.stop()
        log = (self.desk.folder / "log.txt").read_text()
        assert "SECRET" not in log and "Checkout" not in log and "/calendar/" not in log, log


def known(world):
    """Waits until the server was asked what it can do."""
    log = world.desk.folder / "log.txt"
    return world.until(lambda: world.desk.served.get(f"http://127.0.0.1:{world.desk.port}/readyz")[0] == 200, "readiness") and log


def check_copy(server, folder):
    world = World(folder, server.url)
    try:
        incident = world.desk.open(needs=["database"])
        people = sorted(row["email"] for row in incident["invitations"])
        assert len(people) == 2, people
        world.until(lambda: world.mailed() == people, f"{server.name}: a mail to each")
        world.until(lambda: world.stored(incident), f"{server.name}: the event")
        attendees = world.attendees(incident)
        assert sorted(attendees) == people, attendees
        assert all("SCHEDULE-AGENT=CLIENT" in parameters for parameters in attendees.values()), attendees
        assert "METHOD" not in world.stored(incident)[0]
        world.until(lambda: all(row["state"] == "sent" for row in world.invitations(incident).values()), "the states")
        assert {row["transport"] for row in world.invitations(incident).values()} == {"mail"}, world.invitations(incident)
        listed = world.desk.run("outbox")
        assert re.search(r"^sent .* caldav event ", listed, re.M), listed

        # Somebody accepts in the shared calendar, and puts a category on the event.
        text, url, etag = world.stored(incident)
        expert = incident["experts"][0]["email"]
        edited = re.sub(rf"PARTSTAT=NEEDS-ACTION(?=[^\n]*:mailto:{expert})", "PARTSTAT=ACCEPTED", text)
        edited = edited.replace("END:VEVENT", "CATEGORIES:War room\r\nEND:VEVENT")
        assert edited != text
        status = ask("PUT", url, edited, headers=[("If-Match", etag)], authorization=basic(world.user))[0]
        assert status in (200, 201, 204), status
        world.until(lambda: world.invitations(incident)[expert]["rsvp"] == "accepted", f"{server.name}: the answer in the calendar")
        (entry,) = [entry for entry in world.desk.timeline(incident["id"]) if entry["kind"] == "answered"]
        assert entry["who"] == "calendar" and entry["about"] == expert, entry

        # Without the server everything goes on, and it is brought up to date once it is back.
        server.stop()
        before = time.monotonic()
        status, _ = world.desk.call("PATCH", f"/{incident['id']}", {"severity": "sev1"}, "incident")
        assert status == 200 and time.monotonic() - before < 5, "a dead calendar delays an answer"
        world.until(lambda: len(world.mailed()) == 4, f"{server.name}: mails without the calendar")
        server.start()
        world.until(lambda: "SUMMARY:SEV1" in (world.stored(incident) or [""])[0], f"{server.name}: the change once it is back")
        text = world.stored(incident)[0]
        assert "CATEGORIES:War room" in text and "PARTSTAT=ACCEPTED" in world.attendees(incident)[expert], text

        status, _ = world.desk.call("POST", f"/{incident['id']}/resolve", {}, "incident")
        assert status == 200
        world.until(lambda: "SUMMARY:Resolved" in world.stored(incident)[0], f"{server.name}: the end")
        second = world.desk.open()
        world.until(lambda: world.stored(second), f"{server.name}: the second event")
        world.desk.call("POST", f"/{second['id']}/cancel", None, "incident")
        world.until(lambda: "STATUS:CANCELLED" in world.stored(second)[0], f"{server.name}: the cancellation")
    finally:
        world.stop()


def test_radicale_keeps_a_copy_and_mails_invite(folder):
    server = Radicale(folder / "radicale")
    try:
        check_copy(server, folder)
    finally:
        server.stop()


def test_xandikos_keeps_a_copy_and_mails_invite(folder):
    server = Xandikos(folder / "xandikos")
    try:
        check_copy(server, folder)
    finally:
        server.stop()


def own_copy(server, person, uid):
    """What the server has put into somebody's own calendar: text, URL, ETag."""
    home = server.home(person) + "Default/"
    status, _, listing = ask("PROPFIND", home, headers={"Depth": "1"}, authorization=basic(person))
    assert status == 207, listing
    for href in re.findall(r"<D:href>([^<]+\.ics)</D:href>", listing, re.I):
        status, headers, body = ask("GET", urllib.parse.urljoin(home, href), authorization=basic(person))
        if status == 200 and uid in body.replace("\r\n ", ""):
            return body.replace("\r\n ", ""), urllib.parse.urljoin(home, href), headers["ETag"]
    return None


def answer(server, person, uid, status_word):
    text, url, etag = own_copy(server, person, uid)
    edited = re.sub(rf"(ATTENDEE[^\n]*PARTSTAT=)[A-Z-]+(?=[^\n]*:mailto:{person}@)", rf"\g<1>{status_word}", text)
    assert edited != text, text
    # Cyrus hands out the TRANSP that it keeps for the person besides the event's own, and takes one only.
    first = edited.find("TRANSP:") + 1
    edited = edited[:first] + edited[first:].replace("TRANSP:OPAQUE\r\n", "")
    status, _, said = ask("PUT", url, edited, headers=[("If-Match", etag)], authorization=basic(person))
    assert status in (200, 201, 204), f"{status} {said}\n{edited}"


def test_cyrus_invites_and_takes_answers(folder):
    server = Cyrus(folder / "cyrus")
    world = None
    try:
        world = World(folder, server.home("rota") + "Default/", "rota")
        known(world)
        desk = world.desk
        # Alice and Bob have mailboxes on the server. Nobody else of the team has.
        _, preview = desk.call("POST", "/preview", {"title": "x"}, "incident")
        commander = preview["commander"]["email"]
        local = [person for person in ("alice@example.com", "bob@example.com") if person != commander][0]
        name = local.split("@")[0]
        incident = desk.open(experts=[local])
        uid = incident["event"]["uid"]
        world.until(lambda: own_copy(server, name, uid), "the server's own invitation")
        assert "SCHEDULE-AGENT" not in world.attendees(incident)[local], world.attendees(incident)
        elsewhere = [commander] if commander not in ("alice@example.com", "bob@example.com") else []
        world.until(lambda: world.mailed() == elsewhere, "mails to whom the server does not know, and to nobody else")
        world.until(lambda: world.invitations(incident)[local]["state"] == "sent", "the state")
        assert world.invitations(incident)[local]["transport"] == "caldav", world.invitations(incident)
        for person in elsewhere:
            assert world.invitations(incident)[person]["transport"] == "mail", world.invitations(incident)

        answer(server, name, uid, "ACCEPTED")
        world.until(lambda: world.invitations(incident)[local]["rsvp"] == "accepted", "the answer on the server")

        # A change keeps the answer, and reaches them through the server.
        status, _ = desk.call("PATCH", f"/{incident['id']}", {"title": "Checkout fails everywhere"}, "incident")
        assert status == 200
        world.until(lambda: "everywhere" in own_copy(server, name, uid)[0], "the change in their calendar")
        assert "PARTSTAT=ACCEPTED" in world.attendees(incident)[local], world.attendees(incident)
        assert world.invitations(incident)[local]["rsvp"] == "accepted"

        # A no asks the next one, as a mail's does.
        answer(server, name, uid, "DECLINED")
        world.until(lambda: world.invitations(incident)[local]["rsvp"] == "declined", "the refusal on the server")
        kinds = [entry["kind"] for entry in desk.timeline(incident["id"])]
        assert "escalated" in kinds or "exhausted" in kinds, kinds
        desk.call("POST", f"/{incident['id']}/resolve", {}, "incident")
        world.until(lambda: "SUMMARY:Resolved" in world.stored(incident)[0], "the end")

        second = desk.open(experts=[local])
        world.until(lambda: own_copy(server, name, second["event"]["uid"]), "the second invitation")
        desk.call("POST", f"/{second['id']}/cancel", None, "incident")

        def is_cancelled():
            copy = own_copy(server, name, second["event"]["uid"])
            return copy is None or "STATUS:CANCELLED" in copy[0]

        world.until(is_cancelled, "the cancellation in their calendar")
        assert local not in world.mailed(), world.mailed()
    finally:
        if world is not None:
            world.stop()
        server.stop()


if __name__ == "__main__":
    sys.exit(run_tests(dict(globals())))
