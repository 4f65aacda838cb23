"""What goes wrong between a copier and real servers: one clear line that names cause and cure, and nothing is lost."""

import unittest

from certificates import pin_of
from inspection import ReceivedReply
from mail_site import CE_PASSWORD, COPIER, ENGINEER, HOST_NAME, MailSite, PASSWORDS, address
from name_server import NameServer
from ports import choose_port

_RECEIVING, _SENDING = "reception", "transmission"


def command_mail(body="GETLOG COUNTER\r\n", number=1, author=ENGINEER, subject=CE_PASSWORD):
    return (f"From: {address(author)}\r\nTo: {address(COPIER)}\r\nSubject: {subject}\r\n"
            f"Date: Sun, 22 Nov 2026 10:00:00 +0900\r\n"
            f"Message-ID: <command.{number}@ce.example>\r\n\r\n{body}").encode()


class WithServers(unittest.TestCase):
    """One pair of servers for the whole class; each test has a copier of its own and begins with empty mailboxes."""

    program = None
    REFUSALS = {}
    SIZE_LIMIT = None

    @classmethod
    def setUpClass(cls):
        cls.site = MailSite(cls.program, with_wrong_ones=True, refusals=cls.REFUSALS, size_limit=cls.SIZE_LIMIT)
        cls.addClassCleanup(cls.site.stop)

    def mail_command(self, body="GETLOG COUNTER\r\n", number=1, **how):
        before = self.site.dovecot.count(COPIER)
        self.site.submit(command_mail(body, number, **how), address(ENGINEER), address(COPIER))
        self.site.wait_for_mails(COPIER, before + 1)

    def replies(self, user=ENGINEER):
        self.site.wait_until_delivered()
        return [ReceivedReply(data) for data in self.site.mailbox(user)]

    def topics(self):
        return sorted(reply.topic for reply in self.replies())


class WrongSetup(WithServers):
    def assert_trouble(self, copier, *words):
        """`once` fails with one line for people and the same words in its JSON."""
        done = copier.command("once")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        lines = done.stderr.splitlines()
        spoken = [line for line in lines if line.startswith("remotemaild: ")]
        self.assertEqual(len(spoken), 1, done.stderr)
        for each in words:
            self.assertIn(each, spoken[0])
        for secret in PASSWORDS.values():
            self.assertNotIn(secret, done.stdout + done.stderr)
        status, report = copier.once()
        self.assertEqual(status, 1)
        for each in words:
            self.assertIn(each, report["error"])
        return report

    def try_receiving(self, words, spool="pop3", security="tls", **wrong):
        """With a wrong setting of the receiving server nothing is lost; put right, the mail is answered."""
        copier = self.site.new_copier(spool=spool, security=security)
        self.mail_command()
        copier.set({"reception.password": PASSWORDS[COPIER],
                    **{key.replace("__", "."): value for key, value in wrong.items()}})
        report = self.assert_trouble(copier, *words)
        self.assertEqual((report["state"], report["fetched"]), ("failed", 0))
        self.assertEqual(self.site.dovecot.count(COPIER), 1)
        copier.set(self.site.settings(spool=spool, security=security) | {"reception.pin": ""})
        status, report = copier.once()
        self.assertEqual((status, report["answered"], report["sent"]), (0, 1, 1), report)
        self.assertEqual(self.topics(), ["Counter list"])

    def try_sending(self, words, security="tls", **wrong):
        """With a wrong setting of the SMTP server the reply waits; put right, it leaves once."""
        copier = self.site.new_copier(security=security)
        self.mail_command()
        copier.set({"transmission.smtp_password": PASSWORDS[COPIER],
                    **{key.replace("__", "."): value for key, value in wrong.items()}})
        report = self.assert_trouble(copier, *words)
        self.assertEqual((report["waiting"], report["failed"]), (1, 0))
        self.assertEqual(self.site.dovecot.count(COPIER), 0, "its reply is safe, so the mail is removed [R2]")
        copier.set(self.site.settings(security=security) | {"transmission.pin": ""})
        status, report = copier.once()
        self.assertEqual((status, report["sent"], report["waiting"]), (0, 1, 0), report)
        self.assertEqual(self.topics(), ["Counter list"])


