"""The mails a copier meets, each with what must become of it. Their order matters: CHPASS changes what comes after it.

Every mail stands here octet by octet, as a program wrote it; a library that composes would repair what is meant to be
broken.
"""

import base64
import dataclasses

from mail_site import CE_PASSWORD, COPIER, ENGINEER, address

TITLES = {
    "JOB": "JOB memory list", "USER": "User management list", "FONT": "Font pattern list",
    "MANAGEMENT": "Machine management list 1", "ADJUSTMENT": "Adjustment data list", "PARAMETER": "Parameter list",
    "EKC": "E.K.C. management list", "2MANAGEMENT": "Machine management list 2", "COUNTER": "Counter list",
    "PIXEL": "Pixel ratio list",
}
ALL = list(TITLES.values())
COUNTER = TITLES["COUNTER"]
PHONE, ERRORS, PASSWORD, HELP = "Counter list (phone)", "Command errors", "Password change", "Help"

NEW_PASSWORD = "Kiku-1887!#~"


@dataclasses.dataclass(frozen=True)
class Reply:
    topic: str
    lines: tuple = ()  # these stand in it, in this order; for ERRORS and PASSWORD they are all of its content


@dataclasses.dataclass(frozen=True)
class Answered:
    replies: tuple

    def __init__(self, *replies):
        object.__setattr__(self, "replies", tuple(Reply(reply) if isinstance(reply, str) else reply for reply in replies))


@dataclasses.dataclass(frozen=True)
class Illegal:
    detail: str  # as in the mail log


@dataclasses.dataclass(frozen=True)
class Unanswerable:
    detail: str


class Duplicate:
    pass


SUBMITTED, DELIVERED, PUT = "submitted", "delivered", "put"  # over Postfix, over Dovecot's LMTP, into the maildir


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    data: bytes
    expected: object
    way: str = SUBMITTED
    sender: str = address(ENGINEER)  # of the envelope
    message_id: str = ""             # without brackets; empty: it has none


def errors(*lines):
    return Reply(ERRORS, lines)


class _Collection:
    def __init__(self):
        self.kinds = []

    def add(self, name, expected, body=b"", *, subject=CE_PASSWORD, head="", author=f"From: A. Suzuki <{address(ENGINEER)}>\r\n",
            named=True, dated=True, **how):
        """`head`: further header lines, each with its CRLF. `subject`: None for no such field."""
        number = len(self.kinds) + 1
        message_id = f"kind.{number}@ce.example" if named else ""
        text = "Received: from phone.ce.example by mx.ce.example; Sun, 22 Nov 2026 10:00:00 +0900\r\n" + author
        text += f"To: {address(COPIER)}\r\n"
        if subject is not None:
            text += f"Subject: {subject}\r\n"
        if dated:
            text += "Date: Sun, 22 Nov 2026 10:00:00 +0900\r\n"
        if named:
            text += f"Message-ID: <{message_id}>\r\n"
        data = (text + head + "\r\n").encode("utf-8") + (body if isinstance(body, bytes) else body.encode("utf-8"))
        self.kinds.append(Kind(name, data, expected, message_id=message_id, **how))
        return data

    def again(self, name, expected, data, message_id="", **how):
        self.kinds.append(Kind(name, data, expected, message_id=message_id, **how))


def _content(kind, encoding="", more=""):
    text = f"MIME-Version: 1.0\r\nContent-Type: {kind}\r\n"
    return text + (f"Content-Transfer-Encoding: {encoding}\r\n" if encoding else "") + more


def _parts(*parts):
    return "".join(f"--sep\r\n{part}\r\n" for part in parts) + "--sep--\r\n"


