"""Markup in everything that comes from outside or from a setting: it is shown as text, and that is all it does."""

import email.message
import json

from failing_steps import Host
from pages_site import CE_PASSWORD, COPIER, ENGINEER, MAINTENANCE, OPERATOR, WithPages, address

_MARKS = ("<x-owned></x-owned><script>document.title='owned'</script>",
          "<img src=//evil.example/owned.png onerror=document.title='owned'>",
          "'\"><svg onload=document.title='owned'>",
          "</textarea></title></pre><iframe src=//evil.example/owned></iframe>",
          "&lt;x-owned&gt;", "javascript:document.title='owned'")
_SHORT = "'\"><img/src=//evil.example/x>"  # at most 32 characters, no blank
_ADDRESS = "'&lt'&quot@ce.example"  # markup that an address may have in it
_INJECTED = """
return [...document.querySelectorAll('x-owned, iframe, object, embed, main img, main script, main link:not([href^="/"]), '
        + '[onerror], [onload], [onclick], a[href^="javascript" i]'),
        ...[...document.links].filter(one => one.host !== location.host)].map(one => one.outerHTML);
"""


class HostileWords(WithPages):
    MAIL_HOST = None

    def check(self, browser, home, where, shown=()):
        """The page it is at: nothing was injected, nothing ran, nothing was asked for elsewhere, `shown` stand there as text."""
        self.assertEqual(browser.run(_INJECTED), [], where)
        self.assertNotIn("owned", browser.title, where)
        # An element that the page's policy kept from doing harm was an element all the same.
        self.assertEqual([one for one in browser.complaints() if "Security Policy" in one], [], where)
        self.assertEqual([one for one in browser.requests() if not one.startswith(home)], [], where)
        for words in shown:
            self.assertIn(words, browser.text, where)

    def check_every_page(self, browser, home):
        for _, page in self.every_page(browser, home):
            browser.open(home + page)
            self.check(browser, home, page)

    def command_mail(self, mark, number, subject):
        """A mail of the engineer with a mark wherever one can stand, with attachments whose names are marks."""
        mail = (f'From: "{mark}" <{address(ENGINEER)}>\r\nTo: {address(COPIER)}\r\nSubject: {subject}\r\n'
                f"Message-ID: <{mark}{number}@ce.example>\r\nDate: Sat, 14 Mar 2026 00:00:00 +0000\r\nMIME-Version: 1.0\r\n"
                'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n'
                f"GETLOG COUNTER\r\n{mark}\r\nGETLOG {mark}\r\n")
        quoted = mark.replace("\\", "\\\\").replace('"', '\\"')
        for kind in ("text/plain", "text/html", "image/svg+xml"):
            mail += (f'--x\r\nContent-Type: {kind}; name="{quoted}"\r\n'
                     f'Content-Disposition: attachment; filename="{quoted}"\r\n\r\n{mark}\r\n')
        return (mail + "--x--\r\n").encode()

    def test_mails(self):
        """markup in From, Subject, Message-ID, text and names of attachments is text in log and CE desk, and does nothing [Y5]"""
        copier, home = self.copier(self.desk_among_servers(note=_MARKS[0]), reception__nickname=_SHORT)
        for number, mark in enumerate(_MARKS):
            for subject in (mark, CE_PASSWORD):
                self.site.deliver(self.command_mail(mark, f"{number}{len(subject)}", subject), address(ENGINEER), address(COPIER))
            self.site.deliver(self.command_mail(mark, f"own{number}", mark), address(COPIER), address(ENGINEER))
        self.site.deliver((f"From: {_ADDRESS}\r\nTo: {address(COPIER)}\r\nSubject: wrong\r\nMessage-ID: <id{_ADDRESS}>\r\n"
                           "\r\nGETLOG COUNTER\r\n").encode(), address(ENGINEER), address(COPIER))
        copier.checked("poll")
        browser = self.browser(watched=True)
        self.check_every_page(browser, home)
        browser.open(home + "/maintenance/log/all")
        for one in browser.find_all("summary"):
            one.click()
        self.check(browser, home, "the log, opened", (_ADDRESS, "id" + _ADDRESS))
        browser.open(home + "/ce-desk")
        browser.fill({"subject": CE_PASSWORD, "body": "GETLOG " + _MARKS[0]})
        browser.button("Send")
        browser.wait_for_text("The copier has answered", 60)
        self.check(browser, home, "an answer at the desk", _MARKS[0:1])
        for page, subject in browser.run("return [...document.querySelectorAll('main table a')].map(a => [a.href, a.textContent])"):
            browser.open(page)
            self.check(browser, home, "a mail at the desk", [subject])

    def test_settings(self):
        """markup in every setting that takes it is text on every page, and so it is where it is refused [B20, Y5]"""
        copier, home = self.copier(self.desk_among_servers(), reception__enabled="no", reception__spool="imap")
        browser = self.browser(watched=True)
        for part, password, pages in (("environment", OPERATOR, ("transmission", "limits", "security")),
                                      ("maintenance", MAINTENANCE, ("reception",))):
            self.log_in(browser, home, part, password)
            for page in pages:
                browser.open(f"{home}/{part}/{page}")
                names = [one.attribute("name") for one in browser.find_all('main form[data-guard] input[type="text"]')]
                browser.fill({name: _MARKS[0] for name in names})
                browser.button("Apply")
                self.assertIn("Nothing was applied", browser.text)
                self.check(browser, home, f"{page}, refused")
                self.assertEqual({browser.value(name) for name in names}, {_MARKS[0]})
        taken = []
        for key, value in json.loads(copier.checked("settings", "list", "--json")).items():
            if value not in ("set", "not set") and key != "security.ca_file":
                marks = (_MARKS[0], _SHORT, _ADDRESS)
                taken += [key] * any(copier.command("settings", "set", f"{key}={mark}").returncode == 0 for mark in marks)
        for key in ("transmission.smtp_user", "transmission.manager_address", "reception.mailbox", "reception.user",
                    "reception.address", "reception.nickname", "reception.administrator_address", "reception.done_folder"):
            self.assertIn(key, taken)
        browser.close()
        browser = self.browser(watched=True)
        self.check_every_page(browser, home)
        # Both values of a setting that was changed elsewhere meanwhile.
        browser.open(home + "/maintenance/reception")
        copier.checked("settings", "set", "reception.mailbox=" + _SHORT)
        browser.fill({"reception.mailbox": _MARKS[0]})
        browser.button("Apply")
        self.assertIn("Changed elsewhere", browser.text)
        self.check(browser, home, "changed elsewhere", (_MARKS[0], _SHORT))
        browser.open(home + "/panel/key-operator/system/email")
        self.check(browser, home, "the panel's e-mail setting")

    def test_panel(self):
        """markup typed at the panel or at the CE desk, or put into an address, is text in what the page says of it [B20, Y5]"""
        _, home = self.copier(self.desk_among_servers(), reception__enabled="no")
        browser = self.browser(watched=True)
        browser.open(home)
        for mark in _MARKS[0:4]:  # the check itself: it sees each of them where one is not text
            browser.run("document.querySelector('main').insertAdjacentHTML('beforeend', arguments[0])", mark)
            with self.assertRaises(AssertionError):
                self.check(browser, home, "the check itself")
            browser.reload()
        browser.wait_for(lambda: browser.complaints(), "what the browser says of a picture from elsewhere")
        browser.requests()
        browser.open(home + "/panel/key-operator/system/ip")
        browser.fill({"address": _MARKS[0], "mask": _MARKS[1], "gateway": _MARKS[2]})
        browser.button("OK")
        self.check(browser, home, "the IP setting, refused")
        self.assertEqual(browser.value("address"), _MARKS[0])
        browser.open(home + "/ce-desk")
        browser.fill({"subject": _MARKS[0], "body": _MARKS[3] + "\n" + "x" * 300})
        browser.button("Send")
        self.check(browser, home, "the desk, refused")
        self.assertIn(_MARKS[3], browser.value("body"))
        for address_of_page in ("/panel?done=", "/panel?copies=", "/environment?next=", "/ce-desk?command=", "/ce-desk/answers?mail=",
                                "/?poll=", "/environment/test/", "/"):
            browser.open(home + address_of_page + "%22%3E%3Cimg%20src=//evil.example/x%20onerror=alert(1)%3E")
            self.check(browser, home, address_of_page)

    def test_servers(self):
        """markup in what mail servers answer is text in test, check, log, desk and the main page's troubles [Y5, Y6]"""
        for name, faults, sends in (("refuses", ("imap login refuse {}", "smtp login refuse 535 5.7.8 {}"), False),
                                    ("dislikes", ("smtp dot 554 5.7.1 {}",), True)):
            with self.subTest(name):
                host = Host(self.MAIL_HOST, self.site.directory / name,
                            {"copier": "copier-secret", "ce": "ce-secret", "manager": "m"},
                            [fault.format(_MARKS[0]) for fault in faults])
                self.addCleanup(host.stop)
                copier, home = self.copier(
                    self.desk(host.ports["imaps"], host.ports["smtps"], host.directory / "ca.pem", "ce", "ce-secret",
                              "ce@example.test", server="localhost"),
                    spool="imap", security__ca_file=host.directory / "ca.pem", reception__server="localhost",
                    transmission__manager_address="manager@example.test", transmission__smtp_server="localhost",
                    transmission__smtp_port=host.ports["smtps"], transmission__smtp_password="copier-secret",
                    reception__port=host.ports["imaps"], reception__password="copier-secret",
                    reception__address="copier@example.test", reception__pop_before_smtp="no")
                if sends:
                    mail = email.message.EmailMessage()
                    mail["From"], mail["To"], mail["Subject"] = "ce@example.test", "copier@example.test", CE_PASSWORD
                    mail["Message-ID"] = "<1@ce.example>"
                    mail.set_content("GETLOG COUNTER")
                    host.deliver("copier", mail.as_bytes())
                copier.command("poll")
                browser = self.browser(watched=True)
                self.check_every_page(browser, home)
                browser.open(home)
                self.check(browser, home, "the main page", () if sends else _MARKS[0:1])
                for part, begin in (("test", "Start the sending and receiving test"), ("check", "Start the check")):
                    if part == "check" and sends:
                        continue  # it sends nothing, so there is nothing to dislike
                    browser.open(f"{home}/maintenance/{part}")
                    browser.button(begin)
                    browser.wait_for_text("Something is not right yet", 120)
                    self.check(browser, home, part, _MARKS[0:1])
                browser.open(home + "/maintenance/log")
                for one in browser.find_all("summary"):
                    one.click()
                self.check(browser, home, "the log", _MARKS[0:1] if sends else ())
                browser.open(home + "/ce-desk")
                browser.fill({"subject": CE_PASSWORD, "body": "HELP"})
                browser.button("Send")
                browser.wait_for_text("The mail was not sent", 60)
                self.check(browser, home, "the desk", _MARKS[0:1])
                browser.close()
                self.assertEqual(self.service.terminate(60), 0)
