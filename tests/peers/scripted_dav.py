#!/usr/bin/env python3
"""A small CalDAV server in memory, whose collections each have their own habits, for the tests of src/sources.

Listens on 127.0.0.1, on a port of its own that it prints as its first line; ends when its standard input closes. Appends
"METHOD PATH" of each request, and what kind of REPORT it is, to the file --log before it answers. Standard library only.

The first part of a path is the collection: words of HABITS joined by "-", and whatever else makes it another one
("paged-1"). All exist, empty until something is PUT into them.
"""
import argparse
import base64
import gzip
import http.server
import os
import re
import sys
import threading
import urllib.parse
from xml.sax.saxutils import escape

HABITS = """nosync: knows no sync-collection. noctag: has no CTag. nodata: gives events only to multiget. paged: one change a page.
circle: says there is more, and never goes on. badtoken: takes no sync-token. surprised: answers 500 to any. cut: lists a part.
elsewhere: names events on another server. odd: other prefixes, CDATA. zipped: gzip. secret: one event is not for us.
hidden: an event is listed and never given. folder: is no calendar. tasks: takes no events. schedules: DAV header says so.
nooutbox: but this user has none. split: in two DAV headers. readonly: cannot be written. noetag: PUT gives no ETag.
ghost: no resource has one at all. moved: redirects elsewhere. auth: wants Basic. bearer: wants a token. free: has VFREEBUSY.
nofilter: refuses a prop-filter. doctype, deep, wide, login, other, endless: answer with XML that is none of ours. full: 507. busy: 503. uid: no-uid-conflict.
mute: does what a PUT asks and never answers it.""".replace("\n", " ")
CALDAV = "urn:ietf:params:xml:ns:caldav"


