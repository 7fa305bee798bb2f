"""Committees and councils by the places that they govern, and what places lay in."""

from datetime import date

import pytest

from archive.committees import after, before, bodies, committees, read_committee
from archive.gazetteer import REFORM, places
from archive.stays import chain, stays


def _days(first: int | None, last: int | None) -> str:
    return "–".join(date.fromordinal(one).isoformat() if one else "" for one in (first, last))


def test_what_tinh_khe_lay_in() -> None:
    told = [
        (unit.full, [(one.above.full, _days(one.first, one.last)) for one in found])
        for unit, found in chain(places().units["21211"])
    ]
    assert told == [
        ("xã Tịnh Khê", [
            ("tỉnh Quảng Ngãi", "2025-07-01–"),
            ("thành phố Quảng Ngãi", "2013-12-12–2025-06-30"),
            ("huyện Sơn Tịnh", "–2013-12-11"),
        ]),
        ("thành phố Quảng Ngãi", [
            ("tỉnh Quảng Ngãi", "1989-07-01–2025-06-30"),
            ("tỉnh Nghĩa Bình", "1976-02-15–1989-06-30"),
        ]),
        ("huyện Sơn Tịnh", [
            ("tỉnh Quảng Ngãi", "1989-07-01–2025-06-30"),
            ("tỉnh Nghĩa Bình", "1976-02-15–1989-06-30"),
            ("tỉnh Quảng Ngãi", "–1976-02-14"),
        ]),
    ]  # fmt: skip


def test_nothing_is_told_of_a_time_in_which_a_unit_is_not_known() -> None:
    """Huyện Thuận Bắc is of 2005: it never lay in Thuận Hải (until 1992), and no day in the data says so."""
    for own in ("588-2025", "530-2025"):
        (one,) = stays(places().units[own])
        assert (one.first, one.last) == (None, REFORM - 1)


@pytest.mark.parametrize(
    ("text", "full", "days"),
    [
        ("Ủy ban nhân dân xã Tịnh Khê", "Ủy ban nhân dân xã Tịnh Khê", "–"),
        ("UBND xã Tịnh Khê, huyện Sơn Tịnh", "Ủy ban nhân dân xã Tịnh Khê", "–2013-12-11"),
        ("Uỷ ban nhân dân tỉnh Quảng Ngãi", "Ủy ban nhân dân tỉnh Quảng Ngãi", "1989-07-01–"),
        ("uy ban nhan dan tinh nghia binh", "Ủy ban nhân dân tỉnh Nghĩa Bình", "1976-02-15–1989-06-30"),
        ("Ủy ban nhân dân cách mạng tỉnh Quảng Ngãi", "Ủy ban nhân dân cách mạng tỉnh Quảng Ngãi", "–1976-02-14"),
        ("HĐND huyện Sơn Tịnh", "Hội đồng nhân dân huyện Sơn Tịnh", "–2025-06-30"),
        ("Văn phòng Ủy ban nhân dân tỉnh", "", ""),
        ("Ủy ban nhân dân", "", ""),
        ("Ủy ban nhân dân xã Tân Thành", "", ""),
    ],
)
def test_a_committee_is_read_by_its_place(text: str, full: str, days: str) -> None:
    found = read_committee(text)
    assert (found[0].full, _days(*found[1])) == (full, days) if found else (full, days) == ("", "")


def _told(text: str) -> tuple[list[str], list[str]]:
    found = read_committee(text)
    assert found
    return [one.full for one in before(found[0])], [one.full for one in after(found[0])]


def test_what_came_before_and_after_a_committee() -> None:
    earlier, later = _told("Ủy ban nhân dân xã Tịnh Khê")
    assert {"Ủy ban nhân dân xã Tịnh Kỳ", "Ủy ban nhân dân xã Tịnh Khê"} < set(earlier)
    assert earlier[-1] == "Ủy ban nhân dân thành phố Quảng Ngãi"
    assert not later
    earlier, later = _told("UBND huyện Sơn Tịnh")
    assert "Ủy ban nhân dân xã Ba Gia" in later
    assert not any("phường" in one for one in later), "the town had left it in 2013"
    earlier, later = _told("Ủy ban nhân dân tỉnh Nghĩa Bình")
    assert earlier == ["Ủy ban nhân dân cách mạng tỉnh Quảng Ngãi"]
    assert "Ủy ban nhân dân tỉnh Bình Định" in later


def test_every_committee_was_there_while_its_place_was() -> None:
    for unit in places().units.values():
        for line in ("u", "h"):
            for one in committees(unit, line):
                assert unit.was_there(one.first or 1, one.last or 4_000_000), one
                assert one.last is None or one.first is None or one.first <= one.last, one
    assert {one.sure for one in bodies()} <= {"V", "V2", "R"}
