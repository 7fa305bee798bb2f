"""Abbreviations in a question: spelled out and the other way round; numbers, syllables and quotes stay as typed."""

import pytest

from analyzers.document_types import ABBREVIATIONS
from archive.abbreviations import abbreviations
from archive.gazetteer import read_rows
from search.criteria import Criteria
from search.language import canonical, parse, to_text
from search.understanding import understand
from search.understanding.abbreviations import spelled


def readings(q: str) -> list[str]:
    return [to_text(one) for one in spelled(canonical(q), parse(q))[0]]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("giao đất UBND", ['giao đất "Ủy ban nhân dân"']),
        ("ubnd giao dat", ['giao dat "uy ban nhan dan"']),
        ("giao đất của ủy ban nhân dân", ["giao đất của UBND"]),
        ("uy ban nhan dan", ["ubnd"]),
        ("GCN QSDĐ", ['"giấy chứng nhận" "quyền sử dụng đất"']),
        ("gcn qsdd", ['"giay chung nhan" "quyen su dung dat"']),
        ("HĐND OR hđnd", ['"Hội đồng nhân dân" OR "Hội đồng nhân dân"']),
        ("Sở NN&PTNT", ['Sở "nông nghiệp và phát triển nông thôn"']),
        ("sở nn ptnt", ['Sở "nông nghiệp và phát triển nông thôn"'.replace("Sở", "sở")]),
        ("TT Châu Ổ", ['Châu Ổ "thị trấn"', 'Châu Ổ "trung tâm"']),
        ("QĐ giao đất", ['giao đất "quyết định"']),
        ("TX Quảng Ngãi", ["thị xã Quảng Ngãi"]),  # as if the words had been typed
        ("đất TP. Quảng Ngãi", ["đất thành phố Quảng Ngãi"]),
        ("thị xã Quảng Ngãi", ["TX Quảng Ngãi"]),
        (
            "UBND TP Quảng Ngãi",
            [
                "UBND thành phố Quảng Ngãi",
                'TP Quảng Ngãi "Ủy ban nhân dân"',
                'thành phố Quảng Ngãi "Ủy ban nhân dân"',
            ],
        ),
        (
            "UBND thành phố Quảng Ngãi",
            [
                "UBND TP Quảng Ngãi",
                'thành phố Quảng Ngãi "Ủy ban nhân dân"',
                'TP Quảng Ngãi "Ủy ban nhân dân"',
            ],
        ),
        ("UB tỉnh", ['tỉnh "Ủy ban"']),
        ("đất VPUB", ['đất "Văn phòng Ủy ban nhân dân"']),
        ("vpub tinh", ['tinh "van phong uy ban nhan dan"']),
        ("quản lý thành phố", []),
    ],
)
def test_readings(q: str, expected: list[str]) -> None:
    assert readings(q) == expected


@pytest.mark.parametrize(
    "q",
    [
        "1077/QĐ-UBND",
        "1077 qd ubnd",
        '"UBND tỉnh"',
        "thông tư",
        "bà con",
        "giao đất -UBND",
        '"UBND" giao đất',
        '"TX"',
        "1869/QĐ-UB",
        "nơi:UBND",
        "",
    ],
)
def test_what_stays_as_typed(q: str) -> None:
    assert readings(q) == []


def test_a_reader_is_told_and_can_undo() -> None:
    asked = understand(Criteria(q="ubnd giao đất"))
    (told,) = asked.explanations
    assert told.code == "abbreviations"
    assert told.vi == "UBND = Ủy ban nhân dân; đã tìm cả hai cách viết"
    assert "People's Committee" in told.en
    assert told.undo is not None
    again = understand(told.undo)
    assert (again.tree, again.others, again.explanations) == (asked.tree, (), ())


def test_types_of_documents_have_their_one_home() -> None:
    listed = {row[0] for row in read_rows("abbreviations.tsv")}
    assert not (listed & set(ABBREVIATIONS)) - {"TT"}, "TT is a township, too"
    for meanings in abbreviations().values():
        for one in meanings:
            assert one.full
            assert one.sure in {"V", "V2", "R"}
            assert one.first is None or one.last is None or one.first <= one.last
