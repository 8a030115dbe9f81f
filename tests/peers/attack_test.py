#!/usr/bin/env python3
"""Attacks on the whole program, with somebody else's feed and the server's memory watched.

Usage: attack_test.py WATCHBILL_BINARY [--strict]. What attacks runs in a process of its own, so that it does not hold up
the clock of whoever measures. With --strict no request at all may be slow, and all of the process's memory counts: to be run
by hand, on a release build and a machine that does nothing else. Without it the pages of the program file do not count, of
which a debug build has four times as many, and the slowest of twenty may not be slow, beyond what was slow before the attack
began, in one of a few attempts.
"""
import http.client
import json
import multiprocessing
import os
import pathlib
import random
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.parse
import zlib

from served import BINARY, Served, example_copy, free_port, run_tests

SANITIZED = "sanitize" in os.environ.get("WATCHBILL_BUILD", "")
STRICT = "--strict" in sys.argv[2:]
MOST_MB = 40
# What an attack may add to the time that a feed takes.
MOST_SECONDS = 0.2
ATTEMPTS = 1 if STRICT else 4

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))


def connect(port):
    peer = socket.create_connection(("127.0.0.1", port), timeout=20)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return peer


def everything_from(peer):
    """Until the server closes; a reset counts as closing."""
    data = b""
    try:
        while chunk := peer.recv(65536):
            data += chunk
    except (ConnectionResetError, socket.timeout) as problem:
        assert not isinstance(problem, socket.timeout), f"not closed after {data[:300]}"
    return data


def status_of(data):
    assert data.startswith(b"HTTP/1.1 "), data[:200]
    return int(data[9:12])


def split(data):
    """The first answer, and what follows it."""
    head, _, rest = data.partition(b"\r\n\r\n")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    return head, rest[:length], rest[length:]


