#!/usr/bin/env python3
"""read_by_python.py FOLDER: reads each N.eml with Python's email and compares with N.expected; names what differs."""

import email
import email.header
import email.policy
import email.utils
import pathlib
import sys


def ids(value):
    return [word.strip("<>") for word in str(value or "").split()]


def display_name(data):
    """By the older half of Python's email: the newer one takes the fold between two encoded words of an address for a
    blank (to Python 3.12), against RFC 2047 6.2."""
    raw = email.message_from_bytes(data)["From"]
    name = email.utils.parseaddr(raw)[0]
    return str(email.header.make_header(email.header.decode_header(name)))


def read(data):
    message = email.message_from_bytes(data, policy=email.policy.default)
    sender, recipient = message["From"].addresses, message["To"].addresses
    date = message["Date"].datetime
    return {
        "subject": str(message["Subject"]),
        "from_name": display_name(data),
        "from_address": sender[0].addr_spec if len(sender) == 1 else "",
        "to": recipient[0].addr_spec if len(recipient) == 1 else "",
        "date": str(int(date.timestamp())),
        "offset": str(int(date.utcoffset().total_seconds()) // 60),
        "message_id": str(message["Message-ID"]).strip("<>"),
        "in_reply_to": " ".join(ids(message["In-Reply-To"])),
        "references": " ".join(ids(message["References"])),
        "auto_submitted": str(message["Auto-Submitted"]),
        "x_loop": str(message["X-Loop"] or ""),
        "body": message.get_content().replace("\r\n", "\n"),
    }, message.defects


def main():
    folder = pathlib.Path(sys.argv[1])
    mails = differing = 0
    for path in sorted(folder.glob("*.eml")):
        expected = {}
        for line in path.with_suffix(".expected").read_text().splitlines():
            name, _, value = line.partition("=")
            expected[name] = bytes.fromhex(value).decode()
        found, defects = read(path.read_bytes())
        mails += 1
        for name, value in expected.items():
            if found[name] != value:
                differing += 1
                print(f"{path.name}: {name} is {found[name]!r}, not {value!r}")
        if defects:
            differing += 1
            print(f"{path.name}: {defects}")
    print(f"{mails} mails read by Python, {differing} differences")
    return 1 if differing or not mails else 0


if __name__ == "__main__":
    sys.exit(main())
