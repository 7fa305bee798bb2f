"""Deliveries with old office files: taken whatever Tika does, their text fetched when the package is taken again."""

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalogue.records import Page, Record
from archive.database import reading
from archive.extras import UnusableSettingError
from archive.settings import settings
from indexer.intake.taking import take_package
from tests.faults.installation import free_port
from tests.indexer.extraction.office_files import compound, old_word, open_document, rtf
from tests.services import service_url
from tests.transfers import Transfer, codes, counts, lines, province, record, take, versions
from vankho.wiring import search_engine


def delivery(root: Path) -> Transfer:
    """A small province, and three documents that Tika reads, or that are read here where there is none."""
    made = province(root)
    made.document("VB7", "HS1", None).document("VB8", "HS1", None).document("VB9", "HS1", None)
    made.data["VB7.doc"] = old_word("Sắc lệnh bảo tồn cổ tích\r")
    made.data["VB8.doc"] = rtf("Thông tư về đê điều", title="Tên trong tệp")
    made.data["VB9.odt"] = open_document("<text:p>Tờ trình xây cầu</text:p>")
    return made


def tell_tika(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("VANKHO_TIKA_URL", url)
    monkeypatch.setenv("VANKHO_TIKA_COMEBACK", "0")
    settings.cache_clear()


def texts() -> dict[str, str]:
    with reading() as session:
        asked = select(Record.code, Page.text).join(Page).where(Record.code.in_(TEXTS))
        return {row.code: row.text for row in session.execute(asked)}


WAITING = {("word.waiting", "VB7"), ("word.waiting", "VB8"), ("word.waiting", "VB9")}
TEXTS = {"VB7": "Sắc lệnh bảo tồn cổ tích", "VB8": "Thông tư về đê điều", "VB9": "Tờ trình xây cầu"}


def test_without_tika_they_are_read_here(home: Path, tmp_path: Path) -> None:
    taken = take(delivery(tmp_path / "goi").write())
    assert (taken.counts["accepted"], taken.counts["warned"], lines()) == (11, 0, [])
    assert texts() == TEXTS


def test_what_nobody_reads_here_is_kept_and_told(home: Path, tmp_path: Path) -> None:
    made = province(tmp_path / "goi").document("VB7", "HS1", None)
    made.data["VB7.doc"] = compound({"PowerPoint Document": b"x"})
    assert take(made.write()).counts["warned"] == 1
    assert codes() == {("word.unread", "VB7")}


def test_messages_and_archives_are_documents_and_hide_no_secret(home: Path, tmp_path: Path) -> None:
    made = province(tmp_path / "goi")
    for code, text in (("VB7", "Báo cáo đê điều"), ("VB8", "Kế hoạch năm\fTỐI MẬT\nphương án")):
        letter = EmailMessage()
        letter["Subject"] = f"Gửi kèm {code}"
        letter.set_content("Xin gửi ông Ba, CCCD 051088001234.")
        letter.add_attachment(text.encode(), maintype="text", subtype="plain", filename="bao-cao.txt")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as parts:
            parts.writestr("thu/mot.eml", letter.as_bytes())
        made.document(code, "HS1", None).data[f"{code}.zip"] = packed.getvalue()
    made.document("VB9", "HS1", None).data["VB9.rar"] = b"Rar!\x1a\x07\x01\x00 nothing here opens it"
    taken = take(made.write())
    assert (taken.counts["quarantined"], taken.counts["warned"], taken.counts["rejected"]) == (1, 1, 0)
    assert ("part.format", "VB9") in codes()
    shown = sorted(texts().items())
    assert [code for code, _ in shown] == ["VB7"], "a stamp on any page of what is enclosed counts"
    with reading() as session:
        pages = list(session.scalars(select(Page.text).join(Record).where(Record.code == "VB7").order_by(Page.n)))
    assert pages[0].endswith("Xin gửi ông Ba, CCCD ••••••••••••.")
    assert pages[1] == "[thu/mot.eml › bao-cao.txt]\n\nBáo cáo đê điều"
    assert take(tmp_path / "goi").counts["unchanged"] == 10


def test_text_that_waits_comes_with_the_next_taking(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = service_url("tika")
    path = delivery(tmp_path / "goi").write()
    tell_tika(monkeypatch, f"http://127.0.0.1:{free_port()}")
    taken = take(path)
    assert (taken.counts["accepted"], taken.counts["warned"], taken.counts["rejected"]) == (8, 3, 0)
    assert codes() == WAITING
    assert texts() == {}
    rows, indexed = counts(), versions()
    still = take(path)
    assert (still.counts["unchanged"], still.counts["warned"]) == (11, 0)
    assert (codes(), counts(), versions()) == (WAITING, rows, indexed), "nothing is doubled while it waits"

    before = {code: record(code).delivered for code in TEXTS}
    tell_tika(monkeypatch, url)
    again = take(path)
    assert (again.counts["accepted"], again.counts["unchanged"], again.counts["held"]) == (3, 8, 0)
    assert texts() == TEXTS
    assert lines() == [], "what was said of the waiting is over"
    assert {code: record(code).delivered for code in TEXTS} == before, "nothing but text comes from Tika"
    assert record("VB8").title == "Về việc VB8"
    raised = {one for one in versions()["records"] if versions()["records"][one] > max(indexed["records"].values())}
    assert raised == {"document VB7", "document VB8", "document VB9"}
    assert search_engine().count(search_engine().current("pages")) == 8
    assert take(path).counts["unchanged"] == 11


def test_a_stamp_that_comes_late_takes_the_record_away(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = service_url("tika")
    made = province(tmp_path / "goi").document("VB7", "HS1", None)
    made.data["VB7.doc"] = old_word("TỐI MẬT\rKế hoạch\r")
    path = made.write()
    tell_tika(monkeypatch, f"http://127.0.0.1:{free_port()}")
    take(path)
    assert not record("VB7").withdrawn
    tell_tika(monkeypatch, url)
    assert take(path).counts["quarantined"] == 1
    assert record("VB7").withdrawn
    assert texts() == {}


def test_an_address_that_is_none_is_told_before_anything_is_taken(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_tika(monkeypatch, "file:///etc/passwd")
    with pytest.raises(UnusableSettingError, match="VANKHO_TIKA_URL"):
        take_package(delivery(tmp_path / "goi").write())
    assert counts()["package"] == 0
