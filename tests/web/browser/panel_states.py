"""The machine's states and switches, as somebody at its operation panel brings them about, and what mails say of them."""

import email
import re

from pages_site import COPIER, ENGINEER, OPERATOR
from panel_pages import WithPanel

_CHOSEN = "Correct-horse-7"


def _count(name, text):
    return int(re.search(rf"^{name}: (\d+)", text, re.M).group(1))


class PanelStates(WithPanel):
    def test_service_call(self):
        """a service call at the panel is answered by mail while it lasts, counted in the next list, and cleared [A8, A9, A10]"""
        copier, home = self.copier()
        before = _count("SC", self.answer_to(copier, "GETLOG"))
        browser = self.opened(home)
        browser.button("Cause a service call (SC)")
        self.assertIn("Call for service", browser.text)
        code = re.search(r"SC \d+-\d", browser.find(".display h2").text).group(0)
        self.assertIn(code, self.answer_to(copier, "GETLOG MANAGEMENT"))
        self.assertEqual(_count("SC", self.answer_to(copier, "GETLOG")), before + 1)
        browser.button("Make 10 copies")
        self.assertIn("Not done", browser.text)
        browser.link("36 mode")
        browser.button("4. Machine management list 1")
        self.assertIn(code, browser.find("main pre").text)
        browser.link("Reset")
        browser.button("Clear the service call")
        self.assertIn("Ready to copy", browser.text)
        browser.button("Make 10 copies")
        self.assertIn("The copies were made", browser.text)

    def test_low_power(self):
        """a mail is answered in low power without waking the machine; a key wakes it [A8, A11]"""
        copier, home = self.copier()
        browser = self.opened(home)
        browser.button("Go to low power")
        self.assertIn("Serial number", self.answer_to(copier, "GETLOG COUNTER"))
        browser.reload()
        self.assertIn("Low power", browser.find(".display").text)
        browser.button("Wake")
        self.assertIn("Ready to copy", browser.text)

    def stays_unanswered(self, copier, browser, home, words):
        """With this on its display the machine fetches nothing, also when asked to, and shows so everywhere."""
        browser.open(home)
        browser.wait_for(lambda: "off" in browser.find("main dl dd").text, "a main page that says off")
        browser.open(home + "/panel")
        self.assertIn(words, browser.find(".display").text)
        for mode in ("25 mode", "36 mode", "Key operator mode", "Reset"):
            browser.link(mode)
            self.assertIn("The display is dark", browser.text)
        polled = copier.command("poll")
        self.assertEqual((self.site.dovecot.count(COPIER), self.site.dovecot.count(ENGINEER)), (1, 0),
                         (polled, self.service.lines, copier.log(), self.site.mailbox(ENGINEER)))

    def test_off(self):
        """while it is off no mail is fetched; what came is answered as soon as it is on [A12, A13, A14]"""
        copier, home = self.copier()
        browser = self.opened(home)
        copier.checked("poll")  # no poll of its own is due or under way when it goes off
        browser.button("Shut off")
        self.ask("GETLOG COUNTER")
        self.stays_unanswered(copier, browser, home, "shut itself off")
        browser.button("Wake")
        self.assertIn("Ready to copy", browser.text)
        self.assertIn("Serial number", self.answer())  # nobody asked it to poll: being on is enough

        copier.checked("poll")
        browser.button("Turn the sub power switch off")
        self.ask("GETLOG COUNTER")
        self.stays_unanswered(copier, browser, home, "the sub power switch is off")
        browser.button("Turn the main power switch off")
        browser.button("Turn the sub power switch on")
        self.stays_unanswered(copier, browser, home, "the main power switch is off")
        browser.button("Turn the main power switch on")
        self.assertIn("Ready to copy", browser.text)
        self.assertIn("Serial number", self.answer())

    def test_key_operator_password(self):
        """25 mode sets the key operator password, which is the operator's on the pages; the present one has to be known [B6, Y1]"""
        _, home = self.copier()
        browser = self.opened(home)
        browser.link("25 mode")
        for typed, words in (({"current": "wrong", "new": _CHOSEN, "repeated": _CHOSEN}, "The password is wrong"),
                             ({"current": OPERATOR, "new": _CHOSEN, "repeated": _CHOSEN + "8"}, "differ"),
                             ({"current": OPERATOR, "new": OPERATOR, "repeated": OPERATOR}, "factory value")):
            browser.fill(typed)
            browser.button("OK")
            self.assertIn(words, browser.find('[role="alert"]').text)
        browser.fill({"current": OPERATOR, "new": _CHOSEN, "repeated": _CHOSEN})
        browser.button("OK")
        self.assertIn("The key operator password was set", browser.text)
        browser.open(home + "/environment")
        browser.fill({"password": OPERATOR})
        browser.button("Log in")
        self.assertIn("The password is wrong", browser.text)
        self.log_in(browser, home, password=_CHOSEN)

    def test_each_list(self):
        """36 mode prints each of the lists, and what it prints is what the mails say [A1, G12]"""
        copier, home = self.copier()
        browser = self.opened(home)
        browser.link("36 mode")
        keys = [one.text for one in browser.find_all('main button[name="list"]')]
        options = [one.attribute("value") for one in browser.find_all('main button[name="list"]')]
        self.assertEqual(len(keys), 11)
        mailed = {option: self.answer_to(copier, "GETLOG") for option in options if option == "PHONE"}
        self.ask("GETLOG ALL")
        copier.checked("poll")
        self.site.wait_for_mails(ENGINEER, 10)
        replies = [email.message_from_bytes(mail) for mail in self.site.mailbox(ENGINEER)]
        for key, option in zip(keys, options):
            with self.subTest(key):
                browser.button(key)
                self.assertIn(browser.find(".sheet h2").text, key)
                sheet = browser.find(".sheet pre").text
                title = key.partition(". ")[2]
                text = mailed.get(option) or next(one.get_payload() for one in replies
                                                  if one["Subject"].startswith(title + " ["))
                same = {line.strip() for line in text.splitlines()}
                rows = [line.strip() for line in sheet.splitlines() if line.strip()]
                other = [row for row in rows if row not in same]
                # Who asked, and when, is another.
                self.assertLess(len(other), 8, other)
                self.assertGreater(len(rows), 8)

    def test_key_pad(self):
        """the key pad selects in menus and types the number of copies, which the machine then has made [A1, B1]"""
        _, home = self.copier()
        browser = self.opened(home, scripts=False)
        total = lambda: int(re.search(r"Total count\s+(\d+)", browser.text).group(1))  # noqa: E731
        before = total()
        for key in ("1", "2", "Start"):
            browser.button(key)
        self.assertEqual(total(), before + 12)
        browser.link("Key operator mode")
        browser.button("1")
        browser.button("3")
        self.assertIn("IP address setting", browser.find(".display h2").text)

    def test_email_setting(self):
        """what the panel's e-mail transmission setting applies stands on the web page, and the later of both is told [B1, B16]"""
        copier, home = self.copier(reception__enabled="no")
        browser = self.browser()
        self.log_in(browser, home)
        other = self.opened(home)
        other.link("Key operator mode")
        other.link("System initial setting")
        other.link("E-mail transmission setting")
        other.fill({"password": OPERATOR})
        other.button("Log in")
        browser.open(home + "/environment/transmission")
        other.fill({"transmission.manager_address": "panel@example.com"})
        other.button("OK")
        self.assertIn("Manager Address", other.find('[role="status"]').text)
        browser.fill({"transmission.manager_address": "web@example.com"})
        browser.button("Apply")
        self.assertIn("Changed elsewhere", browser.text)
        self.assertIn("panel@example.com", browser.text)
        self.assertIn("panel@example.com", copier.checked("settings", "list"))
