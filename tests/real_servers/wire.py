"""Two networks of this process's own and the wire between them, which loses, doubles, delays and swallows what a test
says. Needs root and /dev/net/tun; nothing of the system's network is touched, and all is gone with the process.

The packets pass through this program, so no module of the kernel for traffic control or filters is needed.
"""

import ctypes
import fcntl
import heapq
import os
import pathlib
import select
import shutil
import socket
import struct
import subprocess
import threading
import time

_CLONE_NEWNET = 0x40000000
_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
_TCP, _SYN, _ACK = 6, 0x02, 0x10
_LONGEST_PACKET = 65536

SERVER, SERVER_IPV6 = "10.9.0.2", "fd09::2"
COPIER, COPIER_LATER, COPIER_IPV6 = "10.9.0.1", "10.9.0.3", "fd09::1"

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def why_not():
    """Why this machine can have no networks of our own; None: it can."""
    if os.geteuid() != 0:
        return "networks are made by root only"
    missing = [name for name in ("ip", "nsenter") if not shutil.which(name)]
    if missing:
        return "not installed: " + ", ".join(missing)
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "the kernel offers no /dev/net/tun"
    child = os.fork()
    if child == 0:
        os._exit(0 if _libc.unshare(_CLONE_NEWNET) == 0 else 1)
    return None if os.waitpid(child, 0)[1] == 0 else "the kernel gives no network of our own"


class Packet:
    """What a rule wants to know of an IP packet."""

    def __init__(self, data, from_copier):
        self.data, self.from_copier = data, from_copier
        self.is_ipv6 = data[0] >> 4 == 6
        self.is_syn, self.flow, self.content = False, None, b""
        header = 40 if self.is_ipv6 else (data[0] & 15) * 4
        protocol = data[6] if self.is_ipv6 else data[9]
        if protocol == _TCP and len(data) >= header + 20:
            ports = struct.unpack(">HH", data[header:header + 4])
            self.flow = ports if from_copier else ports[::-1]  # the copier's port first
            self.is_syn = data[header + 13] & (_SYN | _ACK) == _SYN
            self.content = data[header + (data[header + 12] >> 4) * 4:]


class Wire:
    """From its making on, this process and what it starts live in the servers' network, 10.9.0.2. A program started
    by the script of `program_of()` lives in the copier's, 10.9.0.1. `rule(packet)`: after how many seconds the packet
    arrives, a list with one number a copy; an empty one: never. Without a rule all arrives at once."""

    def __init__(self):
        _checked(_libc.unshare(_CLONE_NEWNET))
        servers = self._here()
        self._server_end = self._make_end(SERVER, SERVER_IPV6)
        _checked(_libc.unshare(_CLONE_NEWNET))
        self._copiers = self._here()
        self._copier_end = self._make_end(COPIER, COPIER_IPV6)
        _checked(_libc.setns(servers, _CLONE_NEWNET))
        os.close(servers)
        self.rule = None
        self._waiting = []
        threading.Thread(target=self._carry, daemon=True).start()

    @staticmethod
    def _here():
        return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)

    @staticmethod
    def _make_end(address, ipv6):
        end = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC | os.O_NONBLOCK)
        fcntl.ioctl(end, _TUNSETIFF, struct.pack("16sH22x", b"wire", _IFF_TUN | _IFF_NO_PI))
        for words in (("link", "set", "lo", "up"), ("addr", "add", address + "/24", "dev", "wire"),
                      ("link", "set", "wire", "up", "mtu", "1500"),
                      ("-6", "addr", "add", ipv6 + "/64", "dev", "wire", "nodad")):
            done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
            if done.returncode != 0 and words[0] != "-6":  # a kernel without IPv6 lacks one test
                raise RuntimeError(f"ip {' '.join(words)}: {done.stderr}")
        return end

    def program_of(self, program, directory):
        """A program that is `program` in the copier's network."""
        script = pathlib.Path(directory) / "in_the_copiers_network"
        script.write_text(f"#!/bin/sh\nexec nsenter --net=/proc/{os.getpid()}/fd/{self._copiers} -- "
                          f"'{program}' \"$@\"\n")
        script.chmod(0o755)
        return script

    def change_address(self, old, new):
        """The copier's network gives it another address, as DHCP may."""
        for words in (f"addr del {old}/24 dev wire", f"addr add {new}/24 dev wire"):
            subprocess.run(["nsenter", f"--net=/proc/{os.getpid()}/fd/{self._copiers}", "--", "ip", *words.split()],
                           check=True)

    def _carry(self):
        ends = {self._copier_end: self._server_end, self._server_end: self._copier_end}
        number = 0
        while True:
            pause = max(0, self._waiting[0][0] - time.monotonic()) if self._waiting else None
            for end in select.select(list(ends), [], [], pause)[0]:
                try:
                    data = os.read(end, _LONGEST_PACKET)
                except BlockingIOError:
                    continue
                rule, delays = self.rule, [0]
                if rule:
                    delays = rule(Packet(data, end == self._copier_end))
                for delay in delays:
                    number += 1
                    heapq.heappush(self._waiting, (time.monotonic() + delay, number, ends[end], data))
            while self._waiting and self._waiting[0][0] <= time.monotonic():
                _, _, to, data = heapq.heappop(self._waiting)
                try:
                    os.write(to, data)
                except OSError:
                    pass  # lost, as packets may be
