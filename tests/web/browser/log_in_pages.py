"""Who may see what: log-in, log-out, factory passwords from elsewhere, what other sites may not do."""

import http.client
import re
import urllib.parse

from pages_site import MAINTENANCE, OPERATOR, WithPages

_ELSEWHERE = "copier.test"  # no loopback name: whoever asks by it counts as one from elsewhere (Y1)
_PAGES = ("/environment/transmission", "/environment/limits", "/environment/security", "/environment/test",
          "/environment/password", "/maintenance/reception", "/maintenance/test", "/maintenance/check",
          "/maintenance/log", "/maintenance/log/all", "/maintenance/password")


class LogIn(WithPages):
    def test_log_in_and_out(self):
        """pages behind a password lead to the log-in, and are closed again after the log-out [B5, B24, Y5]"""
        _, home = self.copier()
        browser = self.browser()
        for page in _PAGES:
            browser.open(home + page)
            self.assertIn("log in", browser.title.lower(), page)
        browser.open(home + _PAGES[0])
        before = browser.cookies()[0]["value"]
        browser.fill({"password": "wrong"})
        browser.button("Log in")
        browser.wait_for_text("The password is wrong")
        browser.fill({"password": OPERATOR})
        browser.button("Log in")
        browser.wait_for(lambda: browser.address == home + _PAGES[0], "the page that was asked for")
        cookie = browser.cookies()[0]
        self.assertNotEqual(cookie["value"], before)
        self.assertTrue(cookie["httpOnly"])
        self.assertEqual(cookie["sameSite"], "Strict")
        browser.open(home + "/maintenance/reception")  # another password, another right
        self.assertIn("log in", browser.title.lower())
        browser.open(home)
        browser.button("Log out")
        browser.wait_for(lambda: "Log out" not in browser.text, "the end of the session")
        browser.open(home + _PAGES[0])
        self.assertIn("log in", browser.title.lower())

    def test_over_tls(self):
        """over TLS, with a certificate of its own making, the session's cookie never travels in clear [Y5]"""
        copier, home = self.copier("transport = https\n")
        home = home.replace("http:", "https:")
        browser = self.browser()
        self.log_in(browser, home)
        self.assertTrue(browser.cookies()[0]["secure"])
        browser.open(home + _PAGES[0])
        browser.fill({"transmission.manager_address": "tls@example.com"})
        browser.button("Apply")
        browser.wait_for_text("Applied")
        self.assertIn("tls@example.com", copier.checked("settings", "list"))
        self.assertEqual((copier.state / "web-key.pem").stat().st_mode & 0o777, 0o600)

    def test_two_copiers(self):
        """a browser that is logged in at two copiers of one machine stays so at both, over TLS too [Y5]"""
        for scheme in ("http", "https"):
            with self.subTest(scheme):
                homes = [self.copier(f"transport = {scheme}\n")[1].replace("http:", scheme + ":") for _ in range(2)]
                browser = self.browser()
                for home in homes:
                    self.log_in(browser, home)
                for home in homes:
                    browser.open(home + _PAGES[0])
                    self.assertNotIn("log in", browser.title.lower())

    def test_delay_grows(self):
        """wrong passwords make the next try wait, in words, and lock nobody out for good [Y5]"""
        _, home = self.copier()
        browser = self.browser()
        browser.open(home + "/environment")
        for _ in range(4):
            browser.fill({"password": "wrong"})
            browser.button("Log in")
        browser.wait_for_text("second")


