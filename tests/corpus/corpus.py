"""What the corpus tests share: the index, the dump programs, comparing texts, and the list of known misses."""
import argparse
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import unicodedata

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def arguments(description, *names):
    parser = argparse.ArgumentParser(description=description)
    for name in ("corpus", "dump") + names:
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--misses", default=pathlib.Path(__file__).with_name("misses.tsv"))
    options = parser.parse_args()
    options.corpus = pathlib.Path(options.corpus) if options.corpus else None
    if options.corpus is None or not (options.corpus / "mime" / "INDEX.tsv").exists():
        print(f'SKIPPED: no corpus of recorded mails (REMOTEMAIL_CORPUS="{options.corpus or ""}")')
        sys.exit(SKIPPED)
    return options


def rows(path):
    lines = path.read_text("utf-8").splitlines()
    names = lines[0].split("\t")
    return [dict(zip(names, line.split("\t"))) for line in lines[1:]]


def index(options):
    """file -> row of INDEX.tsv, mails only; `file` is relative to the corpus."""
    return {row["file"]: row for row in rows(options.corpus / "mime" / "INDEX.tsv")}


def run_dump(program, options, mails):
    """file -> what the program says of it. A body that has no header is given one by the program."""
    request = "".join(
        ("+" if kind == "reply-body-text" else "") + str(options.corpus / file) + "\n" for file, kind in mails)
    answer = subprocess.run([program], input=request.encode(), stdout=subprocess.PIPE, check=True).stdout
    results = [json.loads(line) for line in answer.decode().splitlines()]
    assert len(results) == len(mails), f"{program}: {len(results)} answers to {len(mails)} mails"
    return {file: result for (file, _), result in zip(mails, results)}


def source_of(file):
    return file.split("/")[1]


# ---- texts ----

# Taken out before a comparison; and the wave dash, which Japanese tables map in two ways.
UNSEEN = dict.fromkeys([0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060, 0xAD]) | {0xFF5E: 0x301C}


# What is called ISO-8859-1 is windows-1252 (D9): other parsers leave its characters as C1 controls.
WINDOWS_1252 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}


def lines_of(text):
    """Line ends, blanks at line ends, empty lines at the end and characters that nobody could read do not count."""
    text = re.sub("\r*\n|\r", "\n", text).translate(WINDOWS_1252)
    text = re.sub("[\0\N{REPLACEMENT CHARACTER}\uE000-\uF8FF]", "", text)
    return "\n".join(line.rstrip(" \t") for line in text.split("\n")).strip("\n")


def words_of(text):
    """For texts that were laid out anew (flowed, HTML): only the characters count, and quote marks do not."""
    text = unicodedata.normalize("NFC", text).translate(UNSEEN)
    return re.sub(r"[\s>\x00-\x20\x7f\N{REPLACEMENT CHARACTER}]+", "", text)


def subject_of(text):
    """Controls and runs of blanks do not count: parsers unfold and clean differently."""
    text = re.sub(r"[\s\x00-\x1f\x7f\N{REPLACEMENT CHARACTER}]+", " ", text or "")
    return text.strip()


class VisibleText(html.parser.HTMLParser):
    """An independent and crude reading of HTML: its text without scripts, styles and head."""
    UNSEEN = {"script", "style", "title", "xml", "template", "noframes"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.unseen, self.parts = [], []

    def handle_starttag(self, tag, attrs):
        if tag in self.UNSEEN:
            self.unseen.append(tag)

    def handle_endtag(self, tag):
        if tag in self.unseen:
            self.unseen.remove(tag)

    def handle_data(self, data):
        if not self.unseen:
            self.parts.append(data)


def visible_text(markup):
    reader = VisibleText()
    reader.feed(markup)
    reader.close()
    return "".join(reader.parts)


# ---- verdict ----

def known_misses(path, test):
    """(file, what) -> why, of one test. Columns: test, file, what, why."""
    misses = {}
    for line in pathlib.Path(path).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, file, what, why = line.split("\t")
            if name == test:
                assert (file, what) not in misses, f"{path}: {file} {what} stands there twice"
                misses[file, what] = why
    return misses


class Score:
    """Counts agreements a source, and holds the misses against the list of known ones."""

    def __init__(self, options, test):
        self.test, self.known = test, known_misses(options.misses, test)
        self.files = index(options).keys()
        self.by_source, self.misses = {}, {}

    def note(self, file, what, agrees, detail="", source=None):
        good, whole = self.by_source.get(source or source_of(file), (0, 0))
        self.by_source[source or source_of(file)] = (good + bool(agrees), whole + 1)
        if not agrees:
            self.misses[file, what] = detail

    def report(self, target):
        width = max([len(source) for source in self.by_source] + [8])
        for source, (good, whole) in sorted(self.by_source.items()):
            print(f"{source:{width}} {good:5} of {whole:5}  {100 * good / whole:5.1f} %")
        good, whole = (sum(column) for column in zip(*self.by_source.values()))
        print(f"{'in all':{width}} {good:5} of {whole:5}  {100 * good / whole:5.1f} %")
        for key in sorted(self.misses.keys() & self.known.keys()):
            print(f"known miss: {key[0]} {key[1]}: {self.known[key]}")
        wrong = False
        for key in sorted(self.misses.keys() - self.known.keys()):
            print(f"NEW MISS: {key[0]} {key[1]}: {self.misses[key]}")
            wrong = True
        for key in sorted(self.known.keys() - self.misses.keys()):
            if key[0] not in self.files:  # another corpus
                continue
            print(f"NO LONGER A MISS (take it out of misses.tsv): {self.test} {key[0]} {key[1]}")
            wrong = True
        if 100 * good < target * whole:
            print(f"FAILED: less than {target} % agree")
            wrong = True
        return 1 if wrong else 0


def differ(ours, theirs):
    """Where two texts part, in a few words."""
    at = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
    begin = max(0, at - 20)
    return f"at {at}: ours {ours[begin:at + 40]!r}, theirs {theirs[begin:at + 40]!r}"
