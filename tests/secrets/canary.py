"""Unique secrets everywhere, the product through all it does, then a search in all that it leaves and says [Y3] [Y4]."""

import pathlib
import random
import re
import shutil
import string
import tempfile
import unittest

from desk import Desk, Host, no_core_file
from traces import Traces
from visitor import Visitor

DOMAIN = "example.test"


def fresh(length=20):
    """Letters and digits, as every kind of password may have."""
    return "".join(random.SystemRandom().choice(string.ascii_letters + string.digits) for _ in range(length))


def command(body, subject, number, extra=""):
    return (f"From: ce@{DOMAIN}\r\nTo: copier@{DOMAIN}\r\nSubject: {subject}\r\nDate: Sun, 22 Nov 2026 10:00:00 +0900\r\n"
            f"Message-ID: <{number}@ce.example>\r\n{extra}\r\n{body}").encode()


class Canary(unittest.TestCase):
    program = mail_host = None

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="remotemail-canary-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.desk = Desk(self.program, self.directory)
        self.addCleanup(self.desk.stop)
        # Names say what each is. Signs that dialogues quote and encode stand in the servers' ones.
        self.secret = {name: fresh() for name in (
            "CE password", "CE password by CHPASS", "CE password set by mail", "CE password set later", "old one guessed in CHPASS",
            "new one beside a wrong guess", "guess in a Subject", "operator password", "maintenance password",
            "misspelt setting", "line without =", "Subject of an illegal mail", "Subject of an automatic mail",
            "Subject of a large mail", "Subject of a bounce")}
        self.secret["mailbox password"] = fresh() + 'a"b\\c d' + fresh()
        self.secret["SMTP password"] = fresh() + "=+/" + fresh()
        self.secret["ill-formed CE password"] = fresh(40)
        self.secret["ill-formed new one in CHPASS"] = fresh(40)
        self.mails = 0

    def host(self, name, *faults):
        host = Host(self.mail_host, self.directory / name,
                    {"copier": self.secret["mailbox password"], "relay": self.secret["SMTP password"],
                     "ce": "ce", "manager": "manager", "admin": "admin"}, faults, DOMAIN)
        self.addCleanup(host.stop)
        return host

    def settings(self, host, spool="imap"):
        return {
            "security.ca_file": host.directory / "ca.pem",
            "transmission.manager_address": f"manager@{DOMAIN}", "transmission.smtp_server": "localhost",
            "transmission.smtp_port": host.ports["smtps"], "transmission.smtp_user": "relay",
            "transmission.smtp_password": self.secret["SMTP password"],
            "reception.server": "localhost", "reception.spool": spool, "reception.port": host.ports[spool + "s"],
            "reception.user": "copier", "reception.password": self.secret["mailbox password"],
            "reception.address": f"copier@{DOMAIN}", "reception.nickname": "canary",
            "reception.notice": "all", "reception.administrator_address": f"admin@{DOMAIN}",
            "reception.enabled": "yes",
        }

    def import_lines(self, settings):
        lines = "".join(f"{key}={value}\n" for key, value in settings.items()).encode()
        status, said = self.desk.run_looked_at("settings", "import", "-", stdin=lines)
        self.assertEqual(status, 0, said)

    def set_secret(self, key, value):
        return self.desk.run("settings", "set", key + "=-", stdin=value.encode())

    def mail(self, host, body, subject, extra=""):
        self.mails += 1
        host.deliver("copier", command(body, subject, self.mails, extra))

    def test_canary(self):
        """secrets leave no trace in state, logs, outputs, exports, backups, process lists and mails [Y3] [Y4]"""
        honest = self.host("honest", "smtp connect 1 refuse")
        self.hosts = [honest]
        self.set_up(honest)
        self.answer_while_sending_fails(honest)
        self.serve(honest)
        self.server_that_quotes_a_reply()
        self.wrong_use()
        self.back_up_and_restore()
        self.servers_that_repeat_passwords()
        self.search(honest)

    # --- the product through all it does ---

    def set_up(self, host):
        first = self.settings(host)
        first["reception.ce_password"] = self.secret["CE password"]
        self.import_lines(first)
        for key, name in (("security.operator_password", "operator password"),
                          ("security.maintenance_password", "maintenance password")):
            self.assertEqual(self.set_secret(key, self.secret[name])[0], 0)
        file = self.directory / "given"  # a file that whoever set it wrote, no place of ours
        file.write_text(self.secret["SMTP password"])
        self.assertEqual(self.desk.run("settings", "set", f"transmission.smtp_password=@{file}")[0], 0)
        file.unlink()
        self.secret_key = (self.desk.state / "key").read_bytes()
        self.assertEqual(len(self.secret_key), 32)

    def answer_while_sending_fails(self, host):
        secret = self.secret
        self.mail(host, f"GETLOG COUNTER\r\nCHPASS {secret['CE password']} {secret['CE password by CHPASS']}\r\n",
                  secret["CE password"])
        self.mail(host, "HELP\r\n", secret["CE password"])  # the old one: illegal by now
        self.mail(host, f"CHPASS {secret['old one guessed in CHPASS']} {secret['new one beside a wrong guess']}\r\n"
                        f"CHPASS {secret['CE password by CHPASS']} {secret['ill-formed new one in CHPASS']}\r\n",
                  secret["CE password by CHPASS"])
        self.desk.run("once")
        waiting = self.desk.run("outbox", "list", "--json")[1].decode()
        self.assertIn("Password change", waiting)
        for identity in re.findall(r"rm\.([a-z0-9]{8})", waiting):
            self.desk.run("outbox", "show", identity)
        self.search_state("while replies wait")
        for _ in range(3):
            self.desk.run("once", "--json")
        self.assertEqual(self.desk.run("outbox", "list")[1].count(b"Password change"), 0)
        self.search_state("after the replies were sent")

    def serve(self, host):
        secret = self.secret
        right = secret["CE password by CHPASS"]
        service = self.desk.start()
        for near in (right + "x", right[:-1], right.swapcase(), f"Re: {right}", secret["guess in a Subject"],
                     secret["Subject of an illegal mail"] + " with blanks"):
            self.mail(host, "GETLOG\r\nCHPASS " + secret["old one guessed in CHPASS"] + " x\r\n", near)
        self.mail(host, "GETLOG\r\n", secret["Subject of an automatic mail"], "Auto-Submitted: auto-replied\r\n")
        self.mail(host, "x" * 70 + "\r\n" + "GETLOG\r\n" * 2000, secret["Subject of a large mail"])
        self.mail(host, "GETLOG\r\n", secret["Subject of a bounce"], "Return-Path: <>\r\n")
        self.mail(host, "GETLOG\r\nHELP\r\nCHPAS\r\n", right)
        for words in (["poll"], ["status"], ["status", "--json"], ["log", "-n", "1000"], ["log", "--json"],
                      ["list", "--all"], ["panel"], ["panel", "copy", "3"], ["test", "send"], ["test", "round-trip"],
                      ["check"], ["check", "--json"], ["outbox"], ["outbox", "list", "--json"], ["settings", "list"],
                      ["settings", "list", "--json"], ["settings", "export"], ["poll"]):
            self.desk.run(*words)
        for key in ("reception.password", "transmission.smtp_password", "reception.ce_password",
                    "security.operator_password", "security.maintenance_password"):
            self.assertEqual(self.desk.run("settings", "get", key), (0, b"set\n"))
        self.desk.reload("[log]\nlevel=debug\n", b"read again")
        self.desk.reload(f"[reception]\npassword={secret['misspelt setting']}\n", b"stays as it was")
        self.visit_pages()
        self.desk.configuration.write_text("[log]\nlevel=debug\n")
        self.assertEqual(self.set_secret("reception.ce_password", secret["CE password set later"])[0], 0)
        self.mail(host, f"CHPASS {secret['CE password set later']} {secret['CE password by CHPASS']}\r\n",
                  secret["CE password set later"])
        self.desk.run("poll")
        self.desk.run("poll")
        self.desk.look_at_service()
        tests = [mail for mail in host.mails("copier") if b"X-Remotemail-Test: " in mail]
        self.assertEqual(len(tests), 1)
        self.secret["test token"] = re.search(rb"X-Remotemail-Test: (\S+)", tests[0]).group(1).decode()
        self.search_state("while the service runs")
        self.desk.end(kill=True)
        self.search_state("after it was killed")
        service = self.desk.start()
        self.desk.run("backup", self.directory / "while_running.backup")
        self.desk.end()
        self.assertEqual(service.returncode, 0)

    def visit_pages(self):
        """Every page, before and behind the log-ins; forms that are refused, and passwords that are wrong."""
        secret = self.secret
        self.desk.reload("[log]\nlevel=debug\n[web]\nlisten=127.0.0.1:0\n", b"the pages are at ")
        visitor = Visitor(re.search(rb"the pages are at (\S+)", self.desk.service_log()).group(1).decode())
        visitor.look_at_all()
        for part, name in (("environment", "operator password"), ("maintenance", "maintenance password")):
            visitor.send(f"/{part}", {"password": secret["guess in a Subject"]})
            self.assertEqual(visitor.send(f"/{part}", {"password": secret[name]})[0], 303)
        refused = {"transmission.smtp_port": "none", "transmission.smtp_password": secret["misspelt setting"]}
        self.assertNotEqual(visitor.send("/environment/transmission", refused)[0], 303)
        refused = {"reception.interval": "0", "reception.password": secret["misspelt setting"],
                   "reception.ce_password": secret["ill-formed CE password"]}
        self.assertNotEqual(visitor.send("/maintenance/reception", refused)[0], 303)
        applied = {"reception.nickname": "canary", "reception.ce_password": secret["CE password by CHPASS"]}
        self.assertEqual(visitor.send("/maintenance/reception", applied)[0], 303)
        visitor.send("/maintenance/check", {})
        visitor.look_at_all()
        self.assertIn("E-Mail reception setting", visitor.look("/maintenance/reception"))
        self.desk.outputs += visitor.seen
        self.search_state("after the pages were visited")

    def server_that_quotes_a_reply(self):
        """A filter that dislikes a mail and says which words of it: those of CHPASS's own reply."""
        now, then = self.secret["CE password by CHPASS"], self.secret["CE password set by mail"]
        self.filter = self.host("filter", *(f"smtp dot {n} 554 5.7.1 not wanted: New Password:[{then}]" for n in (1, 2)))
        self.import_lines({**self.settings(self.filter), "reception.notice": "no"})  # both are replies of CHPASS
        self.mail(self.filter, f"CHPASS {now} {then}\r\nCHPASS {then} {now}\r\n", now)
        for words in (["once"], ["log", "-n", "1000"], ["outbox", "list"], ["status"]):
            self.desk.run(*words)
        self.import_lines(self.settings(self.hosts[0]))
        self.search_state("after a filter quoted a reply")

    def wrong_use(self):
        secret = self.secret
        for key, value in (("reception.ce_password", secret["ill-formed CE password"]),
                           ("security.operator_password", secret["ill-formed CE password"] + " x"),
                           ("reception.password", secret["mailbox password"] + "\n" + secret["line without ="]),
                           ("reception.pasword", secret["misspelt setting"])):
            self.assertNotEqual(self.set_secret(key, value)[0], 0, key)
        for lines in (f"reception.passwort={secret['misspelt setting']}\n", f"{secret['line without =']}\n",
                      f"reception.password {secret['line without =']}\n",
                      f"reception.interval={0}\nreception.password={secret['misspelt setting']}\n"):
            self.assertNotEqual(self.desk.run("settings", "import", "-", stdin=lines.encode())[0], 0)
        self.desk.run("settings", "get", "reception.pasword")
        self.desk.run("bogus")

    def back_up_and_restore(self):
        backup, with_key = self.directory / "plain.backup", self.directory / "with_key.backup"
        self.assertEqual(self.desk.run("backup", backup)[0], 0)
        self.assertEqual(self.desk.run("backup", "--with-key", with_key)[0], 0)
        self.assertEqual(self.desk.run("restore", backup, "--yes")[0], 0)
        self.assertEqual(self.desk.run("restore", with_key, "--yes")[0], 0)
        other = self.directory / "state_elsewhere"
        self.assertEqual(self.desk.run("restore", with_key, state=other)[0], 0)
        self.assertEqual(self.desk.run("settings", "get", "reception.password", state=other), (0, b"set\n"))
        self.assertNotEqual(self.desk.run("restore", self.desk.configuration, "--yes")[0], 0)

    def servers_that_repeat_passwords(self):
        """Each refusal repeats what was sent, as it is and as it was encoded."""
        mailbox, smtp = self.secret["mailbox password"], self.secret["SMTP password"]
        import base64
        encoded = {name: base64.b64encode(f"\0{user}\0{word}".encode()).decode()
                   for name, user, word in (("mailbox", "copier", mailbox), ("smtp", "relay", smtp))}
        hosts = [
            self.host("quotes_login", f"pop3 login refuse no {mailbox} here", f"imap login refuse no {mailbox} here",
                      f"smtp login refuse no {smtp} here"),
            self.host("quotes_encoded", f"pop3 login refuse {encoded['mailbox']}",
                      f"imap login refuse {encoded['mailbox']}", f"smtp login refuse {encoded['smtp']}"),
            self.host("quotes_late", f"pop3 STAT refuse {mailbox}", f"pop3 UIDL refuse {mailbox}",
                      f"imap SELECT refuse {mailbox}", f"smtp MAIL 550 {smtp}"),
            self.host("quotes_at_recipient", f"smtp RCPT 550 {smtp}"),
            self.host("quotes_at_dot", f"smtp dot 554 {smtp}"),
        ]
        for host in hosts:
            for spool in ("pop3", "imap"):
                self.import_lines({**self.settings(host, spool), "reception.enabled": "no"})
                self.desk.run("settings", "set", "reception.enabled=yes", "--yes")
                self.mail(host, "GETLOG\r\n", self.secret["CE password by CHPASS"])
                self.desk.run("once")
                self.desk.run("test", "send")
                self.desk.run("check")
                self.desk.run("settings", "set", "reception.enabled=no")
                self.desk.run("settings", "set", "reception.enabled=yes")
                self.desk.start()
                self.desk.run("poll")
                for words in (["status"], ["log", "-n", "1000"], ["outbox", "list"], ["outbox", "list", "--json"]):
                    self.desk.run(*words)
                self.desk.end()
        self.hosts += hosts

    # --- the search ---

    # Where a secret may stand, and the rule that says so. All else is a leak.
    ALLOWED_FILES = {
        "state/key": ("sealing key", "Y3: the sealing key is 32 octets in a 0600 file of the state directory"),
        "state_elsewhere/key": ("sealing key", "Y3: as state/key, of the state restored elsewhere"),
        "state_elsewhere/key.before-restore": ("sealing key", "Y3: the key that a restore replaced"),
        "state/key.before-restore": ("sealing key", "Y3: the key that a restore replaced"),
        "with_key.backup": ("sealing key", "Y3: a backup --with-key was asked to hold it"),
    }

    def traces(self):
        secrets = {name: text.encode() for name, text in self.secret.items()}
        secrets["sealing key"] = self.secret_key
        return Traces(secrets)

    def search_state(self, when):
        """Database, write-ahead log, -shm and whatever else lies in the state directory or a temporary one."""
        traces = self.traces()
        for name, data in self.desk.files(self.desk.state, self.desk.temporary):
            allowed = {self.ALLOWED_FILES[name][0]} if name in self.ALLOWED_FILES else set()
            self.assertEqual(traces.found_in(data) - allowed, set(), f"{name} {when}")

    def search(self, honest):
        traces = self.traces()
        self.search_state("at the end")
        state = self.directory / "state_elsewhere"
        backups = [(path.name, path.read_bytes()) for path in sorted(self.directory.glob("*.backup"))]
        self.assertEqual(len(backups), 3)
        for name, data in [*self.desk.files(state), *backups]:
            allowed = {self.ALLOWED_FILES[name][0]} if name in self.ALLOWED_FILES else set()
            self.assertEqual(traces.found_in(data) - allowed, set(), name)
        for name, data in self.desk.outputs + self.desk.logs():
            self.assertEqual(traces.found_in(data), set(), name + "\n" + data.decode(errors="replace"))
        for name, shown, limits in self.desk.processes:
            self.assertEqual(traces.found_in(shown), set(), name)
            self.assertTrue(no_core_file(limits), name)
        replies = 0
        for host in [self.filter, *self.hosts]:
            mails = [mail for user in ("ce", "manager", "admin") for mail in host.mails(user)]
            mails += [mail for mail in host.mails("copier") if b"\r\nX-Loop:" in mail.partition(b"\r\n\r\n")[0]]
            for mail in mails:
                found = traces.found_in(mail)
                header = mail.partition(b"\r\n\r\n")[0]
                if b"\r\nTo: ce@" in header and b"\r\nSubject: Password change" in header:
                    # F16, F17, F18: CHPASS's own reply shows the line, or the new password.
                    found -= {"CE password", "CE password by CHPASS", "CE password set by mail", "old one guessed in CHPASS", "CE password set later",
                              "new one beside a wrong guess", "ill-formed new one in CHPASS"}
                    replies += 1
                if b"\r\nX-Remotemail-Test:" in header:
                    found -= {"test token"}  # C3: by it our own mail is recognised
                self.assertEqual(found, set(), mail.decode(errors="replace"))
        # The search finds what it shall find: else all of the above says nothing.
        self.assertGreaterEqual(replies, 3)
        key = (self.desk.state / "key").read_bytes()
        self.assertEqual(key, self.secret_key)
        self.assertEqual(traces.found_in(key), {"sealing key"})
        self.assertIn("sealing key", traces.found_in((self.directory / "with_key.backup").read_bytes()))
        shown = b"".join(mail for mail in honest.mails("ce") if b"\r\nSubject: Password change" in mail)
        self.assertIn("CE password by CHPASS", traces.found_in(shown))


class Search(unittest.TestCase):
    def test_forms(self):
        """the search finds a secret in every form, broken over lines too, and nothing else"""
        import base64
        import quopri
        secret = fresh(24).encode()
        traces = Traces({"it": secret})
        for data in (secret, b"x" + secret + b"y", *(base64.b64encode(b"z" * n + secret + b"tail") for n in range(4)),
                     secret.hex().encode(), secret.hex().upper().encode(), secret.decode().encode("utf-16"),
                     secret.decode().encode("utf-16-be"), quopri.encodestring(b"\xe4" * 20 + secret),
                     b"a" + secret[:14], secret[:8] + b"=\r\n" + secret[8:], base64.encodebytes(b"x" * 40 + secret)):
            self.assertEqual(traces.found_in(data), {"it"}, data)
        for data in (secret.swapcase(), base64.b64encode(secret.swapcase()), b"", secret[:11] + b"?" + secret[13:]):
            self.assertEqual(traces.found_in(data), set(), data)