def slowest_of(times):
    """But for one in twenty, which is the machine's."""
    return times[len(times) * 95 // 100]


class Victim:
    """The served example team, and how a subscriber fares."""

    def __init__(self, folder):
        self.port = free_port()
        example_copy(folder, self.port)
        self.served = Served(folder, self.port)
        self.feed_path = urllib.parse.urlsplit(self.served.urls["rotation"]).path
        self.feed = self.fetch()
        self.rest_mb = self.memory_mb()
        self.calm = 0.0

    def look_around(self):
        """How slow a feed is where nobody attacks."""
        self.calm = 0.0 if STRICT else slowest_of(self.watch(1.0)[0])

    def memory_mb(self):
        return self.served.memory_mb("VmRSS" if STRICT else "RssAnon")

    def fetch(self):
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        client.request("GET", self.feed_path)
        body = client.getresponse().read()
        client.close()
        return body

    def watch(self, seconds):
        """Fetches the feed again and again; how long that took, sorted, and the most memory that was held."""
        times, most = [], 0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.monotonic()
            assert self.fetch() == self.feed
            times.append(time.monotonic() - began)
            most = max(most, self.memory_mb())
            select.select([], [], [], 0.02)
        return sorted(times), most

    def check(self, what, seconds=3.0):
        for _ in range(ATTEMPTS):
            times, most = self.watch(seconds)
            usual, slow = times[len(times) // 2], slowest_of(times)
            print(f"        {what}: median {usual * 1000:.1f} ms, 95 % under {slow * 1000:.1f} ms ({self.calm * 1000:.1f} ms without), "
                  f"slowest {times[-1] * 1000:.1f} ms, {most:.1f} MB (at rest {self.rest_mb:.1f} MB)", flush=True)
            if SANITIZED:
                return
            assert most < MOST_MB, f"{what}: {most:.1f} MB"
            if (times[-1] if STRICT else slow - self.calm) < MOST_SECONDS:
                return
        raise AssertionError(f"{what}: {slow:.3f} s, and {self.calm:.3f} s without")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.served.process.pid}/fd"))


def attacked(folder, attack, what, seconds=3.0, *arguments):
    victim = Victim(folder)
    victim.look_around()
    ready, attacker_ready = multiprocessing.Pipe(False)
    process = multiprocessing.Process(target=attack, args=(victim.port, attacker_ready, *arguments), daemon=True)
    try:
        process.start()
        assert ready.poll(60), "the attack did not begin"
        ready.recv()
        victim.check(what, seconds)
        # With the attack still on, the server stops in time and nobody else is needed for that.
        began = time.monotonic()
        victim.served.stop()
        assert time.monotonic() - began < (8 if STRICT else 30), f"stopping took {time.monotonic() - began:.1f} s"
    finally:
        process.terminate()
        process.join()
        victim.served.kill()


def drip(port, ready, beginning, count):
    """Connections that send their beginning, and then a byte now and then; whoever is closed comes again."""
    def fresh():
        peer = connect(port)
        try:
            peer.sendall(beginning)
        except OSError:
            pass
        peer.setblocking(False)
        return peer

    peers = [fresh() for _ in range(count)]
    ready.send(True)
    while True:
        for i, peer in enumerate(peers):
            try:
                peer.send(b"x")
            except BlockingIOError:
                pass
            except OSError:
                peer.close()
                try:
                    peers[i] = fresh()
                except OSError:
                    return
        time.sleep(0.5)


def test_heads_that_drip(folder):
    attacked(folder, drip, "500 dripping heads", 7.0, b"GET / HTTP/1.1\r\nHost: a\r\nX: ", 500)


def test_large_heads_that_drip(folder):
    attacked(folder, drip, "500 dripping heads of 16 KB", 4.0, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 16000, 500)


def test_bodies_that_drip(folder):
    head = b"POST /api/v1/teams/payments/refresh HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 65536\r\n\r\n"
    attacked(folder, drip, "500 dripping bodies of 60 KB", 7.0, head + b" " * 60000, 500)


def test_silence(folder):
    attacked(folder, drip, "2000 connections that say nothing much", 4.0, b"", 2000)


def never_read(port, ready, path):
    """Asks for many feeds and reads none of them."""
    request = f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode() * 200
    peers = []
    for _ in range(300):
        peer = socket.socket()
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.connect(("127.0.0.1", port))
        peer.setblocking(False)
        try:
            peer.send(request)
        except OSError:
            pass
        peers.append(peer)
    ready.send(True)
    time.sleep(600)


def test_answers_that_nobody_reads(folder):
    attacked(folder, never_read, "300 readers that do not read", 4.0, "/readyz")


def reset_again_and_again(port, ready):
    """Connections that end with a reset, at every stage of a request."""
    stages = [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf",
              b"GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n" * 50]
    ready.send(True)
    for i in range(10**9):
        try:
            with connect(port) as peer:
                peer.sendall(stages[i % len(stages)])
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
        if i % 20 == 0:
            time.sleep(0.01)


def test_resets(folder):
    attacked(folder, reset_again_and_again, "connections reset at every stage")


def flood(port, ready):
    """As many pipelined requests as go, their answers read and thrown away."""
    request = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" * 100
    peers = [connect(port) for _ in range(20)]
    ready.send(True)
    pending = [memoryview(b"")] * len(peers)
    for peer in peers:
        peer.setblocking(False)
    while True:
        readable, writable, _ = select.select(peers, peers, [], 1)
        try:
            for peer in readable:
                if not peer.recv(1 << 20):
                    i = peers.index(peer)
                    peers[i] = connect(port)
                    peers[i].setblocking(False)
                    pending[i] = memoryview(b"")
            for peer in writable:
                if peer not in peers:
                    continue
                i = peers.index(peer)
                pending[i] = pending[i] or memoryview(request)
                pending[i] = pending[i][peer.send(pending[i]):]
        except BlockingIOError:
            pass
        except OSError:
            return
        # Not so fast that the attack itself is what slows everything down on a small machine.
        time.sleep(0.01)


def test_pipelined_floods(folder):
    attacked(folder, flood, "20 pipelined floods")


def request(line=b"GET / HTTP/1.1", headers=b"Host: a\r\n", body=b""):
    return line + b"\r\n" + headers + b"\r\n" + body


SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /healthz HTTP/1.1"
CHUNKED = b"Host: a\r\nTransfer-Encoding: chunked\r\n"

# What is sent -> the status that it is refused with; the connection ends after it and nothing behind it counts.
REFUSED = {
    "a long request line": (request(b"GET /" + b"a" * 9000 + b" HTTP/1.1"), 414),
    "a request line without end": (b"G" * 20000, 414),
    "too many headers": (request(headers=b"Host: a\r\n" + b"A: b\r\n" * 64), 431),
    "long headers": (request(headers=b"Host: a\r\nA: " + b"b" * 17000 + b"\r\n"), 431),
    "headers without end": (b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"b" * 100000, 431),
    "a large body": (request(POST, b"Host: a\r\nContent-Length: 70000\r\n"), 413),
    "a huge body": (request(POST, b"Host: a\r\nContent-Length: 999999999999999999\r\n"), 413),
    "a length beyond 64 bits": (request(POST, b"Host: a\r\nContent-Length: 99999999999999999999\r\n"), 400),
    "chunks": (request(POST, CHUNKED, b"5\r\nhello\r\n0\r\n\r\n"), 411),
    "too many chunks": (request(POST, CHUNKED, b"ffff\r\n" + b"a" * 65535 + b"\r\n" + b"2\r\n"), 411),
    "a huge chunk": (request(POST, CHUNKED, b"fffffffffffffffff\r\n"), 411),
    "a negative chunk": (request(POST, CHUNKED, b"-1\r\n"), 411),
    "a chunk that is longer than it says": (request(POST, CHUNKED, b"5\r\nhello" + SMUGGLED), 411),
    "a chunk with a bare line feed": (request(POST, CHUNKED, b"5\nhello\r\n0\r\n\r\n"), 411),
    "a chunk's extension without end": (request(POST, CHUNKED, b"5;" + b"a" * 100000), 411),
    "trailers without end": (request(POST, CHUNKED, b"0\r\n" + b"a: b\r\n" * 10000), 411),
    "chunks of HTTP/1.0": (request(b"POST /healthz HTTP/1.0", CHUNKED, b"5\r\nhello\r\n0\r\n\r\n"), 400),
    "length and chunks": (request(POST, b"Host: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + SMUGGLED), 400),
    "chunks and length": (request(POST, b"Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n", b"0\r\n\r\n" + SMUGGLED), 400),
    "an odd encoding": (request(POST, b"Host: a\r\nTransfer-Encoding: xchunked\r\n", SMUGGLED), 501),
    "two encodings": (request(POST, b"Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", SMUGGLED), 501),
    "a blank before the colon": (request(POST, b"Host: a\r\nTransfer-Encoding : chunked\r\n", b"0\r\n\r\n" + SMUGGLED), 400),
    "a tab after the name": (request(POST, b"Host: a\r\nContent-Length\t: 5\r\n", SMUGGLED), 400),
    "two equal lengths": (request(POST, b"Host: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n", b"hello" + SMUGGLED), 400),
    "two lengths": (request(POST, b"Host: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n", b"hello" + SMUGGLED), 400),
    "lengths in a list": (request(POST, b"Host: a\r\nContent-Length: 5, 5\r\n", b"hello" + SMUGGLED), 400),
    "a negative length": (request(POST, b"Host: a\r\nContent-Length: -5\r\n", SMUGGLED), 400),
    "a length with a sign": (request(POST, b"Host: a\r\nContent-Length: +5\r\n", b"hello" + SMUGGLED), 400),
    "a hexadecimal length": (request(POST, b"Host: a\r\nContent-Length: 0x5\r\n", b"hello" + SMUGGLED), 400),
    "no length at all": (request(POST, b"Host: a\r\nContent-Length:\r\n", SMUGGLED), 400),
    "a folded header": (request(headers=b"Host: a\r\nA: b\r\n c: d\r\n"), 400),
    "a folded length": (request(POST, b"Host: a\r\nA: b\r\n Content-Length: 5\r\n", b"hello"), 400),
    "bare line feeds": (b"GET / HTTP/1.1\nHost: a\n\n", 400),
    "one bare line feed": (b"GET / HTTP/1.1\r\nHost: a\nA: b\r\n\r\n", 400),
    "a bare carriage return": (b"GET / HTTP/1.1\r\nHost: a\rA: b\r\n\r\n", 400),
    "a null in a header": (request(headers=b"Host: a\r\nA: b\0c\r\n"), 400),
    "a null in the target": (request(b"GET /\0 HTTP/1.1"), 400),
    "a tab in the target": (request(b"GET /\tx HTTP/1.1"), 400),
    "many ranges": (request(headers=b"Host: a\r\nRange: bytes=" + b",".join([b"0-"] * 1000) + b"\r\n"), 416),
    "no host": (request(headers=b""), 400),
    "two hosts": (request(headers=b"Host: a\r\nHost: b\r\n"), 400),
    "a host that is a path": (request(headers=b"Host: a/b\r\n"), 400),
    "a compressed body": (request(POST, b"Host: a\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n", b"hello"), 415),
    "an expectation": (request(POST, b"Host: a\r\nExpect: miracles\r\nContent-Length: 5\r\n", b"hello"), 417),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "HTTP/0.9": (b"GET /\r\n", 400),
    "a TLS handshake": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\n" * 40, 400),
    "three words too many": (request(b"GET / HTTP/1.1 and more"), 400),
}


def test_what_is_refused(folder):
    victim = Victim(folder)
    try:
        for what, (sent, status) in REFUSED.items():
            with connect(victim.port) as peer:
                try:
                    peer.sendall(sent + SMUGGLED)
                except OSError:
                    pass  # the server has had enough
                data = everything_from(peer)
                assert status_of(data) == status, f"{what}: {data[:200]}"
                head, body, rest = split(data)
                assert rest == b"", f"{what}: something came behind the refusal: {rest[:200]}"
                assert b"\r\nConnection: close" in head and b"application/problem+json" in head, f"{what}: {head}"
                assert json.loads(body)["status"] == status, what
                assert b"smuggled" not in data
        assert victim.fetch() == victim.feed
        victim.served.stop()
    finally:
        victim.served.kill()


def test_what_is_answered(folder):
    """Odd, but allowed."""
    victim = Victim(folder)
    try:
        ranges = ("GET " + victim.feed_path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nRange: bytes=" + "0-9" + "\r\n\r\n").encode()
        with connect(victim.port) as peer:
            peer.sendall(ranges)
            _, body, rest = split(everything_from(peer))
            assert body == victim.feed and rest == b"", "ranges should not be served"
        # A body that looks like a request is a body.
        body = SMUGGLED
        with connect(victim.port) as peer:
            peer.sendall(request(POST, b"Host: a\r\nContent-Length: %d\r\n" % len(body), body) + request(b"GET /healthz HTTP/1.0", b""))
            data = everything_from(peer)
            assert status_of(data) == 405 and b"HTTP/1.1 200 OK" in data and data.count(b"HTTP/1.1 ") == 2, data
        # Sent byte by byte.
        with connect(victim.port) as peer:
            for byte in request(b"GET /healthz HTTP/1.0", b"Host: a\r\n"):
                peer.send(bytes([byte]))
            assert status_of(everything_from(peer)) == 200
        # Half closed before the answer.
        with connect(victim.port) as peer:
            peer.sendall(request(b"GET " + victim.feed_path.encode() + b" HTTP/1.1"))
            peer.shutdown(socket.SHUT_WR)
            assert split(everything_from(peer))[1] == victim.feed
        # Asked before the body is sent.
        with connect(victim.port) as peer:
            peer.sendall(request(POST, b"Host: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n"))
            assert peer.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
            peer.sendall(b"hello")
            assert status_of(everything_from(peer)) == 405
        victim.served.stop()
    finally:
        victim.served.kill()


def test_bombs(folder):
    """Bodies that are small when sent and large when understood; they need a token to be looked at."""
    victim = Victim(folder)
    try:
        made = subprocess.run([BINARY, "token", "create", "--config", str(folder / "watchbill.toml"), "--scope", "admin", "--name", "attacker"],
                              capture_output=True, text=True, check=True)
        token = next(word for word in made.stdout.split() if word.startswith("wb_"))
        bombs = {
            "depth": (b"[" * 60000, 400), "an open string": (b'{"' + b"a" * 60000, 400),
            "many members": (b"{" + b",".join(b'"a%d":1' % i for i in range(5000)) + b"}", 400),
            "a long number": (b'{"reason":' + b"9" * 60000 + b"}", 400), "nothing but blanks": (b" " * 60000, 400),
            "gzip": (zlib.compress(b" " * 10_000_000), 400),
        }
        for what, (body, status) in bombs.items():
            client = http.client.HTTPConnection("127.0.0.1", victim.port, timeout=20)
            began = time.monotonic()
            client.request("POST", "/api/v1/teams/payments/refresh", body, {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
            answer = client.getresponse()
            assert answer.status == status, f"{what}: {answer.status} {answer.read()}"
            assert SANITIZED or time.monotonic() - began < 5, what
        victim.check("after the bombs", 0.5)
        victim.served.stop()
    finally:
        victim.served.kill()


def test_noise(folder):
    """Random bytes, and requests with bytes changed: each ends, and the server goes on."""
    seed = random.randrange(2**32)
    print(f"        seed {seed}")
    noise = random.Random(seed)
    victim = Victim(folder)
    before = victim.descriptors()
    try:
        for i in range(600):
            if i % 3 == 0:
                sent = noise.randbytes(noise.randrange(1, 2000))
            else:
                sent = bytearray(request(b"POST " + victim.feed_path.encode() + b" HTTP/1.1", b"Host: a\r\nContent-Length: 5\r\n", b"hello") * 3)
                for _ in range(noise.randrange(1, 6)):
                    sent[noise.randrange(len(sent))] = noise.randrange(256)
            with connect(victim.port) as peer:
                peer.sendall(sent)
                peer.shutdown(socket.SHUT_WR)
                data = everything_from(peer)
                assert data == b"" or status_of(data) in (200, 400, 404, 405, 408, 411, 413, 414, 415, 416, 417, 429, 431, 501, 505), f"{sent!r}: {data[:100]}"
        assert victim.fetch() == victim.feed
        # Nothing is left behind.
        victim.served.until(lambda: victim.fetch() and victim.descriptors() <= before + 1, "the connections' descriptors being given back")
        victim.served.stop()
    finally:
        victim.served.kill()


def test_too_many_changes(folder):
    victim = Victim(folder)
    try:
        client = http.client.HTTPConnection("127.0.0.1", victim.port, timeout=20)
        statuses = []
        for _ in range(300):
            client.request("DELETE", "/healthz")
            answer = client.getresponse()
            answer.read()
            statuses.append(answer.status)
        assert set(statuses) == {405, 429}, set(statuses)
        assert statuses[:100] == [405] * 100, "an ordinary number of changes should be allowed"
        assert int(answer.headers["Retry-After"]) >= 1
        assert victim.fetch() == victim.feed
        for _ in range(100):
            client.request("GET", "/api/v1/teams", headers={"Authorization": "Bearer wb_" + "0" * 64})
            answer = client.getresponse()
            answer.read()
        assert answer.status == 429 and int(answer.headers["Retry-After"]) >= 1, answer.status
        assert victim.fetch() == victim.feed
        victim.served.stop()
    finally:
        victim.served.kill()


def test_a_share_for_each_address(folder):
    """From another address of this machine than loopback, where it has one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return
        address = probe.getsockname()[0]
    port = free_port()
    example_copy(folder, port)
    config = folder / "watchbill.toml"
    config.write_text(config.read_text().replace(f'listen      = "127.0.0.1:{port}"', f'listen = "0.0.0.0:{port}"'))
    served = Served(folder, port)
    try:
        peers = [socket.create_connection((address, port), timeout=20) for _ in range(200)]
        alive = 0
        for peer in peers:
            try:
                peer.sendall(request(b"GET /healthz HTTP/1.1"))
                alive += peer.recv(12) == b"HTTP/1.1 200"
            except OSError:
                pass
        assert alive == 128, alive
        assert served.get(f"http://127.0.0.1:{port}/healthz")[0] == 200
        served.stop()
    finally:
        served.kill()


signal.signal(signal.SIGPIPE, signal.SIG_IGN)
sys.exit(run_tests(dict(globals())))
