"""Suggestions while typing: what comes first, and that nothing comes that not everyone may see and search."""

import pytest

from archive.access import NEVER
from tests.search.houses import ANYONE, ARCHIVIST, House


@pytest.fixture
def titles(house: House) -> House:
    """Many titles that begin alike, some of them of several records."""
    house.fonds("f", "Phông lưu trữ")
    for n, title in enumerate(("Trách nhiệm của Bộ Y tế", "Trách nhiệm của Bộ Y tế", "Trách nhiệm của Bộ Công an")):
        house.record(f"bo{n}", title, under="f")
    for n in range(8):
        house.record(f"uy{n}", f"Trách nhiệm của Ủy ban nhân dân cấp {n}", under="f")
    for n in range(4):
        house.record(f"so{n}", f"trách nhiệm của Sở thứ {n}", under="f")
    house.record("xa", "Quy định về trách nhiệm của xã", under="f")
    house.record("ban", "Bản đồ địa chính", under="f")
    house.record("bán", "Bán đồ cũ", under="f")
    house.record("bang", "Băng ghi âm", under="f")
    house.record("no", "Thông báo", number="1077/QĐ-UBND", under="f", dates=("1998-08-17",) * 2)
    house.record("no2", "Công văn", number="1077/TB-VP", under="f", dates=("2005-01-01",) * 2)
    house.record("no3", "Giấy mời", number="5/2004/1077", under="f", dates=("2006-01-01",) * 2)
    house.index()
    return house


def suggested(house: House, text: str, kind: str) -> list[str]:
    return [one.text for one in house.gateway.suggest(ANYONE, text) if one.kind == kind]


def test_the_frequent_come_first_then_the_short_each_once(titles: House) -> None:
    found = suggested(titles, "trach nhiem cua", "title")
    assert len(found) == 5
    assert found[:3] == ["Trách nhiệm của Bộ Y tế", "Trách nhiệm của Bộ Công an", "trách nhiệm của Sở thứ 0"]
    counts = {one.text: one.count for one in titles.gateway.suggest(ANYONE, "trach nhiem cua bo")}
    assert counts["Trách nhiệm của Bộ Y tế"] == 2
    assert counts["Trách nhiệm của Bộ Công an"] == 1


def test_beginnings_lead_on_to_the_titles_that_are_not_shown(titles: House) -> None:
    assert suggested(titles, "trach nhiem cua", "beginning") == ["Trách nhiệm của Ủy ban nhân dân cấp"]
    (one,) = (s for s in titles.gateway.suggest(ANYONE, "trach nhiem cua") if s.kind == "beginning")
    assert (one.id, one.count) == ("", 8)
    assert suggested(titles, "trach nhiem cua bo", "beginning") == []


@pytest.mark.parametrize(
    "text", ["trach nhiem cua bo y", "Trách nhiệm của Bộ Y", "trách nhiem của bo y tế", "TRACH NHIEM"]
)
def test_marks_and_capitals_may_be_left_out(titles: House, text: str) -> None:
    assert suggested(titles, text, "title")[0] == "Trách nhiệm của Bộ Y tế"


@pytest.mark.parametrize("text", ["trachs nhieemj cuar booj y", "trach1 nhie65m cu3a bo65 y"])
def test_keys_of_telex_and_vni_are_read(titles: House, text: str) -> None:
    assert suggested(titles, text, "title")[0] == "Trách nhiệm của Bộ Y tế"


def test_marks_that_were_typed_count(titles: House) -> None:
    assert suggested(titles, "ban", "title")[:3] == ["Bán đồ cũ", "Bản đồ địa chính", "Băng ghi âm"]
    assert suggested(titles, "bản", "title")[0] == "Bản đồ địa chính"
    assert suggested(titles, "bả", "title")[0] == "Bản đồ địa chính"
    assert suggested(titles, "băn", "title")[0] == "Băng ghi âm"


