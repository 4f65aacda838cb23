"""What every mail of a copier must be like, whoever asked for what."""

import email
import email.policy
import email.utils
import re
import time

from mail_site import COPIER, ENGINEER, address

_DELAY = re.compile(r"[+-]\d+d\d\dh\d\dm\d\ds")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.]+@mail\.test>")
_PHONE_COLUMNS, _PHONE_LINES, _COLUMNS = 24, 20, 128


_TRACE_FIELD = re.compile(rb"(?:Return-Path|Delivered-To|Received|X-Original-To):[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*", re.I)


def without_trace_fields(data):
    """The mail as it was sent: without what the servers on the way have put on top."""
    while field := _TRACE_FIELD.match(data):
        data = data[field.end():]
    return data


class ReceivedReply:
    """A reply as it lay in the customer engineer's mailbox."""

    def __init__(self, data):
        self.data = data
        self.message = email.message_from_bytes(data, policy=email.policy.default)
        self.message_id = str(self.message["Message-ID"] or "").strip("<>")
        self.in_reply_to = str(self.message["In-Reply-To"] or "").strip("<>")
        self.subject = str(self.message["Subject"])
        self.topic = self.subject.partition(" [")[0]
        self.body = data.partition(b"\r\n\r\n")[2].decode("ascii", "surrogateescape")
        head, _, content = self.body.partition("\r\n\r\n")
        self.head = head.split("\r\n")
        self.content = content.removesuffix("\r\n").split("\r\n")


def check_form(test, reply, offset, nickname="Third-floor", author=ENGINEER):
    """The rules for all replies [G3] [G4] [G6] [G9] [G10] [G11]. `offset`: of local time from UTC, as in a Date."""
    message = reply.message
    for name in ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"):
        test.assertEqual(len(message.get_all(name, [])), 1, f"{name} of {reply.subject}")
    test.assertEqual(message.defects, [])
    test.assertEqual(email.utils.parseaddr(str(message["From"])), (nickname, address(COPIER)))
    test.assertEqual(email.utils.parseaddr(str(message["To"])), ("", address(author)))
    test.assertTrue(reply.subject.endswith(f" [{nickname}]"), reply.subject)
    date = str(message["Date"])
    test.assertTrue(date.endswith(" " + offset), date)
    test.assertLess(abs(email.utils.parsedate_to_datetime(date).timestamp() - time.time()), 600, date)
    test.assertRegex(str(message["Message-ID"]), _MESSAGE_ID)
    test.assertEqual(str(message["Auto-Submitted"]), "auto-replied")
    test.assertEqual(message.get_content_type(), "text/plain")
    test.assertEqual(message.get_content_charset(), "us-ascii")
    if reply.in_reply_to:
        test.assertTrue(str(message["References"]).endswith(f"<{reply.in_reply_to}>"))
    test.assertTrue(reply.data.isascii(), reply.subject)
    phone = "(phone)" in reply.topic
    lines = reply.body.removesuffix("\r\n").split("\r\n")
    for line in lines:
        test.assertLessEqual(len(line), _PHONE_COLUMNS if phone else _COLUMNS, line)
        test.assertRegex(line, r"\A[\x20-\x7e]*\Z")
    if phone:
        test.assertLessEqual(len(lines), _PHONE_LINES)
    # A phone's head is wrapped, so it is compared without its line ends.
    head = "".join(reply.head).replace(" ", "")
    for words in ("Serialnumber:", f"Requestedby:{address(author)}", "Nickname:" + nickname.replace(" ", "")):
        test.assertIn(words, head)
    delay = head.partition("Delaytime:")[2]
    if reply.in_reply_to:
        test.assertRegex(delay, _DELAY)
    else:  # the kinds of mail without Message-ID have no Date either
        test.assertEqual(delay, "notknown,yourmailhadnoreadabledate")


def check_wire(test, octets):
    """What a client sent: lines end with CRLF, nothing else, and are not longer than SMTP allows (RFC 5321 2.3.8)."""
    test.assertNotRegex(octets.replace(b"\r\n", b""), rb"[\r\n\x00]")
    for line in octets.split(b"\r\n"):
        test.assertLessEqual(len(line), 998)
