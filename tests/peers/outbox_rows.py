"""Messages put straight into a database's outbox, and its states read back: for tests of what sends them."""
import hashlib
import sqlite3
import time

INVITATION = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Watchbill//Watchbill//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
              "UID:2026-17.payments.incident@watchbill\r\nSEQUENCE:0\r\nDTSTAMP:20260302T140500Z\r\nDTSTART:20260302T140500Z\r\n"
              "DTEND:20260302T150500Z\r\nORGANIZER:mailto:rota@example.com\r\nATTENDEE;ROLE=CHAIR;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
              ";CN=\"Zoé\":mailto:%s\r\nSUMMARY:SEV1: caf\u00e9\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")


def open_database(folder):
    database = sqlite3.connect(folder / "watchbill.db", timeout=30, isolation_level=None)
    database.row_factory = sqlite3.Row
    return database


def add(folder, number, recipient, calendar=True, text="one\ntwo\n.\n..three"):
    """One invitation or notice; returns its id."""
    created = int(time.time())
    message = [f"2026-17.{number}.request", "payments", "invitation" if calendar else "swap", f"incident-{number}", recipient, "Zoé",
               f"SEV1: café {number}", text, "<p>café</p>" if calendar else "", INVITATION % recipient if calendar else "",
               "REQUEST" if calendar else "", str(created)]
    joined = b"".join(str(len(part.encode())).encode() + b":" + part.encode() for part in message)
    digest = hashlib.sha256(joined).hexdigest()[:16]
    database = open_database(folder)
    database.execute("INSERT INTO outbox (id, team, kind, about, recipient, recipient_name, subject, body_text, body_html, calendar,"
                     " calendar_method, created_at, digest, state, attempts, next_attempt, claimed_until, claimed_by, last_error,"
                     " settled_at, seq) SELECT ?,?,?,?,?,?,?,?,?,?,?,?,?,'queued',0,?,0,'','',0,COALESCE(MAX(seq),0)+1 FROM outbox",
                     message[:-1] + [created, digest, created])
    database.close()
    return message[0]


def states(folder):
    database = open_database(folder)
    rows = {row["id"]: dict(row) for row in database.execute("SELECT id, state, attempts, last_error, next_attempt FROM outbox")}
    database.close()
    return rows


def make_due(folder):
    """Instead of waiting for the next attempt."""
    database = open_database(folder)
    database.execute("UPDATE outbox SET next_attempt = 0 WHERE state = 'queued'")
    database.close()
