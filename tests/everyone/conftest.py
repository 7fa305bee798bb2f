"""A browser, and the address of the archive that each module makes (its fixture ``house``)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.chromium import opened_browser
from tests.leaks.archives import Archive
from tests.serving import serve


@pytest.fixture(scope="module")
def served(house: Archive) -> Iterator[str]:
    """The address of the module's archive."""
    yield from serve(house.app)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    yield from opened_browser()
