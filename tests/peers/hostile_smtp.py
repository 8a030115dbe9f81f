"""An SMTP server that does as a script tells it: good, slow, greylisting, hanging, dropping. Loopback only."""
import re
import socketserver
import threading
import time


class Script:
    """What the server does; tests change it as they go. Each hook gets the recipient or the mail's Message-ID."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sessions = 0      # connections so far
        self.mails = []        # (recipient, bytes) acknowledged with 250
        self.seen = []         # (recipient, bytes) whole, acknowledged or not
        self.greeting = lambda: "220 hostile.example ESMTP"
        self.rcpt = lambda to: "250 2.1.5 ok"
        self.after_data = lambda message_id: "250 2.0.0 queued"  # None: drop the connection; "hang": say nothing
        self.step = lambda: None  # before each answer: to be slow
        self.most_sessions = 1000  # at a time; whoever comes then is told 421
        self.open_sessions = 0
        self.arrived = {}      # recipient -> when the server had their first mail whole
        self.released = threading.Event()  # ends what hangs


class Handler(socketserver.StreamRequestHandler):
    timeout = 60

    def say(self, line):
        self.server.script.step()
        self.wfile.write(line.encode() + b"\r\n")

    def obey(self, line):
        """False: the connection is to be dropped."""
        if line is None:
            return False
        if line == "hang":
            self.server.script.released.wait(60)
            return False
        self.say(line)
        return not line.startswith("421")

    def handle(self):
        script = self.server.script
        try:
            with script.lock:
                script.open_sessions += 1
            self.converse()
        except OSError:
            pass  # the other side went away
        finally:
            with script.lock:
                script.open_sessions -= 1

    def converse(self):
        script = self.server.script
        with script.lock:
            script.sessions += 1
            crowded = script.open_sessions > script.most_sessions
        if crowded:
            self.say("421 4.7.0 too many connections")
            return
        if not self.obey(script.greeting()):
            return
        recipients = []
        while line := self.rfile.readline(2000):
            verb = line[:4].upper()
            if verb == b"EHLO":
                self.say("250-hostile.example\r\n250 8BITMIME")
            elif verb == b"MAIL":
                recipients = []
                self.say("250 2.1.0 ok")
            elif verb == b"RCPT":
                to = re.search(rb"<(.*?)>", line)[1].decode()
                answer = script.rcpt(to)
                if not self.obey(answer):
                    return
                if answer.startswith("250"):
                    recipients.append(to)
            elif verb == b"DATA":
                if not recipients:
                    self.say("554 5.5.1 no recipients")
                    continue
                self.say("354 go on")
                lines = []
                while (part := self.rfile.readline(2000)) not in (b".\r\n", b""):
                    lines.append(part[1:] if part.startswith(b".") else part)
                if part == b"":
                    return
                mail = b"".join(lines)
                message_id = re.search(rb"^Message-ID: <(.*?)>", mail, re.M | re.I)[1].decode()
                with script.lock:
                    script.seen += [(to, mail) for to in recipients]
                    for to in recipients:
                        script.arrived.setdefault(to, time.monotonic())
                answer = script.after_data(message_id)
                if answer is not None and answer.startswith("250"):
                    with script.lock:
                        script.mails += [(to, mail) for to in recipients]
                if not self.obey(answer):
                    return
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class HostileSmtp(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 50
    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.script = Script()
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self):
        self.script.released.set()
        self.shutdown()
        self.server_close()