class WrongCertificates(WrongSetup):
    def _certificates(self, try_it, host):
        for where, words in ((self.site.OTHER_NAME, ["is for another name", "use the name that stands in the"]),
                             (self.site.EXPIRED, ["has expired", "must renew it"]),
                             (self.site.UNTRUSTED, ["not signed by a trusted authority", "security.ca_file"])):
            for security in ("tls", "starttls"):
                with self.subTest(where=where, security=security):
                    try_it(["TLS", *words], security=security, **{host: where})

    def test_certificates_of_the_receiving_server(self):
        """a certificate of another name, an expired one, one of an unknown authority: refused [Y2] [fault 19]"""
        self._certificates(self.try_receiving, "reception__server")

    def test_certificates_of_the_sending_server(self):
        """a certificate of another name, an expired one, one of an unknown authority: refused by the sender too [Y2]"""
        self._certificates(self.try_sending, "transmission__smtp_server")

    def test_pinned_key(self):
        """a pinned key stands for the authority; another key is refused [Y2]"""
        where = self.site.UNTRUSTED
        pin = pin_of(self.site.certificates[where][0])
        copier = self.site.new_copier(host=where, reception__pin=pin, transmission__pin=pin)
        self.mail_command()
        self.assertEqual(copier.once()[1]["sent"], 1)
        self.assertEqual(self.topics(), ["Counter list"])
        other = pin_of(self.site.certificates[self.site.EXPIRED][0])
        self.try_receiving(["TLS", "not the pinned one"], reception__pin=other)


class WrongSetups(WrongSetup):
    def test_wrong_mailbox_password(self):
        """a wrong mailbox password is told as such, POP3 and IMAP [R7] [fault 30]"""
        for spool in ("pop3", "imap"):
            with self.subTest(spool):
                self.try_receiving(["log-in", "refused user name or password", "check user name and password"],
                                   spool=spool, reception__password="not it")

    def test_wrong_smtp_password(self):
        """a wrong SMTP password lets the reply wait [R6] [fault 45]"""
        self.try_sending(["log-in", "refused user name or password", "check user name and password"],
                         transmission__smtp_password="not it")

    def test_starttls_not_offered(self):
        """STARTTLS that is not offered is an error, never a fallback [Y2] [fault 50]"""
        words = ["does not offer STARTTLS", "use security 'tls'"]
        for spool in ("pop3", "imap"):
            with self.subTest(spool):
                self.try_receiving(words, spool=spool, security="starttls", reception__server=self.site.WITHOUT_TLS)
        with self.subTest("smtp"):
            self.try_sending(words, security="starttls", transmission__smtp_server=self.site.WITHOUT_TLS)

    def test_wrong_port(self):
        """nobody listens at the port [fault 1]"""
        port = choose_port()
        words = ["connection", str(port), "connection refused", "check server and port"]
        self.try_receiving(words, reception__port=port)
        self.try_sending(words, transmission__smtp_port=port)

    def test_unknown_host_name(self):
        """a name that does not exist [fault 3]"""
        server = NameServer({HOST_NAME: "127.0.0.1"})
        self.addCleanup(server.stop)
        words = ["name look-up", "nobody.copier.test", "name not found", "check the server's name"]
        for try_it, host in ((self.try_receiving, "reception__server"),
                             (self.try_sending, "transmission__smtp_server")):
            with self.subTest(host):
                try_it(words, transmission__dns_server=server.address, **{host: "nobody.copier.test"})

    def test_another_protocol(self):
        """a port where another protocol is spoken [fault 39]"""
        dovecot, postfix = self.site.dovecot, self.site.postfix
        for security in ("tls", "none"):
            words = ["speaks another protocol", "check that port and protocol belong together"]
            for spool, port in (("pop3", postfix.port(security)), ("imap", postfix.port(security)),
                                ("pop3", dovecot.port("imap", security)), ("imap", dovecot.port("pop3", security))):
                with self.subTest(spool=spool, port=port, security=security):
                    self.try_receiving(words, spool=spool, security=security, reception__port=port)
            for spool in ("pop3", "imap"):
                with self.subTest(smtp_at=spool, security=security):
                    self.try_sending(words, security=security, transmission__smtp_port=dovecot.port(spool, security))

    def test_tls_where_none_is_spoken(self):
        """implicit TLS at a port without it [Y2]"""
        self.try_receiving(["TLS", "handshake failed", "port and security belong together"],
                           reception__port=self.site.dovecot.port("pop3", "none"))
        self.try_sending(["TLS", "handshake failed", "port and security belong together"],
                         transmission__smtp_port=self.site.postfix.port("none"))

    def test_changed_server_blanks_the_password(self):
        """a changed server does not get the password of the old one [Y3]"""
        copier = self.site.new_copier()
        change = f"reception.server={self.site.UNTRUSTED}"
        done = copier.command("settings", "set", change)
        self.assertEqual(done.returncode, 2)
        self.assertIn("reception.password: Password must be given anew", done.stderr)
        copier.checked("settings", "set", "reception.enabled=no")
        done = copier.command("settings", "set", change)
        self.assertEqual(done.returncode, 0)
        self.assertIn("reception.password was removed", done.stderr)
        self.assertEqual(copier.checked("settings", "get", "reception.password"), "not set\n")
        self.assertEqual(copier.command("settings", "set", "reception.enabled=yes").returncode, 2)


