"""Looks for secrets in bytes, in every form they may have been written in."""

import base64
import re


def _base64_forms(secret):
    """Its base64 wherever it stands in a longer text: the letters that its neighbours do not touch."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + secret)
        first = -(-before * 4 // 3)
        yield encoded[first:(before + len(secret)) * 4 // 3]


def forms(secret):
    """(name of the form, bytes) of a secret of bytes."""
    yield "as it is", secret
    for letters in _base64_forms(secret):
        yield "base64", letters
        yield "base64url", letters.translate(bytes.maketrans(b"+/", b"-_"))
    yield "hexadecimal", secret.hex().encode()
    yield "HEXADECIMAL", secret.hex().upper().encode()
    yield "quoted-printable", b"".join(b"=%02X" % octet for octet in secret)
    yield "percent", b"".join(b"%%%02X" % octet for octet in secret)
    yield "UTF-16LE", b"".join(bytes([octet, 0]) for octet in secret)
    yield "UTF-16BE", b"".join(bytes([0, octet]) for octet in secret)
    yield "backwards", secret[::-1]


def pieces(secret):
    """The whole and its halves: a text cut at a limit, or at the end of a page, is a trace too."""
    half = len(secret) // 2
    return [secret] if half < 8 else [secret[:half], secret[half:]]


class Traces:
    def __init__(self, secrets):
        self._patterns = {name: re.compile(b"|".join(
            sorted({re.escape(form) for piece in pieces(secret) for _, form in forms(piece)}, reverse=True)))
            for name, secret in secrets.items()}

    def found_in(self, data):
        """The names of the secrets that left a trace in it; line ends and soft breaks hide none."""
        joined = re.sub(rb"=?\r?\n[ \t]?", b"", data)
        return {name for name, pattern in self._patterns.items() if pattern.search(data) or pattern.search(joined)}
