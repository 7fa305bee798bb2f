"""Personal numbers on the way in: masked in what is kept to be searched and shown, remembered, their images held."""

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, text

from archive.accession.concealing import BY_HAND, conceal_text
from archive.accession.masking import UnmaskedError, check_masked, mask_catalogue
from archive.accession.members import Decided
from archive.catalogue.personal import MaskingProgress, PersonalMark
from archive.catalogue.records import Page, Record
from archive.database import reading, writing
from archive.masking import restore
from tests.transfers import Transfer, drain_all, dump, lines, record, take

pytestmark = pytest.mark.both_databases

CITIZEN, ACCOUNT, PHONE = "051088001234", "19034567890", "0912.345.678"
BODY = f"Ông Trần Văn Ba, CCCD {CITIZEN}, STK {ACCOUNT}, ĐT {PHONE}, nhận 25.000.000 đồng theo 1284/QĐ-UBND."
MASKED = "Ông Trần Văn Ba, CCCD ••••••••••••, STK •••••••••••, ĐT ••••.•••.•••, nhận 25.000.000 đồng theo 1284/QĐ-UBND."


def delivery(root: Path, body: str = BODY, *, image: bool = True, **fields: str) -> Transfer:
    made = Transfer(root).fonds().file("HS1", Title=f"Hồ sơ của ông Ba, điện thoại {PHONE}")
    made.document(
        "VB1", "HS1", body, Subject=f"Về việc ông Ba (CCCD {CITIZEN})", Keyword=f"đất; STK {ACCOUNT}",
        OrganName=f"Hợp tác xã, ĐT {PHONE}", Description="số 1284/QĐ-UBND", **fields,
    )  # fmt: skip
    if image:
        picture = io.BytesIO()
        Image.new("L", (60, 80), 240).save(picture, "PNG")
        made.data["VB1-0001.png"] = picture.getvalue()
    return made


def page(code: str = "VB1", n: int = 1) -> Page:
    with reading() as session:
        return session.get_one(Page, (record(code).id, n))


def marks(code: str = "VB1") -> list[PersonalMark]:
    with reading() as session:
        asked = select(PersonalMark).where(PersonalMark.record_id == record(code).id)
        return list(session.scalars(asked.order_by(PersonalMark.page, PersonalMark.start)))


def everything_but(*tables: str) -> str:
    """All that the catalogue holds as text, without the tables that keep originals."""
    from archive.catalogue.tables import Base

    names = [name for name in Base.metadata.tables if name not in tables]
    return str(dump(*names, without=("delivered", "boxes")))


def test_what_is_kept_to_be_searched_and_shown_is_masked(home: Path) -> None:
    take(delivery(home.parent / "goi").write())
    assert page().text == MASKED
    found = record("VB1")
    assert found.title == "Về việc ông Ba (CCCD ••••••••••••)"
    assert found.value("Keyword") == "đất; STK •••••••••••"
    assert found.value("Description") == "số 1284/QĐ-UBND"
    told = everything_but("personal_mark")
    for number in (CITIZEN, ACCOUNT, PHONE):
        assert number not in told


def test_what_was_masked_can_be_restored_exactly(home: Path) -> None:
    take(delivery(home.parent / "goi").write())
    told = marks()
    assert {(one.page, one.field, one.kind, one.original) for one in told} == {
        (1, "", "citizen", CITIZEN), (1, "", "account", ACCOUNT), (1, "", "phone", PHONE),
        (0, "Subject", "citizen", CITIZEN), (0, "Keyword", "account", ACCOUNT), (0, "OrganName", "phone", PHONE),
    }  # fmt: skip
    assert restore(page().text, [one for one in told if one.page == 1]) == BODY


def test_an_image_beside_a_number_is_held_and_no_other(home: Path) -> None:
    made = delivery(home.parent / "goi")
    made.document("VB2", "HS1", "Không có số nào.").data["VB2-0001.png"] = made.data["VB1-0001.png"]
    made.document("VB3", "HS1", BODY)
    take(made.write())
    assert [page(code).image_held for code in ("VB1", "VB2", "VB3")] == ["held", "", ""]
    assert page("VB1").is_image_closed
    assert not page("VB3").is_image_closed


def test_decisions_stay_over_a_new_delivery(home: Path) -> None:
    made = delivery(home.parent / "goi")
    take(made.write())
    with writing() as session:
        own = session.get_one(Page, (record("VB1").id, 1))
        own.image_held = "released"
        session.add(
            PersonalMark(record_id=own.record_id, page=1, start=4, end=15, kind=BY_HAND, original="Trần Văn Ba")
        )
    take(delivery(home.parent / "goi", "Lần hai: bà Tư và Trần Văn Ba, không có số.").write())
    assert page().image_held == "released"
    assert page().text == "Lần hai: bà Tư và •••• ••• ••, không có số."
    take(delivery(home.parent / "goi", "Lần ba không nhắc tên.").write())
    take(delivery(home.parent / "goi", "Lần bốn: Trần Văn Ba.").write())
    assert page().text == "Lần bốn: •••• ••• ••."
    assert restore(page().text, [one for one in marks() if one.page == 1]) == "Lần bốn: Trần Văn Ba."


