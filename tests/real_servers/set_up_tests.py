"""`test send`, `test round-trip` and `check` against real servers: each step has its result, and the cure is named."""

import imaplib
import json
import ssl
import unittest

from mail_site import COPIER, MANAGER, PASSWORDS, address
from wrong_setups import WithServers


class SetUpTests(WithServers):
    REFUSALS = {"gone@mail.test": "550 5.1.1 no such user here"}

    def findings(self, copier, *words, status=0):
        done = copier.command(*words, "--json")
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        for secret in PASSWORDS.values():
            self.assertNotIn(secret, done.stdout + done.stderr)
        return {(each["part"], each.get("what", "")): each for each in json.loads(done.stdout)["findings"]}

    def test_good_set_ups(self):
        """both tests and the doctor pass over POP3 and IMAP, and leave the mailbox as it was [C1, C3, C4, C5]"""
        for spool in ("pop3", "imap"):
            with self.subTest(spool):
                copier = self.site.new_copier(spool=spool, security="starttls" if spool == "imap" else "tls",
                                              reception__enabled="no")
                self.mail_command()
                found = self.findings(copier, "check")
                self.assertEqual([each for each in found.values() if each["result"] == "failed"], [])
                self.assertIn("valid until", found["receiving mail server", "TLS and certificate"]["words"])
                self.assertIn("1 mail", found["receiving mail server", "mailbox"]["words"])
                self.findings(copier, "test", "send")
                self.site.wait_for_mails(MANAGER, 1)
                found = self.findings(copier, "test", "round-trip")
                self.assertEqual({each["result"] for each in found.values()}, {"passed"})
                self.assertEqual(self.site.dovecot.count(COPIER), 1)
                log = copier.log()
                self.assertEqual([each["result"] for each in log], ["sent", "sent", "arrived"], log)

    def test_steps_are_shown(self):
        """without --json each step is shown as it begins, then the two results [C3, C4]"""
        copier = self.site.new_copier()
        done = copier.command("test", "round-trip")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        steps = done.stderr.splitlines()
        for step in ("... connection", "... TLS", "... log-in", "... message"):
            self.assertIn(step, steps)
        self.assertEqual([line.split()[1] for line in done.stdout.splitlines()], ["sending", "receiving"])

    def test_in_a_running_service(self):
        """the running service carries tests and doctor out"""
        copier = self.site.new_copier(spool="imap")
        service = self.site.service_of(copier)
        self.findings(copier, "check")
        self.assertIn("passed", copier.checked("test", "round-trip"))
        self.assertEqual(service.terminate(10), 0)

    def test_wrong_password(self):
        """a refused log-in is told with the server's code and its cure; nothing is sent [C2, D11]"""
        copier = self.site.new_copier(spool="imap", reception__password="not-this-one")
        found = self.findings(copier, "check", status=1)
        self.assertEqual(found["receiving mail server", "connection"]["result"], "passed")
        login = found["receiving mail server", "log-in"]
        self.assertEqual(login["result"], "failed")
        self.assertIn("[AUTHENTICATIONFAILED]", login["words"])
        self.assertIn("password made for this program", login["words"])
        self.assertEqual(found["receiving mail server", "mailbox"]["result"], "skipped")
        found = self.findings(copier, "test", "round-trip", status=1)
        self.assertEqual(found["sending", ""]["result"], "skipped")
        self.findings(copier, "test", "send", status=1)
        self.assertEqual(self.site.dovecot.count(MANAGER), 0)

    def test_unknown_manager(self):
        """a Manager that the server does not know is told by check and by the sending test [C2, B9]"""
        copier = self.site.new_copier(transmission__manager_address=address("gone"))
        found = self.findings(copier, "check", status=1)
        failed = [key for key, each in found.items() if each["result"] == "failed"]
        self.assertIn("SMTP server", {part for part, _ in failed})
        found = self.findings(copier, "test", "send", status=1)
        self.assertIn("there is no such recipient", found["sending", ""]["words"])

    def test_a_mailbox_that_others_read(self):
        """IMAP tells that another mail program reads the mailbox [A7]"""
        copier = self.site.new_copier(spool="imap", reception__enabled="no")
        self.mail_command()
        context = ssl.create_default_context(cafile=self.site.authority.certificate)
        with imaplib.IMAP4_SSL("127.0.0.1", self.site.dovecot.port("imap", "tls"), ssl_context=context) as client:
            client.login(COPIER, PASSWORDS[COPIER])
            client.select()
            client.fetch("1", "(RFC822)")
        found = self.findings(copier, "check")
        self.assertEqual(found["receiving mail server", "used by others"]["result"], "note")
