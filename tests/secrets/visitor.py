"""Somebody at the pages: logs in, looks at every page, sends forms. What came back is kept."""

import http.cookies
import re
import urllib.error
import urllib.parse
import urllib.request

_PAGES = ("/", "/status.json", "/environment", "/environment/transmission", "/environment/limits", "/environment/security",
          "/environment/test", "/environment/password", "/maintenance", "/maintenance/reception", "/maintenance/test",
          "/maintenance/check", "/maintenance/log", "/maintenance/log/all", "/maintenance/password", "/panel",
          "/panel/key-operator/system/ip", "/panel/key-operator/system/email", "/panel/25", "/panel/36", "/style.css", "/script.js")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Visitor:
    def __init__(self, home):
        self._home = home.rstrip("/")
        self._cookies = {}
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)
        self.seen = []  # (method and path, all that came back)

    def _ask(self, path, fields=None):
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self._home + path, data)
        if self._cookies:
            request.add_header("Cookie", "; ".join(f"{name}={value}" for name, value in self._cookies.items()))
        try:
            answer = self._opener.open(request, timeout=60)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        body = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self._cookies.update({name: one.value for name, one in http.cookies.SimpleCookie(line).items()})
        self.seen.append((("GET " if fields is None else "POST ") + path, str(answer.headers).encode() + body))
        return answer.status, answer.headers.get("Location"), body.decode(errors="replace")

    def look(self, path):
        return self._ask(path)[2]

    def send(self, path, fields, page=None):
        """The form of `page` with these fields; where it leads is looked at, too."""
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.look(page or path)))
        status, there, body = self._ask(path, {**hidden, **fields})
        if status == 303:
            body = self.look(there)
        return status, body

    def look_at_all(self):
        for path in _PAGES:
            self.look(path)
