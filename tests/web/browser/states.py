"""How pages look when something went wrong or is under way: axe-core finds nothing, in light and dark, and nothing is wider
than a phone."""

import pathlib

from appearance import RULES, RUN_AXE
from failing_steps import Host
from pages_site import CE_PASSWORD, COPIER, MAINTENANCE, OPERATOR, PASSWORDS, WithPages
from ports import choose_port

_PHONE, _DESK = 360, 1280


class States(WithPages):
    MAIL_HOST = None

    def setUp(self):
        self.axe = pathlib.Path(self.AXE).read_text(encoding="utf-8")

    def look(self, browser, state, words):
        """The page it is at, which must be the one with these words."""
        self.assertIn(words, browser.text, state)
        browser.run(self.axe)
        for dark in (False, True):
            with self.subTest(state=state, dark=dark):
                browser.look(_DESK, dark)
                self.assertEqual(browser.run_until_told(RUN_AXE, RULES[dark]), [])
        with self.subTest(state=state, width=_PHONE):
            browser.look(_PHONE)
            self.assertLessEqual(browser.run("return document.documentElement.scrollWidth"), _PHONE)
        if self.PICTURES:
            name = "state-" + state.replace(" ", "-")
            browser.picture(pathlib.Path(self.PICTURES) / f"{name}-{_PHONE}.png")
            browser.look(_DESK, dark=True)
            browser.picture(pathlib.Path(self.PICTURES) / f"{name}-{_DESK}-dark.png")
        browser.look(_DESK)

    def send(self, browser, address, fields, button, state, words):
        browser.open(address)
        browser.fill(fields)
        browser.button(button)
        self.look(browser, state, words)

    def test_log_in(self):
        """a refused log-in, one that was too early, and a form whose session has ended [B22, Y5]"""
        copier, home = self.copier("session_seconds = 600\n", reception__enabled="no")
        browser = self.browser()
        self.send(browser, home + "/environment", {"password": "wrong"}, "Log in", "log-in refused", "The password is wrong")
        for _ in range(12):  # the wait grows with each; on a slow machine the first ones are over too soon
            browser.fill({"password": "wrong"})
            browser.button("Log in")
            if "too early" in browser.text:
                break
        self.look(browser, "log-in too early", "too early")
        browser.open(home + "/maintenance?next=/maintenance/log&ended=yes")
        self.look(browser, "session ended", "Your session has ended")
        browser.run("document.querySelector('[name=form-token]').value = 'old'")
        browser.button("Log in")
        self.look(browser, "form too old", "Nothing was done")

    def test_settings(self):
        """field errors, what was changed elsewhere, what took effect, and the question before enabling [B20, B16, B22, A22]"""
        copier, home = self.copier(reception__enabled="no")
        browser = self.browser()
        self.log_in(browser, home)
        self.log_in(browser, home, "maintenance", MAINTENANCE)
        wrong, refused = "two words", "Nothing was applied"
        for page, fields in (("environment/transmission", ("manager_address", "time_difference", "smtp_server", "smtp_port", "pin")),
                             ("environment/limits", ("replies", "replies_per_sender")),
                             ("maintenance/reception", ("interval", "server", "address", "nickname", "ce_password", "size_limit"))):
            name = page.partition("/")[2]
            self.send(browser, f"{home}/{page}", {f"{name}.{field}": wrong for field in fields}, "Apply", f"{name} refused", refused)
        browser.open(home + "/maintenance/reception")
        copier.checked("settings", "set", "reception.nickname=Alpha", "reception.interval=7")
        browser.fill({"reception.nickname": "Beta"})
        browser.button("Apply")
        self.look(browser, "changed elsewhere", "Changed elsewhere")
        browser.button("Apply")
        self.look(browser, "applied", "Applied")
        for part in ("environment", "maintenance"):
            self.send(browser, f"{home}/{part}/password", {}, "Apply", f"password of {part} missing", "password")
        for number in range(21):
            self.site.deliver(b"From: a@mail.test\r\nSubject: x\r\n\r\n%d\r\n" % number, "a@mail.test", "copier@mail.test")
        browser.open(home + "/maintenance/reception")
        browser.fill({"reception.enabled": "yes"})
        browser.button("Apply")
        browser.wait_for_text("Yes, enable it", 60)
        self.look(browser, "question before enabling", "21")

    def test_panel(self):
        """the panel in each of its modes and states, with a jam, a service call, a sheet, errors and a dark display [B22]"""
        _, home = self.copier(self.desk_without_servers(), reception__enabled="no")
        browser = self.browser()
        panel = home + "/panel"
        browser.open(panel)
        for button, words in (("Cause a paper jam", "Clear the paper jam"), ("Make 10 copies", "Not done"),
                              ("Clear the paper jam", "Ready to copy"), ("Cause a service call (SC)", "Call for service"),
                              ("Clear the service call", "Ready to copy"), ("Go to low power", "Low power"),
                              ("Wake", "Ready to copy"),
                              ("Shut off", "The display is dark"), ("Wake", "Ready to copy"),
                              ("Turn the sub power switch off", "The display is dark"),
                              ("Turn the main power switch off", "The display is dark")):
            browser.button(button)
            self.look(browser, f"panel after {button}", words)
        browser.open(home)
        self.look(browser, "main page of a machine that is off", "off")
        browser.open(panel)
        browser.button("Turn the sub power switch on")
        browser.button("Turn the main power switch on")
        browser.open(panel + "/36")
        browser.button("9. Counter list")
        self.look(browser, "sheet", "Counter list")
        self.send(browser, panel + "/key-operator/system/ip", {"address": "1", "mask": "255.0.255.0"}, "OK", "IP refused", "Not done")
        ip = {"address": "192.168.7.20", "mask": "255.255.255.0", "gateway": "192.168.7.1"}
        self.send(browser, panel + "/key-operator/system/ip", ip, "OK", "IP stored", "It counts after power OFF/ON")
        self.send(browser, panel + "/25", {"current": OPERATOR, "new": "0000", "repeated": "0"}, "OK", "25 mode refused", "Not done")
        self.log_in(browser, home)
        browser.open(panel + "/key-operator/system/email")
        self.look(browser, "e-mail setting of the panel", "Manager Address")
        browser.fill({"transmission.manager_address": "two words"})
        browser.button("OK")
        self.look(browser, "e-mail setting refused", "Manager Address must")

    def test_tests(self):
        """tests and the check while they run, failed and passed; the log opened; troubles; the desk [B22, C2, C4]"""
        copier, home = self.copier(self.desk_among_servers())
        browser = self.browser(scripts=True)
        self.log_in(browser, home)
        self.log_in(browser, home, "maintenance", MAINTENANCE)
        browser.open(home + "/ce-desk")
        browser.button("Send")
        self.look(browser, "desk refused", "is missing")
        browser.fill({"subject": CE_PASSWORD, "body": "GETLOG COUNTER"})
        browser.button("Send")
        browser.wait_for_text("The copier has answered", 60)
        self.look(browser, "desk answered", "Counter list")
        browser.open(browser.run("return document.querySelector('main table a').href"))
        self.look(browser, "desk mail", "Serial number")
        for address, begin in (("/environment/test", "Start the sending test"), ("/maintenance/check", "Start the check")):
            browser.open(home + address)
            browser.button(begin)
            browser.wait_for_text("All is well", 90)
            self.look(browser, begin + " passed", "All is well")
        copier.set({"reception.port": choose_port(), "reception.password": PASSWORDS[COPIER],
                    "transmission.smtp_port": choose_port(), "transmission.smtp_password": PASSWORDS[COPIER]})
        copier.command("poll")
        browser.open(home)
        self.look(browser, "main page with troubles", "connection refused")
        browser.open(home + "/maintenance/test")
        browser.button("Start the sending and receiving test")
        browser.wait_for_text("Something is not right yet", 90)
        self.look(browser, "test failed", "connection refused")
        browser.open(home + "/maintenance/log")
        for one in browser.find_all("summary"):
            one.click()
        self.look(browser, "log opened", "Attempts")
        browser.open(home + "/ce-desk/answers?mail=999")
        self.look(browser, "desk without the mail", "Answers")

    def test_running(self):
        """a test that waits for its server, with script and without, looks and says that it runs [B22, C2]"""
        host = Host(self.MAIL_HOST, self.site.directory / "slow", {"copier": "copier-secret", "manager": "m"},
                    ["smtp connect stall", "imap login stall"])
        self.addCleanup(host.stop)
        _, home = self.copier(
            spool="imap", security__ca_file=host.directory / "ca.pem", reception__server="localhost", reception__enabled="no",
            transmission__manager_address="manager@example.test", transmission__smtp_server="localhost",
            transmission__smtp_port=host.ports["smtps"], transmission__smtp_password="copier-secret",
            reception__port=host.ports["imaps"], reception__password="copier-secret", reception__address="copier@example.test",
            reception__pop_before_smtp="no")
        browser = self.browser()
        self.log_in(browser, home)
        browser.open(home + "/environment/test")
        browser.button("Start the sending test")
        browser.wait_for_text("greeting")
        self.look(browser, "test running", "greeting")
