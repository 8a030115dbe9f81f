#!/usr/bin/env python3
"""Where the tests' servers come from: nothing of the machine's own is replaced for them, and what cannot be had is skipped.

Usage: servers_test.py WATCHBILL_BINARY.
"""
import os
import re
import subprocess
import sys

from served import BINARY, PEERS, SOURCE, run_tests
from servers import SKIPPED, Skipped

# A machine with Debian's usual mail server.
EXIM = """Package: exim4-daemon-light
Status: install ok installed
Priority: optional
Section: mail
Maintainer: Nobody <nobody@example.com>
Architecture: all
Version: 99
Provides: mail-transport-agent
Conflicts: mail-transport-agent
Description: stands for the machine's mail server
"""
SERVERS = re.compile(r"postfix|cyrus|radicale|xandikos|nginx|sasl2-bin|exim4|sendmail|apache2")


def shell(script, *arguments, **variables):
    return subprocess.run(["bash", "-c", "set -euo pipefail; . scripts/packages.sh; . scripts/servers.sh; " + script, "bash", *map(str, arguments)],
                          cwd=SOURCE, capture_output=True, text=True, check=False, env={**os.environ, **variables})


def wanted():
    """What scripts install, of any of them."""
    listed = shell('printf "%s\\n" "${build_packages[@]}" "${test_packages[@]}" "${check_packages[@]}"').stdout.split()
    assert "catch2" in listed and "cmake" in listed and "clang-14" in listed, listed
    return listed


def shim(folder, **programs):
    """A folder to put before PATH, with these programs in it."""
    folder.mkdir()
    for name, text in programs.items():
        path = folder / name.replace("_", "-")
        path.write_text("#!/bin/bash\n" + text)
        path.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


def test_no_server_is_installed(_):
    found = [name for name in wanted() if SERVERS.search(name)]
    assert found == [], f"{found} are servers: unpack_servers"


