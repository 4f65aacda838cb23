"""All kinds of mail over one spool and one way to be secured: what is answered is compared with what must be."""

import collections
import unittest

import ports
from inspection import ReceivedReply, check_form, check_wire
from kinds_of_mail import (DELIVERED, ERRORS, PASSWORD, PUT, SUBMITTED, TITLES, Answered, Duplicate, Illegal,
                           Unanswerable, all_kinds)
from mail_site import COPIER, ENGINEER, HOST_NAME, MANAGER, MailSite, PASSWORDS, address
from name_server import NameServer
from relay import Relay

# All that a client may say before STARTTLS took effect: SMTP, POP3, IMAP.
_BEFORE_TLS = (rb"\A(EHLO [^\r\n]+\r\n|CAPA\r\n|[A-Z0-9]+ CAPABILITY\r\n|STLS\r\n|"
               rb"([A-Z0-9]+ )?STARTTLS\r\n)+\Z")
_ROUNDS = 8  # a CHPASS ends a poll; what is left comes with the next


def is_list(reply, title):
    """The list, under a line that is its title; the simulated copier has all ten."""
    return title in reply.content and len(reply.content) > 10


class EveryKindOfMail(unittest.TestCase):
    program = None
    spool, security, host = "pop3", "tls", "127.0.0.1"
    relayed = True  # with a look at the wire

    def setUp(self):
        self.site = MailSite(self.program)
        self.addCleanup(self.site.stop)
        settings = {"reception__announce_delay": "yes", "transmission__time_difference": "-330"}
        self.relays = {}
        if self.relayed:
            for key, port in (("reception__port", self.site.dovecot.port(self.spool, self.security)),
                              ("transmission__smtp_port", self.site.postfix.port(self.security))):
                self.relays[key] = Relay(port)
                self.addCleanup(self.relays[key].stop)
                settings[key] = self.relays[key].port
        settings.update(self.more_settings())
        self.copier = self.site.new_copier(spool=self.spool, security=self.security, host=self.host, **settings)

    def more_settings(self):
        return {}

    def send(self, kind):
        before = self.site.dovecot.count(COPIER)
        if kind.way == SUBMITTED:
            self.site.submit(kind.data, kind.sender, address(COPIER))
        elif kind.way == DELIVERED:
            self.site.deliver(kind.data, kind.sender, address(COPIER))
        elif kind.way == PUT:
            self.site.dovecot.put(COPIER, kind.data, f"{before:06}.put")
        # Their order is part of what is tested, and queues do not promise one.
        self.site.wait_for_mails(COPIER, before + 1)

    def test_every_kind_of_mail(self):
        kinds = all_kinds()
        for kind in kinds:
            self.send(kind)
        totals = collections.Counter()
        for _ in range(_ROUNDS):
            status, report = self.copier.once(max_mails=100)
            self.assertEqual((status, report["state"]), (0, "done"), report)
            totals.update({name: number for name, number in report.items() if isinstance(number, int)})
            if report["left"] == 0:
                break
        expected_replies = sum(len(kind.expected.replies) for kind in kinds if isinstance(kind.expected, Answered))
        self.site.wait_until_delivered()
        self.check_totals(kinds, totals, expected_replies)
        self.check_log(kinds)
        self.check_replies(kinds, expected_replies)
        self.check_traffic()
        # A further poll finds nothing and sends nothing.
        self.assertEqual(self.copier.once()[1]["fetched"], 0)
        self.site.wait_until_delivered()
        self.assertEqual(self.site.dovecot.count(ENGINEER), expected_replies)

    def check_totals(self, kinds, totals, expected_replies):
        count = collections.Counter(type(kind.expected) for kind in kinds)
        with self.subTest("every mail is counted once, every reply was sent"):
            self.assertEqual(totals["answered"], count[Answered])
            self.assertEqual(totals["illegal"], count[Illegal])
            self.assertEqual(totals["unanswerable"], count[Unanswerable] + count[Duplicate])
            self.assertEqual(totals["sent"], expected_replies)
            self.assertEqual(totals["failed"], 0)
        with self.subTest("the copier's mailbox is empty, nobody else got a mail [D12] [R2]"):
            self.assertEqual(self.site.mailbox(COPIER), [])
            self.assertEqual(self.site.mailbox(MANAGER), [])

    def check_log(self, kinds):
        log = self.copier.log()
        reasons = collections.Counter()
        for record in log:
            if record["direction"] == "received" and record["result"] != "answered":
                reasons[record["result"], record["detail"]] += record["count"]
        for kind in kinds:
            with self.subTest(kind.name + " (mail log)"):
                if isinstance(kind.expected, Answered) and kind.message_id:
                    record = [each for each in log
                              if (each["direction"], each["result"]) == ("received", "answered")
                              and each["message_id"] == kind.message_id]
                    self.assertEqual(len(record), 1)
                    # A long line of the log ends in "...".
                    shown = record[0]["detail"].removesuffix("...")
                    self.assertTrue(", ".join(reply.topic for reply in kind.expected.replies).startswith(shown), shown)
                    self.assertEqual(record[0]["what"].split()[0], str(len(kind.expected.replies)))
                elif isinstance(kind.expected, (Illegal, Unanswerable)):
                    result = "illegal mail" if isinstance(kind.expected, Illegal) else "not to be answered"
                    self.assertGreater(reasons[result, kind.expected.detail], 0, reasons)
                    reasons[result, kind.expected.detail] -= 1
        with self.subTest("nothing else was refused"):
            reasons = +reasons
            duplicates = sum(isinstance(kind.expected, Duplicate) for kind in kinds)
            self.assertEqual(sum(reasons.values()), duplicates, reasons)

    def check_replies(self, kinds, expected_replies):
        with self.subTest("the spools agree"):
            replies = [ReceivedReply(data) for data in self.site.mailbox(ENGINEER)]
            self.assertEqual(sorted(self.site.mailbox_by_imap(ENGINEER)), sorted(reply.data for reply in replies))
        self.assertEqual(len(replies), expected_replies)
        self.assertEqual(len({reply.message_id for reply in replies}), expected_replies, "Message-IDs are unique [R4]")
        by_request = collections.defaultdict(list)
        sent = {record["message_id"]: record["number"] for record in self.copier.log() if record["direction"] == "sent"}
        for reply in sorted(replies, key=lambda reply: sent[reply.message_id]):
            by_request[reply.in_reply_to].append(reply)
        nameless = []
        for kind in kinds:
            if not isinstance(kind.expected, Answered):
                continue
            if not kind.message_id:
                nameless += kind.expected.replies
                continue
            with self.subTest(kind.name):
                self.compare(by_request.pop(kind.message_id, []), kind.expected.replies)
        with self.subTest("replies to mails without Message-ID"):
            self.compare(by_request.pop("", []), nameless)
        self.assertEqual(dict(by_request), {}, "nobody else was answered")

    def compare(self, replies, expected):
        self.assertEqual([reply.topic for reply in replies], [each.topic for each in expected])
        for reply, wanted in zip(replies, expected):
            check_form(self, reply, "-0330")
            if wanted.topic in (ERRORS, PASSWORD):
                self.assertEqual(tuple(reply.content), wanted.lines)
                continue
            if wanted.topic in TITLES.values():
                self.assertTrue(is_list(reply, wanted.topic), reply.body[:1000])
            for line in wanted.lines:
                self.assertIn(line, reply.content)

    def check_traffic(self):
        """What an eavesdropper saw [Y2]."""
        for key, relay in self.relays.items():
            for record in relay.recorded:
                with self.subTest(f"traffic ({key})"):
                    if self.security == "none":
                        check_wire(self, bytes(record))
                    elif self.security == "tls":
                        self.assertEqual(record[:1], b"\x16", "TLS from the first octet")
                    else:
                        clear = bytes(record).partition(b"\x16\x03")[0]
                        self.assertRegex(clear.upper(), _BEFORE_TLS)
                    if self.security != "none":
                        for secret in PASSWORDS.values():
                            self.assertNotIn(secret.encode(), bytes(record))


