"""Servers that restart, renumber, and share their mailbox; folders of IMAP."""

import imaplib
import ssl

from mail_site import COPIER, ENGINEER, PASSWORDS, address
from service import WithService
from wrong_setups import command_mail


class OddServers(WithService):
    def test_mailbox_server_restarts(self):
        """a mailbox server that is down for a while: one line when trouble starts, one when it ends [R7] [fault 1]"""
        copier = self.site.new_copier()
        service = self.site.service_of(copier)
        self.mail_command()
        self.site.dovecot.stop()
        for _ in range(3):
            self.assertEqual(copier.command("poll").returncode, 1)
        self.site.dovecot.start()
        self.poll(copier)
        self.assertEqual(self.topics(), ["Counter list"])
        self.assertEqual(service.terminate(10), 0)
        troubles = [line for line in service.lines if "receiving mail server" in line]
        self.assertEqual(len(troubles), 2, service.lines)
        self.assertIn("connection refused", troubles[0])
        self.assertIn("works again", troubles[1])

    def test_smtp_server_restarts(self):
        """an SMTP server that is down for a while: replies wait, nothing is executed twice [R2] [R6]"""
        copier = self.site.new_copier()
        self.site.postfix.stop()
        try:
            for number in range(3):
                self.site.deliver(command_mail(number=number), address(ENGINEER), address(COPIER))
            status, report = copier.once()
            self.assertEqual((status, report["answered"], report["waiting"]), (1, 3, 3), report)
            self.assertEqual(self.site.dovecot.count(COPIER), 0)
            self.assertEqual(copier.once()[1]["fetched"], 0)
        finally:
            self.site.postfix.start()
        status, report = copier.once()
        self.assertEqual((status, report["sent"], report["waiting"]), (0, 3, 0), report)
        self.assertEqual(self.topics(), ["Counter list"] * 3)

    def test_renumbered_mails(self):
        """mails answered already that come under new numbers are not answered again [R3] [fault 22] [fault 23]"""
        for spool, words in (("pop3", b"DELE"), ("imap", b"STORE")):
            with self.subTest(spool):
                copier, receiving, _ = self.relayed_copier(spool)
                service = self.site.service_of(copier)
                for number in range(2):
                    self.mail_command(number=number)
                receiving.hold(from_client=words)
                self.start_poll(copier)
                self.assertTrue(receiving.wait_until_held())
                service.kill()
                receiving.cut()
                self.site.dovecot.forget_uids(COPIER)
                self.mail_command("HELP\r\n", number=2)
                report = copier.once()[1]
                self.assertEqual((report["fetched"], report["answered"]), (3, 1), report)
                self.assertEqual(self.topics(), ["Counter list", "Counter list", "Help"])
                self.assertEqual(self.site.dovecot.count(COPIER), 0)

    def test_mails_that_another_client_takes(self):
        """mails that vanish between listing and fetching harm nothing [fault 42]"""
        for spool, words in (("pop3", b"RETR"), ("imap", b"BODY.PEEK")):
            with self.subTest(spool):
                copier, receiving, _ = self.relayed_copier(spool)
                service = self.site.service_of(copier)
                self.mail_command()
                receiving.hold(from_client=words)
                self.start_poll(copier)
                self.assertTrue(receiving.wait_until_held())
                self.site.dovecot.take_away(COPIER)
                receiving.release()
                self.mail_command("HELP\r\n", number=2)
                copier.command("poll")
                copier.command("poll")
                self.assertEqual(self.topics(), ["Help"])
                self.assertEqual(self.site.dovecot.count(COPIER), 0)
                self.assertEqual(copier.status()["set_aside"], 0)
                self.assertEqual(service.terminate(10), 0)

    def test_damaged_mail(self):
        """a mail at which Dovecot ends the connection keeps no other from its answer [R1, R3] [fault 5]"""
        copier = self.site.new_copier(spool="imap")
        # IMAP's BODY[] of a file whose name claims more than it holds; POP3 hands it out as it is.
        self.site.dovecot.put(COPIER, command_mail(number=9), "1.damaged,S=9000,W=9100")
        for number in range(2):
            self.site.deliver(command_mail(number=number), address(ENGINEER), address(COPIER))
        status, report = copier.once()
        self.assertEqual((status, report["answered"]), (1, 2), report)
        self.assertIn("error", report)
        self.assertEqual(self.topics(), ["Counter list"] * 2)
        self.assertEqual(self.site.dovecot.count(COPIER), 1)
        service = self.site.service_of(copier)
        for number in range(2, 5):
            self.site.deliver(command_mail(number=number), address(ENGINEER), address(COPIER))
            copier.command("poll")
            self.assertEqual(len(self.topics()), number + 1)
        self.assertEqual(copier.command("poll").returncode, 0)
        self.assertEqual(service.terminate(10), 0)
        self.assertEqual(len([line for line in service.lines if "ended 3 connections at the mail" in line]), 1)

    def imap_client(self):
        context = ssl.create_default_context(cafile=self.site.authority.certificate)
        client = imaplib.IMAP4_SSL("127.0.0.1", self.site.dovecot.port("imap", "tls"), ssl_context=context)
        self.addCleanup(client.shutdown)
        client.login(COPIER, PASSWORDS[COPIER])
        return client

    def test_folders(self):
        """commands may arrive in any folder of IMAP, handled mails may be moved to another [B26]"""
        client = self.imap_client()
        commands, handled = 'R&D"1"', "Handled"
        on_the_wire = '"R&-D\\"1\\""'  # RFC 3501 5.1.3
        for folder in (on_the_wire, handled):
            self.assertEqual(client.create(folder)[0], "OK")
        copier = self.site.new_copier(spool="imap", reception__mailbox=commands, reception__done_folder=handled)
        self.mail_command("GETLOG ALL\r\n")
        client.append(on_the_wire, None, None, command_mail("HELP\r\n", number=2))
        client.append(on_the_wire, None, None, command_mail("HELP\r\n", number=3, subject="wrong"))
        status, report = copier.once()
        self.assertEqual((status, report["answered"], report["illegal"]), (0, 1, 1), report)
        self.assertEqual(self.topics(), ["Help"])
        self.assertEqual(self.site.dovecot.count(COPIER), 1, "the one in INBOX")
        self.assertEqual(client.select(on_the_wire)[1], [b"0"])
        self.assertEqual(client.select(handled)[1], [b"2"])

    def test_missing_folder(self):
        """a folder that does not exist is told as such"""
        copier = self.site.new_copier(spool="imap", reception__mailbox="Nowhere")
        done = copier.command("once")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no such mailbox", done.stderr)
        self.assertIn("check the mailbox's name", done.stderr)
