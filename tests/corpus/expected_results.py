#!/usr/bin/env python3
"""Compares what parse_mail makes of the corpus's mails with the expected results that other parsers' tests hold.

An adapter a format turns an expected result into {what: value}; what it does not say is not compared.
"""
import calendar
import datetime
import email.header
import email.utils
import json
import re
import sys
import xml.etree.ElementTree

import corpus


def mail_parser_json(mail, path):
    """stalwartlabs/mail-parser: headers decoded, bodies decoded, one JSON a mail."""
    if path.name.endswith(".crlf.json"):
        return None  # of the same mail with CRLF, which tests/protocol/message/corpus_test compares with ours
    document = json.loads(path.read_text("utf-8"))
    expected, seen = {}, {}
    for header in document["parts"][0]["headers"]:
        name = header["name"] if isinstance(header["name"], str) else header["name"]["other"].lower()
        seen.setdefault(name, []).append(header["value"])
    for name, values in seen.items():
        value = values[0] if isinstance(values[0], dict) else {}
        if name == "subject" and "Text" in value:
            expected["subject"] = value["Text"]
        elif name == "message_id" and "Text" in value and len(values) == 1:
            expected["message_id"] = value["Text"]
        elif name == "from" and len(values) == 1 and "Address" in value:
            mailboxes = value["Address"].get("List", [])
            expected["from"] = mailboxes[0].get("address") if len(mailboxes) == 1 else None
        elif name == "date" and "DateTime" in value:
            d = value["DateTime"]
            utc = calendar.timegm((d["year"], d["month"], d["day"], d["hour"], d["minute"], d["second"]))
            offset = d["tz_hour"] * 60 + d["tz_minute"]
            expected["date"] = utc - (-offset if d["tz_before_gmt"] else offset) * 60
    bodies = [document["parts"][i]["body"] for i in document["text_body"]]
    plain = [body["Text"] for body in bodies if isinstance(body, dict) and "Text" in body]
    markup = [body["Html"] for body in bodies if isinstance(body, dict) and "Html" in body]
    if plain:
        expected["text"] = plain[0]
    elif markup:
        expected["html"] = markup[0]
    return expected


def raw_fields(header):
    return [(name.strip().lower(), value.strip()) for name, _, value in
            (re.sub(r"\r?\n(?=[ \t])", "", field.text.lstrip("\r\n")).partition(":") for field in header)]


def decoded(value):
    parts = email.header.decode_header(value)
    return "".join(text if isinstance(text, str) else text.decode(charset or "latin-1", "replace")
                   for text, charset in parts)


def mime4j_xml(mail, path):
    """Apache James mime4j: `_decoded.xml` is the tree with raw headers and names the files of decoded bodies."""
    if not path.name.endswith("_decoded.xml"):
        return None
    root = xml.etree.ElementTree.parse(path).getroot()
    expected = {}
    fields = raw_fields(root.find("header"))
    by_name = {}
    for name, value in fields:
        by_name.setdefault(name, []).append(value)
    if len(by_name.get("subject", [])) == 1 and "=?" not in by_name["subject"][0]:
        expected["subject"] = by_name["subject"][0]
    elif "subject" in by_name:
        expected["subject"] = decoded(by_name["subject"][0])
    if len(by_name.get("from", [])) == 1:
        mailboxes = email.utils.getaddresses(by_name["from"])
        if len(mailboxes) == 1 and "@" in mailboxes[0][1]:
            expected["from"] = mailboxes[0][1]
    if len(by_name.get("date", [])) == 1 and email.utils.parsedate_tz(by_name["date"][0]):
        expected["date"] = email.utils.mktime_tz(email.utils.parsedate_tz(by_name["date"][0]))

    leaves = []

    def walk(entity, inherited):
        header = dict(reversed(raw_fields(entity.find("header")))) if entity.find("header") is not None else {}
        kind = header.get("content-type", inherited)
        attached = header.get("content-disposition", "").lower().startswith("attachment")
        multipart = entity.find("multipart")
        if multipart is not None:
            digest = kind.lower().startswith("multipart/digest")
            for part in multipart.findall("body-part"):
                walk(part, "message/rfc822" if digest else "text/plain")
        elif entity.find("text-body") is not None and not attached:
            leaves.append((kind, entity.find("text-body").get("name")))

    walk(root, "text/plain")
    for wanted, what in (("text/plain", "text"), ("text/html", "html")):  # blanks alone yield to HTML
        found = [leaf for leaf in leaves if leaf[0].lower().split(";")[0].strip() == wanted]
        if found and not expected.get("text", "").strip():
            expected.pop("text", None)
            kind, name = found[0]
            charset = re.search(r'charset\s*=\s*"?([\w.:-]+)', kind, re.I)
            file = path.parent / name
            body = file.read_bytes() if file.exists() else b""  # the corpus holds no empty files
            try:
                expected[what] = body.decode(charset.group(1) if charset else "utf-8", "replace")
            except LookupError:
                pass
    return expected


