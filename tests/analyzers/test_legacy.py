"""Legacy encodings: every syllable comes back, Unicode text stays, and real Word texts are read."""

import csv
import unicodedata
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.fold import has_marks
from analyzers.legacy import decode, detect
from analyzers.legacy_tables import TCVN3, Encoding, decoded_word
from analyzers.syllables import TONE_MARKS, TONELESS, is_syllable, put_tone
from tests.shared_data import articles, questions, records, shared_data

SYLLABLES = sorted(
    one
    for toneless in TONELESS
    for tone in ("ngang", *TONE_MARKS)
    if is_syllable(one := put_tone(toneless, tone)) and has_marks(one)
)
_CODES = {letter: code for code, letter in TCVN3.items()}
_VNI = {
    "\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï", "\u0302": "â", "\u0306": "ê",
    "\u0302\u0300": "à", "\u0302\u0301": "á", "\u0302\u0309": "å", "\u0302\u0303": "ã", "\u0302\u0323": "ä",
    "\u0306\u0300": "è", "\u0306\u0301": "é", "\u0306\u0309": "ú", "\u0306\u0303": "ü", "\u0306\u0323": "ë",
}  # fmt: skip
_VNI_ALONE = {"ì": "ì", "í": "í", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ơ": "ô", "ư": "ö", "ỵ": "î", "đ": "ñ"}
_VIQR = {
    "\u0300": "`", "\u0301": "'", "\u0309": "?", "\u0303": "~", "\u0323": ".", "\u0302": "^", "\u0306": "(",
    "\u031b": "+",
}  # fmt: skip


def encode(text: str, encoding: Encoding) -> str:
    """`text` (small letters) as an old word processor wrote it, its bytes read as Latin-1."""
    return "".join(_encoded(letter, encoding) for letter in unicodedata.normalize("NFC", text))


def _encoded(letter: str, encoding: Encoding) -> str:
    if letter.isascii():
        return letter
    if encoding == "tcvn3":
        return _CODES[letter]
    parts = unicodedata.normalize("NFD", letter)
    if encoding == "viqr":
        shapes_first = sorted(parts[1:], key=lambda mark: mark not in "\u0302\u0306\u031b")
        return "dd" if letter == "đ" else parts[0] + "".join(_VIQR[mark] for mark in shapes_first)
    if letter in _VNI_ALONE:
        return _VNI_ALONE[letter]
    if "\u031b" in parts:
        base = "ô" if parts[0] == "o" else "ö"
        return base + "".join(_VNI[mark] for mark in parts[1:] if mark != "\u031b")
    shapes_first = sorted(parts[1:], key=lambda mark: mark not in "\u0302\u0306")
    return parts[0] + _VNI["".join(shapes_first)]


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "viqr"])
def test_every_syllable_comes_back(encoding: Encoding) -> None:
    for syllable in SYLLABLES:
        assert decoded_word(encode(syllable, encoding), encoding) == syllable


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "viqr"])
def test_whole_texts_come_back(encoding: Encoding) -> None:
    apart = len(SYLLABLES) // 8
    for at in range(0, apart, 5):
        text = " ".join(SYLLABLES[at::apart]) + " và của"
        found = decode(encode(text, encoding) + " 1998")
        assert (found.text, found.encoding) == (text + " 1998", encoding)
        assert found.confidence > 0.9


def test_capitals_of_vni_and_viqr_come_back() -> None:
    text = "QUYẾT ĐỊNH CỦA ỦY BAN NHÂN DÂN TỈNH HƯỚNG HÓA"
    for encoding in ("vni", "viqr"):
        assert decode(encode(text.lower(), encoding).upper() + " CHO").text == text + " CHO"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sè thuÕ ph¶i nép cña Nhµ thÇu n\u00ad\u00edc ngoµi", "Số thuế phải nộp của Nhà thầu nước ngoài"),
        ("QUYÕT §ÞNH cña UBND tØnh Hµ Néi", "QUYẾT ĐỊNH của UBND tỉnh Hà Nội"),
        ("céng hoµ x· héi chñ nghÜa viÖt nam", "cộng hoà xã hội chủ nghĩa việt nam"),
        ("Hµ NéI NGµY", "HÀ NỘI NGÀY"),
        ("12/Q§-UBND ngµy 5 th¸ng 6", "12/QĐ-UBND ngày 5 tháng 6"),
        ("Ghi chú: Khi xác nhận Côc tr\u00adëng Côc thuÕ", "Ghi chú: Khi xác nhận Cục trưởng Cục thuế"),
        ("Cộng hoà xã hội\nNgµy nhËn tê khai\nTờ khai số 5", "Cộng hoà xã hội\nNgày nhận tờ khai\nTờ khai số 5"),
        ("trên 30% tæng", "trên 30% tổng"),
        ("ThuÕ", "Thuế"),
        ("Quyeát ñònh cuûa Uûy ban nhaân daân tænh", "Quyết định của Ủy ban nhân dân tỉnh"),
        ("QUYEÁT ÑÒNH SOÁ 12/QÑ-UBND", "QUYẾT ĐỊNH SỐ 12/QĐ-UBND"),
        ("Quye^'t ddi.nh cu?a U?y ban. Ho. la`m vie^.c.", "Quyết định của Ủy ban. Họ làm việc."),
        ("Thu+?a DDa^'t so^' 5, To+` ba?n ddo^` 12?", "Thửa Đất số 5, Tờ bản đồ 12?"),
    ],
)
def test_runs_are_decoded(written: str, meant: str) -> None:
    found = decode(written)
    assert found.text == meant
    assert found.changed > 0
    assert detect(written) == (found.encoding, found.confidence)


