"""A Postfix of its own: STARTTLS and AUTH on a free loopback port, mails into a Maildir. Needs root, as Postfix does.

It runs from where it was unpacked, with nothing of the machine's own mail server. No user is made for it: Debian's "mail"
and "daemon", which are everywhere, stand for "postfix" and "postdrop"."""
import atexit
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import time

from served import DEADLINE, free_port
from servers import Skipped, Unpacked

OWNER, SETGID_GROUP = "mail", "daemon"

class Postfix:
    def __init__(self, folder, domain="example.com", people=("alice", "bob"), password="correct horse"):
        if os.getuid() != 0:
            raise Skipped("Postfix can only be started by root")
        unpacked = Unpacked("postfix")
        environment = unpacked.environment()
        self.folder, self.port = folder / "postfix", free_port()
        for name in ("etc/sasl", "queue/pid", "data", "mail", "sasl"):
            (self.folder / name).mkdir(parents=True)
        # Postfix drops its rights on the way to these.
        for each in [self.folder, *self.folder.parents]:
            if str(each).startswith("/tmp/") or each == self.folder:
                each.chmod(0o755)
        nobody = pwd.getpwnam("nobody")
        shutil.chown(self.folder / "data", OWNER)
        # Otherwise `postfix start` makes these, which wants the users of the package.
        for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "private", "public",
                     "saved", "trace"):
            (self.folder / "queue" / name).mkdir()
            shutil.chown(self.folder / "queue" / name, OWNER, SETGID_GROUP if name in ("maildrop", "public") else None)
        os.chown(self.folder / "mail", nobody.pw_uid, nobody.pw_gid)
        self.certificate = self.folder / "server.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(self.folder / "server.key"),
                        "-out", str(self.certificate)], check=True, capture_output=True)
        subprocess.run([unpacked.path("usr/sbin/saslpasswd2"), "-p", "-c", "-f", str(self.folder / "sasl" / "db"), "-u", domain, "rota"],
                       input=password.encode(), check=True, capture_output=True, env=environment)
        shutil.chown(self.folder / "sasl" / "db", OWNER)
        # Where Debian's Postfix looks, whatever cyrus_sasl_config_path says.
        (self.folder / "etc" / "sasl" / "smtpd.conf").write_text(
            f"pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: {self.folder}/sasl/db\n")
        (self.folder / "etc" / "boxes").write_text("".join(f"{name}@{domain} {name}/\n" for name in people))
        (self.folder / "etc" / "main.cf").write_text(f"""compatibility_level = 3.6
daemon_directory = {unpacked.root}/usr/lib/postfix/sbin
command_directory = {unpacked.root}/usr/sbin
shlib_directory = {unpacked.root}/usr/lib/postfix
meta_directory = {self.folder}/etc
mail_owner = {OWNER}
setgid_group = {SETGID_GROUP}
default_privs = nobody
import_environment = MAIL_CONFIG LANG=C LD_LIBRARY_PATH SASL_PATH
queue_directory = {self.folder}/queue
data_directory = {self.folder}/data
maillog_file = {self.folder}/log
maillog_file_prefixes = {self.folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = localhost.{domain}
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {self.folder}/mail
virtual_mailbox_maps = texthash:{self.folder}/etc/boxes
virtual_uid_maps = static:{nobody.pw_uid}
virtual_gid_maps = static:{nobody.pw_gid}
smtpd_tls_cert_file = {self.certificate}
smtpd_tls_key_file = {self.folder}/server.key
smtpd_tls_security_level = encrypt
smtpd_sasl_auth_enable = yes
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
default_transport = error:no mail leaves this machine
""")
        (self.folder / "etc" / "master.cf").write_text(f"""127.0.0.1:{self.port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
""")
        # Itself, without the scripts of `postfix start`, which look after one of the machine.
        program = unpacked.path("usr/lib/postfix/sbin/master")
        with open(self.folder / "errors", "wb") as errors:
            self.process = subprocess.Popen([program, "-c", str(self.folder / "etc")], stdin=subprocess.DEVNULL, stdout=errors, stderr=errors,
                                            env=environment, start_new_session=True)
        atexit.register(self.stop)
        end = time.monotonic() + DEADLINE
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    assert connection.recv(3) == b"220"
                    break
            except (OSError, AssertionError):
                assert self.process.poll() is None, f"postfix does not start: {self.log()}"
                assert time.monotonic() < end, f"postfix does not answer: {self.log()}"
                time.sleep(0.1)
        unpacked.assert_runs(self.process.pid, program)

    def log(self):
        said = (path.read_text()[-3000:] for path in (self.folder / "errors", self.folder / "log") if path.exists())
        return "".join(said)

    def mails(self, name, at_least):
        """The bytes of that many mails in somebody's box, once they are there."""
        box = self.folder / "mail" / name
        end = time.monotonic() + DEADLINE
        while True:
            found = [path.read_bytes() for path in sorted(pathlib.Path(box / "new").glob("*"))] if box.exists() else []
            if len(found) >= at_least:
                return found
            assert time.monotonic() < end, f"{len(found)} of {at_least} mails for {name}: {self.log()}"
            time.sleep(0.1)

    def stop(self):
        # Its children die with it.
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=DEADLINE)
