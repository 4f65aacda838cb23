#!/usr/bin/env python3
"""The search for secrets and the changes of servers, against the service as a program.

usage: run.py --program REMOTEMAILD --mail-host REMOTEMAIL-MAILHOST GROUP [unittest's options]
"""

import argparse
import os
import sys
import unittest

import canary
import pass_back

GROUPS = {"canary": [canary.Search, canary.Canary], "pass_back": [pass_back.PassBack]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--mail-host", required=True)
    parser.add_argument("group", choices=GROUPS)
    arguments = parser.parse_args()
    suite = unittest.TestSuite()
    for case in GROUPS[arguments.group]:
        case.program = os.path.abspath(arguments.program)
        case.mail_host = os.path.abspath(arguments.mail_host)
        suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(case))
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    return 0 if result.wasSuccessful() and result.testsRun > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
