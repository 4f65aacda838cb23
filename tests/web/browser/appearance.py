"""What every page must have: no violation that axe-core finds, in light and dark; nothing wider than the screen."""

import pathlib

from pages_site import WithPages

_WIDTHS = (360, 768, 1280)

# In the dark only the colours are others.
RULES = {False: {}, True: {"runOnly": ["color-contrast"]}}
RUN_AXE = """
const tell = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations'], ...arguments[0]}).then(
    result => tell(result.violations.map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html).slice(0, 3).join(' | '))),
    error => tell(['axe: ' + error]));
"""


class Appearance(WithPages):
    def test_accessibility(self):
        """axe-core finds nothing on any page, in light and in dark [B22]"""
        axe = pathlib.Path(self.AXE).read_text(encoding="utf-8")
        _, home = self.copier(self.desk_without_servers(), reception__enabled="no")
        browser = self.browser()
        for who, page in self.every_page(browser, home):
            browser.open(home + page)
            browser.run(axe)
            for dark in (False, True):
                with self.subTest(page=page, who=who, dark=dark):
                    browser.look(1280, dark)
                    self.assertEqual(browser.run_until_told(RUN_AXE, RULES[dark]), [])
            browser.look(1280)

    def test_width(self):
        """no page is wider than the screen it is read on [B22]"""
        _, home = self.copier(self.desk_without_servers(), reception__enabled="no")
        browser = self.browser()
        for who, page in self.every_page(browser, home):
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