def _base64(data):
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def _body_of_size(size):
    start = b"GETLOG COUNTER\r\n-- \r\n"
    line = b"Filler that nobody reads, sixty-two octets with its line end.\r\n"
    rest = size - len(start)
    return start + line * (rest // len(line)) + b"." * (rest % len(line) - 2) + b"\r\n"


def _readable(add):
    plain = "text/plain; charset=utf-8"
    add("a plain mail is answered [D3]", Answered(COUNTER), "GETLOG COUNTER\r\n")
    add("a body in base64 is read [D9]", Answered(TITLES["JOB"]), _base64(b"GetLog Job\r\n"),
        head=_content(plain, "base64"))
    add("a body in quoted-printable is read, with its soft line ends [D9]", Answered(TITLES["FONT"]),
        "GETLOG=20=\r\nFONT=\r\n\r\n", head=_content(plain, "quoted-printable"))
    add("8-bit UTF-8 is read by characters [D9] [E9]",
        Answered(TITLES["PIXEL"], errors("Command Not Found -> Gr??e, J?rgen")), "GETLOG PIXEL\r\nGrüße, Jürgen\r\n",
        head=_content(plain, "8bit"))
    add("a flowed paragraph is one line, a stuffed blank is none [D9]", Answered(TITLES["USER"], TITLES["EKC"]),
        "GETLOG \r\nUSER\r\n GETLOG EKC\r\n", head=_content("text/plain; charset=us-ascii; format=flowed"))
    add("of alternatives the plain text counts [D9]", Answered(TITLES["ADJUSTMENT"]),
        _parts(f"Content-Type: {plain}\r\n\r\nGETLOG ADJUSTMENT\r\n", "Content-Type: text/html\r\n\r\n<p>GETLOG ALL</p>\r\n"),
        head=_content('multipart/alternative; boundary="sep"'))
    add("an attachment is ignored [D8]", Answered(TITLES["PARAMETER"]),
        _parts("Content-Type: text/plain; name=a.txt\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nGETLOG ALL\r\n",
               f"Content-Type: {plain}\r\n\r\nGETLOG PARAMETER\r\n",
               "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + _base64(bytes(2048)).decode()),
        head=_content("multipart/mixed; boundary=sep"))
    add("a forwarded mail within the mail is not read [D10]", Answered(HELP),
        _parts("Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nGETLOG ALL\r\n", "\r\nHELP\r\n"),
        head=_content("multipart/mixed; boundary=sep"))
    add("a signed mail is read [D9]", Answered(TITLES["MANAGEMENT"]),
        _parts(f"Content-Type: {plain}\r\n\r\nGETLOG M\r\n", "Content-Type: application/pgp-signature\r\n\r\nAAAA\r\n"),
        head=_content('multipart/signed; boundary="sep"; protocol="application/pgp-signature"'))
    add("a mail of HTML alone is read as its visible text [D9]", Answered(COUNTER, HELP),
        "<html><head><style>GETLOG ALL</style></head><body><p>GETLOG&nbsp;COUNTER</p><div>HELP</div></body></html>\r\n",
        head=_content("text/html; charset=utf-8"))
    add("ISO-2022-JP is read by characters [D9] [E9]",
        Answered(TITLES["EKC"], errors("Command Not Found -> " + "?" * 8)),
        "GETLOG EKC\r\nカウンタを下さ\u3044\r\n".encode("iso2022_jp"), head=_content("text/plain; charset=ISO-2022-JP", "7bit"))
    add("a NO-BREAK SPACE of Latin-1 is a blank [E9]", Answered(TITLES["JOB"]), b"GETLOG\xa0JOB\r\n",
        head=_content("text/plain; charset=iso-8859-1", "8bit"))
    add("a byte order mark and zero-width characters are dropped [E9]", Answered(TITLES["FONT"]),
        "\ufeffGET\u200bLOG FONT\r\n", head=_content(plain, "8bit"))


def _subjects(add):
    encoded = base64.b64encode(CE_PASSWORD.encode()).decode()
    add("an encoded Subject is decoded [D3]", Answered(COUNTER), "GETLOG C\r\n", subject=f"=?utf-8?b?{encoded}?=")
    add("a folded Subject is unfolded [D3]", Answered(COUNTER), "GETLOG C\r\n", subject=f"\r\n  {CE_PASSWORD} ")
    add("a wrong password is not answered [D6]", Illegal("wrong password"), "GETLOG C\r\n", subject="U-BIY")
    add("the password counts with its case [D3]", Illegal("wrong password"), "GETLOG C\r\n", subject=CE_PASSWORD.lower())
    add("no Re: is stripped [D3]", Illegal("the Subject is no password"), "GETLOG C\r\n", subject="Re: " + CE_PASSWORD)
    add("an empty Subject is no password [D6]", Illegal("the Subject is no password: no Subject"), "GETLOG C\r\n", subject="")
    add("no Subject is no password [D6]", Illegal("the Subject is no password: no Subject"), "GETLOG C\r\n", subject=None)


def _commands(add):
    add("case plays no part [E3]", Answered(COUNTER, HELP), "getlog counter\r\nhElP\r\n")
    add("the minimum letters are enough [E3]", Answered(*ALL),
        "".join(f"g {word}\r\n" for word in "j u f m a p e 2 c pi".split()))
    add("the eleventh command is ignored [E10]", Answered(COUNTER, HELP),
        "GETLOG COUNTER\r\n" * 9 + "HELP\r\nGETLOG JOB\r\n")
    add("a list asked again is answered once [E14]", Answered(COUNTER),
        "G C\r\nGETLOG COUNTER\r\ngetlog counter management\r\n")
    add("ALL is the ten lists [F1]", Answered(*ALL), "GETLOG ALL\r\n")
    add("ALL leaves out what was asked already [G2]",
        Answered(TITLES["PIXEL"], *[title for title in ALL if title != TITLES["PIXEL"]]),
        "GETLOG PIXEL\r\nGETLOG AL\r\n")
    add("GETLOG alone is the phone's list, not one of the ten [F13]", Answered(PHONE, COUNTER), "GETLOG\r\nGETLOG COUNTER\r\n")
    add("HELP explains [F22]", Answered(Reply(HELP, ("> HELP",))), "HELP\r\n")
    add("no command is answered by HELP [E16]", Answered(Reply(HELP, ("No command was found in your mail.",))), "\r\n \r\n")
    add("unknown words share one reply [E9] [E13] [G2]",
        Answered(errors("Command Not Found -> GETLOGS", "Option Not Found -> GetLog Log", "Command Not Found -> ."), COUNTER),
        "GETLOGS\r\nGETLOG COUNTER\r\nGetLog Log\r\n.\r\n")
    add("a long line is quoted within 128 columns [E9] [G9]",
        Answered(errors("Option Not Found -> GETLOG " + "X" * (128 - 27 - 3) + "...")), "GETLOG " + "X" * 700 + "\r\n")
    add("a signature ends the commands [E11]", Answered(TITLES["JOB"]), "GETLOG JOB\r\n-- \r\nGETLOG ALL\r\n")
    add("without its mark a signature is taken as commands [E11]",
        Answered(TITLES["JOB"], errors("Command Not Found -> Sent from my phone")), "GETLOG JOB\r\n\r\nSent from my phone\r\n")
    add("quoted lines are ignored [E11]", Answered(TITLES["USER"]), "> GETLOG ALL\r\nGETLOG USER\r\n>HELP\r\n")
    add("a line that begins with a blank is ignored [E2]", Answered(TITLES["FONT"]),
        " GETLOG ALL\r\n\tGETLOG ALL\r\nGETLOG FONT\r\n")
    add("CR, LF and CRLF end a line [D10]", Answered(TITLES["JOB"], TITLES["USER"], TITLES["FONT"]),
        "GETLOG JOB=0DGETLOG USER=0AGETLOG FONT=0D=0A", head=_content("text/plain", "quoted-printable"))
    garbage = bytes(range(128, 256)) + b"\r\n" + bytes(range(255, 127, -1)) + b"\r\n"
    add("8-bit garbage is answered in ASCII [G9]",
        Answered(errors(*["Command Not Found -> " + "?" * (128 - 21 - 3) + "..."] * 2)), garbage, way=DELIVERED)


def _forms(collection):
    add = collection.add
    hops = "".join(f"Received: from relay{hop}.example (relay{hop}.example [192.0.2.{hop}])\r\n\tby relay{hop + 1}.example with ESMTPS"
                   f" id {'0123456789abcdef' * 12};\r\n\tSun, 22 Nov 2026 10:00:00 +0900\r\n" for hop in range(1, 48))
    assert len(hops) > 15000
    add("the header that relays add is not counted [D6]", Answered(COUNTER), _body_of_size(9000), head=hops)
    add("a body of 10,239 octets is not too large [D6]", Answered(COUNTER), _body_of_size(10239))
    add("a body of 10,240 octets is too large [D6]", Illegal("too large"), _body_of_size(10240))
    add("two authors in one From are illegal [D12]", Illegal("malformed: several From fields or addresses"), "GETLOG C\r\n",
        author=f"From: {address(ENGINEER)}, other@{address(ENGINEER).split('@')[1]}\r\n")
    add("two From fields are illegal [D12]", Illegal("malformed: several From fields or addresses"), "GETLOG C\r\n", way=DELIVERED,
        author=f"From: {address(ENGINEER)}\r\nFrom: other@mail.test\r\n")
    add("no From is illegal [D12]", Illegal("malformed: no From field"), "GETLOG C\r\n", way=DELIVERED, author="")
    add("two Subjects are illegal [D12]", Illegal("malformed: several Subject fields"), "GETLOG C\r\n",
        way=DELIVERED, head=f"Subject: {CE_PASSWORD}\r\n")
    add("the reply goes to From, Reply-To is ignored [D11]", Answered(COUNTER), "GETLOG C\r\n",
        author=f"From: =?iso-8859-1?q?J=FCrgen?= (comment) <{address(ENGINEER)}>\r\nReply-To: admin@mail.test\r\n")
    nameless = collection.add("a mail without Message-ID and Date is answered [R3]", Answered(COUNTER), "GETLOG C\r\n",
                              way=DELIVERED, named=False, dated=False)
    collection.again("and so is its twin, for nothing tells them apart from two wishes [R3]", Answered(COUNTER), nameless,
                     way=DELIVERED)
    twin = collection.add("a mail that comes twice ...", Answered(TITLES["JOB"]), "GETLOG JOB\r\n")
    collection.again("... is answered once [R3]", Duplicate(), twin)
    lines = collection.add("a file with bare line feeds is read ...", Answered(COUNTER), "GETLOG C\r\n")
    collection.kinds[-1] = dataclasses.replace(collection.kinds[-1], data=lines.replace(b"\r\n", b"\n"), way=PUT)
    add("... as one with CRLF [D10]", Answered(COUNTER), "GETLOG C\r\n", way=PUT)


def _automatic(add):
    add("an automatic mail is not answered [R10]", Unanswerable("automatic mail (Auto-Submitted: auto-generated)"), "HELP\r\n",
        head="Auto-Submitted: auto-generated (by cron)\r\n")
    add("Auto-Submitted: no is answered [R10]", Answered(HELP), "HELP\r\n", head="Auto-Submitted: no\r\n")
    add("bulk mail is not answered [R10]", Unanswerable("mass mail (Precedence: bulk)"), "HELP\r\n", head="Precedence: bulk\r\n")
    add("a mailing list is not answered [R10]", Unanswerable("mailing list"), "HELP\r\n", head="List-Id: <staff.ce.example>\r\n")
    add("who wants no answer gets none [R10]", Unanswerable("an answer is not wanted (X-Auto-Response-Suppress: all)"), "HELP\r\n",
        head="X-Auto-Response-Suppress: All\r\n")
    add("the null sender is not answered [R10]", Unanswerable("automatic mail (Return-Path: <>)"), "HELP\r\n", sender="")
    add("a report on another's mail is not answered [R10]", Unanswerable("delivery or reading report"),
        _parts("\r\nHELP\r\n", "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
               "Final-Recipient: rfc822; x@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"),
        head=_content("multipart/report; report-type=delivery-status; boundary=sep"))
    add("the copier's own address is not answered [R10]", Unanswerable("sent from this copier's own address"), "HELP\r\n",
        author=f"From: {address(COPIER)}\r\n")


def _password_changes(add):
    success = f"SE's Password was changed successfully. -> New Password:[{NEW_PASSWORD}]"
    add("CHPASS with a wrong old password changes nothing [F17]",
        Answered(Reply(PASSWORD, ("Old Password is Invalid. ->CHPASS wrong Ume-2041",))), "CHPASS wrong Ume-2041\r\n")
    add("CHPASS with an ill-formed new password changes nothing [F18]",
        Answered(Reply(PASSWORD, (f"Violation on format by new password. ->CHPASS {CE_PASSWORD} {'n' * 21}",)),
                 Reply(PASSWORD, (f"Violation on format by new password. ->chpass {CE_PASSWORD}",))),
        f"CHPASS {CE_PASSWORD} {'n' * 21}\r\nchpass {CE_PASSWORD}\r\n")
    add("CHPASS changes the password, later lines keep their right [F16] [F20]",
        Answered(Reply(PASSWORD, (success,)), COUNTER), f"CHPASS {CE_PASSWORD} {NEW_PASSWORD}\r\nGETLOG COUNTER\r\n")
    add("the old password is wrong from the next mail [F20]", Illegal("wrong password"), "GETLOG C\r\n")
    add("the new password counts from the next mail [F20]", Answered(COUNTER), "GETLOG C\r\n", subject=NEW_PASSWORD)
    add("a second CHPASS is judged against the first one's password [F20]",
        Answered(Reply(PASSWORD, ("SE's Password was changed successfully. -> New Password:[x]",)),
                 Reply(PASSWORD, (f"SE's Password was changed successfully. -> New Password:[{CE_PASSWORD}]",))),
        f"CHPASS {NEW_PASSWORD} x\r\nC x {CE_PASSWORD}\r\n", subject=NEW_PASSWORD)


def all_kinds():
    collection = _Collection()
    _readable(collection.add)
    _subjects(collection.add)
    _commands(collection.add)
    _forms(collection)
    _automatic(collection.add)
    _password_changes(collection.add)
    return collection.kinds
