#!/usr/bin/env python3
"""R10 on recorded mails: would an automatic mail be answered if its Subject were the password, and would a person's not?

What is automatic is known from the corpus's labels. The list of misses names the labels that are wrong, and the mails
that carry no mark at all.
"""
import re
import sys

import corpus

AUTOMATIC = {"bounce", "arf", "auto-reply", "list"}
AUTOMATIC_TAGS = {"null-return-path", "auto-submitted", "mdn", "precedence"}


def quoted_ids(mail):
    """Well-formed Message-IDs of the mails that a bounce returns, found without any MIME."""
    text = mail.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    body = text.partition(b"\n\n")[2].replace(b"=\n", b"")
    actions = set(re.findall(rb"^Action:\s*(\w+)", body, re.I | re.M))
    if actions and all(action.lower() in (b"delayed", b"relayed", b"delivered") for action in actions):
        return set()  # no failure
    found = re.findall(rb"^[>| \t]*Message-?ID:\s*(?:\n[>| \t]+)?<([^<>\s@]+@[^<>\s@]+)>", body, re.I | re.M)
    return {one.decode("latin-1") for one in found}


def main():
    options = corpus.arguments(__doc__.splitlines()[0])
    index = corpus.index(options)
    mails = [(file, row["kind"]) for file, row in index.items()]
    ours = corpus.run_dump(options.dump, options, mails)
    score = corpus.Score(options, "automatic")
    for file, kind in mails:
        automatic = kind in AUTOMATIC or AUTOMATIC_TAGS & set(index[file]["tags"].split(","))
        verdict, why = ours[file]["verdict"], ours[file].get("why", "")
        if automatic:
            score.note(file, "answered", verdict != "accepted", "an automatic mail would be answered",
                       source=f"{kind}, not answered")
        else:  # a mail whose form makes it illegal is no question of automatic mail
            score.note(file, "unanswered", verdict != "unanswerable", f"a person would get no answer: {why}",
                       source=f"{kind}, answered")
        if kind == "bounce":
            wanted = quoted_ids((options.corpus / file).read_bytes())
            found = set(ours[file].get("bounce", {}).get("message_ids", []))
            if wanted:
                score.note(file, "matched", bool(wanted & found), f"quotes {sorted(wanted)[0]}, ours {sorted(found)}",
                           source="bounces that quote a Message-ID, matched")
    return score.report(target=95)


if __name__ == "__main__":
    sys.exit(main())
