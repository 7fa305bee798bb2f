"""One archive at work and one browser for all journeys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.chromium import opened_browser
from tests.journeys.office import Office, office
from tests.portal.conftest import _translations as _translations


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    yield from opened_browser()


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, _translations: None, browser: Browser) -> Iterator[Office]:
    """The archive at work."""
    with office(tmp_path_factory.mktemp("van-phong"), browser) as made:
        yield made