@pytest.mark.parametrize(
    "text",
    [
        "Société Générale, café, naïve, Zürich, señor, año", "5 µm và 5 µm, 3 µ, 4 µ, 6 µ",
        "10 ÷ 20 × 3 © ® ½ kg «Luật» §",
        "An-giê-ri, Giê-ru-da-lem", "f(x) = a^n + b^n, e^x, C++", "don't can't (it's) what? a.b.c.", "nôp bôt xêp",
        "là cô tôi đã có số", "Ðã ký, Ðào, Ðông", "1077/QĐ-UBND", "Cộng hoà xã hội chủ nghĩa Việt Nam", "",
    ],
)  # fmt: skip
def test_what_is_no_legacy_text_stays(text: str) -> None:
    assert (decode(text).text, decode(text).changed) == (text, 0)
    assert detect(text) == (None, 0.0)


def test_the_name_of_a_font_decides() -> None:
    assert decode("tê", ".VnTime").text == "tờ"
    assert decode("quyÕt ®Þnh", ".VnTimeH").text == "QUYẾT ĐỊNH"
    assert decode("so", ".VnArialH").text == "SO"
    assert decode("soá", "VNI-Times").text == "số"
    assert decode("soá", "Times New Roman").text == "soá"


@given(
    st.lists(st.sampled_from(SYLLABLES) | st.sampled_from(["1998", "UBND", "của", "và", "test", "-", "(a)", "\n", ":"]))
)
def test_unicode_text_never_changes(words: list[str]) -> None:
    for text in (" ".join(words), " ".join(words).upper(), " ".join(words).title()):
        for form in (text, unicodedata.normalize("NFD", text)):
            assert decode(form).text == form


@given(st.text() | st.text(st.characters(max_codepoint=0xFF)))
def test_any_text_is_taken(text: str) -> None:
    found = decode(text)
    assert (found.changed == 0) == (found.text == text) == (found.encoding is None)
    assert 0 <= found.confidence <= 1


def test_the_tables_are_those_of_other_people() -> None:
    with shared_data("lexicons/legacy_encodings.tsv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source, delimiter="\t"))
    assert len(rows) == 134
    for row in rows:
        letter = row["char"]
        assert decoded_word(row["tcvn3_abc_as_latin1"], "tcvn3") == letter
        assert decoded_word(row["viqr"], "viqr") == letter
        if letter.lower() not in "ỷỹ":  # wrong in the table: one code for two letters
            assert decoded_word(row["vni_as_latin1"], "vni") == letter


def test_real_unicode_text_stays() -> None:
    """What is decoded in real texts holds signs that no word of ours has: articles, too, keep remnants of fonts."""
    for text in (*questions(), *islice(articles(20), 150)):
        if not set(text) & set("\u00adµ¸¶·¹¨»¾¼½©®"):
            assert decode(text).changed == 0, text


def test_real_word_texts_with_two_encodings_are_read() -> None:
    texts = {record["id"]: record["text_markdown"] for record in records("vbpl-doc-1998-2014/documents.jsonl.zst")}
    tax = decode(texts["PLTT05"])
    assert tax.encoding == "tcvn3"
    assert "Tôi xin cam đoan số liệu kê khai trên là đúng và xin chịu hoàn toàn" in tax.text
    assert "PHẦN DÀNH CHO CƠ QUAN THUẾ" in tax.text
    note = decode(texts["128_2003_TT-BTC"]).text
    assert "Mã số 16 được xác định căn cứ vào chỉ tiêu lợi nhuận từ chuyển quyền sử dụng đất" in note
    untouched = [own for own, text in texts.items() if not decode(text).changed]
    assert len(untouched) >= len(texts) - 3  # one more holds a single word in an old font
