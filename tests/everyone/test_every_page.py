"""Every page of the portal in the system's Chromium, as who may see least of it and as who may see most.

On each: axe-core finds nothing in both languages and both schemes; nothing is wider than 320 px, nor than its window
with letters of twice the size; nothing moves while it comes, complains or asks anything of elsewhere; Tab stops at
everything in its order and is seen; without a script every button belongs to a form and every link leads somewhere.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from archive.settings import ROOT
from tests.chromium import launch, of_axe, of_width
from tests.everyone.looking import of_colours, of_keys, of_plainness, of_room
from tests.everyone.made import make
from tests.everyone.recorded import take_recorded
from tests.everyone.speaking import of_language
from tests.everyone.table import FILES, View, views, written
from tests.everyone.walking import walk
from tests.leaks.archives import Archive, archive
from tests.leaks.channels import CHANNELS

DOCUMENT = ROOT / "docs" / "pages-in-a-browser.md"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with archive(tmp_path_factory.mktemp("moi-nguoi"), "embedded") as made:
        made.reach("settled")
        yield made


@pytest.fixture(scope="module")
def recorded(house: Archive, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    return take_recorded(tmp_path_factory.mktemp("nghe-nhin") / "goi")


@pytest.fixture(scope="module")
def large_letters(browser: Browser) -> Iterator[Browser]:
    """Whose reader made all letters twice as large."""
    letters = "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"
    opened = launch(browser.browser_type, letters)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def looked_at(house: Archive, recorded: tuple[str, ...]) -> list[View]:
    found, lost = views(house, make(house), recorded)
    assert not lost, f"nobody gets a page of {lost}: an address in tests/everyone/table.py, or a line in FILES"
    return found


def test_every_route_is_a_page_that_is_looked_at_or_a_file(house: Archive, looked_at: list[View]) -> None:
    assert set(CHANNELS) >= FILES
    assert {one.endpoint for one in looked_at} == set(CHANNELS) - FILES
    for endpoint in sorted(FILES):
        for who in ("anonymous", "head"):
            addresses = [*CHANNELS[endpoint](house.corpus)]
            for address in addresses[:: max(1, len(addresses) // 3)]:
                answer = house.clients[who].get(address)
                answer.close()
                assert (answer.status_code, answer.mimetype) != (200, "text/html"), f"{address} is a page"


def test_the_documentation_says_for_each_page_who_looked(looked_at: list[View]) -> None:
    told = [line for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| `")]
    assert told == written(looked_at), "\n".join(written(looked_at))


def test_what_is_vietnamese_on_an_english_page_says_so(house: Archive, looked_at: list[View]) -> None:
    wrong = set[str]()
    for one in looked_at:
        answer = house.clients[one.most].get(f"{one.address}{'&' if '?' in one.address else '?'}lang=en")
        wrong |= {f"{one.endpoint}: {said}" for said in of_language(answer.get_data())}
    for client in house.clients.values():
        client.get("/ngon-ngu?lang=vi")
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.parametrize("part", range(2))
def test_on_a_narrow_window_in_vietnamese(
    part: int, house: Archive, served: str, browser: Browser, looked_at: list[View]
) -> None:
    asked = [(one, one.least) for one in looked_at[part::2]]
    narrow: dict[str, Any] = {"viewport": {"width": 320, "height": 740}, "color_scheme": ("light", "dark")[part]}
    walk(house, served, browser, asked, of_room, of_axe, of_colours, language="vi", **narrow)


@pytest.mark.parametrize("part", range(2))
def test_on_a_wide_window_in_english_and_by_keys(
    part: int, house: Archive, served: str, browser: Browser, looked_at: list[View]
) -> None:
    asked = [(one, one.most) for one in looked_at[part::2]]
    wide: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "color_scheme": ("dark", "light")[part]}
    walk(house, served, browser, asked, of_room, of_axe, of_colours, of_keys, language="en", **wide)


def test_without_a_script_in_letters_of_twice_the_size(
    house: Archive, served: str, large_letters: Browser, looked_at: list[View]
) -> None:
    asked = [(one, one.most) for one in looked_at]
    without: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "java_script_enabled": False}
    walk(house, served, large_letters, asked, of_plainness, of_width, language="vi", **without)
