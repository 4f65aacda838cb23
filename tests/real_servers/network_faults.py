"""A line that loses, swallows and delays packets, between a copier and real servers in networks of their own."""

import random
import subprocess
import threading
import time
import unittest

import wire as wires
from mail_site import COPIER, ENGINEER, HOST_NAME, MailSite
from name_server import NameServer
from service import WithService

_SECONDS = 90  # for one command of the product; its own limit for an answer is 60


class WithWire(WithService):
    @classmethod
    def setUpClass(cls):
        reason = wires.why_not()
        if reason:
            raise unittest.SkipTest(reason)
        cls.wire = wires.Wire()
        cls.site = MailSite(cls.program, elsewhere=[wires.SERVER])
        cls.addClassCleanup(cls.site.stop)
        cls.site.use_program(cls.wire.program_of(cls.program, cls.site.directory))

    def setUp(self):
        self.addCleanup(self.pass_all)

    def pass_all(self):
        self.wire.rule = None

    def far_copier(self, spool="pop3", security="none", host=wires.SERVER, **settings):
        # Limits of the product are per address; the outcome is the same with and without TLS, but here a rule can read.
        return self.site.new_copier(spool=spool, security=security, host=host, **settings)

    def once(self, copier):
        return copier.command("once", seconds=_SECONDS)

    def assert_one_reply(self, number=1):
        replies = self.replies()
        self.assertEqual([reply.topic for reply in replies], ["Counter list"] * number)
        self.assertEqual(len({reply.message_id for reply in replies}), number)
        self.assertEqual(self.site.dovecot.count(COPIER), 0)

    def assert_one_line(self, lines, who, *words):
        """One line when the trouble starts, with these words, and one when it ends (R7)."""
        told = [line for line in lines if who in line]
        self.assertEqual(len(told), 2, lines)
        for each in words:
            self.assertIn(each, told[0])
        self.assertIn("works again", told[1])


class NetworkFaults(WithWire):
    def test_loss(self):
        """packets of the copier lost (30 %), all doubled and out of order: answered once [R1] [fault 15]"""
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)

        def rule(packet):
            delay = chance.choice([0, 0, 0.002, 0.02])
            kind = chance.random()
            if packet.from_copier and kind < 0.3:
                return []
            return [delay, delay + 0.001] if kind < 0.5 else [delay]

        for number, (spool, security) in enumerate((("pop3", "tls"), ("imap", "none"))):
            with self.subTest(spool=spool, seed=seed):
                copier = self.far_copier(spool, security)
                self.mail_command(number=number)
                self.wire.rule = rule
                until = time.monotonic() + 2 * _SECONDS
                while not self.site.dovecot.count(ENGINEER) and time.monotonic() < until:
                    self.once(copier)
                self.wire.rule = None
                self.once(copier)
                self.assert_one_reply()

    def test_swallowed_connections(self):
        """connections that nobody answers: given up in time, told once, the service answers meanwhile [R7] [fault 2]"""
        copier = self.far_copier()
        service = self.site.service_of(copier)
        self.mail_command()
        self.wire.rule = lambda packet: [] if packet.is_syn else [0]
        for _ in range(2):
            polling = threading.Thread(target=copier.command, args=("poll",), daemon=True)
            began = time.monotonic()
            polling.start()
            self.assertEqual(copier.command("status", seconds=5).returncode, 0)
            polling.join(40)
            self.assertFalse(polling.is_alive())
            self.assertGreater(time.monotonic() - began, 1, "nobody refused")
        self.wire.rule = None
        self.poll(copier)
        self.assert_one_reply()
        self.assertEqual(service.terminate(10), 0)
        self.assert_one_line(service.lines, "receiving mail server", "no answer in time", wires.SERVER)

    def test_broken_ipv6(self):
        """a name whose IPv6 address leads nowhere: answered by IPv4 at once, no trouble is told [fault 4]"""
        names = NameServer({HOST_NAME: wires.SERVER}, {HOST_NAME: wires.SERVER_IPV6}, wires.SERVER)
        self.addCleanup(names.stop)
        copier = self.far_copier("imap", "tls", HOST_NAME, transmission__dns_server=names.address)
        self.mail_command()
        tried = []

        def rule(packet):
            if packet.is_ipv6 and packet.is_syn:
                tried.append(packet)
            return [] if packet.is_ipv6 else [0]

        self.wire.rule = rule
        done = self.once(copier)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("server:", done.stderr)
        self.assertTrue(tried, "IPv6 was not tried")
        self.assert_one_reply()

    def test_hole_for_large_packets(self):
        """large packets vanish: the reply waits, a stop is heeded, nothing is in doubt or lost [R1] [fault 14]"""
        copier = self.far_copier()
        service = self.site.service_of(copier)
        self.mail_command()
        vanished = threading.Event()

        def rule(packet):
            if packet.from_copier and len(packet.data) > 576:
                vanished.set()
                return []
            return [0]

        self.wire.rule = rule
        self.start_poll(copier)
        self.assertTrue(vanished.wait(30))
        self.assertEqual(service.terminate(10), 0)
        self.assertEqual(self.site.dovecot.count(ENGINEER), 0)
        self.wire.rule = None
        status = copier.status()
        self.assertEqual(status["waiting"], 1, status)
        self.assertNotIn("in doubt", "\n".join(service.lines))
        self.once(copier)
        self.assert_one_reply()

    def test_hole_that_closes(self):
        """large packets vanish for some seconds: the reply arrives once, by itself [R1] [fault 14]"""
        copier = self.far_copier()
        self.mail_command()
        began = []

        def rule(packet):
            if packet.from_copier and len(packet.data) > 576:
                began.append(time.monotonic())
                return [] if began[-1] - began[0] < 3 else [0]
            return [0]

        self.wire.rule = rule
        self.assertEqual(self.once(copier).returncode, 0)
        self.assertGreater(len(began), 1)
        self.assert_one_reply()


