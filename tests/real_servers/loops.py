"""Programs that answer, forward and multiply mails, against copiers: no chain of mails goes on for ever [R10].

Each test lets mail and copiers work until nothing moves any more, and then counts."""

import email
import email.utils
import os
import re
import unittest

from dovecot import Dovecot
from mail_site import ADMINISTRATOR, CE_PASSWORD, COPIER, ENGINEER, MANAGER, MailSite, address
from wrong_setups import WithServers, command_mail

OTHER_COPIER, LIST = "copier2", "list"
_ROUNDS = 12  # after that a chain counts as endless
_VACATION = """\
require ["vacation"{more}];
vacation :days 7 :addresses ["{address}"] :subject "{subject}" "{text}";
"""


def without_fields(data, *names):
    """A mail as a gateway that drops fields passes it on."""
    pattern = b"|".join(re.escape(name.encode()) for name in names)
    head, empty, body = data.partition(b"\r\n\r\n")
    head = re.sub(rb"(?im)^(?:" + pattern + rb"):.*\r\n(?:[ \t].*\r\n)*", b"", head + b"\r\n")
    return head.rstrip(b"\r\n") + empty + body


_MARKS = ("Auto-Submitted", "X-Loop", "Precedence", "In-Reply-To", "References", "X-Auto-Response-Suppress")


class LoopSite(WithServers):
    """With a second copier and an address of a mailing list beside the usual users."""

    @classmethod
    def setUpClass(cls):
        if not os.access(Dovecot.SIEVE, os.R_OK):
            raise unittest.SkipTest("not installed: dovecot-sieve")
        cls.site = MailSite(cls.program, with_sieve=True,
                            more_users={OTHER_COPIER: "copier2-secret", LIST: "list-secret"})
        cls.addClassCleanup(cls.site.stop)

    def setUp(self):
        self.programs = []  # (user, what it does with a mail that arrives there)
        self.passed = 0  # mails that programs have sent
        self.answers = 0
        for user in self.site.passwords:
            self.site.dovecot.set_sieve(user, None)

    # --- programs that answer by themselves: each takes a mail and gives (data, envelope sender, recipient) ---

    def expander(self, members, with_list_fields=True):
        """A list server; one that is worth its name says so in the header, the other passes on what it got."""

        def expand(data):
            if with_list_fields:
                data = (f"List-Id: <list.mail.test>\r\nList-Post: <mailto:{address(LIST)}>\r\n"
                        f"Precedence: list\r\n").encode() + data
            sender = address(LIST) if with_list_fields else str(email.message_from_bytes(data)["From"])
            return [(data, sender, address(member)) for member in members]

        return expand

    def answering_machine(self, user, marked, password=False):
        """Answers whatever comes, its own kind included. Without marks nothing but its text tells what it is."""

        def answer(data):
            mail = email.message_from_bytes(data)
            recipient = email.utils.parseaddr(str(mail["From"]))[1]
            subject = CE_PASSWORD if password else f"Re: {mail['Subject']}"
            marks = "Auto-Submitted: auto-replied\r\n" if marked else ""
            self.answers += 1
            text = (f"From: {address(user)}\r\nTo: {recipient}\r\nSubject: {subject}\r\n{marks}"
                    f"Date: Sun, 22 Nov 2026 10:00:00 +0900\r\nMessage-ID: <answer.{self.answers}@{user}.test>\r\n"
                    f"\r\nI am away.\r\n")
            return [(text.encode(), "" if marked else address(user), recipient)]

        return answer

    @staticmethod
    def forwarder(user, *dropped):
        """Sends what arrives to a user, less some fields."""

        def forward(data):
            sender = email.utils.parseaddr(str(email.message_from_bytes(data)["Return-Path"] or ""))[1]
            return [(without_fields(data, "Return-Path", *dropped), sender, address(user))]

        return forward

    # --- running ---

    def take_mails(self, user):
        """What lies in a mailbox, taken away."""
        return self.site.mailbox(user, take=True) if self.site.dovecot.count(user) else []

    def let_run(self, *copiers):
        """Until nothing moves any more: how many replies and notices the copiers have sent."""
        sent = 0
        for _ in range(_ROUNDS):
            moved = 0
            for copier in copiers:
                status, report = copier.once(max_mails=100)
                self.assertEqual((status, report["state"]), (0, "done"), report)
                moved += report["sent"]
                self.site.wait_until_delivered()
            sent += moved
            for user, program in self.programs:
                for data in self.take_mails(user):
                    for each in program(data):
                        self.site.deliver(*each)
                        self.passed += 1
                        moved += 1
            if moved == 0:
                return sent
        self.fail(f"after {_ROUNDS} rounds mails still move: {sent} sent by copiers, {self.passed} by programs")

    def other_copier(self, **settings):
        """A second machine with its own mailbox and the same password of customer engineers."""
        return self.site.further_copier(OTHER_COPIER, **settings)


