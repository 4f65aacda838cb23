"""A session that ends because nobody used it, as three people at their browsers meet it."""

import time

from pages_site import MAINTENANCE, OPERATOR, WithPages

_IDLE = 20  # seconds


class TimeOut(WithPages):
    def test_idle(self):
        """after the idle time a page leads to the log-in in words and back, and applies nothing that was typed before [Y5]"""
        copier, home = self.copier(f"session_seconds = {_IDLE}\n", reception__enabled="no")
        watches, reads, types = self.browser(), self.browser(scripts=False), self.browser()
        # The main page asks for news by itself all the time: that is nobody's use.
        self.log_in(watches, home)
        watches.open(home)
        self.log_in(reads, home, "maintenance", MAINTENANCE)
        reads.open(home + "/maintenance/log")
        self.log_in(types, home)
        types.open(home + "/environment/transmission")
        types.fill({"transmission.manager_address": "typed@example.com"})
        before = types.value("form-token")
        time.sleep(_IDLE + 1)

        types.button("Apply")
        self.assertIn("Nothing was done", types.text)
        types.link("Open the page again")
        self.assertIn("log in", types.title.lower())
        types.fill({"password": OPERATOR})
        types.button("Log in")
        self.assertEqual(types.address, home + "/environment/transmission")
        self.assertNotIn("typed@example.com", types.source)
        self.assertNotIn("typed@example.com", copier.checked("settings", "list"))
        self.assertNotEqual(types.value("form-token"), before)
        types.fill({"transmission.manager_address": "typed@example.com"})
        types.button("Apply")
        types.wait_for_text("Applied")

        reads.link("All that is kept")
        self.assertIn("log in", reads.title.lower())
        self.assertIn("Your session has ended", reads.text)
        reads.fill({"password": MAINTENANCE})
        reads.button("Log in")
        self.assertEqual(reads.address, home + "/maintenance/log/all")

        watches.button("Poll now")
        self.assertIn("Nothing was done", watches.text)
        watches.link("Open the page again")
        self.assertEqual(watches.address, home + "/")
        self.assertFalse(watches.find_all(".log-out"))
