"""The worker's watched folder: what names a fonds that is there is taken as it is, the settings are for the others."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalogue.records import Record
from archive.database import reading
from archive.packages.opening import Context
from indexer.intake.watching import DONE, FAILED, REASON, REPORT, watch_once
from tests.csip_packages import Csip
from tests.indexer.intake.test_messages import TEXT, attached, envelope, packed
from tests.indexer.intake.test_watching import SHEET, names
from tests.transfers import IDENTIFIER, Transfer, take

pytestmark = pytest.mark.both_databases
SENDER = "000.00.00.H48"  # the fonds that the message names
MESSAGE = envelope(attached(packed("van-ban.txt", TEXT.encode())))


@contextmanager
def worker(**settings: str) -> Iterator[None]:
    """A worker that runs, until the block ends."""
    command = [sys.executable, "-m", "vankho", "worker"]
    with subprocess.Popen(
        command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        try:
            yield
        finally:
            running.terminate()


def await_file(path: Path, patience: float = 120) -> str:
    """The text of a file that somebody else writes."""
    look = f"import pathlib, time; p = pathlib.Path({str(path)!r})\nwhile not p.exists(): time.sleep(0.1)"
    subprocess.run([sys.executable, "-c", look], timeout=patience, check=True)
    return path.read_text("utf-8-sig")


def put(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f".{name}").write_text(text, encoding="utf-8")
    (folder / f".{name}").rename(folder / name)


def documents() -> dict[str, str]:
    """Fonds of each document by its title."""
    fonds = {}
    with reading() as session:
        for one in session.scalars(select(Record).where(Record.level == "document")):
            fonds[one.title] = session.get_one(Record, one.fonds_id).code
    return fonds


def test_the_running_worker_takes_messages_of_known_fonds_and_the_rest_by_its_settings(
    home: Path, tmp_path: Path
) -> None:
    take(Transfer(tmp_path / "goi").fonds(SENDER).write())
    folder = tmp_path / "canh"
    put(folder, "so.csv", SHEET)
    put(folder, "thong-diep.edxml", MESSAGE)
    with worker(
        VANKHO_WATCH=str(folder), VANKHO_WATCH_FONDS="H48.77", VANKHO_WATCH_IDENTIFIER=IDENTIFIER,
        VANKHO_WATCH_FONDS_NAME="Sở Xây dựng", VANKHO_WATCH_ACCESS="01",
    ):  # fmt: skip
        await_file(folder / DONE / f"so.csv{REPORT}")
        await_file(folder / DONE / f"thong-diep.edxml{REPORT}")
    assert documents() == {"Giao đất": "H48.77", "V/v xây dựng kho lưu trữ": SENDER}


def test_without_settings_a_message_of_no_known_fonds_is_refused_and_says_why(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "canh"
    put(folder, "a.edxml", MESSAGE)
    assert watch_once(folder) == 1
    assert "mã cơ quan lưu trữ" in (folder / FAILED / f"a.edxml{REASON}").read_text("utf-8")
    take(Transfer(tmp_path / "goi").fonds(SENDER).write())
    put(folder, "a.edxml", MESSAGE)
    assert watch_once(folder) == 1
    assert f"{DONE}/a.edxml" in names(folder)


def test_a_sip_that_names_a_fonds_which_is_there_needs_no_more(home: Path, tmp_path: Path) -> None:
    made = Csip(tmp_path / "goi", "SIP").document(1)
    folder = tmp_path / "canh"
    folder.mkdir()
    assert watch_once(folder) == 0
    made.pack().rename(folder / "mot.zip")
    assert watch_once(folder) == 1
    assert f"{FAILED}/mot.zip" in names(folder)
    take(Transfer(tmp_path / "phong").fonds().write())
    (folder / FAILED / "mot.zip").rename(folder / "mot.zip")
    assert watch_once(folder, given={"organ": "H48.77", "identifier": IDENTIFIER}) == 1
    assert f"{DONE}/mot.zip" in names(folder)
    assert set(documents().values()) == {"H48.01"}


def test_a_fonds_that_is_told_by_hand_goes_before_the_named_one() -> None:
    told = Context("A", "H1", archives={"H2": "B"})
    assert told.place("H2") == ("H1", "A")
    assert Context("A", "H1", archives={"H2": "B"}, yields=True).place("H2") == ("H2", "B")
    assert Context("A", "H1", archives={"H2": "B"}, yields=True).place("H3") == ("H1", "A")
    assert Context("", "", archives={"H2": "B"}).place("H2") == ("H2", "B")
    assert Context("", "", archives={"H2": "B"}).place("H2", "C") == ("H2", "C")
