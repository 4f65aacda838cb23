"""Chromium as a person uses it, driven over the WebDriver protocol (W3C) that chromedriver speaks. Nothing else needed."""

import base64
import http.client
import json
import pathlib
import subprocess
import tempfile
import time

from keeper import stop
from ports import choose_port

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of an element's id in WebDriver's answers
_PATIENCE = 60  # seconds until what is waited for must be there, on a busy machine, too


class WebDriverError(Exception):
    pass


class Element:
    def __init__(self, browser, element_id):
        self._browser = browser
        self._id = element_id

    def _ask(self, method, path, body=None):
        return self._browser.ask(method, f"/element/{self._id}/{path}", body)

    @property
    def text(self):
        return self._ask("GET", "text")

    def attribute(self, name):
        return self._ask("GET", f"attribute/{name}")

    def property(self, name):
        return self._ask("GET", f"property/{name}")

    def is_shown(self):
        return self._ask("GET", "displayed")

    def click(self):
        self._ask("POST", "click", {})

    def type(self, text):
        """Instead of what stands there."""
        self._ask("POST", "clear", {})
        if text:
            self._ask("POST", "value", {"text": text})

    def find(self, css):
        return Element(self._browser, self._ask("POST", "element", {"using": "css selector", "value": css})[_ELEMENT])

    def find_all(self, css):
        found = self._ask("POST", "elements", {"using": "css selector", "value": css})
        return [Element(self._browser, one[_ELEMENT]) for one in found]


