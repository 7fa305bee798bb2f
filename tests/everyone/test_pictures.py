"""Every page that a browser looks at has its picture in docs/screens, under the name that bench.pictured gives it."""

import re

from archive.settings import ROOT
from bench.pictured import PICTURES
from bench.screens import SCHEMES, SIZES, file_name, written

SCREENS = ROOT / "docs" / "screens"
MOST = 11 << 20  # bytes of all pictures: they lie in every checkout


def test_every_page_has_its_picture() -> None:
    pages = re.findall(r"^\| `([a-z_.]+)` \|", (ROOT / "docs" / "pages-in-a-browser.md").read_text("utf-8"), re.M)
    assert len(pages) > 70
    assert {one.endpoint for one in PICTURES} == set(pages)


def test_the_pictures_are_there_and_no_others() -> None:
    wanted = [file_name(one, width, scheme) for one in PICTURES for width, _ in SIZES for scheme in SCHEMES]
    kept = {one.name: one.stat().st_size for one in SCREENS.glob("*.webp")}
    assert len(wanted) == len(set(wanted)), "two pictures of one name"
    assert set(kept) == set(wanted)
    assert sum(kept.values()) <= MOST
    assert (SCREENS / "README.md").read_text("utf-8") == written()
