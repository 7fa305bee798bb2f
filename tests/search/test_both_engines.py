"""Two hundred questions of every kind find the same on both engines, over one catalogue."""

from pathlib import Path
from secrets import token_hex

import pytest

from archive.access import Viewer
from archive.database import reading
from bench.engines import compare, every_kind, fill
from indexer.drainer import drain
from indexer.intake.taking import take_package
from search.criteria import read_criteria
from search.gateway import Gateway
from tests.search.opensearch import opensearch_engine
from vankho.synth import write_transfer
from vankho.wiring import search_engine


@pytest.mark.usefixtures("home")
def test_two_hundred_questions_of_every_kind(tmp_path: Path) -> None:
    write_transfer(tmp_path / "goi", fonds=2, files=60, documents=1_500, pages=0, seed=3, text_only=True)
    take_package(tmp_path / "goi")
    drain(search_engine())
    with opensearch_engine(f"test_{token_hex(6)}") as engine:
        fill(engine)
        with reading() as session:
            questions = every_kind(session)
        embedded, opensearch = Gateway(search_engine()), Gateway(engine)
        totals = [embedded.search(Viewer.anonymous(), read_criteria(one)).total for one in questions]
        equal, overlap, differences = compare(embedded, opensearch, questions)
    assert len(questions) == 200
    assert sum(1 for total in totals if total) >= 150, "questions must find something to compare"
    assert len(set(totals)) >= 20
    assert equal >= 195, differences
    assert overlap >= 9.5, differences
