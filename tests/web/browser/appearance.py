"""What every page must have: no violation that axe-core finds, in light and dark; nothing wider than the screen; and what
mails bring is shown as text."""

import pathlib

from pages_site import COPIER, ENGINEER, MAINTENANCE, OPERATOR, WithPages, address

_OPEN = ("/", "/environment", "/maintenance", "/panel", "/panel/key-operator", "/panel/key-operator/system",
         "/panel/key-operator/system/ip", "/panel/25", "/panel/36", "/ce-desk")
_OPERATOR = ("/environment", "/environment/transmission", "/environment/limits", "/environment/security",
             "/environment/test", "/environment/password")
_MAINTENANCE = ("/maintenance", "/maintenance/reception", "/maintenance/test", "/maintenance/check",
                "/maintenance/log", "/maintenance/log/all", "/maintenance/password")
_WIDTHS = (360, 768, 1280)

_RUN_AXE = """
const tell = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(
    result => tell(result.violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html).slice(0, 3).join(' | '))),
    error => tell(['axe: ' + error]));
"""


class Appearance(WithPages):
    def desk(self):
        """The CE desk, whose servers do not answer: what it says then is part of how it looks."""
        file = self.site.directory / "desk-password"
        file.write_text("secret\n")
        return (f"\n[ce_desk]\naddress = {address(ENGINEER)}\nserver = 127.0.0.1\nport = 1\nuser = ce\npassword_file = {file}\n"
                "smtp_server = 127.0.0.1\nsmtp_port = 1\n")

    def pages(self, browser, home):
        yield from (("open", page) for page in _OPEN)
        self.log_in(browser, home)
        yield from (("operator", page) for page in _OPERATOR)
        self.log_in(browser, home, "maintenance", MAINTENANCE)
        yield from (("maintenance", page) for page in _MAINTENANCE)

    def test_accessibility(self):
        """axe-core finds nothing on any page, in light and in dark [B22]"""
        axe = pathlib.Path(self.AXE).read_text(encoding="utf-8")
        _, home = self.copier(self.desk(), reception__enabled="no")
        browser = self.browser()
        for who, page in self.pages(browser, home):
            browser.open(home + page)
            browser.run(axe)
            for dark in (False, True):
                with self.subTest(page=page, who=who, dark=dark):
                    browser.look(1280, dark)
                    self.assertEqual(browser.run_until_told(_RUN_AXE), [])
            browser.look(1280)

    def test_width(self):
        """no page is wider than the screen it is read on [B22]"""
        _, home = self.copier(self.desk(), reception__enabled="no")
        browser = self.browser()
        for who, page in self.pages(browser, home):
            for width in _WIDTHS:
                with self.subTest(page=page, width=width):
                    browser.look(width)
                    browser.open(home + page)
                    self.assertLessEqual(browser.run("return document.documentElement.scrollWidth"), width)
                    if self.PICTURES:
                        name = (page.strip("/").replace("/", "-") or "main") + ("" if who == "open" else "-" + who)
                        browser.picture(pathlib.Path(self.PICTURES) / f"{name}-{width}.png")
                        browser.look(width, dark=True)
                        browser.picture(pathlib.Path(self.PICTURES) / f"{name}-{width}-dark.png")
            browser.look(1280)

    def test_hostile_texts(self):
        """markup in From, Message-ID, Subject and nickname is text on every page, and no script of it runs [Y5]"""
        copier, home = self.copier(reception__nickname='"><script>document.title="owned"</script>'[:32])
        marks = ("<script>document.title='owned'</script>", "<img src=x onerror=document.title='owned'>",
                 "'\"><svg onload=document.title='owned'>", "&lt;b&gt;", "javascript:document.title='owned'")
        for number, mark in enumerate(marks):
            mail = (f'From: "{mark}" <{address(ENGINEER)}>\r\nTo: {address(COPIER)}\r\nSubject: {mark}\r\n'
                    f"Message-ID: <{mark}{number}@ce.example>\r\nDate: Sat, 14 Mar 2026 00:00:00 +0000\r\n\r\n{mark}\r\n")
            self.site.deliver(mail.encode(), address(ENGINEER), address(COPIER))
        self.site.wait_for_mails(COPIER, len(marks))
        copier.checked("poll")
        browser = self.browser()
        for _, page in self.pages(browser, home):
            browser.open(home + page)
            self.assertNotIn("owned", browser.title, page)
            self.assertEqual(browser.run("return document.querySelectorAll('main script, main img, main svg[onload]').length"), 0)
