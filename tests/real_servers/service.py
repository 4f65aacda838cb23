"""`remotemaild run` with real servers: polled, stopped, killed."""

import collections
import random
import threading
import time

from mail_site import CE_PASSWORD, COPIER, ENGINEER
from relay import Relay
from wrong_setups import WithServers

_PATIENCE_OF_SYSTEMD = 10  # seconds between SIGTERM and the end (fault 74)


class WithService(WithServers):
    def relayed_copier(self, spool="pop3", **settings):
        """A copier whose traffic passes two relays, to mailbox and SMTP server; without TLS: they can read it."""
        receiving = Relay(self.site.dovecot.port(spool, "none"))
        sending = Relay(self.site.postfix.port("none"))
        for relay in (receiving, sending):
            self.addCleanup(relay.stop)
        copier = self.site.new_copier(spool=spool, security="none", reception__port=receiving.port,
                                      transmission__smtp_port=sending.port, **settings)
        return copier, receiving, sending

    def start_poll(self, copier):
        """Has the service poll, without waiting for its end."""
        threading.Thread(target=copier.command, args=("poll",), daemon=True).start()

    def answer_again(self, copier):
        """With servers that answer, the mail is answered once."""
        copier.once()
        copier.once()
        self.assertEqual(self.topics(), ["Counter list"])
        self.assertEqual(self.site.dovecot.count(COPIER), 0)

    def poll(self, copier):
        done = copier.command("poll", "--json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class RunningService(WithService):
    def test_polled(self):
        """the running service answers what has arrived when it is told to poll [A1]"""
        for spool in ("pop3", "imap"):
            with self.subTest(spool):
                copier = self.site.new_copier(spool=spool)
                service = self.site.service_of(copier)
                self.mail_command("GETLOG COUNTER\r\nHELP\r\n")
                self.poll(copier)
                self.assertEqual(self.topics(), ["Counter list", "Help"])
                self.assertEqual(service.terminate(_PATIENCE_OF_SYSTEMD), 0)

    def test_switched_on(self):
        """mail that arrives while the machine is off is answered by itself when it is on again [A14]"""
        copier = self.site.new_copier()
        service = self.site.service_of(copier)
        copier.checked("panel", "power", "main", "off")
        self.mail_command()
        self.assertEqual(copier.command("poll").returncode, 3)
        self.assertEqual(self.site.dovecot.count(COPIER), 1)
        copier.checked("panel", "power", "main", "on")
        self.site.wait_for_mails(ENGINEER, 1)
        self.assertEqual(self.topics(), ["Counter list"])
        self.assertEqual(service.terminate(_PATIENCE_OF_SYSTEMD), 0)

    def test_second_instance(self):
        """a second `run` on the same state ends with 75, other commands go to the first [fault 79]"""
        copier = self.site.new_copier()
        service = self.site.service_of(copier)
        second = copier.command("run")
        self.assertEqual(second.returncode, 75)
        self.assertIn("another instance is running", second.stderr)
        self.mail_command()
        self.assertEqual(copier.once()[1]["answered"], 1)
        self.assertEqual(self.topics(), ["Counter list"])
        self.assertEqual(service.terminate(_PATIENCE_OF_SYSTEMD), 0)

    def test_settings_act_at_once(self):
        """what is applied acts without a restart [A18]"""
        copier = self.site.new_copier(reception__enabled="no")
        service = self.site.service_of(copier)
        self.mail_command()
        self.assertEqual(copier.command("poll").returncode, 3)
        copier.checked("settings", "set", "reception.enabled=yes", "reception.nickname=Renamed")
        self.poll(copier)
        self.assertEqual([reply.subject for reply in self.replies()], ["Counter list [Renamed]"])
        self.assertEqual(service.terminate(_PATIENCE_OF_SYSTEMD), 0)

    def test_stopped_amid_a_dialogue(self):
        """SIGTERM ends the service in time though a server does not answer, and nothing is lost [fault 74]"""
        for side, words in (("receiving", b"QUIT"), ("receiving", b"AUTH"),
                            ("sending", b"MAIL FROM"), ("sending", b"DATA")):
            with self.subTest(words=words):
                copier, receiving, sending = self.relayed_copier()
                service = self.site.service_of(copier)
                self.mail_command()
                relay = receiving if side == "receiving" else sending
                relay.hold(from_client=words)
                self.start_poll(copier)
                self.assertTrue(relay.wait_until_held())
                self.assertEqual(service.terminate(_PATIENCE_OF_SYSTEMD), 0, service.lines)
                relay.cut()
                self.answer_again(copier)


class KilledService(WithService):
    def test_killed_before_deleting(self):
        """killed between commit and deletion: the mail is deleted, not answered again [R2] [fault 6] [fault 70]"""
        for spool, words in (("pop3", b"DELE"), ("pop3", b"QUIT"), ("imap", b"STORE"), ("imap", b"EXPUNGE")):
            with self.subTest(spool=spool, words=words):
                copier, receiving, _ = self.relayed_copier(spool)
                service = self.site.service_of(copier)
                self.mail_command()
                receiving.hold(from_client=words)
                self.start_poll(copier)
                self.assertTrue(receiving.wait_until_held())
                service.kill()
                receiving.cut()
                self.assertEqual(self.site.dovecot.count(COPIER), 1)
                status, report = copier.once()
                self.assertEqual((status, report["answered"], report["sent"]), (0, 0, 1), report)
                self.assertEqual(self.topics(), ["Counter list"])
                self.assertEqual(self.site.dovecot.count(COPIER), 0)

    def test_killed_before_sending(self):
        """killed before the reply left: it leaves once [R2] [fault 70]"""
        for words in (b"EHLO", b"AUTH", b"MAIL FROM", b"DATA"):
            with self.subTest(words=words):
                copier, _, sending = self.relayed_copier()
                service = self.site.service_of(copier)
                self.mail_command()
                sending.hold(from_client=words)
                self.start_poll(copier)
                self.assertTrue(sending.wait_until_held())
                service.kill()
                sending.cut()
                self.answer_again(copier)

    def test_killed_between_dot_and_confirmation(self):
        """killed between final dot and confirmation: what comes twice is the same mail [R1] [fault 9]"""
        copier, _, sending = self.relayed_copier()
        service = self.site.service_of(copier)
        self.mail_command()
        sending.hold(from_server=b"queued as")
        self.start_poll(copier)
        self.assertTrue(sending.wait_until_held())
        service.kill()
        sending.cut()
        copier.once()
        replies = self.replies()
        self.assertIn(len(replies), (1, 2))
        self.assertEqual(len({reply.message_id for reply in replies}), 1)
        self.assertEqual(len({reply.body for reply in replies}), 1)
        self.assertEqual(len({str(reply.message["Date"]) for reply in replies}), 1)

    def test_killed_at_any_time(self):
        """killed at any time: every mail is answered, what comes twice is the same mail [R1] [fault 70]"""
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        copier = self.site.new_copier()
        wanted = {}
        for number in range(20):
            changes = number % 3 == 0
            body = f"CHPASS {CE_PASSWORD} {CE_PASSWORD}\r\n" if changes else "GETLOG COUNTER\r\nHELP\r\n"
            self.mail_command(body, number)
            wanted[f"command.{number}@ce.example"] = ["Password change"] if changes else ["Counter list", "Help"]
            if number % 4 != 3:
                continue
            # A third try without an end would set the mail aside (R5), so a quiet round follows each two.
            for _ in range(2):
                service = self.site.service_of(copier)
                self.start_poll(copier)
                time.sleep(chance.uniform(0.02, 0.4))
                service.kill()
            for _ in range(10):
                report = copier.once()[1]
                if report["left"] == 0 and report["waiting"] == 0:
                    break
        got = collections.defaultdict(dict)
        for reply in self.replies():
            same = got[reply.in_reply_to].setdefault(reply.topic, reply)
            self.assertEqual((same.message_id, same.body), (reply.message_id, reply.body), f"seed {seed}")
        self.assertEqual({request: sorted(topics) for request, topics in got.items()}, wanted, f"seed {seed}")
        self.assertEqual(self.site.dovecot.count(COPIER), 0, f"seed {seed}")

    def test_killed_three_times_at_one_mail(self):
        """a mail at which the program dies three times is set aside, named in the log, and the next is answered [R5]"""
        for spool, words in (("pop3", b"RETR"), ("imap", b"BODY.PEEK")):
            with self.subTest(spool):
                copier, receiving, _ = self.relayed_copier(spool)
                self.mail_command(number=0)
                for _ in range(3):
                    service = self.site.service_of(copier)
                    receiving.hold(from_client=words)
                    self.start_poll(copier)
                    self.assertTrue(receiving.wait_until_held())
                    service.kill()
                    receiving.cut()
                self.mail_command(number=1)
                self.assertEqual(copier.once()[1]["answered"], 1)
                self.assertEqual([reply.in_reply_to for reply in self.replies()], ["command.1@ce.example"])
                self.assertEqual(self.site.dovecot.count(COPIER), 1)
                self.assertIn("set aside", [record["result"] for record in copier.log()])
                self.assertEqual(copier.once()[1]["answered"], 0)
