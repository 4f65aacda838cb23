"""A name server for a handful of names, so that no question leaves this machine."""

import socket
import struct
import threading

from ports import choose_address

_A, _AAAA = 1, 28
_NAME_ERROR = 3


class NameServer:
    """`names`: IPv4 addresses by name, `names_of_ipv6` the others. Any other name does not exist."""

    def __init__(self, names, names_of_ipv6=None, address=None):
        self.address = address or choose_address()
        self._names_of_ipv6 = names_of_ipv6 or {}
        self._names = {name.lower(): address for name, address in names.items()}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((self.address, 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self):
        self._socket.close()

    def _serve(self):
        while True:
            try:
                question, asker = self._socket.recvfrom(512)
                self._socket.sendto(self._answer(question), asker)
            except OSError:
                return

    def _answer(self, message):
        labels, at = [], 12
        while message[at]:
            labels.append(message[at + 1:at + 1 + message[at]].decode("ascii", "replace").lower())
            at += 1 + message[at]
        question = message[12:at + 5]
        kind = struct.unpack(">H", message[at + 1:at + 3])[0]
        address = self._names.get(".".join(labels))
        answers = b""
        if address and kind == _A:
            answers = struct.pack(">HHHIH", 0xC00C, _A, 1, 1, 4) + socket.inet_aton(address)
        other = self._names_of_ipv6.get(".".join(labels))
        if other and kind == _AAAA:
            answers = struct.pack(">HHHIH", 0xC00C, _AAAA, 1, 1, 16) + socket.inet_pton(socket.AF_INET6, other)
        flags = 0x8580 | (0 if address else _NAME_ERROR)
        return message[:2] + struct.pack(">HHHHH", flags, 1, 1 if answers else 0, 0, 0) + question + answers
