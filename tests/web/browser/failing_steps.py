"""Both tests of the pages, failing at each of their steps: a mail host that goes wrong there on purpose."""

import importlib.util
import pathlib

from pages_site import MAINTENANCE, OPERATOR, WithPages

# The module is named, not its folder: tests/secrets has a run.py and others of names that stand here, too.
_spec = importlib.util.spec_from_file_location(
    "mail_host", pathlib.Path(__file__).resolve().parent.parent.parent / "secrets" / "desk.py")
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
Host = _module.Host

_SENDING = (  # what goes wrong, and words of the page about it
    ("smtp connect close", "greeting"),
    ("smtp EHLO 502", ""),
    ("smtp login refuse 535 5.7.8 no", "log-in"),
    ("smtp MAIL 550 5.7.1 not you", "sender"),
    ("smtp RCPT 550 5.1.1 unknown", "recipient"),
    ("smtp DATA 554 not now", ""),
    ("smtp dot 554 5.7.1 dislike", "5.7.1"),
    ("smtp dot close", "lost"),
)
_RECEIVING = (
    ("imap connect close", "greeting"),
    ("imap login refuse no", "log-in"),
    ("imap SELECT refuse no such", "mailbox"),
    ("imap FETCH close", "lost"),
)


class FailingSteps(WithPages):
    MAIL_HOST = None

    def words_of(self, browser, fault, part):
        directory = self.site.directory / ("host-" + "-".join(fault.split()[:2]) + "-" + part + str(id(fault)))
        host = Host(self.MAIL_HOST, directory, {"copier": "copier-secret", "manager": "m"}, [fault])
        self.addCleanup(host.stop)
        both = {"security__ca_file": directory / "ca.pem", "transmission__manager_address": "manager@example.test",
                "transmission__smtp_server": "localhost", "transmission__smtp_port": host.ports["smtps"],
                "transmission__smtp_password": "copier-secret", "reception__server": "localhost",
                "reception__port": host.ports["imaps"], "reception__password": "copier-secret",
                "reception__address": "copier@example.test", "reception__enabled": "no",
                "reception__pop_before_smtp": "no"}
        _, home = self.copier(spool="imap", **both)
        self.log_in(browser, home, part, OPERATOR if part == "environment" else MAINTENANCE)
        browser.open(f"{home}/{part}/test")
        browser.submit()
        browser.wait_for_text("Something is not right yet", 120)
        words = browser.find("main").text
        host.process.terminate()
        self.service.terminate(60)
        return words

    def test_sending(self):
        """the sending test names the step at which it failed, whichever that is [C2]"""
        browser = self.browser()
        for fault, words in _SENDING:
            with self.subTest(fault):
                self.assertIn(words, self.words_of(browser, fault, "environment"))

    def test_receiving(self):
        """the receiving half names the step at which it failed, and the sending half passed [C4]"""
        browser = self.browser()
        for fault, words in _RECEIVING:
            with self.subTest(fault):
                text = self.words_of(browser, fault, "maintenance")
                self.assertIn(words, text)
                self.assertIn("passed", text)
