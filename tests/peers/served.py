"""`watchbill serve` on a copy of the example team, for the tests beside this file."""
import functools
import json
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.error
import urllib.request

from servers import SKIPPED, Skipped

BINARY = sys.argv[1]
SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
PEERS = SOURCE / "tests" / "peers"
DEADLINE = 60  # seconds; generous, since nothing waits for it that does not go wrong


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class AsItIs(urllib.request.HTTPRedirectHandler):
    """What is answered, and not what stands where that leads to."""

    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(AsItIs)


class Served:
    """`watchbill serve` on a copy of the example team."""

    started = []  # processes, of all of them

    def __init__(self, folder, port, file_limit=None):
        """With file_limit no file that the process writes may be longer: a full disk."""
        self.folder, self.port = folder, port
        self.began = time.monotonic()
        log = open(folder / "log.txt", "ab")
        if file_limit is None:
            self.process = subprocess.Popen([BINARY, "serve", "--config", str(folder / "watchbill.toml")],
                                            stdout=subprocess.PIPE, stderr=log, text=True)
        else:
            # The log goes through a pipe, which has no length.
            self.log_writer = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=log)
            hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            self.process = subprocess.Popen([BINARY, "serve", "--config", str(folder / "watchbill.toml")],
                                            stdout=subprocess.PIPE, stderr=self.log_writer.stdin, text=True,
                                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, hard)))
            self.log_writer.stdin.close()
        Served.started.append(self.process)
        self.lines, self.changed = [], threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()
        self.wait_for(lambda text: "On duty now" in text and "\n  next:" in text)

    @functools.cached_property
    def urls(self):
        """The feeds' secret URLs by feed, of all teams. `serve` prints them to a terminal only."""
        urls = {}
        for team in re.findall(r"watchbill token list --team (\S+)$", self.text(), re.M):
            listed = subprocess.run([BINARY, "token", "list", "--json", "--team", team, "--config",
                                     str(self.folder / "watchbill.toml")], check=True, capture_output=True, text=True)
            urls |= {one["feed"]: one["url"] for one in json.loads(listed.stdout) if "feed" in one}
        return urls

    def limit_files(self, length):
        hard = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (length, hard))

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line)
                self.changed.notify_all()

    def text(self):
        return "".join(self.lines)

    def wait_for(self, condition):
        end = time.monotonic() + DEADLINE
        with self.changed:
            while not condition(self.text()):
                assert self.process.poll() is None, f"serve ended: {(self.folder / 'log.txt').read_text()}"
                assert self.changed.wait(max(0.01, end - time.monotonic())), f"not printed in time:\n{self.text()}"

    def get(self, url, method="GET", body=None, **headers):
        request = urllib.request.Request(url, data=body, method=method,
                                         headers={k.replace("_", "-"): v for k, v in headers.items()})
        try:
            with OPENER.open(request, timeout=20) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def until(self, condition, what):
        """Asks again until it holds; each question is a request, so this does not spin."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            found = condition()
            if found:
                return found
        raise AssertionError(f"{what} did not happen in {DEADLINE} s; log: {(self.folder / 'log.txt').read_text()[-2000:]}")

    def memory_mb(self, kind="VmRSS"):
        return int(re.search(kind + r":\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=DEADLINE) == 0, "SIGTERM should end serve with exit code 0"

    def kill(self):
        self.process.kill()
        self.process.wait()


def example_copy(folder, port, refresh=None):
    shutil.copytree(SOURCE / "feeds", folder, ignore=shutil.ignore_patterns("*.db*", "secret.key", "golden"), dirs_exist_ok=True)
    config = folder / "watchbill.toml"
    config.write_text(config.read_text().replace("127.0.0.1:8080", f"127.0.0.1:{port}"))
    if refresh:
        team = folder / "teams" / "payments.toml"
        team.write_text(team.read_text().replace('[team]\n', f'[team]\nrefresh = "{refresh}"\n', 1))


def events_of(feed):
    """uid -> properties, unfolded; enough to look at single values (the peers do the parsing)."""
    text = feed.decode().replace("\r\n ", "")
    events = {}
    for block in re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.S):
        properties = dict(re.findall(r"^([A-Z-]+)[^:\r\n]*:([^\r\n]*)", block, re.M))
        events[properties["UID"]] = properties
    return events


def run_tests(tests):
    """Each function whose name begins with test_, in a folder of its own. The exit code: 1 where one failed, else 77 where
    one was skipped."""
    failed = skipped = 0
    for name, test in list(tests.items()):
        if not name.startswith("test_"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(pathlib.Path(folder))
                print(f"ok      {name}")
            except Skipped as reason:
                skipped += 1
                print(f"skipped {name}: {reason}")
            except AssertionError as problem:
                failed += 1
                print(f"FAILED  {name}: {str(problem)[:2000]}")
            except Exception:  # pylint: disable=broad-except
                failed += 1
                print(f"FAILED  {name}: {traceback.format_exc()[-2000:]}")
            # What a failed test leaves running would keep its output open, for which ctest waits.
            while Served.started:
                process = Served.started.pop()
                if process.poll() is None:
                    process.kill()
                    process.wait()
    return 1 if failed else SKIPPED if skipped else 0
