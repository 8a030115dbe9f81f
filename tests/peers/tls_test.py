#!/usr/bin/env python3
"""Encrypted connections of the whole program, with Python's and the openssl command's TLS as clients.

Usage: tls_test.py WATCHBILL_BINARY.
"""
import http.client
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse
import warnings

from served import BINARY, DEADLINE, Served, example_copy, free_port, run_tests

# Old versions are asked for on purpose: they must be refused.
warnings.simplefilter("ignore", DeprecationWarning)


def make_certificate(folder, name, days=2):
    """A self-signed certificate for localhost, NAME.pem and NAME.key."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(days),
                    "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")], check=True, capture_output=True)


def encrypted_copy(folder, port):
    example_copy(folder, port)
    make_certificate(folder, "first")
    for suffix in ("pem", "key"):
        (folder / f"server.{suffix}").write_bytes((folder / f"first.{suffix}").read_bytes())
    config = folder / "watchbill.toml"
    text = config.read_text().replace("[server]\n", '[server]\ntls_certificate = "server.pem"\ntls_key = "server.key"\n', 1)
    assert "tls_key" in text
    config.write_text(text.replace(f'"http://127.0.0.1:{port}"', f'"https://127.0.0.1:{port}"'))


def trusting(folder, name):
    return ssl.create_default_context(cafile=str(folder / f"{name}.pem"))


class Client:
    """One encrypted connection."""

    def __init__(self, port, context):
        self.connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=context)
        self.connection.connect()

    def get(self, path, **headers):
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def subject(self):
        return dict(part for name in self.connection.sock.getpeercert()["subject"] for part in name)["commonName"]


def path_of(url):
    return urllib.parse.urlsplit(url).path


def test_a_feed_over_tls(folder):
    port = free_port()
    encrypted_copy(folder, port)
    served = Served(folder, port)
    try:
        url = served.urls["rotation"]
        assert url.startswith("https://"), url
        client = Client(port, trusting(folder, "first"))
        status, headers, feed = client.get(path_of(url))
        assert status == 200 and feed.startswith(b"BEGIN:VCALENDAR\r\n") and feed.endswith(b"END:VCALENDAR\r\n")
        assert len(feed) > 40000, "this should take several TLS records"
        # Over the same connection.
        status, _, body = client.get(path_of(url), **{"If-None-Match": headers["ETag"]})
        assert status == 304 and body == b""
        done = subprocess.run([BINARY, "feed", "--config", str(folder / "watchbill.toml"), "--team", "payments", "rotation"], capture_output=True, check=False)
        assert done.returncode == 0 and done.stdout == feed, done.stderr
        served.stop()
    finally:
        served.kill()


def test_versions_and_protocols(folder):
    port = free_port()
    encrypted_copy(folder, port)
    served = Served(folder, port)
    try:
        for version, accepted in ((ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)):
            context = trusting(folder, "first")
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
            try:
                assert Client(port, context).get("/healthz")[0] == 200
                assert accepted, version
            except ssl.SSLError:
                assert not accepted, version
        for offered, chosen in ((["h2", "http/1.1"], "http/1.1"), (["h2"], None)):
            context = trusting(folder, "first")
            context.set_alpn_protocols(offered)
            client = Client(port, context)
            assert client.connection.sock.selected_alpn_protocol() == chosen, offered
            assert client.get("/healthz")[0] == 200
        # Sessions are resumed.
        context = trusting(folder, "first")
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="localhost") as first:
            session = first.session
        with context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="localhost", session=session) as second:
            assert second.session_reused
        served.stop()
    finally:
        served.kill()


def test_bad_handshakes_hold_nobody_up(folder):
    port = free_port()
    encrypted_copy(folder, port)
    served = Served(folder, port)
    try:
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
        for i, peer in enumerate(silent):
            peer.settimeout(20)
            # Nothing; half of a ClientHello; what is no TLS at all; what looks like a large record.
            peer.sendall((b"", b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\0" * 100)[i % 4])
        began = time.monotonic()
        client = Client(port, trusting(folder, "first"))
        assert client.get("/healthz")[0] == 200
        assert time.monotonic() - began < 2, "somebody else's handshake was waited for"
        for peer in silent:
            try:
                while peer.recv(4096):
                    pass
            except ConnectionResetError:
                pass
        assert time.monotonic() - began < 12, "a handshake that does not go on should end after some seconds"
        # In the middle of an answer a client vanishes.
        for _ in range(20):
            rude = Client(port, trusting(folder, "first"))
            rude.connection.request("GET", path_of(served.urls["rotation"]))
            rude.connection.sock.close()
        assert Client(port, trusting(folder, "first")).get("/healthz")[0] == 200
        served.stop()
    finally:
        served.kill()


def test_the_certificate_is_renewed(folder):
    port = free_port()
    encrypted_copy(folder, port)
    make_certificate(folder, "second")
    served = Served(folder, port)
    log = folder / "log.txt"
    try:
        old = Client(port, trusting(folder, "first"))
        assert old.get("/healthz")[0] == 200 and old.subject() == "first"

        def reload():
            before = log.read_text().count("the configuration was read again")
            served.process.send_signal(signal.SIGHUP)
            served.until(lambda: log.read_text().count("the configuration was read again") > before, "a reload")

        # A file that is none, and a key of another certificate: nothing changes, and the log says why.
        (folder / "server.pem").write_text("no certificate")
        reload()
        assert "the old certificate stays in use" in log.read_text() and "no TLS certificate in PEM form" in log.read_text()
        (folder / "server.pem").write_bytes((folder / "second.pem").read_bytes())
        reload()
        assert "belongs to the certificate" in log.read_text()
        assert Client(port, trusting(folder, "first")).subject() == "first"
        # Both are right.
        (folder / "server.key").write_bytes((folder / "second.key").read_bytes())
        reload()
        new = Client(port, trusting(folder, "second"))
        assert new.subject() == "second" and new.get("/healthz")[0] == 200
        # Whoever was connected still is.
        assert old.get("/healthz")[0] == 200
        assert "take effect with the next start" not in log.read_text()
        served.stop()
    finally:
        served.kill()


def test_a_bad_certificate_at_the_start(folder):
    port = free_port()
    encrypted_copy(folder, port)
    make_certificate(folder, "second")
    (folder / "server.key").write_bytes((folder / "second.key").read_bytes())
    done = subprocess.run([BINARY, "serve", "--config", str(folder / "watchbill.toml")], capture_output=True, text=True, timeout=DEADLINE, check=False)
    assert done.returncode == 1 and "belongs to the certificate" in done.stderr and "server.key" in done.stderr, done
    # An encrypted key would need somebody to type.
    subprocess.run(["openssl", "ec", "-aes256", "-passout", "pass:secret", "-in", str(folder / "first.key"), "-out", str(folder / "server.key")],
                   check=True, capture_output=True)
    done = subprocess.run([BINARY, "serve", "--config", str(folder / "watchbill.toml")], capture_output=True, text=True, timeout=DEADLINE, check=False)
    assert done.returncode == 1 and "must not be encrypted" in done.stderr, done


def test_an_expired_certificate_is_told(folder):
    port = free_port()
    encrypted_copy(folder, port)
    subprocess.run(["openssl", "x509", "-in", str(folder / "first.pem"), "-signkey", str(folder / "first.key"), "-days", "-1",
                    "-out", str(folder / "server.pem")], check=True, capture_output=True)
    served = Served(folder, port)
    try:
        assert "has expired" in (folder / "log.txt").read_text()
        served.stop()
    finally:
        served.kill()


sys.exit(run_tests(dict(globals())))
