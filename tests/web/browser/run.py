#!/usr/bin/env python3
"""The pages of remotemaild in headless Chromium, among a Dovecot and a Postfix that this program starts and ends.

usage: run.py --program REMOTEMAILD --mail-host REMOTEMAIL-MAILHOST [--axe axe.min.js] [--pictures DIR] GROUP [unittest's options]

All on loopback, on ports of their own. Exit status 77: skipped, with the reason.
"""

import argparse
import pathlib
import shutil
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "real_servers"))

import run as real_servers  # noqa: E402
import appearance  # noqa: E402
import failing_steps  # noqa: E402
import hostile_words  # noqa: E402
import log_in_pages  # noqa: E402
import manual_walk  # noqa: E402
import panel_pages  # noqa: E402
import panel_states  # noqa: E402
import settings_pages  # noqa: E402
import states  # noqa: E402
import time_out  # noqa: E402
from pages_site import WithPages  # noqa: E402

SKIPPED = 77

GROUPS = {
    "manual_walk": [manual_walk.ManualWalk],
    "manual_walk_without_script": [manual_walk.ManualWalkWithoutScript],
    "wrong_inputs": [settings_pages.WrongInputs],
    "two_browsers": [settings_pages.TwoBrowsers],
    "failing_tests": [settings_pages.FailingTests],
    "failing_steps": [failing_steps.FailingSteps],
    "log_in": [log_in_pages.LogIn],
    "time_out": [time_out.TimeOut],
    "factory_passwords": [log_in_pages.FactoryPasswords],
    "other_sites": [log_in_pages.OtherSites],
    "panel": [panel_pages.Panel],
    "panel_states": [panel_states.PanelStates],
    "ce_desk": [panel_pages.Desk],
    "hostile_words": [hostile_words.HostileWords],
    "appearance": [appearance.Appearance],
    "states": [states.States],
}


def why_not(arguments):
    reason = real_servers.why_not()
    if reason:
        return reason
    missing = [name for name in ("chromium", "chromedriver") if not shutil.which(name)]
    if arguments.group in ("appearance", "states") and not (arguments.axe and pathlib.Path(arguments.axe).exists()):
        missing.append("axe-core")
    return "not installed: " + ", ".join(missing) if missing else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--mail-host", required=True)
    parser.add_argument("--axe")
    parser.add_argument("--pictures")
    parser.add_argument("group", choices=GROUPS)
    arguments, others = parser.parse_known_args()
    reason = why_not(arguments)
    if reason:
        print(f"skipped: web/{arguments.group}: {reason}")
        return SKIPPED
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    WithPages.PROGRAM, WithPages.AXE, WithPages.PICTURES = arguments.program, arguments.axe, arguments.pictures
    failing_steps.FailingSteps.MAIL_HOST = hostile_words.HostileWords.MAIL_HOST = panel_pages.Desk.MAIL_HOST = states.States.MAIL_HOST = arguments.mail_host
    suite = unittest.TestSuite()
    for case in GROUPS[arguments.group]:
        suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(case))
    verbosity = 2 if "-v" in others else 1
    return 0 if unittest.TextTestRunner(verbosity=verbosity).run(suite).wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