class FullMailbox(WithServers):
    def test_question_before_enabling(self):
        """enabling on a mailbox with 25 mails asks, and names the number [A22]"""
        for spool in ("pop3", "imap"):
            with self.subTest(spool):
                copier = self.site.new_copier(spool=spool, reception__enabled="no")
                for number in range(25):
                    data = command_mail(number=number, subject="minutes of the meeting")
                    self.site.deliver(data, address(ENGINEER), address(COPIER))
                done = copier.command("settings", "set", "reception.enabled=yes")
                self.assertEqual(done.returncode, 2, done.stdout)
                self.assertIn("25 mails", done.stderr)
                self.assertIn("--yes", done.stderr)
                self.assertEqual(copier.checked("settings", "get", "reception.enabled"), "no\n")
                self.assertEqual(self.site.dovecot.count(COPIER), 25)
                copier.checked("settings", "set", "reception.enabled=yes", "--yes")
                self.assertEqual(copier.once()[1]["illegal"], 25)
                self.assertEqual(self.site.dovecot.count(COPIER), 0)
                self.assertEqual(self.replies(), [], "nobody is answered without the password [D12]")

    def test_five_mails_a_poll(self):
        """five mails a poll are executed, junk does not use them up, the rest comes next [D2]"""
        copier = self.site.new_copier()
        for number in range(7):
            self.mail_command("GETLOG C\r\n", number)
            self.mail_command("GETLOG C\r\n", 100 + number, subject="a subject that is none")
        first, second = copier.once()[1], copier.once()[1]
        self.assertEqual((first["answered"], first["illegal"], first["left"]), (5, 7, 2))
        self.assertEqual((second["answered"], second["illegal"], second["left"]), (2, 0, 0))
        self.assertEqual(self.topics(), ["Counter list"] * 7)

    def test_disabled(self):
        """a disabled function leaves the mailbox alone [A15]"""
        copier = self.site.new_copier(reception__enabled="no")
        self.mail_command()
        status, report = copier.once()
        self.assertEqual((status, report["state"]), (3, "disabled"))
        self.assertEqual(self.site.dovecot.count(COPIER), 1)

    def test_machine_off(self):
        """a machine that is off leaves the mailbox alone, and answers when it is on again [A14]"""
        copier = self.site.new_copier()
        self.mail_command()
        copier.checked("panel", "power", "sub", "off")
        status, report = copier.once()
        self.assertEqual((status, report["state"]), (3, "off"))
        self.assertEqual(self.site.dovecot.count(COPIER), 1)
        copier.checked("panel", "power", "sub", "on")
        self.assertEqual(copier.once()[1]["sent"], 1)
        self.assertEqual(self.topics(), ["Counter list"])


