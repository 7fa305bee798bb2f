"""A new row of each dated table of ``config/`` acts from its day, and not before."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from archive import gazetteer, terms, working_days
from desk import chains, consents, phrases, printing, status_words
from desk.fees import tariff
from desk.papers import allowed
from desk.retention import rules
from desk.states import PAIRS
from portal import rights

DAY = date(2027, 3, 1).toordinal()  # a Monday; nothing else changes on it
CACHES = (
    terms._terms, working_days._exceptions, tariff._fees, tariff._reductions, chains._chains, printing._lines,
    allowed._rows, rules._rules, status_words._rows, phrases._rows, rights.rules,
    consents._purposes,
)  # fmt: skip
#: Table: the new row, and what asks for it on a day.
TABLES: dict[str, tuple[str, Callable[[int], Any]]] = {
    "desk/terms.tsv": ("answer.copy 9 working_days {} - Luật_mới V", lambda day: terms.term("answer.copy", day).value),
    "personal_terms.tsv": ("{name} 9 years {} - Luật_mới V", lambda day: terms.term(_first_personal(), day).value),
    "desk/fees.tsv": ("copy.a4 page 9999 Luật_mới {} - V", lambda day: tariff.fee("copy.a4", day).price),
    "desk/fee_reductions.tsv": (
        "01 99 Luật_mới {} - V", lambda day: [one.percent for one in tariff.reducible(day) if one.who == "01"],
    ),
    "desk/chains.tsv": (
        "open citizen 1 consents out:Sở {} - Luật_mới V",
        lambda day: [one.consent for one in chains.chain({"open"}, "citizen", day)],
    ),
    "desk/forms.tsv": (
        "reading 19 undertaking Dòng_mới {} - Luật_mới V",
        lambda day: [one.label for one in printing.form_lines("reading", day)],
    ),
    "desk/answers.tsv": ("ask Câu_mới {} - Luật_mới V", phrases.phrases),
    "desk/evidence.tsv": ("paper mới - - {} - Luật_mới V", allowed.paper_kinds),
    "desk/consents.tsv": (
        "service 1 {} - Lời_mới New_words Luật_mới V",
        lambda day: [(one.name, one.vi) for one in consents.purposes(day)],
    ),
    "desk/retention.tsv": ("draft 9 days {} - saved Luật_mới V", lambda day: rules.rule("draft", day).term.value),
    "desk/states.tsv": (
        "refused Không_giải_quyết Declined {} - Luật_mới V",
        lambda day: (status_words.status_words(day, "vi")["refused"], status_words.status_words(day, "en")["refused"]),
    ),
    "rights.tsv": ("open Mới New - {} - Luật_mới V", lambda day: rights.rule("open", day).vi),
    "desk/holidays.tsv": ("{} off Ngày_mới V", working_days.is_working_day),
}  # fmt: skip


def _first_personal() -> str:
    return next(iter(gazetteer.read_rows("personal_terms.tsv")))[0]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the tables, read in place of the house's own."""
    made = tmp_path / "config"
    shutil.copytree(gazetteer.CONFIG, made)
    monkeypatch.setattr(gazetteer, "CONFIG", made)
    yield made
    for one in CACHES:
        one.cache_clear()


@pytest.mark.parametrize("table", TABLES)
def test_a_new_row_acts_from_its_day_and_not_before(table: str, config: Path) -> None:
    row, asked = TABLES[table]

    def seen() -> tuple[Any, Any]:
        for one in CACHES:
            one.cache_clear()
        return asked(DAY - 3), asked(DAY)  # a Friday, a Monday

    before = seen()
    assert before[0] == before[1], "nothing changes on that day as yet"
    written = row.format(date.fromordinal(DAY).isoformat(), name=_first_personal())
    line = "\t".join("" if one == "-" else one.replace("_", " ") for one in written.split(" "))
    file = config / table
    file.write_text(file.read_text("utf-8").rstrip("\n") + f"\n{line}\n", "utf-8")
    after = seen()
    assert after[0] == before[0], "a row acts before its day"
    assert after[1] != before[1], "a row does not act on its day"


def test_every_state_has_its_word() -> None:
    for language in ("vi", "en"):
        assert set(status_words.status_words(DAY, language)) == {one for pair in PAIRS for one in pair if one}


def test_no_dated_table_is_left_out() -> None:
    headed = re.compile(r"^# .*\bfirst\tlast\b|^# day\t", re.MULTILINE)
    dated = {
        str(one.relative_to(gazetteer.CONFIG))
        for one in (*gazetteer.CONFIG.glob("*.tsv"), *gazetteer.CONFIG.glob("desk/*.tsv"))
        if headed.search(one.read_text("utf-8"))
    }
    assert dated - {"abbreviations.tsv", "agencies.tsv", "committees.tsv"} == set(TABLES), (
        "names over time have tests of their own"
    )