class Loops(LoopSite):
    def test_vacation_at_the_engineer(self):
        """a vacation responder of Pigeonhole answers no reply, for our replies say what they are [R10]"""
        self.site.dovecot.set_sieve(ENGINEER, _VACATION.format(
            more="", address=address(ENGINEER), subject=CE_PASSWORD, text="GETLOG COUNTER"))
        for spool in ("pop3", "imap"):
            with self.subTest(spool):
                copier = self.site.new_copier(spool=spool)
                self.mail_command()
                self.assertEqual(self.let_run(copier), 1)
                self.assertEqual(self.topics(), ["Counter list"])
                self.assertEqual(self.site.dovecot.count(COPIER), 0)

    def test_vacation_at_the_copier(self):
        """the vacation responder does work: it answers a person, once, and nothing that a copier sends"""
        self.site.dovecot.set_sieve(ENGINEER, _VACATION.format(
            more="", address=address(ENGINEER), subject="Away", text="Away"))
        copier = self.site.new_copier()
        data = (f"From: {address(MANAGER)}\r\nTo: {address(ENGINEER)}\r\nSubject: Hello\r\n"
                f"Message-ID: <person@mail.test>\r\n\r\nHello\r\n").encode()
        self.site.deliver(data, address(MANAGER), address(ENGINEER))
        self.site.wait_for_mails(MANAGER, 1)
        self.assertEqual(str(email.message_from_bytes(self.site.mailbox(MANAGER)[0])["Subject"]), "Away")
        # The same responder's answer, sent to the copier with a password as its Subject, is not answered either.
        self.site.dovecot.set_sieve(ENGINEER, _VACATION.format(
            more="", address=address(ENGINEER), subject=CE_PASSWORD, text="GETLOG COUNTER"))
        forged = (f"From: {address(COPIER)}\r\nTo: {address(ENGINEER)}\r\nSubject: Hello\r\n"
                  f"Message-ID: <forged@mail.test>\r\n\r\nHello\r\n").encode()
        self.site.deliver(forged, address(COPIER), address(ENGINEER))
        self.site.wait_for_mails(COPIER, 1)
        self.assertEqual(self.let_run(copier), 0)
        self.assertIn("automatic", copier.log()[-1]["detail"])

    def test_vacation_at_the_manager(self):
        """a vacation responder at the Manager's answers no notice, nor a bounce of ours [R10, H2]"""
        self.site.dovecot.set_sieve(MANAGER, _VACATION.format(
            more="", address=address(MANAGER), subject=CE_PASSWORD, text="GETLOG COUNTER"))
        copier = self.site.new_copier(reception__notice="all", reception__administrator_address=address(MANAGER))
        self.mail_command()
        self.mail_command(number=2, subject="wrong")
        sent = self.let_run(copier)
        self.assertLessEqual(sent, 3)
        self.assertEqual(self.topics(), ["Counter list"])
        self.assertEqual(self.site.dovecot.count(COPIER), 0)

    def test_answering_machines(self):
        """an answering machine gets one answer a request and its own answers none, marked or not [R10, D12]"""
        for marked in (True, False):
            with self.subTest(marked=marked):
                self.answers, self.passed = 0, 0
                copier = self.site.new_copier()
                self.programs = [(ENGINEER, self.answering_machine(ENGINEER, marked))]
                self.mail_command()
                self.assertEqual(self.let_run(copier), 1)
                self.assertEqual(self.passed, 1)

    def test_answering_machine_with_the_password(self):
        """one that even knows the password is held by the limit of replies, and its mails wait [R11]"""
        copier = self.site.new_copier(limits__replies_per_sender=5)
        self.programs = [(ENGINEER, self.answering_machine(ENGINEER, marked=False, password=True))]
        self.mail_command()
        self.assertLessEqual(self.let_run(copier), 6)
        self.assertEqual(self.site.dovecot.count(COPIER), 1)

    def test_two_copiers(self):
        """two copiers, each the other's administrator and Manager: what one says the other hears in silence [R10]"""
        copier = self.site.new_copier(reception__notice="all", reception__administrator_address=address(OTHER_COPIER),
                                      transmission__manager_address=address(OTHER_COPIER))
        other = self.other_copier(reception__notice="all", reception__administrator_address=address(COPIER),
                                  transmission__manager_address=address(COPIER))
        self.mail_command(author=OTHER_COPIER)
        self.mail_command(number=2)
        self.mail_command(number=3, subject="wrong")
        # Two replies; with notices a copy of each and a notice of what was illegal.
        self.assertLessEqual(self.let_run(copier, other), 5)
        self.assertEqual(self.topics(), ["Counter list"])
        self.assertEqual(self.site.dovecot.count(COPIER) + self.site.dovecot.count(OTHER_COPIER), 0)

    def test_two_copiers_behind_a_gateway(self):
        """so do two whose mails lose every mark on the way: a notice on a notice is not written [R10, H2]"""
        gate, other_gate = ADMINISTRATOR, MANAGER
        copier = self.site.new_copier(reception__notice="all", reception__administrator_address=address(gate))
        other = self.other_copier(reception__notice="all", reception__administrator_address=address(other_gate),
                                  transmission__manager_address=address(ENGINEER))
        self.programs = [(gate, self.forwarder(OTHER_COPIER, *_MARKS)), (other_gate, self.forwarder(COPIER, *_MARKS))]
        self.mail_command(subject="wrong")
        self.assertLessEqual(self.let_run(copier, other), 2)
        self.assertEqual(self.site.dovecot.count(ENGINEER), 0)

    def test_mailing_lists(self):
        """a command that comes through a mailing list is not answered; through an alias it is, once [R10, D3]"""
        for with_fields, answers in ((True, 0), (False, 1)):
            with self.subTest(with_fields=with_fields):
                copier = self.site.new_copier()
                self.programs = [(LIST, self.expander((COPIER, ADMINISTRATOR), with_fields))]
                self.site.deliver(command_mail(), address(ENGINEER), address(LIST))
                self.assertEqual(self.let_run(copier), answers)
                self.assertEqual(len(self.topics()), answers)

    def test_reply_to_a_mailing_list(self):
        """a list that is the author of a command gets one answer, and the copier's own mail from it none [R10]"""
        for with_fields in (True, False):
            with self.subTest(with_fields=with_fields):
                self.passed = 0
                copier = self.site.new_copier()
                self.programs = [(LIST, self.expander((COPIER, ENGINEER), with_fields))]
                self.mail_command(author=LIST)
                self.assertEqual(self.let_run(copier), 1)
                self.assertEqual(self.topics(), ["Counter list"])
                self.assertEqual(self.site.dovecot.count(COPIER), 0)

    def test_bounce_of_a_bounce(self):
        """a reply that cannot be delivered bounces, a bounce of a bounce dies, and the log knows the reply [R10]"""
        copier = self.site.new_copier(transmission__envelope_sender="copier")
        self.site.submit(command_mail(author="nobody.there"), address(ENGINEER), address(COPIER))
        self.site.wait_for_mails(COPIER, 1)
        self.assertLessEqual(self.let_run(copier), 1)
        self.assertEqual(self.site.dovecot.count(COPIER), 0)
        results = [record["result"] for record in copier.log()]
        self.assertTrue({"failed", "bounced", "not delivered"} & set(results), copier.log())
        # A report on a mail that never was ours, and a report on that, as naive programs write them.
        for number, subject in enumerate(("Undelivered Mail Returned to Sender", CE_PASSWORD)):
            report = (f"From: Mail Delivery System <MAILER-DAEMON@mail.test>\r\nTo: {address(COPIER)}\r\n"
                      f"Subject: {subject}\r\nMessage-ID: <report.{number}@mail.test>\r\n\r\nGETLOG COUNTER\r\n")
            self.site.deliver(report.encode(), "", address(COPIER))
        self.assertEqual(self.let_run(copier), 0)
        self.assertEqual(self.site.dovecot.count(COPIER), 0)

    def test_mailbox_forwarded_to_itself(self):
        """a command that a forwarding puts into the mailbox again and again is answered once [R3, R10]"""
        copier = self.site.new_copier()
        self.mail_command()
        self.assertEqual(self.let_run(copier), 1)
        for hop in range(5):
            again = f"Received: from mail.test by mail.test; Sun, 22 Nov 2026 10:00:{hop:02} +0900\r\n".encode()
            self.site.deliver(again * (hop + 1) + command_mail(), address(ENGINEER), address(COPIER))
            self.assertEqual(self.let_run(copier), 0)
        # Its replies, forwarded to itself with and without their marks.
        for data in self.site.mailbox(ENGINEER):
            for dropped in ((), _MARKS):
                self.site.deliver(*self.forwarder(COPIER, *dropped)(data)[0])
        self.assertEqual(self.let_run(copier), 0)
        self.assertEqual(self.topics(), ["Counter list"])
        self.assertEqual(self.site.dovecot.count(COPIER), 0)

    def test_copier_as_its_own_manager(self):
        """a copier that is its own Manager and administrator does not talk to itself [R10]"""
        copier = self.site.new_copier(reception__notice="all", reception__administrator_address=address(COPIER),
                                      transmission__manager_address=address(COPIER))
        self.mail_command()
        self.mail_command(number=2, subject="wrong")
        self.assertLessEqual(self.let_run(copier), 3)
        self.assertEqual(self.topics(), ["Counter list"])
        self.assertEqual(self.site.dovecot.count(COPIER), 0)