def test_the_machines_mail_server_stays(folder):
    # Nothing else is there, so that everything is planned.
    (folder / "status").write_text(EXIM + "\n")
    plan = subprocess.run(["apt-get", "-o", f"Dir::State::status={folder}/status", "-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache=",
                           "-o", f"Dir::Log={folder}", "--simulate", "--yes", "--no-install-recommends", "install", *wanted()], capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C"})
    if plan.returncode != 0 and "Unable to locate package" in plan.stderr:
        raise Skipped("apt knows no packages here: apt-get update fetches its lists")
    assert plan.returncode == 0, plan.stderr
    removed = re.findall(r"^Remv (\S+)", plan.stdout, re.M)
    assert "Inst catch2 " in plan.stdout and removed == [], f"removed: {removed}"


def test_what_would_be_removed_is_named_and_nothing_done(folder):
    path = shim(folder / "bin",
                dpkg_query="exit 1\n",
                sudo='"$@"\n',
                apt_get=f'echo "$*" >>{folder}/asked\ncase "$*" in *--simulate*) echo "Remv own-mail-server [1]"; echo "Inst catch2 (1 Debian [all])" ;; esac\n')
    done = shell("install_missing catch2 && echo installed", PATH=path)
    assert done.returncode != 0 and "installed" not in done.stdout, done
    assert "own-mail-server" in done.stderr and "nothing was changed" in done.stderr, done.stderr
    asked = (folder / "asked").read_text().splitlines()
    assert asked and all("--simulate" in each or each.startswith("update") for each in asked), asked


def test_what_cannot_be_had_is_said(folder):
    path = shim(folder / "bin", dpkg_query="exit 1\n", apt_get=f"echo \"$*\" >>{folder}/asked\nexit 100\n")
    done = shell('servers="$1"; unpack_servers postfix radicale && echo goes on', folder / "servers", PATH=path)
    assert done.returncode == 0 and "goes on" in done.stdout, done
    for name in ("postfix", "radicale"):
        assert f"{name} can neither be downloaded nor copied: tests that need it are skipped" in done.stderr, done.stderr
        assert not (folder / "servers" / name / "unpacked").exists()
    # apt is only asked for a plan, for files and for lists of its own: for each server, but for the lists once.
    asked = (folder / "asked").read_text().splitlines()
    for each in asked:
        assert "--simulate" in each or each.endswith(" update") and f"Dir::State::Lists={folder}/servers/lists" in each, each
    assert len([each for each in asked if each.endswith(" update")]) == 1, asked


def test_what_is_installed_is_copied_where_nothing_can_be_downloaded(folder):
    (folder / "machine").mkdir()
    (folder / "machine" / "wrk").write_text("the machine's")
    path = shim(folder / "bin", apt_get="exit 100\n",
                dpkg_query=f'case "$*" in *--listfiles*) echo /.; echo {folder}/machine; echo {folder}/machine/wrk ;; *) echo installed ;; esac\n')
    done = shell('servers="$1"; unpack_servers wrk', folder / "servers", PATH=path)
    assert done.returncode == 0 and done.stderr == "", done
    copy = folder / "servers" / "wrk" / str(folder)[1:] / "machine" / "wrk"
    assert copy.read_text() == "the machine's" and (folder / "servers" / "wrk" / "unpacked").exists()


def test_what_is_unpacked_is_kept_until_the_machine_changes(folder):
    (folder / "package" / "DEBIAN").mkdir(parents=True)
    (folder / "package" / "DEBIAN" / "control").write_text("Package: wrk\nVersion: 1:2-3\nArchitecture: all\nMaintainer: N <n@example.com>\nDescription: x\n")
    (folder / "package" / "usr" / "bin").mkdir(parents=True)
    (folder / "package" / "usr" / "bin" / "wrk").write_text("ours")
    subprocess.run(["dpkg-deb", "--root-owner-group", "--build", "package", "wrk.deb"], cwd=folder, check=True, capture_output=True)
    (folder / "installed").write_text("one\n")
    path = shim(folder / "bin", dpkg_query=f"cat {folder}/installed\n",
                apt_get=f"echo \"$*\" >>{folder}/asked\ncase \"$*\" in\n"
                        "*--simulate*) echo 'Remv own-mail-server [1]'; echo 'Inst wrk [1:1] (1:2-3 Debian:12/stable [all])' ;;\n"
                        f"*download*) [[ \"$*\" = *wrk=1:2-3 ]] && cp {folder}/wrk.deb 'wrk_1%3a2-3_all.deb' ;;\nesac\n")
    for installed, times in (("one\n", 1), ("one\n", 1), ("one\ntwo\n", 2)):
        (folder / "installed").write_text(installed)
        done = shell('servers="$1"; unpack_servers wrk', folder / "servers", PATH=path)
        assert done.returncode == 0 and done.stderr == "", done
        assert (folder / "servers" / "wrk" / "usr" / "bin" / "wrk").read_text() == "ours"
        assert (folder / "asked").read_text().count("--simulate") == times


def test_tests_without_their_servers_are_skipped(folder):
    def run(*arguments):
        return subprocess.run([sys.executable, *map(str, arguments)], cwd=PEERS, capture_output=True, text=True, check=False,
                              env={**os.environ, "WATCHBILL_SERVERS": str(folder)})

    done = run(PEERS / "caldav_test.py", BINARY)
    assert done.returncode == SKIPPED and "FAILED" not in done.stdout, f"{done.returncode} {done.stdout}{done.stderr}"
    assert f"skipped test_radicale_is_read: radicale is not in {folder}" in done.stdout, done.stdout
    done = run(PEERS / "dav_servers.py", "Cyrus", folder)
    assert done.returncode == SKIPPED and done.stdout.startswith("skipped: cyrus is not in "), done
    done = run("-c", "import pathlib, postfix, sys; postfix.Postfix(pathlib.Path(sys.argv[1]))", folder)
    assert "Skipped: " in done.stderr, done


if __name__ == "__main__":
    sys.exit(run_tests(dict(globals())))