class Browser:
    """One window. `scripts` False: JavaScript is off. `hosts`: names that lead to addresses of loopback. `watched`: what
    the pages ask for and complain of is kept for complaints() and requests()."""

    def __init__(self, keeper, scripts=True, dark=False, width=1280, hosts=None, watched=False):
        self._profile = tempfile.mkdtemp(prefix="remotemail-browser-")
        keeper.watch_directory(self._profile)
        self._port = choose_port()
        log = pathlib.Path(self._profile) / "chromedriver.log"
        self._driver = subprocess.Popen(["chromedriver", f"--port={self._port}", f"--log-path={log}"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        keeper.watch(self._driver.pid)
        self._session = ""
        words = ["--headless=new", "--hide-scrollbars", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
                 f"--user-data-dir={self._profile}/profile", f"--window-size={width},900"]
        rules = [f"MAP {name} {address}" for name, address in (hosts or {}).items()]
        # Whatever is not ours leads nowhere: the pages ask for nothing outside.
        words.append("--host-resolver-rules=" + ", ".join(rules + ["MAP * ~NOTFOUND", "EXCLUDE localhost",
                                                                   "EXCLUDE 127.*"] if not rules else rules))
        options = {"args": words}
        if not scripts:
            options["prefs"] = {"profile.managed_default_content_settings.javascript": 2}
        wanted = {"browserName": "chrome", "acceptInsecureCerts": True, "goog:chromeOptions": options,
                  "timeouts": {"script": 120000}}
        if watched:
            wanted["goog:loggingPrefs"] = {"browser": "ALL", "performance": "ALL"}
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self._start(wanted)
                break
            except ConnectionRefusedError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
        self.look(width, dark)

    def _start(self, capabilities):
        answer = self._send("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self._session = "/session/" + answer["sessionId"]

    def _send(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        try:
            connection.request(method, path, None if body is None else json.dumps(body),
                               {"Content-Type": "application/json"})
            value = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise WebDriverError(f"{method} {path}: {value['error']}: {value['message'].splitlines()[0]}")
        return value

    def ask(self, method, path, body=None):
        return self._send(method, self._session + path, body)

    def close(self):
        try:
            self._send("DELETE", self._session)
        except (OSError, WebDriverError, http.client.HTTPException):
            pass
        stop(self._driver)

    # --- looking ---

    def _devtools(self, command, **parameters):
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def look(self, width, dark=False):
        """At a screen of this width, in light or dark."""
        self._devtools("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                       mobile=width < 600)
        self._devtools("Emulation.setEmulatedMedia",
                       features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, address):
        self.ask("POST", "/url", {"url": address})

    def reload(self):
        self.ask("POST", "/refresh", {})

    @property
    def address(self):
        return self.ask("GET", "/url")

    @property
    def title(self):
        return self.ask("GET", "/title")

    @property
    def source(self):
        return self.ask("GET", "/source")

    @property
    def text(self):
        return self.find("body").text

    def find(self, css):
        return Element(self, self.ask("POST", "/element", {"using": "css selector", "value": css})[_ELEMENT])

    def find_all(self, css):
        found = self.ask("POST", "/elements", {"using": "css selector", "value": css})
        return [Element(self, one[_ELEMENT]) for one in found]

    def wait_for(self, is_so, what, seconds=_PATIENCE):
        """The value of `is_so` as soon as it is a true one. A page that is just being left is asked again."""
        until = time.monotonic() + seconds
        while True:
            try:
                value = is_so()
                if value:
                    return value
            except WebDriverError:
                value = None
            if time.monotonic() > until:
                raise AssertionError(f"{what}: not within {seconds} s, but {self.address}:\n{self.text}")
            time.sleep(0.05)

    def wait_for_text(self, words, seconds=_PATIENCE):
        self.wait_for(lambda: words in self.text, f'"{words}"', seconds)

    def picture(self, path):
        """Of the whole page."""
        data = self._devtools("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

    def run(self, script, *arguments):
        return self.ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_until_told(self, script, *arguments):
        """The script gets a function as its last argument and calls it with the result."""
        return self.ask("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def cookies(self):
        return self.ask("GET", "/cookie")

    def set_cookie(self, name, value):
        self.ask("POST", "/cookie", {"cookie": {"name": name, "value": value, "path": "/"}})

    # --- listening: only when `watched`, each time what came since the last time ---

    def _news(self, kind):
        return self.ask("POST", "/se/log", {"type": kind})

    def complaints(self):
        """What the browser itself has to say, as of a script that the page's policy has kept from running."""
        return [one["message"] for one in self._news("browser")]

    def requests(self):
        """The addresses that pages asked for, whether there was an answer or not; the browser's own ones are none."""
        events = (json.loads(one["message"])["message"] for one in self._news("performance"))
        asked = (one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent")
        return [one for one in asked if not one.startswith(("chrome:", "chrome-untrusted:", "data:"))]

    # --- acting ---

    def link(self, words):
        self._click("partial link text", words)

    def button(self, words):
        self._click("xpath", f'//button[normalize-space(.)="{words}"] | //input[@type="submit"][@value="{words}"]')

    def submit(self):
        """The form of a page that has but one, or its first."""
        self._click("css selector", "main form button")

    def _click(self, using, value):
        """Links and buttons of the pages lead to another page: it is there when this returns."""
        self.run("window.stays = true")
        Element(self, self.ask("POST", "/element", {"using": using, "value": value})[_ELEMENT]).click()
        self.wait_for(lambda: not self.run("return window.stays === true"), f"the page behind {value}")

    def fill(self, fields):
        """The controls by name: typed into, chosen, or set."""
        for name, value in fields.items():
            controls = self.find_all(f'[name="{name}"]')
            if not controls:
                raise AssertionError(f"no field {name} on {self.address}")
            kind = controls[0].attribute("type")
            if kind == "radio":
                next(one for one in controls if one.attribute("value") == value).click()
            elif kind == "checkbox":
                if bool(controls[-1].property("checked")) != (value == "yes"):
                    controls[-1].click()
            elif controls[0].property("tagName") == "SELECT":
                controls[0].find(f'option[value="{value}"]').click()
            else:
                controls[0].type(str(value))

    def value(self, name):
        return self.find(f'[name="{name}"]').property("value")
