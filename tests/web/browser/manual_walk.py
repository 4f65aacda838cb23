"""Section 2.2 of the manual, steps 1 to 9, as somebody at a browser does them; behind them a mail is answered."""

import email

from pages_site import CE_PASSWORD, COPIER, ENGINEER, MAINTENANCE, MANAGER, OPERATOR, WithPages, address
from mail_site import PASSWORDS


class ManualWalk(WithPages):
    SCRIPTS = True

    def transmission(self):
        return {"transmission.manager_address": address(MANAGER), "transmission.time_difference": "-500",
                "transmission.smtp_server": "127.0.0.1", "transmission.smtp_port": self.site.postfix.port("tls"),
                "transmission.smtp_security": "tls", "transmission.smtp_user": COPIER,
                "transmission.smtp_password": PASSWORDS[COPIER]}

    def reception(self, spool):
        return {"reception.enabled": "yes", "reception.interval": "60", "reception.server": "127.0.0.1",
                "reception.port": self.site.dovecot.port(spool, "tls"), "reception.security": "tls",
                "reception.spool": spool, "reception.user": COPIER, "reception.password": PASSWORDS[COPIER],
                "reception.address": address(COPIER), "reception.nickname": "2nd-floor",
                "reception.ce_password": CE_PASSWORD}

    def walk(self, spool):
        copier, home = self.blank_copier()
        browser = self.browser(scripts=self.SCRIPTS)
        browser.open(home)  # steps 1 to 3
        self.assertIn("Main page", browser.title)
        browser.link("Environment setup")
        browser.fill({"password": OPERATOR})  # step 4: even the factory value has to be typed
        browser.button("Log in")
        browser.wait_for_text("E-Mail transmission setting")
        browser.link("E-Mail transmission setting")
        browser.fill(self.transmission())  # step 5
        browser.button("Apply")
        browser.wait_for_text("Applied")
        self.assertNotIn(PASSWORDS[COPIER], browser.source)
        browser.open(home + "/environment/test")  # step 6
        browser.button("Start the sending test")
        browser.wait_for_text("All is well", 60)
        self.site.wait_for_mails(MANAGER, 1)
        browser.open(home + "/maintenance")  # step 7
        browser.fill({"password": MAINTENANCE})
        browser.button("Log in")
        browser.wait_for_text("Initial setting")
        browser.link("E-Mail reception setting")
        browser.fill(self.reception(spool))
        browser.button("Apply")
        browser.wait_for_text("Applied", 60)
        for secret in (CE_PASSWORD, PASSWORDS[COPIER]):
            self.assertNotIn(secret, browser.source)
        browser.open(home + "/maintenance/test")  # step 8
        browser.button("Start the sending and receiving test")
        browser.wait_for_text("All is well", 90)
        # Step 9, the power switch, is not needed: settings act as soon as they are applied (A18).
        mail = email.message_from_string(
            f"From: {address(ENGINEER)}\r\nTo: {address(COPIER)}\r\nSubject: {CE_PASSWORD}\r\n"
            "Date: Sat, 14 Mar 2026 00:00:00 +0000\r\nMessage-ID: <walk@ce.example>\r\n\r\nGETLOG COUNTER\r\n")
        self.site.submit(mail.as_bytes(), address(ENGINEER), address(COPIER))
        self.site.wait_until_delivered()
        browser.open(home)
        browser.button("Poll now")
        self.site.wait_for_mails(ENGINEER, 1)
        reply = self.site.mailbox(ENGINEER)[0]
        self.assertIn(b"Subject: Counter list [2nd-floor]", reply)
        self.assertIn(b"-0500", reply)
        browser.open(home + "/maintenance/log")
        browser.wait_for_text(address(ENGINEER))
        self.assertIn("Counter list", browser.source)
        self.assertEqual(self.service.terminate(60), 0)

    def test_pop3(self):
        """the manual's walk over POP3 ends with a mail answered [B4, B5, B7, B22, B23, C2, C4, C6]"""
        self.walk("pop3")

    def test_imap(self):
        """the manual's walk over IMAP ends with a mail answered [B4, B5, B7, B22, B23, C2, C4, C6]"""
        self.walk("imap")


class ManualWalkWithoutScript(ManualWalk):
    SCRIPTS = False
