"""A person who has a keyboard and nothing else."""

from playwright.sync_api import Locator, Page

from tests.chromium import SHOWS

MOST = 150  # stops of a page


class Keyboard:
    """Goes through a page with Tab and acts with Enter, blank and arrows; an element that Tab does not reach, or that
    shows nothing when it is reached, is an error."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, wanted: Locator) -> None:
        """Presses Tab until the element has the focus, from wherever it lies now."""
        wanted.wait_for()
        for _ in range(MOST):
            if wanted.evaluate("one => one === document.activeElement"):
                shown = wanted.evaluate(SHOWS)
                assert shown, f"focus is not seen on {wanted}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {wanted} on {self.page.url}")

    def press(self, wanted: Locator) -> None:
        """Follows a link or presses a button."""
        self.reach(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        """Types into a field, in place of what stands there."""
        self.reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, group: str, value: str) -> None:
        """Chooses a radio button of the group by its value: Tab to the group, arrows within."""
        wanted = self.page.locator(f"input[type=radio][name='{group}'][value='{value}']")
        every = self.page.locator(f"input[type=radio][name='{group}']")
        stop = self.page.locator(f"input[type=radio][name='{group}']:checked")
        if stop.count():
            self.reach(stop)
        else:
            self.reach(every.first)
            self.page.keyboard.press("Space")
        for _ in range(every.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"arrows do not reach {value} of {group}")
