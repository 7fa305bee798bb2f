"""Every Vietnamese text of the portal has its English, no English stands without its Vietnamese, blanks agree."""

import ast
import io
import re

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import portal.application  # noqa: F401 (with all of the desk)
from archive.packages.registers.columns import FIELDS
from archive.settings import ROOT
from archive.telling import Told
from desk.copies.errors import CopyWaitsError

FOLDER = ROOT / "templates" / "translations"


def kinds_of_told(kind: type[Told] = Told) -> set[str]:
    """The errors whose words are translated where they are shown; what is noted with a copy that waits is not."""
    own = {kind.__name__} - {CopyWaitsError.__name__}
    return own.union(*(kinds_of_told(one) for one in kind.__subclasses__()))


def extracted() -> Catalog:
    methods, options = parse_mapping_cfg(io.StringIO((FOLDER / "babel.cfg").read_text("utf-8")))
    found = Catalog()
    keywords: dict[str, tuple[int, ...] | None] = {"_": None, "gettext": None, "ngettext": (1, 2), "said": None}
    keywords |= dict.fromkeys(kinds_of_told())
    for room in ("archive", "desk", "portal", "templates"):
        inside = {pattern.removeprefix(f"{room}/"): kind for pattern, kind in methods if pattern.startswith(room)}
        settings = {pattern.removeprefix(f"{room}/"): value for pattern, value in options.items()}
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / room, list(inside.items()), settings, keywords=keywords
        ):
            found.add(message)
    for words in FIELDS.values():  # translated where they are shown, too
        found.add(words)
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


def test_what_is_counted_has_an_english_plural() -> None:
    there = {texts(one.id)[0]: one for one in english() if one.id}
    counted = {texts(one.id)[0] for one in extracted() if one.id and isinstance(one.id, tuple)}
    assert len(counted) > 40
    assert not [key for key in counted if not there[key].pluralizable]


def test_translations_fill_the_same_blanks() -> None:
    for one in english():
        if one.id:
            blanks = set(re.findall(r"%\(\w+\)s", texts(one.id)[0]))
            for text in texts(one.string):
                assert set(re.findall(r"%\(\w+\)s", text)) == blanks, text


def test_what_the_desk_refuses_can_be_said_in_both_languages() -> None:
    kinds, there, found = kinds_of_told(), {texts(one.id)[0] for one in english() if one.id}, 0
    for path in sorted((ROOT / "desk").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if not isinstance(node, ast.Call) or (name not in kinds and not name.endswith("Error")):
                continue
            words = node.args[0] if node.args else None
            where = f"{path}:{node.lineno}: {name}"
            if name in kinds:
                found += 1
                bare = isinstance(words, ast.JoinedStr | ast.BinOp) or (
                    isinstance(words, ast.Call) and getattr(words.func, "id", "") != "said"
                )
                assert not bare or path.parent.name == "copies", f"{where}: words that nobody can translate"
                if isinstance(words, ast.Constant):
                    assert words.value in there, f"{where}: no English"
            elif name not in {"AccountError", CopyWaitsError.__name__} and isinstance(words, ast.Constant):
                assert str(words.value).isascii(), f"{where}: Vietnamese that is no Told"
    assert found > 60