class RefusedMail(WithServers):
    REFUSALS = {"gone@mail.test": "550 5.1.1 no such user here", "busy@mail.test": "450 4.2.1 try later"}

    def record_of(self, copier):
        return [record for record in copier.log() if record["direction"] == "sent"]

    def test_recipient_refused_for_good(self):
        """a recipient that is refused fails at once, in the server's words; others are served [R6] [fault 45]"""
        copier = self.site.new_copier()
        self.mail_command(author="gone", number=1)
        self.mail_command(number=2)
        status, report = copier.once()
        self.assertEqual((report["answered"], report["sent"], report["failed"]), (2, 1, 1), report)
        self.assertEqual(status, 1)
        failed = [record for record in self.record_of(copier) if record["result"] == "failed"]
        self.assertEqual([record["other_side"] for record in failed], ["gone@mail.test"])
        self.assertIn("no such user here", failed[0]["detail"])
        self.assertEqual(self.topics(), ["Counter list"])

    def test_recipient_refused_for_now(self):
        """a recipient that is refused for now waits [R6] [fault 44]"""
        copier = self.site.new_copier()
        self.mail_command(author="busy", number=1)
        self.mail_command(number=2)
        report = copier.once()[1]
        self.assertEqual((report["sent"], report["failed"], report["waiting"]), (1, 0, 1), report)
        self.assertEqual(self.topics(), ["Counter list"])

    def test_returned_reply(self):
        """Postfix's report on a reply makes its log line "not delivered" and is not answered [R10] [fault 47]"""
        for spool in ("pop3", "imap"):
            with self.subTest(spool):
                copier = self.site.new_copier(spool=spool, transmission__envelope_sender="copier")
                self.mail_command(author="unknown", number=1)  # Postfix takes it, Dovecot does not know him
                report = copier.once()[1]
                self.assertEqual((report["answered"], report["sent"]), (1, 1), report)
                self.site.wait_until_delivered()
                self.site.wait_for_mails(COPIER, 1)
                report = copier.once()[1]
                self.assertEqual((report["fetched"], report["answered"], report["unanswerable"]), (1, 0, 1), report)
                self.assertEqual([record["result"] for record in self.record_of(copier)], ["not delivered"])
                self.assertEqual(self.site.dovecot.count(COPIER), 0)
                self.assertEqual(self.replies(), [])
                self.assertEqual(copier.once()[1]["sent"], 0)

    def test_return_to_the_manager(self):
        """by default the Manager gets what cannot be delivered [B8]"""
        copier = self.site.new_copier()
        self.mail_command(author="unknown", number=1)
        self.assertEqual(copier.once()[1]["sent"], 1)
        self.site.wait_until_delivered()
        mails = self.site.mailbox("manager")
        self.assertEqual(len(mails), 1)
        self.assertIn(b"unknown@mail.test", mails[0])
        self.assertEqual(self.site.dovecot.count(COPIER), 0)


class SmallSize(WithServers):
    SIZE_LIMIT = 5000  # Postfix counts its notes of the envelope, too

    def below_head(self, reply):
        self.assertTrue(reply.data.endswith(b"\r\n"))
        return reply.body.partition("\r\n\r\n")[2]

    def test_reply_in_parts(self):
        """a reply above Postfix's SIZE comes in parts that make the whole [G] [fault 49]"""
        copier = self.site.new_copier()
        self.mail_command("HELP\r\nGETLOG COUNTER\r\n")
        status, report = copier.once()
        self.assertEqual((status, report["answered"], report["failed"], report["waiting"]), (0, 1, 0, 0), copier.log())
        replies = {reply.subject: reply for reply in self.replies()}
        parts = [subject for subject in replies if subject.startswith("Help ")]
        self.assertGreater(len(parts), 1)
        text = ""
        for number in range(1, len(parts) + 1):
            reply = replies[f"Help [Third-floor] ({number}/{len(parts)})"]
            own = reply.data[reply.data.index(b"Message-ID:"):]  # below what the servers put before it
            self.assertLessEqual(len(own), self.SIZE_LIMIT)
            self.assertIn(f"Part: {number} of {len(parts)}", reply.head)
            text += self.below_head(reply)
        self.assertIn("> HELP", text)
        for word in ("GETLOG", "CHPASS", "ADJUSTMENT", "PIXEL"):
            self.assertIn(word, text.upper())
        self.assertEqual(len({reply.message_id for reply in replies.values()}), len(replies))

    def test_no_room(self):
        """what cannot be had in parts fails at once, in words that name SIZE [G] [R6] [fault 49]"""
        copier = self.site.new_copier(reception__nickname="n" * 32)
        # References that each part would have to repeat leave no room.
        ids = " ".join(f"<{'r' * 230}.{number}@ce.example>" for number in range(20))
        data = command_mail("HELP\r\n").replace(b"\r\n\r\n", b"\r\nReferences: " + ids.encode() + b"\r\n\r\n", 1)
        self.site.deliver(data.replace(b" <r", b"\r\n <r"), address(ENGINEER), address(COPIER))
        report = copier.once()[1]
        self.assertEqual((report["answered"], report["sent"], report["failed"]), (1, 0, 1), report)
        self.assertIn("SIZE is 5000", [record for record in copier.log() if record["result"] == "failed"][0]["detail"])
        self.assertEqual(copier.once()[1]["failed"], 0)
