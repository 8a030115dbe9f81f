#!/usr/bin/env python3
"""An HTTP server that misbehaves in every way a calendar's server has been seen to, for the tests of src/sources.

Listens on 127.0.0.1, on a port of its own that it prints as its first line; ends when its standard input closes.
With --certificate and --key it speaks TLS. Appends the head of each request to the file --log before it answers.
Standard library only.
"""
import argparse
import base64
import gzip
import os
import select
import socket
import socketserver
import ssl
import struct
import sys
import threading
import urllib.parse
import zlib

CALENDAR = (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Watchbill//hostile_http//EN\r\nBEGIN:VEVENT\r\n"
            b"UID:1@example.com\r\nDTSTAMP:20260301T000000Z\r\nDTSTART:20260302T090000Z\r\n"
            b"DTEND:20260302T100000Z\r\nSUMMARY:Vacation\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
ETAG = '"version 1"'
LAST_MODIFIED = "Sun, 01 Mar 2026 00:00:00 GMT"
LOGIN_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"
MEGABYTE = 1024 * 1024


def deflated_zeros(megabytes):
    """A gzip stream of that many megabytes of zero bytes, a thousandth as long."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    pieces = [compressor.compress(bytes(MEGABYTE)) for _ in range(megabytes)]
    return b"".join(pieces) + compressor.flush()


class Request:
    def __init__(self, head):
        lines = head.decode("latin-1").split("\r\n")
        parts = lines[0].split(" ")
        target = parts[1] if len(parts) > 1 else ""
        split = urllib.parse.urlsplit(target)
        self.path = split.path
        self.query = {name: values[0] for name, values in urllib.parse.parse_qs(split.query).items()}
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()


class Connection(socketserver.BaseRequestHandler):
    """One connection: requests are answered until a route ends it."""

    def handle(self):
        try:
            if self.server.tls is not None:
                self.request = self.server.tls.wrap_socket(self.request, server_side=True)
            while True:
                head = self.read_head()
                if head is None:
                    return
                self.server.log(head)
                if not self.answer(Request(head)):
                    return
        except OSError:
            pass  # the client went away, as many tests intend
        finally:
            try:
                self.request.close()
            except OSError:
                pass

    def read_head(self):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            byte = self.request.recv(1)
            if not byte:
                return None
            head += byte
            if head == b"\x16":  # a TLS handshake where plain HTTP is spoken
                return None
        return head[:-4]

    def send(self, data):
        self.request.sendall(data)

    def reply(self, body=CALENDAR, status="200 OK", headers=()):
        lines = [f"HTTP/1.1 {status}", *headers]
        if not any(line.lower().startswith(("content-length", "transfer-encoding")) for line in lines):
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        return True

    def wait_for_close(self):
        while self.request.recv(4096):
            pass
        return False

    def answer(self, request):
        """True to go on with the connection."""
        name, _, argument = request.path.lstrip("/").partition("/")
        route = getattr(self, "route_" + name.replace("-", "_"), None)
        if route is None:
            return self.reply(b"no such route", "404 Not Found")
        return route(request, argument)

    # Well-behaved answers

    def route_ok(self, request, _):
        headers = [f"ETag: {ETAG}", f"Last-Modified: {LAST_MODIFIED}", "Content-Type: text/calendar"]
        if request.headers.get("if-none-match") == ETAG:
            return self.reply(b"", "304 Not Modified", headers)
        return self.reply(headers=headers)

    def route_last_modified(self, request, _):
        if request.headers.get("if-modified-since") == LAST_MODIFIED:
            return self.reply(b"", "304 Not Modified")
        return self.reply(headers=[f"Last-Modified: {LAST_MODIFIED}"])

    def route_gzip(self, _, __):
        return self.reply(gzip.compress(CALENDAR), headers=["Content-Encoding: gzip"])

    def route_deflate(self, _, __):
        return self.reply(zlib.compress(CALENDAR), headers=["Content-Encoding: deflate"])

    def route_chunked(self, _, __):
        body = b"".join(b"%x\r\n%s\r\n" % (1, CALENDAR[i:i + 1]) for i in range(len(CALENDAR))) + b"0\r\n\r\n"
        return self.reply(body, headers=["Transfer-Encoding: chunked"])

    def route_size(self, _, argument):
        return self.reply(b"x" * int(argument))

    def route_auth(self, request, _):
        expected = "Basic " + base64.b64encode("alice:pass word: ünï".encode()).decode()
        if request.headers.get("authorization") != expected:
            return self.reply(b"who are you?", "401 Unauthorized", ['WWW-Authenticate: Basic realm="calendars"'])
        return self.reply()

    def route_empty(self, _, __):
        return self.reply(b"")

    # Refusals

    def route_login(self, _, __):
        return self.reply(LOGIN_PAGE, headers=["Content-Type: text/html"])

    def route_status(self, request, argument):
        headers = [f"Retry-After: {request.query['retry-after']}"] if "retry-after" in request.query else []
        return self.reply(LOGIN_PAGE, f"{argument} Something", headers)

    def route_endless_error(self, _, __):
        self.send(b"HTTP/1.1 404 Not Found\r\n\r\n")
        return self.send_for_ever(b"x" * 65536)

    def route_always_304(self, _, __):
        return self.reply(b"", "304 Not Modified")

    # Redirects

    def route_redirect(self, request, _):
        status = request.query.get("status", "302")
        return self.reply(b"elsewhere", f"{status} Found", [f"Location: {request.query['to']}"])

    def route_redirect_nowhere(self, _, __):
        return self.reply(b"", "302 Found")

    def route_loop(self, request, _):
        return self.reply(b"", "302 Found", [f"Location: {request.path}"])

    def route_chain(self, _, argument):
        left = int(argument)
        return self.reply() if left == 0 else self.reply(b"", "302 Found", [f"Location: /chain/{left - 1}"])

    def route_slow_chain(self, _, __):
        """Each step takes its time, and there is always another: only a total timeout ends it."""
        select.select([self.request], [], [], 0.1)
        return self.reply(b"", "302 Found", ["Location: /slow-chain"])

    def route_redirect_endless(self, _, __):
        self.send(b"HTTP/1.1 302 Found\r\nLocation: /ok\r\n\r\n")
        return self.send_for_ever(b"x" * 65536)

    # Too much

    def send_for_ever(self, data):
        while True:
            self.send(data)

    def route_gzip_bomb(self, _, __):
        return self.reply(deflated_zeros(60), headers=["Content-Encoding: gzip"])

    def route_gzip_bomb_error(self, _, __):
        return self.reply(deflated_zeros(60), "500 Oops", ["Content-Encoding: gzip"])

    def route_wasteful_gzip(self, _, __):
        """Empty stored blocks: many bytes on the wire that decode to none."""
        compressor = zlib.compressobj(0, zlib.DEFLATED, 31)
        start = compressor.compress(b"x") + compressor.flush(zlib.Z_FULL_FLUSH)
        empty_block = b"\x00\x00\x00\xff\xff" * 16384
        self.send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + start)
        return self.send_for_ever(empty_block)

    def route_large(self, _, __):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (50 * MEGABYTE))
        for _ in range(50):
            self.send(bytes(MEGABYTE))
        return False

    def route_announced(self, _, __):
        """Says 50 MB and sends none: only believing the header tells it in time."""
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\nB" % (50 * MEGABYTE))
        return self.wait_for_close()

    def route_endless(self, _, __):
        self.send(b"HTTP/1.1 200 OK\r\n\r\n")
        return self.send_for_ever(b"x" * 65536)

    def route_endless_chunks(self, _, __):
        self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        return self.send_for_ever(b"10000\r\n" + b"x" * 65536 + b"\r\n")

    def route_giant_header(self, _, __):
        return self.reply(headers=["X-Giant: " + "x" * MEGABYTE])

    def route_endless_headers(self, _, __):
        self.send(b"HTTP/1.1 200 OK\r\n")
        return self.send_for_ever(b"X-More: " + b"x" * 1000 + b"\r\n")

    def route_endless_continue(self, _, __):
        return self.send_for_ever(b"HTTP/1.1 100 Continue\r\n\r\n")

    # Too slow

    def route_hang(self, _, __):
        return self.wait_for_close()

    def route_hang_body(self, _, __):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + CALENDAR[:50])
        return self.wait_for_close()

    def route_drip(self, _, __):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not select.select([self.request], [], [], 0.02)[0]:
            self.send(b"x")
        return False

    # Broken

    def route_truncated(self, _, __):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + CALENDAR[:100])
        return False

    def route_truncated_chunks(self, _, __):
        self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n" + CALENDAR[:16] + b"\r\n")
        return False

    def route_truncated_gzip(self, _, __):
        return self.reply(gzip.compress(CALENDAR)[:-20], headers=["Content-Encoding: gzip"])

    def route_bad_gzip(self, _, __):
        return self.reply(CALENDAR, headers=["Content-Encoding: gzip"])

    def route_unknown_encoding(self, _, __):
        return self.reply(CALENDAR, headers=["Content-Encoding: middle-out"])

    def route_bad_status(self, _, __):
        self.send(b"HTP/9.9 what?\r\n\r\nBEGIN:VCALENDAR\r\n")
        return False

    def route_no_status(self, _, __):
        self.send(CALENDAR)
        return False

    def route_odd_etag(self, _, __):
        return self.reply(headers=["ETag: \"caf\xe9\"", "Last-Modified: " + "x" * 5000])

    def route_close(self, _, __):
        return False

    def route_reset(self, _, __):
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, arguments):
        super().__init__(("127.0.0.1", 0), Connection)
        self.lock = threading.Lock()
        self.log_file = open(arguments.log, "ab") if arguments.log else None
        self.tls = None
        if arguments.certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(arguments.certificate, arguments.key)

    def log(self, head):
        if self.log_file is not None:
            with self.lock:
                self.log_file.write(head + b"\r\n\r\n")
                self.log_file.flush()

    def handle_error(self, request, client_address):
        pass  # handshakes that fail are what tests intend


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--log", help="file to which request heads are appended")
    parser.add_argument("--certificate", help="PEM file: speak TLS")
    parser.add_argument("--key", help="PEM file of the certificate's key")
    server = Server(parser.parse_args())
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.buffer.read()
    os._exit(0)  # without waiting for connections that hang on purpose


main()
