"""Settings on the pages: wrong inputs, two browsers, tests that fail."""

from pages_site import MANAGER, OPERATOR, MAINTENANCE, WithPages, address
from ports import choose_port

_WRONG = {
    "transmission": {
        "transmission.manager_address": ("a b@example.com", "manager@", "x\\@example.com", "é@example.com"),
        "transmission.dns_server": ("dns.example.com", "300.1.1.1"),
        "transmission.time_difference": ("+1260", "1301", "five"),
        "transmission.time_zone": ("Mars/Olympus",),
        "transmission.smtp_server": ("two words", "-x", "a..b"),
        "transmission.smtp_port": ("0", "65536", "abc"),
        "transmission.pin": ("abc",),
        "transmission.condition_informing_address": ("nobody",),
    },
    "reception": {
        "reception.interval": ("0", "61", "1.5"),
        "reception.server": ("two words",),
        "reception.port": ("-1",),
        "reception.address": ("(a)@example.com",),
        "reception.nickname": ("x" * 33, "ä"),
        "reception.ce_password": ("with blank", "x" * 21),
        "reception.administrator_address": ("a,b@example.com",),
        "reception.size_limit": ("9", "1025"),
    },
}


class WrongInputs(WithPages):
    def test_each_field(self):
        """a wrong value is named beside its field and kept, nothing of the page is applied [B18, B19, B20]"""
        copier, home = self.copier(reception__enabled="no")
        browser = self.browser()
        self.log_in(browser, home)
        self.log_in(browser, home, "maintenance", MAINTENANCE)
        for page, fields in _WRONG.items():
            path = "/environment/transmission" if page == "transmission" else "/maintenance/reception"
            witness = "transmission.envelope_sender" if page == "transmission" else "reception.mailbox"
            for name, values in fields.items():
                for value in values:
                    with self.subTest(name=name, value=value):
                        browser.open(home + path)
                        browser.fill({name: value, witness: "copier" if page == "transmission" else "Elsewhere"})
                        browser.button("Apply")
                        browser.wait_for_text("Nothing was applied")
                        field = browser.find(f'[name="{name}"]')
                        self.assertEqual(field.attribute("aria-invalid"), "true")
                        described = field.attribute("aria-describedby").split()
                        words = " ".join(browser.find(f'[id="{one}"]').text for one in described)
                        self.assertIn(" must ", words)
                        if "password" not in name:
                            self.assertEqual(field.property("value"), value)
                        else:
                            self.assertNotIn(value, browser.source)
                        self.assertEqual(browser.run("return document.activeElement.name"), name)
        settings = copier.checked("settings", "list")
        self.assertNotIn("Elsewhere", settings)

    def test_missing_values(self):
        """all that is missing for enabling is named at once [A15, A17]"""
        _, home = self.blank_copier()
        browser = self.browser()
        self.log_in(browser, home, "maintenance", MAINTENANCE)
        browser.open(home + "/maintenance/reception")
        browser.fill({"reception.enabled": "yes"})
        browser.button("Apply")
        browser.wait_for_text("Nothing was applied")
        for words in ("Manager Address", "Sending mail (SMTP) server", "Receiving mail server", "CE Password"):
            self.assertIn(words, browser.text)


class TwoBrowsers(WithPages):
    def test_changed_elsewhere(self):
        """of two browsers the later one is told what the other has changed, and both values are shown [B16, B21]"""
        copier, home = self.copier()
        one, two = self.browser(), self.browser()
        for browser in (one, two):
            self.log_in(browser, home, "maintenance", MAINTENANCE)
            browser.open(home + "/maintenance/reception")
        one.fill({"reception.nickname": "Alpha"})
        one.button("Apply")
        one.wait_for_text("Applied")
        two.fill({"reception.nickname": "Beta"})
        two.button("Apply")
        two.wait_for_text("Changed elsewhere")
        self.assertIn("Alpha", two.text)
        self.assertIn("Beta", two.source)
        self.assertIn("Alpha", copier.checked("settings", "list"))
        # What was seen may be applied again.
        two.fill({"reception.nickname": "Beta"})
        two.button("Apply")
        two.wait_for_text("Applied")
        self.assertIn("Beta", copier.checked("settings", "list"))


class FailingTests(WithPages):
    def result_of(self, part, **settings):
        copier, home = self.copier(reception__enabled="no", **settings)
        browser = self.browser()
        password = OPERATOR if part == "environment" else MAINTENANCE
        self.log_in(browser, home, part, password)
        browser.open(f"{home}/{part}/test")
        browser.submit()
        browser.wait_for_text("Something is not right yet", 90)
        text = browser.text
        self.assertEqual(self.service.terminate(60), 0)
        return text

    def test_sending(self):
        """a sending test that fails names step and cause in words [C2]"""
        for words, settings in (
                ("connection refused", {"transmission__smtp_port": choose_port()}),
                ("log-in", {"transmission__smtp_password": "wrong"}),
                ("certificate", {"security__ca_file": self.site.stranger.certificate}),
                ("name", {"transmission__smtp_server": "no-such-host.invalid"})):
            with self.subTest(words):
                self.assertIn(words, self.result_of("environment", **settings))

    def test_receiving(self):
        """the receiving half fails on its own, with its own words [C4]"""
        for words, settings in (("connection refused", {"reception__port": choose_port()}),
                                ("log-in", {"reception__password": "wrong"})):
            with self.subTest(words):
                text = self.result_of("maintenance", reception__pop_before_smtp="no", **settings)
                self.assertIn(words, text)

    def test_machine_off(self):
        """both tests are refused while the machine is off [C1]"""
        copier, home = self.copier()
        copier.checked("panel", "power", "main", "off")
        browser = self.browser()
        self.log_in(browser, home)
        browser.open(home + "/environment/test")
        browser.submit()
        browser.wait_for_text("The machine is off")

    def test_opened_entry(self):
        """the mail log keeps its columns when an entry is opened, and breaks no word of time and direction [C7]"""
        copier, home = self.copier(reception__enabled="no", transmission__smtp_password="wrong")
        self.assertEqual(copier.command("test", "send").returncode, 1)
        browser = self.browser()
        self.log_in(browser, home, "maintenance", MAINTENANCE)
        browser.open(home + "/maintenance/log")
        widths = "return [...document.querySelectorAll('.log th')].map(cell => Math.round(cell.getBoundingClientRect().width))"
        lines = ("return [...document.querySelectorAll('.log tbody td')].slice(0, 2).map(cell => { const all = document.createRange();"
                 " all.selectNodeContents(cell); return new Set([...all.getClientRects()].map(box => box.top)).size })")
        for width, most in ((768, [2, 1]), (1280, [1, 1])):
            with self.subTest(width=width):
                browser.look(width)
                before = browser.run(widths)
                browser.find("details summary").click()
                self.assertIn("refused", browser.find("details").text)
                self.assertEqual(browser.run(widths), before)
                self.assertEqual(browser.run(lines), most)
                browser.find("details summary").click()
