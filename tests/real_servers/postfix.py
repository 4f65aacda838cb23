"""A Postfix of our own: log-in checked by Dovecot, delivery into Dovecot by LMTP, all files in the test's directory."""

import os
import pathlib
import pwd
import shutil
import subprocess
import time

from keeper import stop
from ports import choose_port, has_ipv6, wait_until_closed

_MAIN = """\
compatibility_level = 3.6
config_directory = {home}/etc
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/log/postfix.log
maillog_file_prefixes = {home}/log
multi_instance_enable = no
myhostname = mx.mail.test
mydomain = mail.test
mydestination =
mynetworks =
inet_interfaces = loopback-only
inet_protocols = {protocols}
smtputf8_enable = no
alias_maps =
alias_database =
local_recipient_maps =
local_transport = error:there are no local users
default_transport = error:nothing leaves this test
relay_domains =
virtual_mailbox_domains = mail.test
virtual_transport = lmtp:unix:{lmtp}
disable_dns_lookups = yes
smtp_host_lookup = native
lmtp_destination_concurrency_limit = 1
virtual_destination_recipient_limit = 1
in_flow_delay = 0
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 4s
message_size_limit = {size_limit}
smtpd_forbid_bare_newline = yes
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}
smtpd_sasl_security_options = noanonymous
smtpd_tls_security_level = may
smtpd_tls_auth_only = no
smtpd_tls_chain_files = {key}, {certificate}
smtpd_tls_session_cache_database =
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = {refusals}permit_sasl_authenticated, reject
"""

_MASTER = """\
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

_DAEMONS = "/usr/lib/postfix/sbin"


class Postfix:
    """`other_certificates`: further addresses of loopback, each with (certificate, key) or None: no TLS offered.
    `refusals`: recipients that are refused at RCPT, with the server's words. `size_limit`: octets of one mail."""

    def __init__(self, directory, certificate, dovecot, keeper, other_certificates=None, refusals=None,
                 size_limit=None):
        self.home = pathlib.Path(directory) / "postfix"
        self.home.mkdir(mode=0o755)
        self.ports = {"smtp": choose_port(), "smtps": choose_port()}
        self._keeper = keeper
        self._process = None
        for name in ("etc", "queue", "data", "log"):
            (self.home / name).mkdir(mode=0o755)
        shutil.chown(self.home / "data", "postfix")
        table = "".join(f"{{ {address} = {answer} }}, " for address, answer in (refusals or {}).items())
        (self.home / "etc" / "main.cf").write_text(_MAIN.format(
            home=self.home, protocols="all" if has_ipv6() else "ipv4", lmtp=dovecot.lmtp_socket,
            auth=dovecot.auth_socket, certificate=certificate[0], key=certificate[1],
            size_limit=size_limit or 20_480_000,
            refusals=f"check_recipient_access inline:{{ {table.rstrip(', ')} }}, " if table else ""))
        (self.home / "etc" / "master.cf").write_text(_MASTER + self._listeners(other_certificates or {}))

    def _listeners(self, others):
        text = ""
        for address in ["127.0.0.1", *(["[::1]"] if has_ipv6() else []), *others]:
            options = ""
            if address in others:
                pair = others[address]
                options = (f" -o smtpd_tls_chain_files={pair[1]},{pair[0]}" if pair
                           else " -o smtpd_tls_security_level=none")
            text += f"{address}:{self.ports['smtp']} inet n - n - - smtpd{options}\n"
            text += f"{address}:{self.ports['smtps']} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes{options}\n"
        return text

    def _create_queue(self):
        # The directories that the package's list names, without its files and the rights of the system's Postfix.
        owner = pwd.getpwnam("postfix").pw_uid
        for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private",
                     "saved", "trace"):
            path = self.home / "queue" / name
            path.mkdir(mode=0o700, exist_ok=True)
            os.chown(path, owner, -1)
        for name, mode in (("maildrop", 0o730), ("public", 0o710)):
            path = self.home / "queue" / name
            path.mkdir(mode=mode, exist_ok=True)
            shutil.chown(path, "postfix", "postdrop")
            path.chmod(mode)
        (self.home / "queue" / "pid").mkdir(mode=0o755, exist_ok=True)

    def start(self):
        self._create_queue()
        log_before = len(self.log())
        with open(self.home / "output", "ab") as output:
            # -s: stays in the foreground, as `postfix start-fg` starts it.
            self._process = subprocess.Popen(
                [f"{_DAEMONS}/master", "-s", "-c", self.home / "etc"], stdout=output, stderr=output,
                stdin=subprocess.DEVNULL, start_new_session=True,
                env={"PATH": os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                     "MAIL_CONFIG": str(self.home / "etc")})
        self._keeper.watch(self._process.pid)
        until = time.monotonic() + 20
        while "daemon started" not in self.log()[log_before:]:
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("Postfix did not start:\n" + self.log())
            time.sleep(0.02)

    def stop(self):
        if self._process:
            stop(self._process)
            for port in self.ports.values():
                wait_until_closed(port)

    def log(self):
        files = (self.home / "output", self.home / "log" / "postfix.log")
        return "".join(file.read_text(errors="replace") for file in files if file.exists())

    def port(self, security):
        return self.ports["smtps" if security == "tls" else "smtp"]

    def is_idle(self):
        """Nothing lies in the queue: whatever was accepted was delivered or returned."""
        return not any(file for name in ("maildrop", "incoming", "active", "deferred")
                       for file in (self.home / "queue" / name).rglob("*") if file.is_file())
