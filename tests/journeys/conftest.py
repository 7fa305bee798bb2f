"""One archive at work and one browser for all journeys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.office import Office, office
from tests.portal.conftest import _translations as _translations
from tests.portal.test_browser import opened_browser


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    expect.set_options(timeout=30_000)  # a busy machine is not a broken page
    yield from opened_browser()


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, _translations: None, browser: Browser) -> Iterator[Office]:
    """The archive at work."""
    with office(tmp_path_factory.mktemp("van-phong"), browser) as made:
        yield made
