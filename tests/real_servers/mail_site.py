"""The whole place: certificates, Dovecot, Postfix, a customer engineer, and copiers that he mails."""

import imaplib
import pathlib
import poplib
import shutil
import smtplib
import ssl
import tempfile
import time

from certificates import Authority
from copier import Copier
from dovecot import Dovecot
from keeper import Keeper
from postfix import Postfix

COPIER, ENGINEER, MANAGER, ADMINISTRATOR = "copier", "ce", "manager", "admin"
DOMAIN = "mail.test"
# Blanks and signs on purpose: a mailbox password is taken as it is (B18).
PASSWORDS = {COPIER: 'Mail box "7\\%=', ENGINEER: "ce-secret", MANAGER: "manager-secret", ADMINISTRATOR: "admin-secret"}
CE_PASSWORD = "U-BIX"

HOST_NAME = "mail.copier.test"
_GOOD_NAMES = ["DNS:localhost", f"DNS:{HOST_NAME}", "IP:127.0.0.1", "IP:::1"]


def address(user):
    return f"{user}@{DOMAIN}"


class MailSite:
    """Servers that live as long as one group of tests. stop() ends them; so does the end of this process."""

    # Addresses of loopback at which the servers show something that is wrong, by what is wrong.
    EXPIRED, OTHER_NAME, UNTRUSTED, WITHOUT_TLS = "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"

    def __init__(self, program, with_wrong_ones=False, refusals=None, size_limit=None, elsewhere=(), more_users=None,
                 with_sieve=False):
        """`elsewhere`: addresses beside those of loopback at which the servers stand, too."""
        self._program = program
        self.passwords = {**PASSWORDS, **(more_users or {})}
        self.keeper = Keeper()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="remotemail-real-"))
        self.keeper.watch_directory(self.directory)
        # The servers' own users pass through; what is secret in it has its own rights.
        self.directory.chmod(0o711)
        self.authority = Authority(self.directory, "authority")
        self.stranger = Authority(self.directory, "stranger")
        good = self.authority.issue("server", _GOOD_NAMES + [f"IP:{address}" for address in elsewhere])
        self.certificates = {}
        others = {address: good for address in elsewhere}
        if with_wrong_ones:
            self.certificates = {
                self.EXPIRED: self.authority.issue("expired", [f"IP:{self.EXPIRED}"], ends="20250101000000Z"),
                self.OTHER_NAME: self.authority.issue("other", ["DNS:elsewhere.test", "IP:127.0.0.99"]),
                self.UNTRUSTED: self.stranger.issue("untrusted", [f"IP:{self.UNTRUSTED}"]),
            }
            others |= {**self.certificates, self.WITHOUT_TLS: None}
        self.dovecot = Dovecot(self.directory, self.passwords, good, self.keeper, others, with_sieve)
        self.postfix = Postfix(self.directory, good, self.dovecot, self.keeper, others, refusals, size_limit)
        self._copiers = 0
        self._services = []
        try:
            self.dovecot.start()
            self.postfix.start()
        except BaseException:
            self.stop()
            raise

    def stop(self):
        self.stop_services()
        self.postfix.stop()
        self.dovecot.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    # --- the copier ---

    def settings(self, spool="pop3", security="tls", host="127.0.0.1", **changed):
        """A working set; in `changed`, `__` stands for the dot of a key."""
        settings = {
            "security.ca_file": self.authority.certificate,
            "transmission.manager_address": address(MANAGER),
            "transmission.smtp_server": host,
            "transmission.smtp_port": self.postfix.port(security),
            "transmission.smtp_security": security,
            "transmission.smtp_user": COPIER,
            "transmission.smtp_password": PASSWORDS[COPIER],
            "reception.spool": spool,
            "reception.server": host,
            "reception.port": self.dovecot.port(spool, security),
            "reception.security": security,
            "reception.user": COPIER,
            "reception.password": PASSWORDS[COPIER],
            "reception.address": address(COPIER),
            "reception.nickname": "Third-floor",
            "reception.ce_password": CE_PASSWORD,
            "reception.enabled": "yes",
            "limits.replies_per_sender": 0,
            "limits.replies": 0,
        }
        settings.update({key.replace("__", "."): value for key, value in changed.items()})
        return settings

    def use_program(self, program):
        """Copiers made from now on run this one."""
        self._program = program

    def new_copier(self, **choices):
        """A copier with a state of its own and empty mailboxes; its settings as `settings()` makes them."""
        self.empty_mailboxes()
        return self._add_copier(self.settings(**choices))

    def further_copier(self, user, **choices):
        """One more machine, with the mailbox of that user; the mails that are there stay."""
        return self._add_copier({**self.settings(), "reception.user": user, "reception.address": address(user),
                                 "reception.password": self.passwords[user], "transmission.smtp_user": user,
                                 "transmission.smtp_password": self.passwords[user],
                                 **{key.replace("__", "."): value for key, value in choices.items()}})

    def _add_copier(self, settings):
        self._copiers += 1
        copier = Copier(self._program, self.directory / f"state{self._copiers}", self.keeper)
        copier.set(settings)
        return copier

    def blank_copier(self, settings):
        """A copier as it comes from the factory, but for these settings; the mailboxes are empty."""
        self.empty_mailboxes()
        return self._add_copier(settings)

    def service_of(self, copier, alone=True):
        """`alone`: those that ran before are stopped, for they would take the mails out of the mailbox that all share."""
        if alone:
            self.stop_services()
        service = copier.run()
        self._services.append(service)
        service.wait_for("ready")
        return service

    def stop_services(self):
        while self._services:
            self._services.pop().stop()

    # --- the mail ---

    def submit(self, data, envelope_from, recipient):
        """Mails as a customer engineer's program does: TLS submission with log-in."""
        context = ssl.create_default_context(cafile=self.authority.certificate)
        with smtplib.SMTP_SSL("127.0.0.1", self.postfix.port("tls"), "ce.example", context=context) as client:
            client.login(ENGINEER, PASSWORDS[ENGINEER])
            client.sendmail(envelope_from, [recipient], data)

    def deliver(self, data, envelope_from, recipient):
        """Hands the mail to Dovecot, as a server of the outside world would have handed it to ours."""
        with smtplib.LMTP(str(self.dovecot.lmtp_socket)) as client:
            client.sendmail(envelope_from, [recipient], data)

    def wait_until(self, is_so, what, seconds=60):
        until = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > until:
                raise AssertionError(f"{what}: not within {seconds} s\n{self.postfix.log()[-3000:]}")
            time.sleep(0.01)

    def wait_for_mails(self, user, number, seconds=60):
        self.wait_until(lambda: self.dovecot.count(user) >= number, f"{number} mails of {user}", seconds)

    def wait_until_delivered(self):
        """Nothing is on the way any more."""
        self.wait_until(self.postfix.is_idle, "an empty queue")

    def mailbox(self, user, take=False):
        """The user's mails, read by POP3 with an independent client. `take`: they are gone then."""
        context = ssl.create_default_context(cafile=self.authority.certificate)
        client = poplib.POP3_SSL("127.0.0.1", self.dovecot.port("pop3", "tls"), context=context)
        try:
            client.user(user)
            client.pass_(self.passwords[user])
            numbers = range(1, len(client.list()[1]) + 1)
            mails = [b"\r\n".join(client.retr(number)[1]) + b"\r\n" for number in numbers]
            for number in numbers if take else ():
                client.dele(number)
            return mails
        finally:
            client.quit()

    def mailbox_by_imap(self, user):
        """As mailbox(), by IMAP."""
        context = ssl.create_default_context(cafile=self.authority.certificate)
        with imaplib.IMAP4_SSL("127.0.0.1", self.dovecot.port("imap", "tls"), ssl_context=context) as client:
            client.login(user, self.passwords[user])
            client.select("INBOX", readonly=True)
            numbers = client.search(None, "ALL")[1][0].split()
            return [client.fetch(number.decode(), "(BODY.PEEK[])")[1][0][1] for number in numbers]

    def empty_mailboxes(self):
        self.wait_until_delivered()
        context = ssl.create_default_context(cafile=self.authority.certificate)
        for user in self.passwords:
            if self.dovecot.count(user) == 0:
                continue
            with imaplib.IMAP4_SSL("127.0.0.1", self.dovecot.port("imap", "tls"), ssl_context=context) as client:
                client.login(user, self.passwords[user])
                client.select("INBOX")
                client.store("1:*", "+FLAGS.SILENT", "(\\Deleted)")
                client.expunge()