class FactoryPasswords(WithPages):
    def test_from_elsewhere(self):
        """from elsewhere a factory password leads only to the page that chooses a new one, and is refused for ever after [Y1]"""
        for part, factory, page in (("environment", OPERATOR, "/environment/transmission"),
                                    ("maintenance", MAINTENANCE, "/maintenance/reception")):
            with self.subTest(part):
                copier, home = self.copier(f"hosts = {_ELSEWHERE}\n")
                away = home.replace("127.0.0.1", _ELSEWHERE)
                browser = self.browser(hosts={_ELSEWHERE: "127.0.0.1"})
                browser.open(f"{away}/{part}")
                browser.fill({"password": factory})
                browser.button("Log in")
                browser.wait_for(lambda: browser.address.endswith("/passwords"), "the page that chooses new ones")
                browser.open(away + page)
                self.assertFalse(browser.address.endswith(page))
                browser.open(away + "/passwords")
                names = [one.attribute("name") for one in browser.find_all('main input[type="password"]')]
                browser.fill({name: factory for name in names})
                browser.submit()
                browser.wait_for(lambda: browser.find_all('[aria-invalid="true"]'), "a refusal of the factory value")
                names = [one.attribute("name") for one in browser.find_all('main input[type="password"]')]
                browser.fill({name: "Correct-horse-7" for name in names})
                browser.submit()
                browser.wait_for(lambda: not browser.find_all('[aria-invalid="true"]'), "a new password")
                other = self.browser(hosts={_ELSEWHERE: "127.0.0.1"})
                for place in (home, away):
                    other.open(f"{place}/{part}")
                    other.fill({"password": factory})
                    other.button("Log in")
                    other.wait_for_text("The password is wrong")
                other.fill({"password": "Correct-horse-7"})
                other.button("Log in")
                other.wait_for(lambda: "log in" not in other.title.lower(), "the log-in with the new password")
                self.assertEqual(self.service.terminate(60), 0)

    def test_unknown_host(self):
        """a name that is not the machine's gets no page: no other site's name leads here [Y5]"""
        _, home = self.copier()
        browser = self.browser(hosts={"rebound.example": "127.0.0.1"})
        browser.open(home.replace("127.0.0.1", "rebound.example"))
        self.assertIn("not one of the machine's", browser.text)


class OtherSites(WithPages):
    def ask(self, home, method, path, body=None, **headers):
        address = urllib.parse.urlsplit(home)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()

    def test_forms_of_other_sites(self):
        """a form with no token, with a foreign one, or from another site changes nothing [Y5]"""
        copier, home = self.copier()
        browser = self.browser()
        self.log_in(browser, home, "maintenance", MAINTENANCE)
        browser.open(home + "/maintenance/reception")
        cookie = browser.cookies()[0]
        session = f"{cookie['name']}={cookie['value']}"
        token = browser.value("form-token")
        _, headers, page = self.ask(home, "GET", "/environment")
        foreign = re.search(r'name="form-token" value="(\w+)"', page).group(1)
        form = {"reception.nickname": "Stolen", "seen.reception.nickname": "999"}
        usual = {"Cookie": session, "Content-Type": "application/x-www-form-urlencoded"}
        for fields, more in ((form, {}), ({**form, "form-token": foreign}, {}), ({**form, "form-token": "x"}, {}),
                             ({**form, "form-token": token}, {"Origin": "http://evil.example"}),
                             ({**form, "form-token": token}, {"Origin": "null"}),
                             ({**form, "form-token": token}, {"Sec-Fetch-Site": "cross-site"})):
            with self.subTest(fields=fields, more=more):
                status, _, _ = self.ask(home, "POST", "/maintenance/reception", urllib.parse.urlencode(fields),
                                        **usual, **more)
                self.assertEqual(status, 403)
        self.assertNotIn("Stolen", copier.checked("settings", "list"))

    def test_fixed_session(self):
        """a session that somebody else has chosen is none, and one from before a log-in is dead after it [Y5]"""
        _, home = self.copier()
        browser = self.browser()
        browser.open(home)
        name = browser.cookies()[0]["name"]
        browser.set_cookie(name, "0" * 32)
        self.log_in(browser, home)
        browser.wait_for_text("E-Mail transmission setting")
        self.assertNotEqual(browser.cookies()[0]["value"], "0" * 32)
        status, _, page = self.ask(home, "GET", "/environment/transmission", Cookie=f"{name}={'0' * 32}")
        self.assertNotEqual(status, 200)

    def test_framing(self):
        """no page can be framed [Y5]"""
        _, home = self.copier()
        status, headers, _ = self.ask(home, "GET", "/")
        self.assertEqual((status, headers["X-Frame-Options"]), (200, "DENY"))
        self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
