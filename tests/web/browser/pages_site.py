"""A copier with pages, among real mail servers, and browsers before it."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "real_servers"))

from mail_site import CE_PASSWORD, COPIER, ENGINEER, MANAGER, PASSWORDS, MailSite, address  # noqa: E402,F401
from ports import choose_port  # noqa: E402

OPERATOR, MAINTENANCE = "0000", "9272"  # as the factory sets them (Y1)

_EVERYBODYS = ("/", "/environment", "/maintenance", "/panel", "/panel/key-operator", "/panel/key-operator/system",
               "/panel/key-operator/system/ip", "/panel/25", "/panel/36", "/ce-desk")
_OPERATORS = ("/environment", "/environment/transmission", "/environment/limits", "/environment/security",
              "/environment/test", "/environment/password")
_MAINTENANCES = ("/maintenance", "/maintenance/reception", "/maintenance/test", "/maintenance/check",
                 "/maintenance/log", "/maintenance/log/all", "/maintenance/password")


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
        self.addCleanup(self.site.stop_services)
        self.service = self.site.service_of(copier, alone=False)
        self.service.wait_for("the pages are at")
        return copier, f"http://127.0.0.1:{port}"

    def desk(self, imap_port, smtp_port, ca_file, user=ENGINEER, password=PASSWORDS[ENGINEER], mail_address=None, note="",
             server="127.0.0.1"):
        """The section of the configuration that makes the CE desk."""
        secret = self.site.directory / "desk-password"
        secret.write_text(password + "\n")
        return (f"\n[ce_desk]\naddress = {mail_address or address(user)}\nserver = {server}\nport = {imap_port}\nuser = {user}\n"
                f"password_file = {secret}\nsmtp_server = {server}\nsmtp_port = {smtp_port}\nsmtp_user = {user}\n"
                f"smtp_password_file = {secret}\nca_file = {ca_file}\n" + (f"note = {note}\n" if note else ""))

    def desk_among_servers(self, **more):
        return self.desk(self.site.dovecot.port("imap", "tls"), self.site.postfix.port("tls"),
                         self.site.authority.certificate, **more)

    def desk_without_servers(self):
        """What the desk says when nobody answers is part of how it looks."""
        return self.desk(1, 1, self.site.authority.certificate)

    def every_page(self, browser, home):
        """(who, page) of all pages that are there from the start, logged in as each wants it."""
        yield from (("open", page) for page in _EVERYBODYS)
        self.log_in(browser, home)
        yield from (("operator", page) for page in _OPERATORS)
        self.log_in(browser, home, "maintenance", MAINTENANCE)
        yield from (("maintenance", page) for page in _MAINTENANCES)

    def browser(self, **choices):
        from webdriver import Browser
        browser = Browser(self.site.keeper, **choices)
        self.addCleanup(browser.close)
        return browser

    def log_in(self, browser, home, part="environment", password=OPERATOR):
        browser.open(f"{home}/{part}")
        browser.fill({"password": password})
        browser.submit()
        browser.wait_for(lambda: "log in" not in browser.title.lower(), f"the log-in of {part}")
