"""A headless Chromium for the tests of the page, and what a person does with it.

    browser.open(site, "/?q=ban")
    browser.type("council")
    browser.until("document.title.startsWith('council')")

It is Debian's `chromium` with `chromium-driver`; nothing is downloaded. Waiting is for what happens on the page, with a
limit that only a page that does not work reaches.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.web.page.site import Site

__all__ = ["Browser", "Keys", "started"]

_PATIENCE = 20
"""Seconds."""


class Browser:
    """One window. `open` leaves what an earlier test has set."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(
        self, site: Site, path: str, *, width: int = 1280, dark: bool = False, script: bool = True, media: str = ""
    ) -> None:
        """Go to a page of a site, in a window of this width in CSS pixels."""
        self._command("Emulation.setScriptExecutionDisabled", value=not script)
        self._command(
            "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 500
        )
        feature = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._command("Emulation.setEmulatedMedia", media=media, features=[feature])
        self.driver.get(site.address + path)
        self.problems()  # of the page before

    def _command(self, name: str, **parameters: Any) -> None:
        self.driver.execute_cdp_cmd(name, parameters)

    def run(self, script: str, *arguments: object) -> Any:
        """What a function body in JavaScript returns."""
        return self.driver.execute_script(script, *arguments)

    def until(self, condition: str) -> None:
        """Wait until an expression in JavaScript holds."""
        WebDriverWait(self.driver, _PATIENCE, 0.02).until(lambda _: self.run(f"return {condition}"), condition)

    def find(self, selector: str) -> WebElement:
        """The first element of a CSS selector."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        """The text of each element of a CSS selector, read at one moment."""
        found: list[str] = self.run(
            "return [...document.querySelectorAll(arguments[0])].map(one => one.textContent.trim())", selector
        )
        return found

    def click(self, selector: str) -> None:
        """Click on the first element of a CSS selector."""
        self.find(selector).click()

    def type(self, text: str) -> None:
        """Type into the search field, in place of what is there."""
        field = self.find("#q")
        field.clear()
        field.send_keys(text)

    def press(self, *keys: str) -> None:
        """Press keys where the focus is."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def back(self) -> None:
        """The back button."""
        self.driver.back()

    def address(self) -> str:
        """The address without scheme and host."""
        found: str = self.run("return location.pathname + location.search")
        return found

    def stays(self) -> None:
        """Mark this document, for `same`."""
        self.run("window.marked = true")

    def same(self) -> bool:
        """Whether it is still the document that was marked: nothing has loaded another page."""
        return self.run("return window.marked === true") is True

    def problems(self) -> list[str]:
        """What the browser complained of since last asked: errors of scripts, refused loads, breaches of the policy."""
        return [str(entry["message"]) for entry in self.driver.get_log("browser")]  # type: ignore[no-untyped-call]


@contextmanager
def started() -> Iterator[Browser]:
    """A browser; without one on this machine, the test is skipped."""
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or driver is None:
        pytest.skip("needs a browser: apt-get install chromium chromium-driver")
    options = Options()
    options.binary_location = binary
    for argument in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium refuses to be root with it
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    running = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield Browser(running)
    finally:
        running.quit()