class NetworkTimeouts(WithWire):
    """Here the product's own limit for an answer, a minute, is waited for."""

    def test_forgotten_connection(self):
        """a connection that a router forgot amid the dialogue: given up in time, told once, answered by a new one [fault 13]"""
        copier = self.far_copier()
        service = self.site.service_of(copier)
        self.mail_command()
        forgotten = set()

        def rule(packet):
            if b"RETR" in packet.content and not forgotten:
                forgotten.add(packet.flow)
            return [] if packet.flow in forgotten else [0]

        self.wire.rule = rule
        began = time.monotonic()
        self.assertEqual(copier.command("poll", seconds=_SECONDS).returncode, 0)
        self.assertLess(time.monotonic() - began, 75)
        self.assertEqual(len(forgotten), 1)
        self.assert_one_reply()
        self.assertEqual(service.terminate(10), 0)
        self.assert_one_line(service.lines, "receiving mail server", "no answer in time")

    def test_changed_address(self):
        """the copier's address changes amid the dialogue: given up in time, told once, answered once [R1] [fault 16]"""
        copier = self.far_copier("imap")
        service = self.site.service_of(copier)
        self.mail_command()
        reached = threading.Event()

        def rule(packet):
            # Nothing of the dialogue is carried any more: the packets lead to where nobody is.
            if packet.from_copier and b"STORE" in packet.content:
                reached.set()
            return [] if reached.is_set() and COPIER_ADDRESS in packet.data[12:20] else [0]

        self.wire.rule = rule
        polling = threading.Thread(target=copier.command, args=("poll",), kwargs={"seconds": _SECONDS}, daemon=True)
        polling.start()
        self.assertTrue(reached.wait(30))
        self.wire.change_address(wires.COPIER, wires.COPIER_LATER)
        self.addCleanup(self.wire.change_address, wires.COPIER_LATER, wires.COPIER)
        polling.join(_SECONDS)
        self.assertFalse(polling.is_alive())
        self.poll(copier)
        self.assert_one_reply()
        self.assertEqual(service.terminate(10), 0)
        self.assert_one_line(service.lines, "receiving mail server")


COPIER_ADDRESS = bytes(int(part) for part in wires.COPIER.split("."))


class ReadOnlyState(WithService):
    def test_read_only(self):
        """a state on a file system that cannot be written: not started, in clear words, nothing is fetched [R9] [fault 63]"""
        for spool in ("pop3", "imap"):
            with self.subTest(spool):
                copier = self.site.new_copier(spool=spool)
                self.mail_command()
                script = self.site.directory / "on_a_read_only_state"
                script.write_text("#!/bin/sh\nexec unshare --mount sh -c 'mount --bind \"$1\" \"$1\" && "
                                  "mount -o remount,bind,ro \"$1\" || exit 77; program=$2; shift 2; exec \"$program\" "
                                  f"\"$@\"' sh '{copier.state}' '{self.program}' \"$@\"\n")
                script.chmod(0o755)
                if subprocess.run([script, "--version"], capture_output=True, check=False).returncode != 0:
                    self.skipTest("the kernel gives no mounts of our own")
                for command in ("run", "once"):
                    done = subprocess.run([script, "--state", copier.state, command], capture_output=True, text=True,
                                          timeout=30, check=False)
                    self.assertEqual(done.returncode, 1, done.stderr)
                    lines = [line for line in done.stderr.splitlines() if line.startswith("remotemaild: ")]
                    self.assertEqual(len(lines), 1, done.stderr)
                    self.assertIn("read-only", lines[0].lower().replace("readonly", "read-only"))
                    self.assertIn(str(copier.state), lines[0])
                self.assertEqual(self.site.dovecot.count(COPIER), 1)
                self.assertEqual(self.replies(), [])
                # Put right, it goes on as if nothing had been.
                self.assertEqual(copier.once()[1]["answered"], 1)
                self.assertEqual(self.topics(), ["Counter list"])
