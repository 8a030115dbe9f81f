#!/usr/bin/env python3
"""Somebody falls sick in the middle of their shift: who answers, what is shown everywhere, and who takes the rest of it.

Usage: away_test.py WATCHBILL_BINARY. What waits for people is read from the database, with another SQLite than ours.
"""
import datetime
import json
import re
import signal
import sys
import time

from incidents_test import Desk
from served import events_of, run_tests

TEAM = "/api/v1/teams/payments"


def noon_zone():
    """A zone in which nobody is asleep now."""
    ahead = 13 - datetime.datetime.now(datetime.timezone.utc).hour
    return "Etc/GMT" if ahead == 0 else f"Etc/GMT{'-' if ahead > 0 else '+'}{abs(ahead)}"


def everybody_is_awake(folder):
    team = folder / "teams" / "payments.toml"
    head, *members = team.read_text().split("[[member]]\n")
    members = [f'time_zone = "{noon_zone()}"\n' + re.sub(r"^time_zone = .*\n", "", member, flags=re.M) for member in members]
    team.write_text("[[member]]\n".join([head, *members]))


def falls_sick(desk, email, minutes_ago=1):
    """Until tomorrow, in a calendar that the team reads from now on."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    stamp = lambda instant: instant.strftime("%Y%m%dT%H%M%SZ")
    (desk.folder / "calendars" / "sick.ics").write_text("\r\n".join([
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", "BEGIN:VEVENT", "UID:sick@example.com", f"DTSTAMP:{stamp(now)}",
        f"DTSTART:{stamp(now - datetime.timedelta(minutes=minutes_ago))}", f"DTEND:{stamp(now + datetime.timedelta(days=1))}",
        "SUMMARY:Sick", "END:VEVENT", "END:VCALENDAR", ""]))
    team = desk.folder / "teams" / "payments.toml"
    text = team.read_text()
    assert text.count(f'email     = "{email}"\n') == 1, text
    team.write_text(text.replace(f'email     = "{email}"\n', f'email     = "{email}"\ncalendars = ["../calendars/sick.ics"]\n'))
    desk.served.process.send_signal(signal.SIGHUP)


def get(desk, path):
    status, _, body = desk.raw("GET", TEAM + path, scope="admin")
    assert status == 200, body
    return json.loads(body)


def asked(desk):
    return [row[0] for row in desk.query("SELECT recipient FROM outbox WHERE kind = 'cover' AND subject LIKE 'Can you%' ORDER BY seq")]


def link_of(desk, email):
    ((text,),) = desk.query("SELECT body_text FROM outbox WHERE kind = 'cover' AND subject LIKE 'Can you%' AND recipient = ?", email)
    return re.search(r"Yes or no: (\S+)", text)[1]


def press(desk, email, answer):
    return desk.served.get(link_of(desk, email), "POST", f"answer={answer}".encode(),
                           Content_Type="application/x-www-form-urlencoded")


def shift_summary(desk, date):
    events = events_of(desk.served.get(desk.served.urls["rotation"])[2])
    return events[f"{date}.mro.payments.shift@watchbill"]["SUMMARY"]


def test_who_falls_sick_is_passed_over_and_the_first_yes_takes_the_rest(folder):
    desk = Desk(folder, ack_timeout="3s", configure=everybody_is_awake)
    try:
        names = {one["email"]: one["name"] for one in get(desk, "")["members"]}
        duty = get(desk, "/on-duty")
        holder, date = duty["rotations"][0]["member"], duty["rotations"][0]["current"]["date"]
        assert duty["answer"]["member"] == holder and duty["away"] == [], duty
        falls_sick(desk, holder)

        duty = desk.served.until(lambda: (now := get(desk, "/on-duty"))["away"] and now, "that the holder is away")
        assert duty["rotations"][0]["member"] == holder, duty  # on paper it is theirs
        stands_in = duty["answer"]["member"]
        assert stands_in and stands_in != holder and duty["chain"][0]["member"] == stands_in, duty
        away = rf"^{names[holder]} \(away: sick since \d\d:\d\d\), {names[stands_in]} answers"
        assert re.search(away, duty["text"]), duty["text"]
        assert re.search(away, desk.run("on-duty")), desk.run("on-duty")
        desk.served.until(lambda: "(away: sick since" in shift_summary(desk, date), "the feed's event")
        assert re.search(rf"{names[holder]} \(away: sick since \d\d:\d\d\)\\, {names[stands_in]} answers$",
                         shift_summary(desk, date)), shift_summary(desk, date)
        status, preview = desk.call("POST", "/preview", {"title": "x"}, "incident")
        assert status == 200 and preview["commander"]["email"] == stands_in, preview
        assert f"{names[holder]} (away: sick since" in preview["commander"]["why"], preview
        assert [step["who"] for step in preview["ladder"]][0] == stands_in, preview["ladder"]
        assert holder not in {step["who"] for step in preview["ladder"]}, preview["ladder"]

        # The others are asked in turn; nobody is asked twice, and the holder never.
        desk.served.until(lambda: len(asked(desk)) >= 2, "the second one, after silence")
        first, second = asked(desk)[:2]
        assert holder not in asked(desk) and first != second, asked(desk)
        status, _, page = desk.served.get(link_of(desk, first))
        assert status == 200 and page.count(b"<button") == 2 and names[holder].encode() in page, page
        known = len(asked(desk))
        assert press(desk, asked(desk)[-1], "no")[0] == 200
        assert len(asked(desk)) == known + 1, "a no asks the next one at once"
        began = time.monotonic()
        status, _, page = press(desk, first, "yes")
        assert status == 200, page
        status, _, page = press(desk, second, "yes")
        assert status == 409 and names[first].encode() in page, page
        summary = desk.served.until(lambda: (text := shift_summary(desk, date)).startswith(f"MRO: {names[first]}") and text, "the cover in the feed")
        assert time.monotonic() - began < 10 and "away" not in summary, summary
        duty = get(desk, "/on-duty")
        assert duty["answer"]["member"] == first and duty["away"] == [], duty
        status, _, body = desk.raw("GET", TEAM + "/audit", scope="admin")
        entry = next(one for one in json.loads(body)["entries"] if one["action"] == "cover.accepted")
        assert names[first] in entry["what"] and names[holder] in entry["what"], entry
        told = {row[0] for row in desk.query("SELECT recipient FROM outbox WHERE kind = 'cover' AND subject LIKE '%have it%' OR subject LIKE '%has it%'")}
        assert told >= {holder, first, second}, told
        # Nobody else is asked, also after a restart.
        count = len(asked(desk))
        desk.served.kill()
        desk.start()
        time.sleep(4)  # longer than anybody has to answer
        assert len(asked(desk)) == count, asked(desk)
    finally:
        desk.served.stop()


def test_a_commander_who_falls_sick_is_followed(folder):
    desk = Desk(folder, ack_timeout="3s", configure=everybody_is_awake)
    try:
        incident = desk.open()
        commander = incident["commander"]["email"]
        mail = next(message[3][4] for message in desk.messages(incident["id"]) if message[0] == commander)
        assert desk.served.get(re.search(r"I am on it: (\S+)", mail)[1], "POST")[0] == 200
        time.sleep(2)  # what their calendar said when they said yes was no hindrance
        falls_sick(desk, commander, minutes_ago=0)
        desk.served.until(lambda: [one for one in desk.timeline(incident["id"]) if "is away (sick)" in one["text"]], "that the next one is asked")
        now = desk.call("GET", f"/{incident['id']}", scope="read")[1]
        assert now["commander"]["email"] == commander, "until somebody says yes they keep it"
        stand_in = next(row["email"] for row in now["invitations"] if row["role"] == "stand_in")
        mail = [message[3][4] for message in desk.messages(incident["id"]) if message[0] == stand_in][-1]
        assert desk.served.get(re.search(r"I am on it: (\S+)", mail)[1], "POST")[0] == 200
        now = desk.call("GET", f"/{incident['id']}", scope="read")[1]
        assert now["commander"]["email"] == stand_in and now["commander"]["rsvp"] == "accepted", now
    finally:
        desk.served.stop()


if __name__ == "__main__":
    sys.exit(run_tests(dict(globals())))
