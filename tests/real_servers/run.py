#!/usr/bin/env python3
"""remotemaild against a real Dovecot and a real Postfix, which this program starts and ends.

usage: run.py --program REMOTEMAILD GROUP [unittest's options]

They listen on loopback only, on ports of their own, with all their files in a directory of their own; the system's
mail servers are not touched. Exit status 77: skipped, with the reason.
"""

import argparse
import os
import pwd
import shutil
import signal
import sys
import unittest

import every_kind_of_mail
import network_faults
import loops
import odd_servers
import service
import set_up_tests
import wrong_setups

SKIPPED = 77

GROUPS = {
    "pop3_none": [every_kind_of_mail.Pop3WithoutTls],
    "pop3_starttls": [every_kind_of_mail.Pop3WithStarttls],
    "pop3_tls": [every_kind_of_mail.Pop3WithTls],
    "imap_none": [every_kind_of_mail.ImapWithoutTls],
    "imap_starttls": [every_kind_of_mail.ImapWithStarttls],
    "imap_tls": [every_kind_of_mail.ImapWithTls],
    "ipv6": [every_kind_of_mail.OverIpv6],
    "localhost": [every_kind_of_mail.OverLocalhost],
    "name_server": [every_kind_of_mail.OverNameServer],
    "wrong_setups": [wrong_setups.WrongSetups],
    "wrong_certificates": [wrong_setups.WrongCertificates],
    "full_mailbox": [wrong_setups.FullMailbox],
    "refused_mail": [wrong_setups.RefusedMail],
    "small_size": [wrong_setups.SmallSize],
    "service": [service.RunningService],
    "killed_service": [service.KilledService],
    "set_up_tests": [set_up_tests.SetUpTests],
    "network_faults": [network_faults.NetworkFaults],
    "network_timeouts": [network_faults.NetworkTimeouts],
    "read_only_state": [network_faults.ReadOnlyState],
    "loops": [loops.Loops],
    "odd_servers": [odd_servers.OddServers],
}


def why_not():
    """What is missing for real servers on this machine."""
    if os.geteuid() != 0:
        return "mail servers are started by root only"
    missing = [name for name in ("dovecot", "postconf", "openssl") if not shutil.which(name)]
    missing += [path for path in ("/usr/lib/postfix/sbin/master", "/usr/lib/dovecot/pop3", "/usr/lib/dovecot/imap",
                                  "/usr/lib/dovecot/lmtp") if not os.access(path, os.X_OK)]
    for user in ("dovecot", "dovenull", "postfix", "nobody"):
        try:
            pwd.getpwnam(user)
        except KeyError:
            missing.append("user " + user)
    return "not installed: " + ", ".join(missing) if missing else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("group", choices=GROUPS)
    arguments, others = parser.parse_known_args()
    reason = why_not()
    if reason:
        print(f"skipped: real_servers/{arguments.group}: {reason}")
        return SKIPPED
    # A runner that gives up ends a test by SIGTERM: clean-ups shall run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    suite = unittest.TestSuite()
    for case in GROUPS[arguments.group]:
        case.program = os.path.abspath(arguments.program)
        suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(case))
    result = unittest.TextTestRunner(verbosity=2, failfast="--failfast" in others).run(suite)
    if result.testsRun == 0:
        print("no test ran")
        return 1
    if result.wasSuccessful() and len(result.skipped) == result.testsRun:
        for _, reason in result.skipped:
            print(f"skipped: real_servers/{arguments.group}: {reason}")
        return SKIPPED
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
