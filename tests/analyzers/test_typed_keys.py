"""Keys typed with the keyboard off: words of every syllable, whole questions, and what must stay as it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.fold import fold, has_marks
from analyzers.normal import canon
from analyzers.syllables import TONE_MARKS, TONELESS, is_syllable, is_unmarked_syllable, put_tone
from analyzers.tokens import keys, marked_key
from analyzers.typed_keys import from_keys
from analyzers.typed_words import telex_word, vni_word
from tests.analyzers.key_typist import ORDERS, telex_keys, vni_keys
from tests.shared_data import questions, records

SYLLABLES = sorted(
    one
    for toneless in TONELESS
    for tone in ("ngang", *TONE_MARKS)
    if is_syllable(one := put_tone(toneless, tone)) and has_marks(one)
)


@pytest.mark.parametrize("order", ORDERS)
def test_every_syllable_comes_back_from_telex(order: str) -> None:
    for syllable in SYLLABLES:
        typed = telex_keys(syllable, order)
        found = telex_word(typed)
        assert found is not None, typed
        assert marked_key(found.text) == marked_key(syllable), typed


@pytest.mark.parametrize("order", ORDERS)
def test_every_syllable_comes_back_from_vni(order: str) -> None:
    for syllable in SYLLABLES:
        found = vni_word(vni_keys(syllable, order))
        assert found is not None, syllable
        assert marked_key(found.text) == marked_key(syllable)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ddaats", "đất"), ("DDaats", "Đất"), ("DDAATS", "ĐẤT"), ("DDAATs", "ĐẤT"), ("dduwowngf", "đường"),
        ("dduwowfng", "đường"), ("dduongwf", "đường"), ("dduowngf", "đường"), ("thuowr", "thuở"), ("nhw", "như"),
        ("W", "Ư"), ("luuw", "lưu"), ("luwu", "lưu"), ("muaw", "mưa"), ("quangwr", "quẳng"), ("hofa", "hòa"),
        ("vietej", "việt"), ("toio", "tôi"), ("tafz", "ta"), ("tafzs", "tá"), ("DDawks", "Đắk"), ("giuwax", "giữa"),
        ("khoong", "không"), ("quoocs", "quốc"), ("uyr", "ủy"),
    ],
)  # fmt: skip
def test_telex_words(typed: str, meant: str) -> None:
    found = telex_word(typed)
    assert found is not None
    assert found.text == meant


@pytest.mark.parametrize("typed", ["tesst", "uww", "ban", "", "quyeet", "tafs", "file", "phuong12", "đấts", "z", "s"])
def test_what_are_no_telex_words(typed: str) -> None:
    assert telex_word(typed) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("d9a61t", "đất"), ("duong72", "dường"), ("d9uong72", "đường"), ("lie65u", "liệu"), ("ta20", "ta"), ("U3y", "Ủy")],
)
def test_vni_words(typed: str, meant: str) -> None:
    found = vni_word(typed)
    assert found is not None
    assert found.text == meant


@pytest.mark.parametrize("typed", ["phuong12", "m2", "QL1A", "1a", "ban", "a9", "o8", ""])
def test_what_are_no_vni_words(typed: str) -> None:
    assert vni_word(typed) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("taif lieeuj luwu truwx", "tài liệu lưu trữ"),
        ("hoof sow ddaats ddai xax tinhj khee nawm 1998", "hồ sơ đất đai xã tịnh khê năm 1998"),
        ("mua nhaf", "mua nhà"),
        ("tinhr", "tỉnh"),
        ("DDAATS DDAI", "ĐẤT ĐAI"),
        ("1077/QDD-UBND", "1077/QĐ-UBND"),
        ("1077/qdd-ubnd", "1077/qđ-ubnd"),
        ("quyeets ddinhj 1077/QDD-UBND", "quyết định 1077/QĐ-UBND"),
        ("09/2020/TT-BGDDDT BLDDTBXH", "09/2020/TT-BGDĐT BLĐTBXH"),
        ('so:1077/QDD-UBND nowi:"tinhj khee" -ddaats', 'so:1077/QĐ-UBND nơi:"tịnh khê" -đất'),
        ("nhaf OR ddaats", "nhà OR đất"),
        ("thur tucj xin caaps GIS visa test", "thủ tục xin cấp GIS visa test"),
        ("nghij quyeets 33-nq/TW chuwowng IX, ix", "nghị quyết 33-nq/TW chương IX, ix"),
        ("max soos thuees", "mã số thuế"),
        ("ho so dat dai ddaats bus", "ho so dat dai đất bus"),
        ("DDawks Lawks", "Đắk Lắk"),
    ],
)
def test_telex_questions(typed: str, meant: str) -> None:
    found = from_keys(typed)
    assert found is not None
    assert (found.text, found.method) == (meant, "telex")
    assert 0.9 <= found.confidence <= 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("d9a61t", "đất"),
        ("ta2i lie65u lu7u tru74", "tài liệu lưu trữ"),
        ("d9o62 a1n xa4 ti5nh khe6 1998", "đồ án xã tịnh khê 1998"),
        ("quye61t d9i5nh 1077/QD9-UBND", "quyết định 1077/QĐ-UBND"),
        ("ho62 so7", "hồ sơ"),
        ("bao1 cao1", "báo cáo"),
        ("van8 ban3", "văn bản"),
        ("tinh5 khe6", "tịnh khê"),
        ("phong2 to63 chuc71", "phòng tổ chức"),
        ("giao d9at61 tinh5 khe6", "giao đất tịnh khê"),
        ("ho62 so7 1869/QD9-UB A1/ca2", "hồ sơ 1869/QĐ-UB A1/ca2"),
    ],
)
def test_vni_questions(typed: str, meant: str) -> None:
    found = from_keys(typed)
    assert found is not None
    assert (found.text, found.method) == (meant, "vni")


@pytest.mark.parametrize(
    "typed",
    [
        "ban do dat 1998 xa tinh khe", "dang ky test bus tour", "tax", "test", "google maps", "Alex", "GIS", "VAS",
        "ban do max 1998", "the new law of the sea", "how to register a new car", "what is this test", "list of laws",
        "online room tree queen", "phuong12 quan1", "to5 khu 2", "to1 khu2 quan3", "lop1 lop2",
        "ca1-bao2/cao1", "bao1", "a1 a2 a3 a4", "to1 khu2 phong3 nha4",
        "lo2 thua15 to8", "dot1 dot2 2020", "phong1 tang2",
        "so61", "A4 QL1A m2 km2 covid19 B52 H5N1", "1077",
        "DDT", "HDD SSD", "bản đồ ddaats", "1077/QĐ-UBND", "", "?!", "IX xix", "ho so GIS tinh", "thue tax 2020",
        "boong", "TW", "33-nq/tw", "visa online", "covid test kit", "web shop", "OR", "x" * 3_000,
    ],
)  # fmt: skip
def test_what_stays_as_it_was_typed(typed: str) -> None:
    assert from_keys(typed) is None


@given(st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=12), st.sampled_from(ORDERS))
def test_typed_questions_come_back(words: list[str], order: str) -> None:
    for typist in (telex_keys, vni_keys):
        typed = [typist(word, order) for word in words]
        found = from_keys(" ".join(typed))
        if found is not None:  # a few words may be too little to be sure
            assert len(found.text.split()) == len(words)
            for old, new, word in zip(typed, found.text.split(), words, strict=True):
                assert marked_key(new) in {marked_key(word), marked_key(old)}


@given(st.text() | st.text("abcdeghiknoqrtuwsfxj dd/-129\u0301đ", max_size=40))
def test_words_slice_the_question(text: str) -> None:
    text = canon(text)
    found = from_keys(text)
    if found is None:
        return
    at, rebuilt = 0, ""
    for word in found.words:
        assert word.text != text[word.start : word.end]
        rebuilt += text[at : word.start] + word.text
        at = word.end
    assert rebuilt + text[at:] == found.text


@given(
    st.lists(
        st.sampled_from([one for one in map(fold, SYLLABLES) if is_unmarked_syllable(one) and "oo" not in one]),
        min_size=1,
    )
)
def test_unmarked_syllables_are_never_keys(words: list[str]) -> None:
    assert from_keys(" ".join(words)) is None
    assert from_keys(" ".join(words).upper()) is None


def test_real_questions_typed_with_the_keyboard_on_or_without_marks_stay() -> None:
    for question in map(canon, questions()):
        for typed in (question, fold(question), fold(question).upper()):
            assert from_keys(typed) is None, typed


def test_real_questions_come_back() -> None:
    assert _share_right(list(map(canon, questions()))) > 0.995


def test_real_titles_come_back() -> None:
    titles = [canon(record["article_title"]) for record in records("phapdien-articles/articles.jsonl.zst", 40)]
    for title in titles:
        assert from_keys(fold(title)) is None, title
    assert _share_right([title for title in titles if title]) > 0.99


def _share_right(texts: list[str]) -> float:
    """Of all words, those with the right marks after typing without a keyboard and reading the keys."""
    right = words = 0
    for text in texts:
        typed = " ".join(_typed(word) for word in text.split(" "))
        found = from_keys(typed)
        wanted, got = keys(text).marked, keys(found.text if found else typed).marked
        words += len(wanted)
        right += sum(one == other for one, other in zip(wanted, got, strict=False))
    return right / words


def _typed(word: str) -> str:
    """A word with signs around it as a typist types it: the tone behind the last letter of every run of letters."""
    begun, typed = 0, ""
    for at in range(len(word) + 1):
        if at == len(word) or not word[at].isalnum():
            run = word[begun:at]
            small = telex_keys(run.lower()) if is_syllable(run) else "".join(telex_keys(one) for one in run.lower())
            typed += small.upper() if run.isupper() else small
            typed += word[at : at + 1]
            begun = at + 1
    return typed