class Collection:
    def __init__(self):
        self.version, self.events, self.log = 0, {}, []  # name -> (etag, data); [(version, name)]

    def touch(self, name, data):
        self.version += 1
        if data is None:
            self.events.pop(name, None)
        else:
            self.events[name] = (f'"{self.version}"', data)
        self.log.append((self.version, name))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body="", **headers):
        data = body if isinstance(body, bytes) else body.encode()
        if "zipped" in self.habits and data:
            data, headers["Content-Encoding"] = gzip.compress(data), "gzip"
        self.send_response(status)
        for name, value in headers.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name.replace("_", "-"), one)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def multistatus(self, inside):
        text = f'<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:" xmlns:C="{CALDAV}" xmlns:S="http://calendarserver.org/ns/">{inside}</D:multistatus>'
        if "odd" in self.habits:
            text = re.sub(r"(</?)D:", r"\1", text).replace("xmlns:D=", "xmlns=").replace("C:", "x-cal:").replace("xmlns:C", "xmlns:x-cal")
            text = re.sub(r"(<x-cal:calendar-data>)(.*?)(</x-cal)", lambda m: m[1] + "<![CDATA[" + m[2].replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">") + "]]>" + m[3], text, flags=re.S)
        self.answer(207, text, Content_Type="application/xml; charset=utf-8")

    def response(self, href, properties, status="200 OK"):
        return f"<D:response><D:href>{escape(href)}</D:href><D:propstat><D:prop>{properties}</D:prop><D:status>HTTP/1.1 {status}</D:status></D:propstat></D:response>"

    def gone(self, href, status="404 Not Found"):
        return f"<D:response><D:href>{escape(href)}</D:href><D:status>HTTP/1.1 {status}</D:status></D:response>"

    def handle_one_request(self):
        self.habits = set()
        super().handle_one_request()

    def prepare(self):
        """Whether the request goes on to its method."""
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        self.name, _, self.event = path.strip("/").partition("/")
        self.habits = set(self.name.split("-"))
        self.collection = self.server.collections.setdefault(self.name, Collection())
        kind = re.search(r"<(?:C:)?(sync-collection|calendar-query|calendar-multiget)", self.body)
        component = re.search(r'"(VEVENT|VFREEBUSY|VAVAILABILITY)"', self.body)
        self.kind = kind[1] if kind else ""
        wanted = re.search(r'prop-filter name="(\w+)"', self.body)
        self.property = wanted[1] if wanted else ""
        self.server.note(" ".join(filter(None, [self.command, self.path, self.kind, component and component[1], "time-range" if "time-range" in self.body else "", self.property])))
        wanted = {"auth": "Basic " + base64.b64encode(b"alice:SECRET-PASSWORD").decode(), "bearer": "Bearer SECRET.token~1"}
        for habit, value in wanted.items():
            if habit in self.habits and self.headers.get("Authorization") != value:
                self.answer(401, "who are you?", WWW_Authenticate='Basic realm="calendars"')
                return False
        if "moved" in self.habits:
            self.answer(308, Location=f"/{self.name.replace('moved', 'found')}/{self.event}")
            return False
        return self.misbehave()

    def misbehave(self):
        evil = {"doctype": '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]><multistatus xmlns="DAV:">&c;</multistatus>',
                "deep": "<multistatus xmlns='DAV:'>" + "<response>" * 200000, "wide": "<a/>" * 600000,
                "login": "<!DOCTYPE html><html><body>Please sign in.</body></html>", "other": "<other xmlns='DAV:'/>"}
        for habit, text in evil.items():
            if habit in self.habits:
                self.answer(207, text)
                return False
        for habit, status in {"full": 507, "busy": 503}.items():
            if habit in self.habits and self.command in ("PUT", "PROPFIND"):
                self.answer(status, "no", Retry_After="120")
                return False
        if "endless" in self.habits:
            self.send_response(207)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"<multistatus xmlns='DAV:'>" + b" " * 65536)
            except OSError:
                self.close_connection = True
            return False
        return True

    def do_OPTIONS(self):
        if not self.prepare():
            return
        classes = "1, 3, access-control, calendar-access"
        schedules = "schedules" in self.habits
        if "split" in self.habits:
            self.answer(200, DAV=[classes, " Calendar-Auto-Schedule ,extended-mkcol"])
        else:
            self.answer(200, DAV=classes + (", calendar-auto-schedule" if schedules else ", calendar-auto-scheduler"))

    def do_PROPFIND(self):
        if not self.prepare():
            return
        if "schedule-outbox-URL" in self.body:
            outbox = "" if "nooutbox" in self.habits else "<C:schedule-outbox-URL><D:href>/outbox/</D:href></C:schedule-outbox-URL>"
            addresses = "".join(f"<D:href>{a}</D:href>" for a in ["mailto:Rota@Example.com", "/principals/rota/", "urn:uuid:1", "mailto:rota@example.com"])
            return self.multistatus(self.response(self.path, outbox + f"<C:calendar-user-address-set>{addresses}</C:calendar-user-address-set>"))
        if self.event:
            if self.event not in self.collection.events:
                return self.answer(404)
            return self.multistatus(self.response(self.path, f"<D:getetag>{escape(self.collection.events[self.event][0])}</D:getetag>"))
        kind = "<D:collection/>" + ("" if "folder" in self.habits else "<C:calendar/>")
        components = ["VTODO"] if "tasks" in self.habits else ["VEVENT", "VTODO"]
        if "free" in self.habits:
            components += ["vfreebusy", "VAVAILABILITY"]
        properties = f"<D:resourcetype>{kind}</D:resourcetype><C:supported-calendar-component-set>"
        properties += "".join(f'<C:comp name="{c}"/>' for c in components) + "</C:supported-calendar-component-set>"
        reports = ["C:calendar-query", "C:calendar-multiget"] + ([] if "nosync" in self.habits else ["D:sync-collection"])
        properties += "<D:supported-report-set>" + "".join(f"<D:supported-report><D:report><{r}/></D:report></D:supported-report>" for r in reports) + "</D:supported-report-set>"
        if "nosync" not in self.habits:
            properties += f"<D:sync-token>{self.token(self.collection.version)}</D:sync-token>"
        if "noctag" not in self.habits:
            properties += f"<S:getctag>ctag {self.collection.version}</S:getctag>"
        privileges = ["read"] if "readonly" in self.habits else ["read", "bind", "write-content"]
        properties += "<D:current-user-privilege-set>" + "".join(f"<D:privilege><D:{p}/></D:privilege>" for p in privileges) + "</D:current-user-privilege-set>"
        properties += f"<D:current-user-principal><D:href>/{self.name}/principal</D:href></D:current-user-principal>"
        self.multistatus(self.response(f"/{self.name}/", properties) .replace("</D:response>", "<D:propstat><D:prop><D:owner/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat></D:response>"))

    def token(self, version):
        return f"http://example.com/sync/&amp;{version}"

    def href(self, name):
        base = "http://127.0.0.1:9" if "elsewhere" in self.habits else ""
        return f"{base}/{self.name}/{urllib.parse.quote(name)}"

    def entry(self, name, with_data=True):
        etag, data = self.collection.events[name]
        if "secret" in self.habits and name.startswith("secret"):
            return self.response(self.href(name), "<C:calendar-data/>", "403 Forbidden") if with_data else self.response(self.href(name), f"<D:getetag>{escape(etag)}</D:getetag>")
        properties = f"<D:getetag>{escape(etag)}</D:getetag>"
        if "hidden" in self.habits:
            return self.response(self.href(name), "<C:calendar-data/>", "500 Oops") if with_data else self.response(self.href(name), properties)
        return self.response(self.href(name), properties + (f"<C:calendar-data>{escape(data)}</C:calendar-data>" if with_data else ""))

    def do_REPORT(self):
        if self.prepare():
            {"sync-collection": self.sync, "calendar-query": self.query, "calendar-multiget": self.multiget}[self.kind]()

    def query(self):
        wanted = re.search(r'"(VEVENT|VFREEBUSY|VAVAILABILITY)"', self.body)[1]
        with_data = not {"nodata", "hidden"} & self.habits
        if "cut" in self.habits:
            return self.multistatus(self.gone(f"/{self.name}/", "507 Insufficient Storage"))
        if wanted == "VAVAILABILITY":
            return self.answer(403, "<error xmlns='DAV:'><x:supported-filter xmlns:x='urn:ietf:params:xml:ns:caldav'/></error>")
        if self.property and "nofilter" in self.habits:
            return self.answer(403, f"<error xmlns='DAV:'><C:supported-filter xmlns:C='{CALDAV}'/></error>")
        # Of recurring events a time-range sees none, since servers differ in that: they are seen by their properties.
        seen = lambda data: self.property + ":" in data if self.property else "time-range" not in self.body or "RRULE:" not in data
        names = [n for n, (_, data) in self.collection.events.items() if f"BEGIN:{wanted}" in data and seen(data)]
        self.multistatus("".join(self.entry(n, with_data) for n in names))

    def multiget(self):
        inside = ""
        for href in re.findall(r"<href>(.*?)</href>", self.body):
            name = urllib.parse.unquote(href).split("/", 2)[2]
            inside += self.entry(name) if name in self.collection.events else self.gone(href)
        self.multistatus(inside)

    def sync(self):
        if "badtoken" in self.habits:
            return self.answer(403, '<?xml version="1.0"?><D:error xmlns:D="DAV:"><D:valid-sync-token/></D:error>')
        if "surprised" in self.habits:
            return self.answer(500, "Traceback")
        version = int(re.search(r"/&amp;(\d+)<", self.body)[1])
        changes = {}
        for at, name in self.collection.log:
            if at > version:
                changes[name] = at
        page = sorted(changes.items(), key=lambda item: item[1])
        more = ("paged" in self.habits and len(page) > 1) or "circle" in self.habits
        if "paged" in self.habits:
            page = page[:1]
        newest = page[-1][1] if page and "circle" not in self.habits else version
        inside = "".join(self.entry(n, "nodata" not in self.habits) if n in self.collection.events else self.gone(self.href(n)) for n, _ in page)
        if more:
            inside += self.gone(f"/{self.name}/", "507 Insufficient Storage")
        self.multistatus(inside + f"<D:sync-token>{self.token(newest)}</D:sync-token>")

    def do_GET(self):
        if not self.prepare():
            return
        if self.event not in self.collection.events:
            return self.answer(404)
        etag, data = self.collection.events[self.event]
        headers = {} if "ghost" in self.habits else {"ETag": etag}
        self.answer(200, data, Content_Type="text/calendar", **headers)

    def matches(self):
        known = self.collection.events.get(self.event)
        if self.headers.get("If-None-Match") == "*" and known:
            return False
        wanted = self.headers.get("If-Match")
        return wanted is None or (known is not None and known[0] == wanted)

    def do_PUT(self):
        if not self.prepare():
            return
        if "readonly" in self.habits:
            return self.answer(403, "<D:error xmlns:D='DAV:'><D:need-privileges/></D:error>")
        if "uid" in self.habits:
            return self.answer(409, f"<D:error xmlns:D='DAV:' xmlns:C='{CALDAV}'><C:no-uid-conflict><D:href>/x</D:href></C:no-uid-conflict></D:error>")
        if not self.matches():
            return self.answer(412)
        self.collection.touch(self.event, self.body)
        if "mute" in self.habits:
            threading.Event().wait(120)
            return
        headers = {} if {"noetag", "ghost"} & self.habits else {"ETag": self.collection.events[self.event][0]}
        self.answer(201, **headers)

    def do_DELETE(self):
        if not self.prepare():
            return
        if self.event not in self.collection.events:
            return self.answer(404)
        if not self.matches():
            return self.answer(412)
        self.collection.touch(self.event, None)
        self.answer(204)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, log):
        super().__init__(("127.0.0.1", 0), Handler)
        self.collections, self.lock, self.log = {}, threading.Lock(), open(log, "a", encoding="utf-8") if log else None

    def note(self, line):
        if self.log:
            with self.lock:
                self.log.write(line + "\n")
                self.log.flush()

    def handle_error(self, request, client_address):
        pass  # clients that give up are what tests intend


def main():
    parser = argparse.ArgumentParser(description=__doc__ + HABITS, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--log", help="file to which requests are appended")
    server = Server(parser.parse_args().log)
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.buffer.read()
    os._exit(0)


main()
