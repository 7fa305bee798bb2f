"""The rules of services to readers: every fact has its line, every line its place and a test that there is."""

import ast
import os
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "handbook" / "rules.md"
FACTS = Path(os.environ.get("VANKHO_SHARED") or ROOT.parent / "shared") / "facts" / "regulation.md"


def rows(text: str) -> list[list[str]]:
    """The cells of the tables of a page, without their heads."""
    lines = [[one.strip() for one in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    rules = {n for n, cells in enumerate(lines) if set("".join(cells)) <= set("-: ")}
    return [cells for n, cells in enumerate(lines) if n not in rules and n + 1 not in rules]


@cache
def functions(path: Path) -> set[str]:
    return {one.name for one in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(one, ast.FunctionDef)}


def test_every_rule_says_where_it_acts_and_names_a_test_that_there_is() -> None:
    found = rows(PAGE.read_text("utf-8"))
    assert found
    for section, rule, confidence, place, told in found:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", told)
        assert section
        assert confidence, rule
        assert place, rule
        assert bool(named) != place.startswith("not here: "), rule
        assert ", ".join(f"`{path}::{name}`" for path, name in named) == told.strip("–"), rule
        for path, name in named:
            assert (ROOT / path).is_file(), (rule, path)
            assert name in functions(ROOT / path), (rule, name)


def test_files_that_rules_name_are_there() -> None:
    for *_, place, _told in rows(PAGE.read_text("utf-8")):
        for one in re.findall(r"\b(?:desk|archive|portal|templates)/[\w./]*\w", place):
            assert (ROOT / one).exists(), place
        for one in re.findall(r"`(\w+\.tsv)`", place):
            assert (ROOT / "config" / "desk" / one).is_file(), place


def test_no_fact_of_section_5_is_left_out() -> None:
    if not FACTS.is_file():
        pytest.skip("no shared data")
    text = FACTS.read_text("utf-8")
    section = text[text.index("\n## 5. ") : text.index("\n## 6. ")]
    wanted = [
        (part[:3], re.sub(r"\*\*", "", cells[0])) for part in re.split(r"^### ", section, flags=re.M)[1:]
        for cells in rows(part)
    ]  # fmt: skip
    assert len(wanted) > 50
    listed = [(cells[0], cells[1]) for cells in rows(PAGE.read_text("utf-8").partition("\n## ")[0])]
    assert listed == wanted
