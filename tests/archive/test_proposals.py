"""Proposals: beside the description, with their place; accepted or refused by people, never by themselves."""

from pathlib import Path

import pytest
from sqlalchemy import select

from archive.access import Viewer
from archive.accession.proposing import read_proposals
from archive.catalogue.authorities import Agent
from archive.catalogue.people import AuditEvent
from archive.catalogue.reading import Proposal
from archive.clock import today_number
from archive.database import reading, writing
from archive.proposals import ProposalError, accept, find_proposals, refuse, waiting_proposals
from archive.storage.folder import FolderStorage
from indexer.recognition.running import run
from tests.analyzers.test_heading import TWO_COLUMNS
from tests.indexer.recognition.sheets import DECISION, png, set_page
from tests.tesseract import need_tesseract
from tests.transfers import Transfer, record, take

pytestmark = pytest.mark.both_databases
LAN = Viewer(name="lan", role="archivist", tags=frozenset({"role:archivist"}))
BODY = f"{TWO_COLUMNS}\n\fĐiều 2. Thi hành.\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n(Đã ký)\nTrần Văn Bình"


def deliver(root: Path, **fields: str) -> Transfer:
    made = Transfer(root).fonds().file("HS1").document("VB1", "HS1", BODY, **{"Subject": "", **fields})
    take(made.write())
    return made


def proposals() -> dict[str, Proposal]:
    with reading() as session:
        return {one.field: one for one in session.scalars(select(Proposal))}


def decide(what: str, *fields: str) -> None:
    own = record("VB1").public_id
    with writing() as session:
        found = find_proposals(session, viewer(), today_number(), own, fields)
        (accept if what == "accept" else refuse)(session, "lan", found)


def viewer() -> Viewer:
    access = record("VB1").access
    return Viewer(name="lan", role="archivist", tags=frozenset(access.read.allow))


def test_what_the_description_lacks_is_proposed_with_its_words(home: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "goi")
    found = proposals()
    assert {name: one.value for name, one in found.items() if name != "Subject"} == {
        "CodeNumber": "1284/QĐ-UB",
        "TypeName": "Quyết định",
        "IssuedDate": "17/06/1998",
        "OrganName": "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
        "Signer": "Trần Văn Bình",
        "Place": found["Place"].value,
    }
    number = found["CodeNumber"]
    words = BODY.partition("\f")[0].split()
    assert words[number.first_word : number.last_word + 1] == ["1284/QĐ-UB"]
    assert (number.page, found["Signer"].page, number.contradicts) == (1, 2, False)
    assert record("VB1").number == "", "nothing is written by itself"


@pytest.mark.parametrize(
    ("subject", "places"),
    [
        ("giao đất tại xã Tịnh Khê, huyện Sơn Tịnh", "xã Tịnh Khê; huyện Sơn Tịnh"),
        ("quy hoạch thị xã Tân Uyên đến năm 2030", "thị xã Tân Uyên"),
        ("tuyển chọn công dân vào Công an nhân dân, Sở Văn hóa và hợp đồng lao động", None),
        ("cho công ty Hóa An thuê đất", None),
    ],
)
def test_places_are_names_with_the_word_for_their_kind(subject: str, places: str | None) -> None:
    own = "Về việc giao đất cho hộ gia đình\ntại xã Tịnh Khê, huyện Sơn Tịnh"
    page = TWO_COLUMNS.replace(own, f"Về việc {subject}")
    assert subject in page
    found = {one.field: one.value for one in read_proposals([(1, page)])}
    assert found.get("Place") == places


def test_what_agrees_is_not_proposed_and_what_contradicts_is_flagged(home: Path, tmp_path: Path) -> None:
    deliver(
        tmp_path / "goi",
        CodeNumber="1284", CodeNotation="QĐ-UB", TypeName="Chỉ thị", IssuedDate="18/06/1998",
        OrganName="UBND tỉnh Quảng Ngãi", Subject="Giao đất", Signer="X", Place="Sơn Tịnh",
    )  # fmt: skip
    assert {name: one.contradicts for name, one in proposals().items()} == {"TypeName": True, "IssuedDate": True}


def test_accepted_values_are_curated_and_stay_over_a_new_delivery(home: Path, tmp_path: Path) -> None:
    made = deliver(tmp_path / "goi")
    decide("accept", "CodeNumber", "TypeName", "IssuedDate", "OrganName", "Subject", "Place")
    now = record("VB1")
    assert (now.number, now.title[:19]) == ("1284/QĐ-UB", "Về việc giao đất ch")
    assert now.curated["CodeNumber"] == "1284"
    assert now.delivered.get("CodeNumber", "") == ""
    assert now.date_from == now.date_to
    assert now.date_from is not None
    assert now.type_slug
    assert now.issuer_id
    with reading() as session:
        acts = session.scalars(select(AuditEvent).where(AuditEvent.action == "proposal-accepted")).all()
    assert {one.detail["field"] for one in acts} >= {"CodeNumber", "Subject"}
    take(made.change("VB1", PageAmount="2").write())
    assert record("VB1").number == "1284/QĐ-UB"
    assert proposals()["CodeNumber"].state == "accepted"


def test_who_is_accepted_to_have_signed_is_a_person_to_look_for(home: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "goi")
    asked = select(Agent.kind).where(Agent.name == "Trần Văn Bình")
    with reading() as session:
        assert session.scalar(asked) is None
    decide("accept", "Signer")
    with reading() as session:
        assert session.scalar(asked) == "person"


def test_refused_fields_are_not_proposed_again(home: Path, tmp_path: Path) -> None:
    made = deliver(tmp_path / "goi")
    decide("refuse", "CodeNumber")
    take(made.change("VB1", PageAmount="2").write())
    assert proposals()["CodeNumber"].state == "refused"
    assert record("VB1").number == ""
    with pytest.raises(ProposalError):
        decide("accept", "CodeNumber")


def test_the_queue_is_for_those_who_may_read(home: Path, tmp_path: Path) -> None:
    deliver(tmp_path / "goi", mode="Hạn chế")
    with reading() as session:
        assert waiting_proposals(session, Viewer.anonymous(), today_number()).total == 0
        found = waiting_proposals(session, viewer(), today_number())
    assert found.total == 1
    assert len(found.documents[0].rows) >= 5


def test_what_recognition_read_is_proposed_and_doubted_with_it(home: Path, tmp_path: Path) -> None:
    need_tesseract()
    made = Transfer(tmp_path / "goi").fonds().file("HS1").document("VB1", "HS1", None, Subject="")
    made.data["VB1.png"] = png(set_page(DECISION))
    take(made.write())
    assert proposals() == {}
    run(FolderStorage(home / "storage"), FolderStorage(home / "quarantine"))
    found = proposals()
    assert found["IssuedDate"].value == "17/06/1998"
    assert found["IssuedDate"].confidence < 0.97
