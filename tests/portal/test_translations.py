"""Every Vietnamese text of the portal has its English, no English stands without its Vietnamese, blanks agree."""

import io
import re

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from archive.settings import ROOT

FOLDER = ROOT / "templates" / "translations"


def extracted() -> Catalog:
    methods, options = parse_mapping_cfg(io.StringIO((FOLDER / "babel.cfg").read_text("utf-8")))
    found = Catalog()
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    for room in ("portal", "templates"):
        inside = {pattern.removeprefix(f"{room}/"): kind for pattern, kind in methods if pattern.startswith(room)}
        settings = {pattern.removeprefix(f"{room}/"): value for pattern, value in options.items()}
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / room, list(inside.items()), settings, keywords=keywords
        ):
            found.add(message)
    assert len(found) > 150
    return found


def english() -> Catalog:
    with (FOLDER / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def texts(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value]  # type: ignore[attr-defined]


def test_every_text_is_translated_and_none_is_stale() -> None:
    wanted = {texts(one.id)[0] for one in extracted() if one.id}
    there = {texts(one.id)[0]: one for one in english() if one.id}
    assert wanted == set(there)
    untranslated = [key for key, one in there.items() if one.fuzzy or not all(texts(one.string))]
    assert not untranslated


def test_translations_fill_the_same_blanks() -> None:
    for one in english():
        if one.id:
            blanks = set(re.findall(r"%\(\w+\)s", texts(one.id)[0]))
            for text in texts(one.string):
                assert set(re.findall(r"%\(\w+\)s", text)) == blanks, text
