"""Servers that scripts/servers.sh unpacked into build/servers (or WATCHBILL_SERVERS): they run from there, never from what
the machine has installed."""
import os
import pathlib
import shutil

SERVERS = pathlib.Path(os.environ.get("WATCHBILL_SERVERS") or pathlib.Path(__file__).resolve().parents[2] / "build" / "servers")
SKIPPED = 77  # the exit code of a test that could not run for want of a server; ctest counts it as skipped


class Skipped(Exception):
    """Why a test cannot run here."""


class Unpacked:
    """One server's folder, which stands for "/" of the machine that its packages were made for."""

    def __init__(self, name, servers=SERVERS):
        self.root = servers / name
        if not (self.root / "unpacked").is_file():
            raise Skipped(f"{name} is not in {servers}, where scripts/test unpacks it from Debian's packages")

    def path(self, inside):
        """Of "usr/sbin/x" where it lies."""
        found = self.root / inside
        assert found.is_file(), f"{found} is not there: remove {self.root} and run scripts/test, which unpacks it again"
        return str(found)

    def folders(self, *patterns):
        return ":".join(str(found) for pattern in patterns for found in sorted(self.root.glob(pattern)))

    def environment(self):
        """What makes its programs take their libraries, plug-ins and modules from there."""
        return {**os.environ,
                "LD_LIBRARY_PATH": self.folders("usr/lib/*-linux-gnu*", "lib/*-linux-gnu*", "usr/lib/postfix"),
                "SASL_PATH": self.folders("usr/lib/*-linux-gnu*/sasl2"),
                "PYTHONPATH": self.folders("usr/lib/python3/dist-packages")}

    def for_everyone(self, folder):
        """Itself where others than root may enter, else a copy in that folder: a checkout may lie in root's home."""
        if all(parent.stat().st_mode & 0o001 for parent in (self.root, *self.root.parents)):
            return self
        shutil.copytree(self.root, folder / self.root.name, symlinks=True)
        return Unpacked(self.root.name, folder)

    def assert_runs(self, pid, program):
        """That the process is that program of ours: asked of the kernel."""
        running = os.readlink(f"/proc/{pid}/exe")
        assert running == os.path.realpath(program), f"{running} runs instead of {program}"