def test_a_text_masked_by_hand_keeps_its_blanks() -> None:
    covered, found = conceal_text("ông Lê Văn\nTám, Lê Văn\nTám", ("Lê Văn\nTám",))
    assert covered == "ông •• •••\n•••, •• •••\n•••"
    assert restore(covered, [_Mark(**{k: one[k] for k in ("start", "end", "original")}) for one in found]).endswith(
        "Tám"
    )
    assert Decided().texts == ()


class _Mark:
    def __init__(self, start: int, end: int, original: str) -> None:
        self.start, self.end, self.original = start, end, original


def test_no_way_of_writing_a_page_keeps_a_number(home: Path) -> None:
    take(delivery(home.parent / "goi").write())
    with writing() as session:
        session.get_one(Page, (record("VB1").id, 1)).text = BODY
        session.get_one(Record, record("VB1").id).title = BODY
    assert page().text == record("VB1").title == MASKED


def test_the_report_does_not_quote_a_number(home: Path) -> None:
    take(delivery(home.parent / "goi", Mode="Hạn chế\x07", IssuedDate=f"ĐT {PHONE}").write())
    assert any("ĐT ••••.•••.•••" in line.message for line in lines())
    assert not any(PHONE in line.message for line in lines())


def _unmask() -> None:
    """The catalogue as an older program would have written it."""
    with writing() as session:
        for number in (BODY,):
            session.execute(text("UPDATE page SET text = :body, image_held = ''"), {"body": number})
        titles = {"a": f"Về việc ông Ba (CCCD {CITIZEN})", "b": f"Hồ sơ của ông Ba, điện thoại {PHONE}"}
        session.execute(text("UPDATE record SET title = :a WHERE level = 'document'"), {"a": titles["a"]})
        session.execute(text("UPDATE record SET title = :b WHERE level = 'file'"), {"b": titles["b"]})
        session.execute(text("UPDATE agent SET name = :n, name_key = :n"), {"n": f"Hợp tác xã, ĐT {PHONE}"})
        session.execute(text("UPDATE term SET label = :n WHERE label LIKE 'STK%'"), {"n": f"STK {ACCOUNT}"})
        session.execute(text("DELETE FROM personal_mark"))
        last = session.scalar(text("SELECT max(id) FROM record"))
        session.add(MaskingProgress(id=1, last=0, until=last))


def test_an_older_catalogue_is_masked_in_parts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from archive.accession import masking

    made = delivery(home.parent / "goi")
    for n in range(2, 8):
        made.document(f"VB{n}", "HS1", BODY)
    take(made.write())
    before = dump("page", "record", "personal_mark", without=("id", "version"))
    names = {"agent": dump("agent")["agent"], "term": dump("term")["term"]}
    _unmask()
    with pytest.raises(UnmaskedError, match="vankho migrate"):
        check_masked()
    monkeypatch.setattr(masking, "PART", 2)
    killed = [0]

    def kill(_label: str, _done: int, _total: int) -> None:
        killed[0] += 1
        if killed[0] == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mask_catalogue(kill)
    with pytest.raises(UnmaskedError):
        check_masked()
    assert mask_catalogue() > 0
    check_masked()
    told = everything_but("personal_mark")
    for number in (CITIZEN, ACCOUNT, PHONE):
        assert number not in told
    after = dump("page", "record", "personal_mark", without=("id", "version"))
    assert [one["text"] for one in after["page"]] == [one["text"] for one in before["page"]]
    assert {one["original"] for one in after["personal_mark"]} == {CITIZEN, ACCOUNT, PHONE}
    assert page().image_held == "held"
    assert [one["label"] for one in dump("term")["term"]].count("STK •••••••••••") <= 1
    assert len(dump("agent")["agent"]) == len(names["agent"])
    assert drain_all() > 0


def test_migrating_asks_for_it_only_where_there_are_records(home: Path) -> None:
    from alembic import command

    from archive import schema
    from archive.database import engine

    take(delivery(home.parent / "goi").write())
    with engine().execution_options(writing=True).connect() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
        connection.commit()
    schema.migrate(engine())
    assert schema.differences(engine()) == []
    with reading() as session:
        waiting = session.get_one(MaskingProgress, 1)
        assert (waiting.last, waiting.until) == (0, session.scalar(text("SELECT max(id) FROM record")))
    mask_catalogue()
    assert page().text == MASKED
    shutil.rmtree(home.parent / "goi")
