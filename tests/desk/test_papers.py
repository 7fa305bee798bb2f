"""Evidence: judged by content in a real child, kept once, seen by few, erased."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from archive.catalogue.evidence import Evidence
from archive.catalogue.people import Account
from archive.clock import now, today_number
from archive.database import reading, writing
from archive.identifiers import new_identifier
from archive.settings import settings
from archive.terms import term
from desk.papers.judging import EvidenceError, judge
from desk.papers.keeping import (
    FOLDER,
    Sent,
    attach,
    drop_held,
    erase_evidence,
    evidence_due,
    evidence_of,
    evidence_path,
    find_evidence,
    held,
    hold,
    sweep_evidence,
)
from desk.papers.seeing import may_see_evidence
from tests.desk.hostile_papers import HOSTILE, pdf, picture
from tests.desk.requests_of_tests import account, found, open_desk, send, step, viewer
from vankho.accounts import add_account

pytestmark = pytest.mark.both_databases


@pytest.fixture
def reader(home: Path, tmp_path: Path) -> Account:
    return open_desk(tmp_path / "goi")


def paper(data: bytes, name: str = "giấy giới thiệu.pdf", kind: str = "purpose") -> Sent:
    return Sent(kind, name, io.BytesIO(data))


def files() -> set[str]:
    folder = settings().home / FOLDER
    return {one.name for one in folder.iterdir()} if folder.is_dir() else set()


@pytest.mark.parametrize("which", HOSTILE)
def test_hostile_and_careless_files_are_refused_in_words(which: str, tmp_path: Path) -> None:
    data, why = HOSTILE[which]
    name = "giấy.jpg" if "picture" in which else "giấy.pdf"
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(EvidenceError) as told:
        judge(path, name, today_number())
    assert why in str(told.value)
    assert name in str(told.value)


def test_what_is_in_order_is_taken_by_content_not_by_name(tmp_path: Path) -> None:
    path, day = tmp_path / "x", today_number()
    for data, name, kind in ((pdf(), "a.PDF", "pdf"), (picture(), "a.jpeg", "jpeg"), (picture("PNG"), "a.png", "png")):
        path.write_bytes(data)
        assert judge(path, name, day) == kind
        with pytest.raises(EvidenceError, match="đuôi tệp"):
            judge(path, "a.docx", day)
    path.write_bytes(picture() + b"\0" * (10 << 20))
    with pytest.raises(EvidenceError, match="10 MB"):
        judge(path, "a.jpg", day)


def test_held_once_then_the_requests_however_often_it_is_sent(reader: Account) -> None:
    form = new_identifier()
    wrong = hold(reader.id, form, [paper(pdf()), paper(b"", "rỗng.pdf"), paper(pdf(), "lần hai.pdf")])
    assert len(wrong) == 1
    assert "rỗng.pdf" in str(wrong[0])
    hold(reader.id, form, [paper(picture(), "../../anh\x00 thẻ.jpg", "identity")])
    assert hold(reader.id, form, [paper(pdf(), kind="../x")])
    with writing() as session:
        there = held(session, reader.id, form)
        assert [one.name for one in there] == ["giấy giới thiệu.pdf", "anh thẻ.jpg"]
        assert held(session, account("lan").id, form) == []
        drop_held(session, account("lan").id, form, [one.code for one in there])  # another's are not dropped
    code = send(reader, "VB1", submission=form)
    for many in (2, 0):
        with writing() as session:
            assert attach(session, found(session, code), reader.id, form, "hoa") == many
    assert len(files()) == 2
    with reading() as session:
        request = found(session, code)
        assert [one.paper for one in evidence_of(session, request)] == ["purpose", "identity"]
        assert find_evidence(session, request, "../../etc/passwd") is None
    other = send(reader, "VB1")
    with reading() as session:
        assert find_evidence(session, found(session, other), there[0].code) is None


def test_no_more_than_the_rules_allow(reader: Account) -> None:
    most, form = term("evidence.most", today_number()).value, new_identifier()
    wrong = hold(reader.id, form, [paper(pdf(f"/Lang (v{n})"), f"{n}.pdf") for n in range(most + 1)])
    assert len(wrong) == 1
    assert f"không quá {most}" in str(wrong[0])


def test_seen_by_the_officers_of_the_request_only(reader: Account) -> None:
    with writing() as session:
        add_account(session, "mai", "mat-khau-thu-2026", "archivist", totp=False)
    code = send(reader, "VB1")

    def seen() -> list[str]:
        with reading() as session:
            request = found(session, code)
            return [
                name for name in ("hoa", "lan", "mai", "truong") if may_see_evidence(session, request, viewer(name))
            ]

    assert seen() == ["truong"]
    step(code, "take", actor="lan")
    assert seen() == ["lan", "truong"]
    step(code, "release", actor="lan")
    step(code, "take", actor="mai")
    assert seen() == ["mai", "truong"]


def test_erased_by_dated_rules_what_was_never_sent_and_what_nobody_holds(reader: Account) -> None:
    form, never = new_identifier(), new_identifier()
    hold(reader.id, form, [paper(pdf())])
    hold(reader.id, never, [paper(picture(), "a.jpg")])
    code = send(reader, "VB1", submission=form)
    with writing() as session:
        request = found(session, code)
        attach(session, request, reader.id, form, "hoa")
        assert evidence_due(session) == []
    step(code, "withdraw", role="owner")
    with writing() as session:
        request = found(session, code)
        assert evidence_due(session) == []
        request.ended_at = now() - timedelta(days=366)
        session.execute(
            update(Evidence).where(Evidence.request_id.is_(None)).values(sent_at=now() - timedelta(days=31))
        )
    with reading() as session:
        request = found(session, code)
        assert [one.code for one in evidence_due(session)] == [code]
        own = evidence_of(session, request)[0].code
    left = settings().home / FOLDER / ".killed.tmp"
    left.write_bytes(b"x")
    assert sweep_evidence() == 2  # what was due and never sent; what was written a moment ago may be somebody's
    with writing() as session:
        request = found(session, code)
        assert erase_evidence(session, request, "system", "quy tắc") == 0
        assert find_evidence(session, request, own) is None
        assert evidence_due(session) == []
    assert not evidence_path(own).exists()
    assert files() == {left.name}
    with reading() as session:
        assert [(one.name, one.paper) for one in evidence_of(session, found(session, code))] == [("", "purpose")]