class Pop3WithoutTls(EveryKindOfMail):
    """POP3 and SMTP without TLS [A3] [Y2]"""
    security = "none"


class Pop3WithStarttls(EveryKindOfMail):
    """POP3 and SMTP with STARTTLS [A3] [Y2]"""
    security = "starttls"


class Pop3WithTls(EveryKindOfMail):
    """POP3 and SMTP with implicit TLS [A3] [Y2]"""


class ImapWithoutTls(EveryKindOfMail):
    """IMAP and SMTP without TLS [A4] [Y2]"""
    spool, security = "imap", "none"


class ImapWithStarttls(EveryKindOfMail):
    """IMAP and SMTP with STARTTLS [A4] [Y2]"""
    spool, security = "imap", "starttls"


class ImapWithTls(EveryKindOfMail):
    """IMAP and SMTP with implicit TLS [A4] [Y2]"""
    spool = "imap"


class OverIpv6(EveryKindOfMail):
    """servers given as ::1 [B10]"""
    spool, security, host, relayed = "imap", "starttls", "::1", False

    def setUp(self):
        if not ports.has_ipv6():
            self.skipTest("this machine has no IPv6 on loopback")
        super().setUp()


class OverLocalhost(EveryKindOfMail):
    """servers given as localhost [B10]"""
    host, relayed = "localhost", False


class OverNameServer(EveryKindOfMail):
    """servers given by a name that the DNS server of the settings knows [B11]"""
    spool, host, relayed = "imap", HOST_NAME, False

    def more_settings(self):
        server = NameServer({HOST_NAME: "127.0.0.1"})
        self.addCleanup(server.stop)
        return {"transmission__dns_server": server.address}
