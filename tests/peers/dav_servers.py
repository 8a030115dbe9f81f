"""CalDAV servers from Debian on loopback, each in a folder of its own: Radicale, Xandikos (which has no users of its own,
so a guard stands before it) and Cyrus (which invites attendees itself). They run from where they were unpacked."""
import atexit
import base64
import http.client
import http.server
import imaplib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from served import DEADLINE, free_port
from servers import SKIPPED, Skipped, Unpacked

USER, PASSWORD = "alice", "SECRET-PASSWORD"


def basic(user=USER, password=PASSWORD):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def ask(method, url, body=None, headers=(), authorization=basic()):
    """Status, headers and body of what a server answers."""
    fields = {"Authorization": authorization, "Content-Type": "text/calendar; charset=utf-8", **dict(headers)}
    request = urllib.request.Request(url, data=body.encode() if body is not None else None, method=method, headers=fields)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=DEADLINE) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def wait_until(condition, what, process=None):
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if condition():
            return
        assert process is None or process.poll() is None, f"{what}: the server ended"
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {DEADLINE} s")


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Program:
    """A server process; what it prints goes to a file."""

    def __init__(self, folder, unpacked, arguments, port):
        self.folder, self.arguments, self.port = folder, arguments, port
        self.environment = unpacked.environment()
        self.process = None

    def start(self):
        log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(self.arguments, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                                        env=self.environment)
        atexit.register(self.stop)  # also where a test is skipped for want of the next server
        wait_until(lambda: listens(self.port), self.arguments[0], self.process)

    def stop(self):
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(timeout=DEADLINE)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
            self.process = None