def mailcore2_json(mail, path):
    """MailCore2 parser tests: headers only. What is missing has a value of the test's own; two-digit years are 20xx."""
    header = json.loads(path.read_text("utf-8"))["header"]
    expected = {}
    if "subject" in header:
        expected["subject"] = header["subject"]
    if "mailbox" in header.get("from", {}):
        expected["from"] = header["from"]["mailbox"]
    if header.get("messageID", "MyMessageID123@mail.gmail.com") != "MyMessageID123@mail.gmail.com":
        expected["message_id"] = header["messageID"]
    if int(header.get("date", 978307200)) != 978307200:
        date = datetime.datetime.fromtimestamp(int(header["date"]), datetime.timezone.utc)
        if date.year >= 2090:
            date = date.replace(year=date.year - 100)
        expected["date"] = int(date.timestamp())
    return expected


def mailcore2_summary(mail, path):
    """MailCore2 rendering tests: a plain text made of header and body."""
    head, _, text = path.read_text("utf-8").partition("\n\n")
    fields = dict(line.partition(": ")[::2] for line in head.split("\n") if ": " in line)
    text = re.sub(r" ?\((https?|mailto)?:?//[^\s()]*\)| ?\(mailto:[^\s()]*\)", "", text)
    expected = {"rendered": text}
    if fields.get("Subject", "No Subject") != "No Subject":
        expected["subject_without_re"] = fields["Subject"]
    address = re.search(r"([^\s<>]+@[^\s<>]+)", fields.get("From", ""))
    if address:
        expected["from"] = address.group(1)
    return expected


def talon_text(mail, path):
    """Mailgun talon: what the sender wrote himself, without the mail he answers."""
    return {"beginning": path.read_text("utf-8")} if path.name.endswith("_reply_text") else None


ADAPTERS = [
    (r"^mime/mail-parser/.*\.json$", mail_parser_json),
    (r"^mime/mime4j/.*\.xml$", mime4j_xml),
    (r"^mime/mailcore2/parser/.*", mailcore2_json),
    (r"^mime/mailcore2/summary/.*", mailcore2_summary),
    (r"^mime/talon/.*", talon_text),
]


BEYOND_LIMITS = ("over", "more than", "deeper")  # words of the defects that limits of D make


def compare(score, file, ours, expected):
    beyond = [defect for defect in ours["defects"] if any(word in defect for word in BEYOND_LIMITS)]
    if beyond:
        print(f"beyond our limits, text not compared: {file}: {', '.join(beyond)}")
        expected = {what: value for what, value in expected.items() if what not in ("text", "html", "rendered")}
    for what, theirs in sorted(expected.items()):
        if what == "from":  # an address without domain is none to us (D)
            mine, theirs = ours.get(what), theirs if "@" in (theirs or "") else None
            agrees = mine == theirs
        elif what.startswith("subject"):
            mine = ours["subject"].removeprefix("Re: " if what == "subject_without_re" else "")
            unread = re.escape(corpus.subject_of(theirs.replace("\N{REPLACEMENT CHARACTER}", "?"))).replace("\\?", ".{1,3}")
            agrees = corpus.subject_of(mine) == corpus.subject_of(theirs) or (
                "\N{REPLACEMENT CHARACTER}" in theirs and re.fullmatch(unread, corpus.subject_of(mine)) is not None)
        elif what == "message_id":
            mine = ours[what] or None
            agrees = mine == theirs.strip().strip("<>")
        elif what == "date":
            mine = ours.get("date", {}).get("utc")
            agrees = mine == theirs
        elif what == "text":
            mine, theirs = corpus.lines_of(ours["text"]), corpus.lines_of(theirs)
            agrees = mine == theirs
            if not agrees:  # format=flowed is joined by us, not by them
                agrees = ours["flowed"] and corpus.words_of(mine) == corpus.words_of(theirs)
        elif what == "html":
            mine, theirs = corpus.words_of(ours["text"]), corpus.words_of(corpus.visible_text(theirs))
            agrees = mine == theirs
        elif what == "beginning":
            mine, theirs = ours["text"], theirs.strip()
            agrees = mine.strip().startswith(theirs)
        else:  # "rendered": with addresses of links in parentheses, and quoted mails folded away
            mine, theirs = corpus.words_of(ours["text"]), corpus.words_of(theirs)
            agrees = mine == theirs
        detail = corpus.differ(str(mine), str(theirs)) if not agrees else ""
        score.note(file, what, agrees, detail)


def main():
    options = corpus.arguments(__doc__.splitlines()[0])
    jobs = []
    for file, row in corpus.index(options).items():
        for name in filter(None, row["expected"].split(";")):
            for pattern, adapter in ADAPTERS:
                if re.match(pattern, name):
                    expected = adapter(options.corpus / file, options.corpus / name)
                    if expected:
                        jobs.append((file, row["kind"], expected))
                    break
    results = corpus.run_dump(options.dump, options, [(file, kind) for file, kind, _ in jobs])
    score = corpus.Score(options, "expected")
    for file, _, expected in jobs:
        ours = results[file]
        ours["flowed"] = b"flowed" in (options.corpus / file).read_bytes().lower()
        compare(score, file, ours, expected)
    print(f"expected results of {len({job[0] for job in jobs})} mails, {sum(len(job[2]) for job in jobs)} values")
    return score.report(target=98)


if __name__ == "__main__":
    sys.exit(main())
