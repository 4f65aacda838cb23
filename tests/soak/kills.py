#!/usr/bin/env python3
"""R1 on real servers: mails pass while the program is killed at random moments, and every answer is accounted for.

usage: kills.py --program REMOTEMAILD [--mails N] [--seconds N] [--spool pop3|imap|both] [--seed N]

Starts a Dovecot and a Postfix of its own on loopback (root only). Puts command mails into the copier's mailbox, some of
them changes of the password that all later ones need, and runs `remotemaild once` again and again, killed by SIGKILL at
a random moment most of the time: any moment, or one right behind an accepted mail or a removal, where it hurts most.

In the end each mail must have been answered completely and executed once. What came twice must be the same octets,
apart from the trace fields on top, and there must be exactly as many second copies as were counted in doubt: mails that
Postfix had taken in a run that was killed and that still lay in the outbox afterwards. There is no more than one of
them a kill, since no final dot leaves before the answer to the one before is noted (R2).
Prints one line of figures a spool. Exit status 77: skipped, with the reason.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "real_servers"))

import run as real_servers  # noqa: E402
from inspection import ReceivedReply, without_trace_fields  # noqa: E402
from mail_site import CE_PASSWORD, COPIER, ENGINEER, MailSite, address  # noqa: E402

_BATCH = 40  # mails that lie in the mailbox at once
_MAX_MAILS = 20  # executed a run that is to be killed
# A third try without an end would set an innocent mail aside (R5): a run that is not killed takes all that is there.
_KILLS_IN_A_ROW = 2
_LINE = re.compile(r"postfix/(?:\S+/)?(\w+)\[\d+\]: (.*)")
_MESSAGE_ID = re.compile(r"([0-9A-Za-z]+): message-id=<(.*)>")
_QUEUED = re.compile(r"([0-9A-Za-z]+): from=<.*\(queue active\)")


class PostfixLog:
    """What Postfix has taken, run by run."""

    def __init__(self, postfix):
        self._file = postfix.home / "log" / "postfix.log"
        self._offset = 0
        self._rest = b""
        self._open_sessions = 0
        self._ids = {}  # message by queue id
        self._runs = {}  # run by queue id
        self._queued = set()

    def read(self, run):
        with open(self._file, "rb") as file:
            file.seek(self._offset)
            data = file.read()
        self._offset += len(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            found = _LINE.search(line.decode(errors="replace"))
            if not found:
                continue
            daemon, text = found.groups()
            if daemon == "smtpd":
                self._open_sessions += text.startswith("connect from") - text.startswith("disconnect from")
            elif daemon == "cleanup" and (named := _MESSAGE_ID.match(text)):
                self._ids[named[1]], self._runs[named[1]] = named[2], run
            elif daemon == "qmgr" and (queued := _QUEUED.match(text)):
                self._queued.add(queued[1])

    def wait_for_end_of_sessions(self, run, was_there):
        """All that the run has said was heard. A session that nobody answered yet shows in the log, too, but later."""
        until = time.monotonic() + 60
        while True:
            self.read(run)
            if not self._open_sessions and not was_there():
                return
            if time.monotonic() > until:
                raise AssertionError("Postfix does not end a session")
            time.sleep(0.005)

    def count(self):
        return len(self._ids)

    def taken_in(self, run):
        """Message-IDs. To be asked when the queue is empty: only then each queue id has been queued or was dropped."""
        return {self._ids[name] for name in self._queued if self._runs.get(name) == run}


class Kills:
    def __init__(self, program, spool, mails, seconds, seed):
        self.chance = random.Random(seed)
        self.site = MailSite(program)
        self.log = PostfixLog(self.site.postfix)
        self.copier = self.site.new_copier(spool=spool)
        self.mails, self.until, self.began = mails, time.monotonic() + seconds, time.monotonic()
        self.password, self.number = CE_PASSWORD, 0
        self.wanted = {}
        self.runs = 0
        self.kills = collections.Counter()  # by kind of moment
        self.still_waiting = {}  # Message-IDs in the outbox after a kill, by run
        self.usual_time = 0.5

    def put_batch(self):
        for _ in range(min(_BATCH, self.mails - self.number)):
            self.number += 1
            name = f"soak.{self.number}@ce.example"
            subject = self.password
            if self.number % 25 == 0:
                new = f"Word{self.number}"
                body, topics, self.password = f"CHPASS {subject} {new}\r\n", ["Password change"], new
            elif self.number % 3 == 0:
                body, topics = "GETLOG COUNTER\r\nHELP\r\n", ["Counter list", "Help"]
            else:
                body, topics = "GETLOG COUNTER\r\n", ["Counter list"]
            data = (f"From: {address(ENGINEER)}\r\nTo: {address(COPIER)}\r\nSubject: {subject}\r\n"
                    f"Date: Sun, 22 Nov 2026 10:00:00 +0900\r\nMessage-ID: <{name}>\r\n\r\n{body}").encode()
            # The file's name is the order in which Dovecot numbers what is new.
            self.site.dovecot.put(COPIER, data, f"{1700000000 + self.number}.M{self.number}.soak")
            self.wanted[name] = topics

    def wait_for_moment(self, process, moment):
        """False: the process ended before."""
        until = time.monotonic() + 120
        if moment == "any":
            until = time.monotonic() + self.chance.uniform(0, self.usual_time)
            is_there = lambda: False  # noqa: E731
        elif moment == "accepted":
            wanted = self.log.count() + self.chance.randint(1, 10)
            is_there = lambda: self.log.read(self.runs) or self.log.count() >= wanted  # noqa: E731
        else:
            before = self.site.dovecot.count(COPIER)
            is_there = lambda: self.site.dovecot.count(COPIER) < before  # noqa: E731
        while time.monotonic() < until and not is_there():
            if process.poll() is not None:
                return False
            time.sleep(0.002)
        if moment != "any":
            time.sleep(self.chance.uniform(0, 0.02))
        return process.poll() is None

    def once(self, kill):
        self.runs += 1
        most = _MAX_MAILS if kill else _BATCH
        words = [self.copier._program, "--state", self.copier.state, "once", f"--max-mails={most}", "--json"]
        began = time.monotonic()
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   env=self.copier._environment)
        if not kill:
            try:
                process.wait(120)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise AssertionError("once took more than two minutes") from None
            self.usual_time = 0.5 * self.usual_time + 0.5 * (time.monotonic() - began)
            self.log.read(self.runs)
            return
        moment = self.chance.choice(("any", "accepted", "removed"))
        is_killed = self.wait_for_moment(process, moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
        # Also after a run that ended by itself in this instant: then nothing waits that was taken.
        self.kills[moment] += is_killed
        self.log.wait_for_end_of_sessions(self.runs, self.has_smtp_connection)
        self.still_waiting[self.runs] = {entry["id"] for entry in self.waiting()}

    def has_smtp_connection(self):
        """Something is still between client and server: the kernel's table knows it before Postfix does."""
        port = f":{self.site.postfix.port('tls'):04X}"
        for table in ("/proc/net/tcp", "/proc/net/tcp6"):
            try:
                lines = pathlib.Path(table).read_text().splitlines()[1:]
            except OSError:
                continue
            for line in lines:
                fields = line.split()
                # 0A listens, 06 waits for strays: nobody holds that any more.
                if fields[1].endswith(port) and fields[3] not in ("0A", "06"):
                    return True
        return False

    def waiting(self):
        return json.loads(self.copier.checked("outbox", "list", "--json"))

    def is_done(self):
        return self.site.dovecot.count(COPIER) == 0 and self.copier.status()["waiting"] == 0

    def run(self):
        while self.number < self.mails and time.monotonic() < self.until:
            self.put_batch()
            in_a_row = 0
            for _ in range(20 * _BATCH):
                kill = in_a_row < _KILLS_IN_A_ROW and self.chance.random() < 0.75
                in_a_row = in_a_row + 1 if kill else 0
                self.once(kill)
                if not kill and self.is_done():
                    break
            else:
                raise AssertionError(f"the mailbox does not become empty: {self.copier.status()}")
        self.site.wait_until(self.site.postfix.is_idle, "an empty queue", 600)
        return self.account()

    def count_in_doubt(self, wrong):
        self.log.read(self.runs)
        in_doubt = collections.Counter()
        for run, waiting in self.still_waiting.items():
            both = self.log.taken_in(run) & waiting
            if len(both) > 1:
                wrong.append(f"run {run}: {len(both)} mails in doubt after one kill")
            in_doubt.update(both)
        return in_doubt

    def account(self):
        """What went wrong, one line each."""
        wrong, second_copies = [], collections.Counter()
        got = collections.defaultdict(dict)
        for data in self.site.mailbox(ENGINEER):
            reply = ReceivedReply(data)
            same = got[reply.in_reply_to].setdefault(reply.topic, reply)
            if same is reply:
                continue
            second_copies[reply.message_id] += 1
            if same.message_id != reply.message_id:
                wrong.append(f"{reply.in_reply_to}: {reply.topic}: executed twice")
            elif without_trace_fields(same.data) != without_trace_fields(reply.data):
                wrong.append(f"{reply.in_reply_to}: {reply.topic}: a second copy with other octets")
        for name, topics in self.wanted.items():
            if sorted(got[name]) != sorted(topics):
                wrong.append(f"{name}: wanted {topics}, got {sorted(got[name])}")
        if set(got) - set(self.wanted):
            wrong.append(f"answers to nothing: {sorted(set(got) - set(self.wanted))}")
        in_doubt = self.count_in_doubt(wrong)
        for name in sorted(set(in_doubt) | set(second_copies)):
            if in_doubt[name] != second_copies[name]:
                wrong.append(f"{name}: {in_doubt[name]} times in doubt, {second_copies[name]} second copies")
        executed_twice = sum("executed twice" in line for line in wrong)
        lost = sum(": wanted " in line for line in wrong)
        minutes = (time.monotonic() - self.began) / 60
        kills = ", ".join(f"{number} {moment}" for moment, number in sorted(self.kills.items()))
        print(f"mails {self.number}, replies {sum(map(len, got.values()))}, runs {self.runs}, "
              f"kills {self.kills.total()} ({kills}): lost {lost}, executed twice {executed_twice}, "
              f"in doubt {in_doubt.total()}, second identical copies {second_copies.total()}; "
              f"{minutes:.1f} minutes, {self.number / minutes:.0f} mails a minute", flush=True)
        return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--mails", type=int, default=10_000, help="a spool (default 10000)")
    parser.add_argument("--seconds", type=float, default=6 * 3600, help="no new mails behind it, a spool (default 6 hours)")
    parser.add_argument("--spool", choices=("pop3", "imap", "both"), default="both")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    arguments = parser.parse_args()
    reason = real_servers.why_not()
    if reason:
        print(f"skipped: soak/kills: {reason}")
        return real_servers.SKIPPED
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    failed = False
    for spool in ("pop3", "imap") if arguments.spool == "both" else (arguments.spool,):
        soak = Kills(os.path.abspath(arguments.program), spool, arguments.mails, arguments.seconds, arguments.seed)
        try:
            print(f"{spool}, seed {arguments.seed}: ", end="", flush=True)
            wrong = soak.run()
        finally:
            soak.site.stop()
        for line in wrong[:20]:
            print("  " + line)
        failed = failed or bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
