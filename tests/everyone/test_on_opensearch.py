"""The pages that ask an engine, over OpenSearch and PostgreSQL: each in one of four variants, so that every pair of
language, scheme and width is met on this profile, too."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.chromium import of_axe
from tests.everyone.looking import of_room
from tests.everyone.recorded import take_recorded
from tests.everyone.table import View, states
from tests.everyone.walking import walk
from tests.leaks.archives import Archive, archive

ASKING = ("home.show", "searching.show", "choosing.show", "reasoning.show", "exporting.ask", "reading.page")
VARIANTS = [("light", "vi", 320), ("light", "en", 1280), ("dark", "vi", 1280), ("dark", "en", 320)]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with archive(tmp_path_factory.mktemp("day-du"), "full") as made:
        made.reach("settled")
        yield made


@pytest.fixture(scope="module")
def recorded(house: Archive, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    return take_recorded(tmp_path_factory.mktemp("nghe-nhin") / "goi")


@pytest.mark.parametrize("place", range(len(VARIANTS)))
def test_pages_that_ask_the_engine(
    place: int, house: Archive, recorded: tuple[str, ...], served: str, browser: Browser
) -> None:
    scheme, language, width = VARIANTS[place]
    told = states(house, recorded)
    every = [View(name, address, "anonymous", "head") for name in ASKING for address in told[name]]
    seen = (*recorded, *told["galleries.show"])  # photographs, sound and film, too
    every += [View("browsing.record", address, "anonymous", "head") for address in seen]
    asked = [(one, who) for one in every[place :: len(VARIANTS)] for who in (one.least, one.most)]
    how: dict[str, Any] = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    walk(house, served, browser, asked, of_room, of_axe, language=language, **how)
