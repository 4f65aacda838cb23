"""The operation panel and the CE desk: what is pressed there is what the mails then say."""

import email
import re

from failing_steps import Host
from pages_site import CE_PASSWORD, COPIER, ENGINEER, WithPages, address


class WithPanel(WithPages):
    mails = 0

    def ask(self, command):
        """A mail with this command lies in the copier's mailbox."""
        self.mails += 1
        mail = (f"From: {address(ENGINEER)}\r\nTo: {address(COPIER)}\r\nSubject: {CE_PASSWORD}\r\n"
                f"Date: Sat, 14 Mar 2026 00:00:00 +0000\r\nMessage-ID: <{self.mails}@ce.example>\r\n\r\n{command}\r\n")
        self.site.mailbox(ENGINEER, take=True)
        self.site.submit(mail.encode(), address(ENGINEER), address(COPIER))
        # Not counted in the mailbox: the service's own poll may have been quicker.
        self.site.wait_until_delivered()

    def answer(self):
        """The text of the one answer, as soon as it is there."""
        self.site.wait_for_mails(ENGINEER, 1)
        return email.message_from_bytes(self.site.mailbox(ENGINEER)[0]).get_payload()

    def answer_to(self, copier, command):
        self.ask(command)
        copier.checked("poll")
        return self.answer()

    def opened(self, home, scripts=True):
        browser = self.browser(scripts=scripts)
        browser.open(home + "/panel")
        return browser


class Panel(WithPanel):
    def test_ip_setting(self):
        """the IP setting is checked, and counts after power OFF/ON [B1, B2, B3]"""
        _, home = self.copier()
        browser = self.browser()
        browser.open(home + "/panel")
        browser.link("Key operator mode")
        browser.link("System initial setting")
        browser.link("IP address setting")
        fields = {"address": "192.168.7.20", "mask": "255.0.255.0", "gateway": "192.168.7.1"}
        browser.fill(fields)
        browser.button("OK")
        browser.wait_for_text("no gaps")
        browser.fill({**fields, "mask": "255.255.255.0"})
        browser.button("OK")
        browser.wait_for_text("It counts after power OFF/ON")
        browser.open(home + "/panel")
        self.assertNotIn("192.168.7.20", browser.text)
        browser.button("Turn the main power switch off")
        browser.wait_for_text("The display is dark")
        browser.button("Turn the main power switch on")
        browser.wait_for_text("192.168.7.20")

    def test_jam(self):
        """a jam at the panel is answered by mail while it lasts, and stands in the list [A8, A9, A10]"""
        copier, home = self.copier()
        browser = self.browser()
        browser.open(home + "/panel")
        browser.button("Cause a paper jam")
        browser.wait_for_text("Clear the paper jam, then go on copying")
        code = re.search(r"J-\d+", browser.text).group(0)
        self.assertIn(code, self.answer_to(copier, "GETLOG MANAGEMENT"))
        browser.button("Make 10 copies")
        browser.wait_for_text("Not done")
        browser.button("Clear the paper jam")
        browser.wait_for_text("Ready to copy")

    def test_copies_and_lists(self):
        """what the panel copies and prints is what the next mail says [A1, G12]"""
        copier, home = self.copier()
        total = lambda text: int(re.search(r"^Total: (\d+)", text, re.M).group(1))  # noqa: E731
        before = total(self.answer_to(copier, "GETLOG"))
        browser = self.browser(scripts=False)
        browser.open(home + "/panel")
        browser.button("Make 10 copies")
        browser.wait_for_text("The copies were made")
        mailed = self.answer_to(copier, "GETLOG COUNTER")
        self.assertEqual(total(self.answer_to(copier, "GETLOG")), before + 10)
        browser.open(home + "/panel/36")
        browser.button("9. Counter list")
        sheet = browser.wait_for(lambda: browser.find_all("main pre"), "a printed sheet")[0].text
        rows = [line.strip() for line in sheet.splitlines() if line.strip()]
        self.assertGreater(len(rows), 20)
        for row in rows:
            if not row.startswith(("Requested", "Delay", "Printed")):
                self.assertIn(row, mailed)


class Desk(WithPages):
    MAIL_HOST = None

    def test_command(self):
        """a newcomer commands the copier from the CE desk and sees the answer arrive, with and without script [A1]"""
        config = self.desk_among_servers()
        for scripts in (True, False):
            with self.subTest(scripts=scripts):
                _, home = self.copier(config)
                browser = self.browser(scripts=scripts)
                browser.open(home + "/ce-desk")
                browser.fill({"subject": CE_PASSWORD, "body": "GETLOG COUNTER"})
                browser.submit()
                browser.wait_for_text("Counter list", 60)
                browser.wait_for(lambda: "Serial number" in browser.source, "the answer itself", 60)
                self.assertNotIn(CE_PASSWORD, browser.source)
                self.assertEqual(self.service.terminate(60), 0)

    def test_mistake(self):
        """news of the mailbox leave what was typed after a mistake where it is, and send no form again [B20, Y5]"""
        host = Host(self.MAIL_HOST, self.site.directory / "slow", {"ce": "ce-secret"}, ["imap login delay 6s"])
        self.addCleanup(host.stop)
        _, home = self.copier(self.desk(host.ports["imaps"], host.ports["smtps"], host.directory / "ca.pem", "ce", "ce-secret",
                                        "ce@example.test", server="localhost"), reception__enabled="no")
        browser = self.browser()
        browser.open(home + "/ce-desk")
        browser.button("Send")
        self.assertIn("is missing", browser.text)
        browser.fill({"subject": "typed"})
        browser.wait_for_text("No mail has come yet", 60)
        self.assertEqual(browser.value("subject"), "typed")
        self.assertIn("is missing", browser.text)
