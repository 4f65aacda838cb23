#!/usr/bin/env python3
"""Compares text, Subject and From of parse_mail with another parser on every mail.

--other names it: "python-email", or the program gmime_dump; nothing means that GMime is not installed.

A difference that follows from a rule of ours, and not from the single mail, is of a class with a name; each class is
counted. What is in no class is a miss.
"""
import email
import email.header
import email.policy
import email.utils
import re
import sys

import corpus

HEADER_FOR_BODIES = (b"From: Erika Beispiel <erika@example.com>\nSubject: a body\nMIME-Version: 1.0\n"
                     b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n")


def python_leaf(message):
    """D10: the first text/plain that is no attachment and in no message/rfc822, else the first text/html."""
    html, waiting = None, [message]
    while waiting:
        part = waiting.pop(0)
        if (part.get_content_disposition() or "") == "attachment":
            continue
        if part.is_multipart():
            if part.get_content_maintype() == "multipart":
                waiting[:0] = part.get_payload()
        elif part.get_content_type() == "text/plain":
            return part, False
        elif part.get_content_type() == "text/html" and html is None:
            html = part
    return html, True


def python_opinion(bytes_of_mail):
    message = email.message_from_bytes(bytes_of_mail, policy=email.policy.compat32)
    opinion = {"senders": len(message.get_all("From", []))}
    if "Subject" in message:
        try:
            value = str(message["Subject"]).replace("\r", "").replace("\n", "")
            opinion["subject"] = str(email.header.make_header(email.header.decode_header(value)))
        except (UnicodeError, LookupError, email.errors.HeaderParseError, ValueError):
            pass  # no opinion
    if opinion["senders"] == 1:
        mailboxes = email.utils.getaddresses([str(message["From"])])
        opinion["senders"] = len(mailboxes)
        if len(mailboxes) == 1:
            opinion["from"] = mailboxes[0][1]
    part, html = python_leaf(message)
    if part is None:
        return opinion
    charset = part.get_content_charset("us-ascii")
    try:
        body = part.get_payload(decode=True)
        opinion["text"] = body.decode("utf-8" if charset == "us-ascii" else charset, "replace")
    except (LookupError, UnicodeError, ValueError):
        opinion["converted"] = False
    opinion["html"] = html
    opinion["flowed"] = str(part.get_param("format", "")).lower() == "flowed"
    return opinion


def comparable_texts(ours, theirs):
    mine, other = ours["text"], theirs.get("text", "")
    if theirs.get("html"):
        return corpus.words_of(mine), corpus.words_of(corpus.visible_text(other))
    if theirs.get("flowed"):
        return corpus.words_of(mine), corpus.words_of(other)
    return corpus.lines_of(mine), corpus.lines_of(other)


def ascii_part(text):
    return "".join(one for one in corpus.words_of(text) if one.isascii())


def class_of(what, mine, other, mail):
    """The rule from which a difference follows, or None."""
    header = re.split(rb"\r?\n\r?\n|\r\r", mail, maxsplit=1)[0]
    if b"\n" not in mail:
        return "a CR alone ends a line (D9), not to other parsers"
    if what == "from":
        theirs = other.get("from") or ""
        if mine.get("from") is None and not ("@" in theirs and theirs.isascii()):
            return "an address without domain or beyond ASCII is none to us (D)"
        return None
    if what == "subject":
        if len(re.findall(rb"^Subject[ \t]*:", header, re.I | re.M)) > 1:
            return "several Subjects: illegal, we show the first"
        if "".join(mine["subject"].split()) == "".join(other["subject"].split()):
            return "no blank is put between an encoded word and the text that touches it"
        field = re.search(rb"^Subject[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", header, re.I | re.M)
        if field and not field.group().isascii():
            return "bytes beyond ASCII in a Subject are UTF-8, or of the charset of the body (D9)"
        return None
    if mine["defects"]:
        return "illegal by its form, never read (D): " + ", ".join(mine["defects"])
    if mail.startswith(b"From ") and re.search(rb"\n\r?\nFrom \S+", mail):
        return "a file of several mails is one to us"
    if "text" not in other or not other["text"]:
        return "the other finds no text where we find some: no boundary, no end of a part"
    if not other["text"].strip() and not other["html"]:
        return "a text/plain of blanks alone yields to the HTML (D9)"
    if ascii_part(mine["text"]) == ascii_part(corpus.visible_text(other["text"]) if other["html"] else other["text"]):
        return "a charset is read as its superset, or damaged (D9)"
    return None


def main():
    options = corpus.arguments(__doc__.splitlines()[0], "other")
    if not options.other:
        print("SKIPPED: GMime is not installed (libgmime-3.0-dev)")
        return corpus.SKIPPED
    gmime = options.other != "python-email"
    mails = [(file, row["kind"]) for file, row in corpus.index(options).items()]
    ours = corpus.run_dump(options.dump, options, mails)
    if gmime:
        theirs = corpus.run_dump(options.other, options, mails)
    else:
        theirs = {}
        for file, kind in mails:
            mail = (options.corpus / file).read_bytes()
            theirs[file] = python_opinion(HEADER_FOR_BODIES + mail if kind == "reply-body-text" else mail)
    score = corpus.Score(options, "gmime" if gmime else "python-email")
    classes = {}

    def note(file, what, a, b):
        mail = (options.corpus / file).read_bytes()
        name = None if a == b else class_of(what, ours[file], theirs[file], mail)
        if name:
            classes.setdefault(name, []).append(file)
        else:
            score.note(file, what, a == b, corpus.differ(str(a), str(b)))

    for file, _ in mails:
        mine, other = ours[file], theirs[file]
        if other.get("senders") == 1:
            note(file, "from", mine.get("from"), other.get("from") or None)
        if "subject" in other:
            note(file, "subject", corpus.subject_of(mine["subject"]), corpus.subject_of(other["subject"]))
        if other.get("converted", True):
            note(file, "text", *comparable_texts(mine, other))
    for name, files in sorted(classes.items()):
        print(f"{len(files):5} differ since {name}, as {files[0]}")
    return score.report(target=98)


if __name__ == "__main__":
    sys.exit(main())
