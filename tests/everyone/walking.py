"""A browser goes from address to address as several people, and tells what is wrong with what it meets."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page

from bench.pages import WATCH
from tests.chromium import watch
from tests.everyone.table import View
from tests.leaks.archives import Archive

Check = Callable[[Page], list[str]]


def walk(
    house: Archive, served: str, browser: Browser, asked: list[tuple[View, str]], *checks: Check, **how: Any
) -> None:
    """Looks at each address as that identity; nothing may be wrong."""
    wrong, windows = [], dict[str, tuple[Page, list[str]]]()
    language = how.pop("language")
    for view, who in asked:
        if who not in windows:
            context = browser.new_context(**how)
            if cookie := house.clients[who].get_cookie("phien"):
                context.add_cookies([{"name": "phien", "value": cookie.value, "url": served}])
            context.add_init_script(WATCH)
            page = context.new_page()
            windows[who] = (page, watch(page, served))
        page, heard = windows[who]
        answer = page.goto(f"{served}{view.address}{'&' if '?' in view.address else '?'}lang={language}")
        told = [] if answer and answer.status == 200 else ["no page"]
        for check in checks:
            told += check(page)
        wrong += [f"{who} {view.address}: {one}" for one in told + heard]
        heard.clear()
    for page, _ in windows.values():
        page.context.close()
    assert not wrong, "\n".join(wrong)
