"""A Dovecot of our own: POP3, IMAP and LMTP on loopback, with its state in the test's directory."""

import os
import pathlib
import pwd
import shutil
import subprocess
import time

from keeper import stop
from ports import choose_port, has_ipv6, wait_until_closed

_MAIL_USER = "nobody"

_CONFIGURATION = """\
base_dir = {home}/run
state_dir = {home}/state
instance_name = remotemail-test
log_path = {home}/dovecot.log
auth_verbose = yes
protocols = pop3 imap lmtp
listen = {listen}
default_internal_user = dovecot
default_login_user = dovenull
default_process_limit = 50
mail_location = maildir:{home}/mail/%n
mail_uid = {mail_user}
mail_gid = {mail_group}
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 50
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
lmtp_save_to_detail_mailbox = no
recipient_delimiter = +
pop3_uidl_format = %08Xu%08Xv
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%n {home}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%n {home}/users
  default_fields = home={home}/home/%n
}}
namespace inbox {{
  inbox = yes
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service pop3-login {{
  chroot =
  service_count = 0
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  unix_listener {home}/lmtp {{
    mode = 0666
  }}
}}
service auth {{
  unix_listener {home}/auth {{
    mode = 0666
  }}
}}
"""

_WITH_SIEVE = """\
sendmail_path = /usr/bin/env python3 -B {sendmail} {home}/lmtp
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve = file:%h/.dovecot.sieve
}}
"""

_WITH_CERTIFICATE = """\
local {address} {{
  ssl_cert = <{certificate}
  ssl_key = <{key}
}}
"""

_WITHOUT_TLS = """\
local {address} {{
  ssl = no
}}
"""


class Dovecot:
    """`other_certificates`: further addresses of loopback, each with (certificate, key) or None: no TLS offered.
    `with_sieve`: users' scripts run as mail is delivered; what these send goes through this Dovecot, too."""

    SIEVE = "/usr/lib/dovecot/modules/lib90_sieve_plugin.so"

    def __init__(self, directory, users, certificate, keeper, other_certificates=None, with_sieve=False):
        self.home = pathlib.Path(directory) / "dovecot"
        self.home.mkdir(mode=0o755)
        self.users = dict(users)
        self.ports = {name: choose_port() for name in ("pop3", "pop3s", "imap", "imaps")}
        self.lmtp_socket, self.auth_socket = self.home / "lmtp", self.home / "auth"
        self._keeper = keeper
        self._process = None
        others = other_certificates or {}
        addresses = ["127.0.0.1", *(["::1"] if has_ipv6() else []), *others]
        owner = pwd.getpwnam(_MAIL_USER)
        self._owner = (owner.pw_uid, owner.pw_gid)
        for name in ("mail", "home"):
            (self.home / name).mkdir(mode=0o755)
            os.chown(self.home / name, *self._owner)
        text = _CONFIGURATION.format(home=self.home, listen=", ".join(addresses), certificate=certificate[0],
                                     key=certificate[1], mail_user=owner.pw_uid, mail_group=owner.pw_gid,
                                     **self.ports)
        for address, pair in others.items():
            text += (_WITH_CERTIFICATE.format(address=address, certificate=pair[0], key=pair[1]) if pair
                     else _WITHOUT_TLS.format(address=address))
        if with_sieve:
            # Where Dovecot's mail user can read it.
            sendmail = self.home / "sendmail.py"
            shutil.copyfile(pathlib.Path(__file__).with_name("sendmail.py"), sendmail)
            sendmail.chmod(0o644)
            text += _WITH_SIEVE.format(home=self.home, sendmail=sendmail)
        (self.home / "dovecot.conf").write_text(text)
        self.write_users()

    def write_users(self):
        """What is in self.users counts from the next log-in."""
        file = self.home / "users.new"
        file.write_text("".join(f"{name}:{{PLAIN}}{password}::::::\n" for name, password in self.users.items()))
        shutil.chown(file, "dovecot")
        file.chmod(0o600)
        file.rename(self.home / "users")

    def start(self):
        self._log_before = len(self.log())
        with open(self.home / "output", "ab") as output:
            self._process = subprocess.Popen(["dovecot", "-F", "-c", self.home / "dovecot.conf"], stdout=output,
                                             stderr=output, stdin=subprocess.DEVNULL, start_new_session=True)
        self._keeper.watch(self._process.pid)
        until = time.monotonic() + 20
        while not (self.lmtp_socket.exists() and self.auth_socket.exists() and self._is_ready()):
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("Dovecot did not start:\n" + self.log())
            time.sleep(0.02)

    def _is_ready(self):
        return "starting up for" in self.log()[self._log_before:]

    def stop(self):
        if self._process:
            stop(self._process)
            for port in self.ports.values():
                wait_until_closed(port)

    def log(self):
        files = (self.home / "output", self.home / "dovecot.log")
        return "".join(file.read_text(errors="replace") for file in files if file.exists())

    def port(self, spool, security):
        return self.ports[spool + ("s" if security == "tls" else "")]

    def set_sieve(self, user, script):
        """What happens to this user's mail from now on; nothing is known of mails before."""
        home = self.home / "home" / user
        shutil.rmtree(home, ignore_errors=True)
        if script is None:
            return
        home.mkdir(mode=0o700)
        (home / ".dovecot.sieve").write_text(script)
        for path in (home, home / ".dovecot.sieve"):
            os.chown(path, *self._owner)

    # The maildir itself, for what no client would deliver and for counting without a session.
    def _maildir(self, user):
        path = self.home / "mail" / user
        for folder in (path, path / "tmp", path / "new", path / "cur"):
            if not folder.exists():
                folder.mkdir(mode=0o700)
                os.chown(folder, *self._owner)
        return path

    def put(self, user, data, name):
        """Puts a file into the mailbox as it is."""
        maildir = self._maildir(user)
        file = maildir / "tmp" / name
        file.write_bytes(data)
        os.chown(file, *self._owner)
        file.rename(maildir / "new" / name)

    def forget_uids(self, user):
        """As after a move to another server: the mails are the same, UIDVALIDITY, UIDs and UIDLs are not."""
        maildir = self._maildir(user)
        for pattern in ("dovecot-uid*", "dovecot.index*", "dovecot.list.index*"):
            for file in maildir.glob(pattern):
                file.unlink()

    def take_away(self, user):
        """Another client removes all mails at this moment."""
        maildir = self._maildir(user)
        for folder in ("new", "cur"):
            for file in (maildir / folder).iterdir():
                file.unlink()

    def count(self, user):
        maildir = self._maildir(user)
        return sum(len(list((maildir / folder).iterdir())) for folder in ("new", "cur"))
