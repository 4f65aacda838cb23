#!/usr/bin/env python3
"""Full mailboxes on a real Dovecot: how many polls a command waits behind junk, how long they take, what they hold.

usage: mailboxes.py --program REMOTEMAILD [--mails N] [--polls N] [--spool pop3|imap|both]

Puts N mails (default 10000) with a Subject that is no password into the copier's mailbox and one command behind them,
and has the running service poll until it is answered: after as many polls as D2 allows at most, or `--polls`. Prints a
line a spool with the time and the memory of the process. Exit status 77: skipped, with the reason.
"""

import argparse
import json
import os
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "real_servers"))

import run as real_servers  # noqa: E402
from mail_site import CE_PASSWORD, COPIER, ENGINEER, MailSite, address  # noqa: E402

_JUDGED_PER_POLL = 2000  # D2


def mail(number, subject, body):
    return (f"From: {address(ENGINEER)}\r\nTo: {address(COPIER)}\r\nSubject: {subject}\r\n"
            f"Date: Sun, 22 Nov 2026 10:00:00 +0900\r\nMessage-ID: <box.{number}@ce.example>\r\n\r\n{body}").encode()


def memory(process):
    """(resident, peak) in KiB."""
    lines = pathlib.Path(f"/proc/{process}/status").read_text().splitlines()
    values = {line.partition(":")[0]: line.split()[1] for line in lines if line.startswith("Vm")}
    return int(values["VmRSS"]), int(values["VmHWM"])


def measure(program, spool, mails, most_polls):
    site = MailSite(program)
    try:
        copier = site.new_copier(spool=spool)
        service = site.service_of(copier)
        process = service._process.pid
        copier.checked("poll")
        before = memory(process)[0]
        for number in range(mails):
            site.dovecot.put(COPIER, mail(number, "Buy this now, today only", "Cheap.\r\n" * 40),
                             f"{1700000000 + number}.M{number}.box")
        site.dovecot.put(COPIER, mail("command", CE_PASSWORD, "GETLOG COUNTER\r\n"), f"{1800000000}.Mc.box")
        seconds, residents, answered = [], [], 0
        while not answered and len(seconds) < most_polls:
            began = time.monotonic()
            done = copier.command("poll", "--json", seconds=600)
            seconds.append(time.monotonic() - began)
            residents.append(memory(process)[0])
            if done.returncode != 0:
                print(f"{spool}: {done.stdout}{done.stderr}")
                return False
            answered += json.loads(done.stdout)["answered"]
        peak = memory(process)[1]
        print(f"{spool}, {mails} junk mails and a command: {'answered' if answered else 'not answered'} after "
              f"{len(seconds)} polls, the longest {max(seconds):.1f} s, the first {seconds[0]:.1f} s; resident {before} KiB "
              f"before, {min(residents)} to {max(residents)} KiB after the polls, peak {peak} KiB", flush=True)
        return bool(answered) or most_polls * _JUDGED_PER_POLL < mails
    finally:
        site.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--polls", type=int)
    parser.add_argument("--spool", choices=("pop3", "imap", "both"), default="both")
    arguments = parser.parse_args()
    reason = real_servers.why_not()
    if reason:
        print(f"skipped: soak/mailboxes: {reason}")
        return real_servers.SKIPPED
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    most_polls = arguments.polls or arguments.mails // _JUDGED_PER_POLL + 2
    spools = ("pop3", "imap") if arguments.spool == "both" else (arguments.spool,)
    good = [measure(os.path.abspath(arguments.program), spool, arguments.mails, most_polls) for spool in spools]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
