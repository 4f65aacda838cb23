"""A copier with pages, among real mail servers, and browsers before it."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "real_servers"))

from mail_site import CE_PASSWORD, COPIER, ENGINEER, MANAGER, MailSite, address  # noqa: E402,F401
from ports import choose_port  # noqa: E402

OPERATOR, MAINTENANCE = "0000", "9272"  # as the factory sets them (Y1)


class WithPages(unittest.TestCase):
    """One mail site and one service a test; browsers are closed with it."""

    PROGRAM = None
    AXE = None
    PICTURES = None

    @classmethod
    def setUpClass(cls):
        cls.site = MailSite(cls.PROGRAM)
        cls.addClassCleanup(cls.site.stop)

    def copier(self, config="", **settings):
        """Set up but for what `settings` changes; its service runs with pages. (copier, address of the main page)"""
        return self.serve(self.site.new_copier(**settings), config)

    def blank_copier(self, config=""):
        """As it comes from the factory, apart from the authority that signed the servers' certificates."""
        return self.serve(self.site.blank_copier({"security.ca_file": self.site.authority.certificate}), config)

    def serve(self, copier, config):
        port = choose_port()
        file = self.site.directory / f"{copier.state.name}.ini"
        file.write_text(f"[web]\nlisten = 127.0.0.1:{port}\n{config}")
        copier.use_configuration(file)
        self.service = self.site.service_of(copier)
        self.service.wait_for("the pages are at")
        return copier, f"http://127.0.0.1:{port}"

    def browser(self, **choices):
        from webdriver import Browser
        browser = Browser(self.site.keeper, **choices)
        self.addCleanup(browser.close)
        return browser

    def log_in(self, browser, home, part="environment", password=OPERATOR):
        browser.open(f"{home}/{part}")
        browser.fill({"password": password})
        browser.find("main form button").click()
        browser.wait_for(lambda: "log in" not in browser.title.lower(), f"the log-in of {part}")
