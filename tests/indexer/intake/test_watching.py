"""A watched folder: claimed by moving, taken once, moved on with its report or its reason; what is unready stays."""

from pathlib import Path

from sqlalchemy import select

from archive.catalogue.deliveries import Handover
from archive.database import reading
from archive.locks import held
from archive.packages.opening import Context
from indexer.intake.taking import LOCK as INTAKE
from indexer.intake.watching import CLAIMED, DONE, FAILED, REASON, REPORT, watch_once
from tests.transfers import IDENTIFIER, ORGAN, Transfer, record

CONTEXT = Context(IDENTIFIER, ORGAN, "Ủy ban nhân dân tỉnh", access="01")
SHEET = "Số ký hiệu,Trích yếu\n1/QĐ-UBND,Giao đất\n1/QĐ-UBND,Giao đất\n"


def names(folder: Path) -> set[str]:
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


def test_what_lies_there_is_taken_and_moved_on_with_its_report(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "canh"
    folder.mkdir()
    (folder / "so.csv").write_text(SHEET, encoding="utf-8")
    (folder / "hong.xml").write_text("<a>", encoding="utf-8")
    (folder / "dang-ghi.csv.part").write_text(SHEET, encoding="utf-8")
    (folder / ".an.csv").write_text(SHEET, encoding="utf-8")
    Transfer(folder / "goi").fonds().file("HS1").document("VB1", "HS1").write()
    assert watch_once(folder, CONTEXT) == 3
    there = names(folder)
    assert {f"{DONE}/so.csv", f"{DONE}/so.csv{REPORT}", f"{DONE}/goi{REPORT}", "dang-ghi.csv.part", ".an.csv"} <= there
    assert {f"{FAILED}/hong.xml", f"{FAILED}/hong.xml{REASON}"} <= there
    assert "giống hệt dòng 2" in (folder / DONE / f"so.csv{REPORT}").read_text("utf-8-sig")
    assert "không phải XML" in (folder / FAILED / f"hong.xml{REASON}").read_text("utf-8")
    assert record("VB1").title == "Về việc VB1"
    with reading() as session:
        assert set(session.scalars(select(Handover.channel))) == {"watch"}
    assert watch_once(folder, CONTEXT) == 0


def test_what_was_claimed_and_not_finished_is_taken_next(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "canh"
    (folder / CLAIMED).mkdir(parents=True)
    (folder / CLAIMED / "so.csv").write_text(SHEET, encoding="utf-8")
    assert watch_once(folder, CONTEXT) == 1
    assert f"{DONE}/so.csv" in names(folder)


def test_the_same_name_again_stands_beside_the_first(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "canh"
    folder.mkdir()
    for _ in range(2):
        (folder / "so.csv").write_text(SHEET, encoding="utf-8")
        assert watch_once(folder, CONTEXT) == 1
    assert {f"{DONE}/so.csv", f"{DONE}/so-2.csv"} <= names(folder)


def test_what_cannot_be_taken_now_stays_claimed(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "canh"
    folder.mkdir()
    (folder / "so.csv").write_text(SHEET, encoding="utf-8")
    with held(INTAKE) as mine:
        assert mine
        assert watch_once(folder, CONTEXT) == 0
    assert names(folder) == {f"{CLAIMED}/so.csv"}
    assert watch_once(folder, CONTEXT) == 1
