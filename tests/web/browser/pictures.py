#!/usr/bin/env python3
"""Makes the README's pictures of the pages, from a copier that nobody else uses and that has just answered a mail.

usage: pictures.py --program REMOTEMAILD --mail-host REMOTEMAIL-MAILHOST --into apps/remotemaild/doc
"""

import argparse
import base64
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "real_servers"))

from copier import Copier  # noqa: E402
from failing_steps import Host  # noqa: E402
from keeper import Keeper  # noqa: E402
from ports import choose_port  # noqa: E402
from webdriver import Browser  # noqa: E402

_PASSWORD = "Correct-horse-7"
_MAIL_PASSWORD = "copier-secret"
_COMMAND = b"""From: ce@example.com\r
To: copier@example.com\r
Subject: U-BIX\r
Message-ID: <0815@example.com>\r
\r
GetLog\r
"""


def settings(host):
    return {
        "transmission.manager_address": "manager@example.com", "transmission.smtp_server": "localhost",
        "transmission.smtp_port": host.ports["smtps"], "transmission.smtp_security": "tls",
        "transmission.smtp_user": "copier", "transmission.smtp_password": _MAIL_PASSWORD,
        "reception.spool": "imap", "reception.server": "localhost", "reception.port": host.ports["imaps"],
        "reception.user": "copier", "reception.password": _MAIL_PASSWORD, "reception.pop_before_smtp": "no",
        "reception.address": "copier@example.com", "reception.nickname": "2nd-floor", "reception.ce_password": "U-BIX",
        "reception.enabled": "yes", "security.ca_file": host.directory / "ca.pem",
        "security.operator_password": _PASSWORD, "security.maintenance_password": _PASSWORD + "8",
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--mail-host", required=True)
    parser.add_argument("--into", required=True, type=pathlib.Path)
    arguments = parser.parse_args()
    keeper = Keeper()
    with tempfile.TemporaryDirectory(prefix="remotemail-pictures-") as folder:
        keeper.watch_directory(folder)
        copier = Copier(arguments.program, pathlib.Path(folder) / "state", keeper)
        users = {"copier": _MAIL_PASSWORD, "ce": "ce-secret", "manager": "m"}
        host = Host(arguments.mail_host, pathlib.Path(folder) / "host", users, domain="example.com")
        host.deliver("copier", _COMMAND)
        copier.set(settings(host))
        port = choose_port()
        file = pathlib.Path(folder) / "remotemaild.ini"
        file.write_text(f"[web]\nlisten = 127.0.0.1:{port}\n")
        copier.use_configuration(file)
        service = copier.run()
        service.wait_for("ready")
        service.wait_for("the pages are at")
        copier.checked("poll")
        service.wait_for("sent Counter list")
        home = f"http://127.0.0.1:{port}"
        browser = Browser(keeper, width=760)

        def picture(name):
            data = browser.ask("GET", "/screenshot")
            (arguments.into / f"{name}.png").write_bytes(base64.b64decode(data))

        browser.open(home)
        browser.wait_for_text("Toner")  # the machine was asked meanwhile
        picture("main")
        browser.open(home + "/panel")
        picture("panel")
        browser.open(home + "/maintenance")
        browser.fill({"password": _PASSWORD + "8"})
        browser.button("Log in")
        browser.wait_for_text("Initial setting")
        browser.look(760, dark=True)
        browser.open(home + "/maintenance/reception")
        picture("reception")
        browser.close()
        service.stop()
        host.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