def test_words_inside_a_title_come_after_those_at_its_beginning(titles: House) -> None:
    assert "Quy định về trách nhiệm của xã" in suggested(titles, "nhiem cua x", "title")
    assert suggested(titles, "dia ch", "title") == ["Bản đồ địa chính"]


def test_a_title_longer_than_the_beginnings_is_found_to_its_end(titles: House) -> None:
    assert suggested(titles, "trach nhiem cua uy ban nhan dan cap 7", "title") == [
        "Trách nhiệm của Ủy ban nhân dân cấp 7"
    ]


def test_numbers_come_with_their_titles_newest_first(titles: House) -> None:
    found = [one for one in titles.gateway.suggest(ANYONE, "số 107") if one.kind == "number"]
    assert [(one.text, one.note, one.id) for one in found] == [
        ("1077/TB-VP", "Công văn", "no2"),
        ("1077/QĐ-UBND", "Thông báo", "no"),
        ("5/2004/1077", "Giấy mời", "no3"),
    ]
    assert suggested(titles, "1077/qd", "number") == ["1077/QĐ-UBND"]
    assert suggested(titles, "1077 qđ ub", "number") == ["1077/QĐ-UBND"]


@pytest.fixture
def circulars(house: House) -> House:
    """Papers whose titles begin with their numbers, and newer ones whose numbers hold the same figures elsewhere."""
    house.fonds("f", "Phông lưu trữ")
    for issuer in ("BCT", "BXD"):
        title = f"Thông tư số 04/2025/TT-{issuer} quy định kỹ thuật"
        house.record(issuer, title, number=f"04/2025/TT-{issuer}", under="f", dates=("2025-01-02",) * 2)
    house.record("nd", "Nghị định về xử phạt", number="4/2025/NĐ-CP", under="f", dates=("2025-03-01",) * 2)
    house.record("old", "Phân bổ vốn", number="202/QĐ-UB", under="f", dates=("1990-03-01",) * 2)
    for n in range(40):
        house.record(f"n{n}", f"Sửa đổi {n}", number=f"{70 + n}/2026/NĐ-CP", under="f", dates=("2026-03-01",) * 2)
    house.index()
    return house


def test_a_typed_type_leaves_out_numbers_of_others_and_titles_that_say_their_number_say_it_once(
    circulars: House,
) -> None:
    found = circulars.gateway.suggest(ANYONE, "thong tu so 04")
    assert [one.kind for one in found] == ["title", "title"]
    assert suggested(circulars, "nghi dinh so 4", "number") == ["4/2025/NĐ-CP"]
    assert suggested(circulars, "04/2025/tt", "number") == ["04/2025/TT-BCT", "04/2025/TT-BXD"]


def test_the_number_itself_is_not_crowded_out_by_newer_years(circulars: House) -> None:
    assert suggested(circulars, "202", "number")[0] == "202/QĐ-UB"
    assert suggested(circulars, "so 02", "number") == []


def test_what_was_suggested_once_is_not_once_it_is_closed(titles: House) -> None:
    """Whether the index knows (veto) or not: the database decides each time, also on what is kept in mind."""
    assert suggested(titles, "ban do", "title") == ["Bản đồ địa chính", "Bán đồ cũ"][::-1]
    titles.veto("ban")
    assert suggested(titles, "ban do", "title") == ["Bán đồ cũ"]
    titles.change("bán", everyone_from_see=NEVER, everyone_from_search=NEVER)
    assert suggested(titles, "ban do", "title") == []
    assert titles.gateway.suggest(ARCHIVIST, "ban do") == ()
    assert suggested(titles, "107", "number") != []
    for own in ("no", "no2", "no3"):
        titles.change(own, everyone_from_search=NEVER)
    assert suggested(titles, "107", "number") == []
    for n in range(8):
        titles.change(f"uy{n}", withdrawn=True)
    assert "Ủy ban" not in repr(titles.gateway.suggest(ANYONE, "trach nhiem cua"))