class Radicale(Program):
    name = "Radicale"

    def __init__(self, folder):
        unpacked = Unpacked("radicale")
        folder.mkdir(parents=True)
        port = free_port()
        (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
        (folder / "config").write_text(f"[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = htpasswd\ndelay = 0\n"
                                       f"htpasswd_filename = {folder}/users\nhtpasswd_encryption = plain\n"
                                       f"[storage]\nfilesystem_folder = {folder}/storage\n[logging]\nlevel = warning\n")
        super().__init__(folder, unpacked, ["/usr/bin/python3", unpacked.path("usr/bin/radicale"), "--config", str(folder / "config")], port)
        self.start()
        self.url = f"http://127.0.0.1:{port}/{USER}/calendar/"
        status = ask("MKCALENDAR", self.url)[0]
        assert status == 201, status

    def forget_tokens(self):
        """As when its cache is cleared: it then refuses the tokens that it gave out."""
        for cache in (self.folder / "storage").rglob(".Radicale.cache"):
            shutil.rmtree(cache / "sync-token", ignore_errors=True)


class Guard:
    """Lets requests through to a server that has no users, if they bring what `wanted` says. Remembers what was asked, and
    can be told to spoil sync-tokens on their way."""

    def __init__(self, port, wanted):
        guard = self
        self.asked, self.spoils_tokens = [], False

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def parse_request(self):
                good = super().parse_request()
                if good:  # any method
                    setattr(self, "do_" + self.command, self.forward)
                return good

            def forward(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                guard.asked.append(f"{self.command} {'sync-collection' if b'<sync-collection' in body else ''}".strip())
                if self.headers.get("Authorization") != wanted:
                    return self.answer(401, [("WWW-Authenticate", "Basic")], b"")
                if guard.spoils_tokens:
                    body = body.replace(b"<sync-token>", b"<sync-token>spoiled")
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
                try:
                    headers = {k: v for k, v in self.headers.items() if k.lower() not in ("authorization", "connection")}
                    connection.request(self.command, self.path, body, headers)
                    reply = connection.getresponse()
                    fields = [(k, v) for k, v in reply.getheaders() if k.lower() not in ("transfer-encoding", "content-length", "connection")]
                    return self.answer(reply.status, fields, reply.read())
                except OSError:
                    return self.answer(502, [], b"")
                finally:
                    connection.close()

            def answer(self, status, fields, body):
                self.send_response_only(status)
                for name, value in fields:
                    self.send_header(name, value)
                if status not in (204, 304):
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body if self.command != "HEAD" else b"")

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Xandikos(Program):
    name = "Xandikos"

    def __init__(self, folder, wanted=basic()):
        unpacked = Unpacked("xandikos")
        folder.mkdir(parents=True)
        port = free_port()
        super().__init__(folder, unpacked, ["/usr/bin/python3", unpacked.path("usr/bin/xandikos"), "-d", str(folder / "storage"), "-l", "127.0.0.1",
                                            "-p", str(port), "--defaults", "--current-user-principal", f"/{USER}/"], port)
        (folder / "storage").mkdir()
        self.start()
        self.guard = Guard(port, wanted)
        self.url = f"http://127.0.0.1:{self.guard.port}/{USER}/calendars/calendar/"

    def forget_tokens(self):
        self.guard.spoils_tokens = True


class Cyrus(Program):
    """Started as root, which it refuses to stay, it becomes Debian's user "mail"; started as anybody else it stays that."""
    name = "Cyrus"

    def __init__(self, folder):
        unpacked = Unpacked("cyrus")
        folder.mkdir(parents=True)
        if os.getuid() == 0:
            unpacked = unpacked.for_everyone(folder)
        programs = folder / "programs"  # its configuration ends a path at a space
        programs.symlink_to(unpacked.root / "usr/lib/cyrus/bin")
        port, imap = free_port(), free_port()
        user = "mail" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        config = folder / "imapd.conf"
        config.write_text(f"configdirectory: {folder}/conf\ndefaultpartition: default\npartition-default: {folder}/spool\nsievedir: {folder}/sieve\n"
                          f"cyrus_user: {user}\nadmins: admin\nhttpmodules: caldav\ncalendar_user_address_set: example.com\nsasl_pwcheck_method: alwaystrue\n"
                          "sasl_mech_list: PLAIN\nallowplaintext: yes\nautocreate_quota: 0\nvirtdomains: off\nservername: localhost\n")
        (folder / "cyrus.conf").write_text(
            f'START {{\n recover cmd="{programs}/ctl_cyrusdb -C {config} -r"\n}}\nSERVICES {{\n'
            f' http cmd="{programs}/httpd -C {config}" listen="127.0.0.1:{port}" prefork=0\n'
            f' imap cmd="{programs}/imapd -C {config}" listen="127.0.0.1:{imap}" prefork=0\n}}\nEVENTS {{\n}}\n')
        for name in ("conf", "spool", "sieve"):
            (folder / name).mkdir()
        if os.getuid() == 0:
            for path in (folder, *(folder / name for name in ("conf", "spool", "sieve", "imapd.conf", "cyrus.conf"))):
                shutil.chown(path, user)
            for parent in folder.parents:  # temporary folders are for their owner only
                if parent != pathlib.Path("/tmp") and str(parent).startswith("/tmp"):
                    parent.chmod(0o755)
        master = unpacked.path("usr/lib/cyrus/bin/master")
        super().__init__(folder, unpacked, [master, "-C", str(config), "-M", str(folder / "cyrus.conf"), "-p", str(folder / "conf" / "pid")], port)
        self.start()
        unpacked.assert_runs(self.process.pid, master)
        wait_until(lambda: listens(imap), "Cyrus's IMAP", self.process)
        for person in (USER, "bob", "rota"):  # the first login makes a mailbox, the first visit its calendars
            mailbox = imaplib.IMAP4("127.0.0.1", imap)
            mailbox.login(person, PASSWORD)
            mailbox.logout()
            status = ask("PROPFIND", self.home(person), headers={"Depth": "1"}, authorization=basic(person))[0]
            assert status == 207, status
        self.url = self.home(USER) + "Default/"

    def home(self, person):
        return f"http://127.0.0.1:{self.port}/dav/calendars/user/{person}/"


def main():
    """dav_servers.py NAME FOLDER: runs that server until standard input closes, and prints its calendar's URL, or why it
    cannot be had."""
    kind = {kind.name: kind for kind in (Radicale, Xandikos, Cyrus)}[sys.argv[1]]
    try:
        server = kind(pathlib.Path(sys.argv[2]) / "server")
    except Skipped as reason:
        print(f"skipped: {reason}", flush=True)
        return SKIPPED
    print(server.url, flush=True)
    sys.stdin.read()
    server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
