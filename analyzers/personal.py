"""Numbers in a text that belong to a person: citizen numbers, identity cards, bank accounts, telephones.

Pure and careful both ways: what is missed is published, and an archive that masks its document numbers, amounts and
dates is of no use.  A number counts by its own shape where that is telling (a citizen number begins with a province, a
mobile number with its network), else only beside the words that name it.

Sources: shape of the 12 digits, NĐ 137/2015/NĐ-CP Điều 13; province codes, TT 59/2021/TT-BCA Phụ lục I; networks and
area codes of telephones, TT 22/2014/TT-BTTTT and the renumbering of 2017 and 2018.  Recalled, none read again (R).
"""

import re
from collections.abc import Callable, Iterator
from itertools import chain, pairwise
from typing import Literal, NamedTuple

from analyzers.fold import fold

Kind = Literal["citizen", "identity_card", "account", "phone"]

#: What stands for a digit that is not shown: one code point for one, so that offsets, words and boxes stay right.
DOT = "•"

#: Provinces of citizen numbers, before the mergers of 2025; numbers keep their code for life.
PROVINCES = frozenset(
    f"{code:03d}"
    for code in (
        1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42,
        44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84,
        86, 87, 89, 91, 92, 93, 94, 95, 96,
    )
)  # fmt: skip

_BLANK = r"[ .\u00a0]"
_D = r"[0-9oil]"  # a digit, or a letter that recognition takes for one, in folded text
# No code, fraction or document number goes on here; what names a number may stand right before it.
_BEFORE = r"(?:(?<=cmnd)|(?<=cccd)|(?<![\w•])(?<![\w•][./\-–])(?<![0-9•],))"
_AFTER = r"(?![\w•]|[/\-–][\w•]|[.,][0-9•])"
_MONEY = re.compile(r"\s{0,2}(?:\(?\s?)(?:dong|d\b|vnd|usd|trieu|ty\b|ngan|nghin|%|m2|m²|ha\b|kg|tan\b)")

_CITIZEN = re.compile(
    rf"{_BEFORE}(?:{_D}{{12}}|{_D}{{3}}({_BLANK}){_D}{{3}}\1{_D}{{3}}\1{_D}{{3}}|{_D}{{4}}({_BLANK}){_D}{{4}}\2{_D}{{4}}"
    rf"|{_D}{{3}}({_BLANK}){_D}\3{_D}{{2}}\3{_D}{{6}}|{_D}{{3}}({_BLANK}){_D}{{3}}\4{_D}{{6}}){_AFTER}"
)
_NAMES_CITIZEN = re.compile(r"can cuoc|cccd|\bcc\b|dinh danh|chung minh|\bcmn?t?n?d(?![a-z])|\bcmt\b|ho chieu")
_CARD = re.compile(rf"{_BEFORE}(?:{_D}{{9}}|{_D}{{3}}({_BLANK}){_D}{{3}}\1{_D}{{3}}){_AFTER}")
_CARD_WORDS = r"(?:chung minh|can cuoc|\bcccd(?![a-z])|\bcmn?t?n?d(?![a-z])|\bcmt(?![a-z]))"
_NAMES_CARD = re.compile(rf"{_CARD_WORDS}[^0-9•]{{0,40}}$")
_CARD_LIST = re.compile(rf"{_CARD_WORDS}[^0-9;]{{0,40}}•{{9}}[ ,;va]{{1,5}}$")

_RUN = r"[0-9]+(?:[ .\-\u00a0][0-9]+)*"
_NAMES_ACCOUNT = r"(?:tai khoan|\bs\.?t\.?k(?![a-z])|\bso tk\b|\btk so\b|\btk\s?:)"
_ACCOUNT = re.compile(
    rf"{_NAMES_ACCOUNT}(?P<gap>[^0-9•;]{{0,60}}?)(?:(?<=stk)|(?<![\w.,/\-]))(?P<run>{_RUN})(?![\w•]|/[\w•])"
)
_ACCOUNT_LIST = re.compile(r"(?<=•)(?:\s?[,;]\s?|\s+va\s+)(?P<run>[0-9]{8,19})(?![\w•]|/[\w•]|[.,][0-9•])")
_NOT_ACCOUNT = re.compile(
    r"\b(?:ngay|thang|nam|dieu|quyet dinh|nghi dinh|thong tu|luat|so tien|so du|so lieu|trang|mau|gia tri|bang|ma|muc"
    r"|chuong|phu luc|cmn?t?nd|chung minh|can cuoc|cccd|dien thoai|dt)\b"
)
_GROUPED_MONEY = re.compile(r"[1-9][0-9]{0,2}(?:[. \u00a0][0-9]{3})+")

_MOBILE = r"(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])"
_OLD_MOBILE = r"(?:12[0-9]|16[2-9]|18[68]|199)"  # eleven digits, until 2018
_AREA = r"2(?:0[3-9]|1[0-689]|2[0-25-9]|3[2-9]|[48]|5[124-79]|6[0-39]|7[0-7]|9[0-46-79])"  # since 2017
_S = r"([ .\-\u00a0])"
_PHONES = (
    rf"0{_MOBILE}[0-9]{{7}}",
    rf"0{_MOBILE}[0-9]{_S}[0-9]{{3}}\1[0-9]{{3}}",
    rf"0{_MOBILE}{_S}[0-9]{{3}}\1[0-9]{{4}}",
    rf"0{_MOBILE}[0-9]{_S}[0-9]{{6}}|0{_MOBILE}{_S}[0-9]{{7}}",
    rf"0{_OLD_MOBILE}[0-9]{{7}}|0{_OLD_MOBILE}[0-9]?{_S}[0-9]{{3}}\1[0-9]{{3,4}}|0{_OLD_MOBILE}[ .\-][0-9]{{7}}",
    rf"0{_AREA}{_S}?[0-9]{{3,4}}\1?[0-9]{{3,4}}",
    rf"(?:\(\+?84\)|\+84|0084){_S}?\(?0?\)?\1?{_MOBILE}(?:[ .\-]?[0-9]){{7}}",
    rf"(?:\(\+?84\)|\+84|0084){_S}?\(?0?\)?\1?{_AREA}(?:[ .\-]?[0-9]){{7,8}}",
    rf"84{_MOBILE}[0-9]{{7}}",
    r"\(0[1-9][0-9]{0,3}\)[ .\-]?[0-9]{3,4}(?:[ .\-]?[0-9]{3,5})",
)
# Several stand side by side: 0912345678/0913456789
_BEFORE_PHONE = r"(?<![\w•(+])(?:(?<=[0-9•]{8}[/\-–])|(?<![\w•][./\-–])(?<![0-9•],))"
_AFTER_PHONE = r"(?![\w•]|[/\-–](?!\+?0[0-9]{8})[\w•]|[.,][0-9•])"
_PHONE = [re.compile(rf"{_BEFORE_PHONE}(?:{one}){_AFTER_PHONE}") for one in _PHONES]
_NAMES_PHONE = r"(?:dien thoai|\b(?:d/?t(?:dd|cd|nr|cq)?|sdt|tel|phone|fax)(?![a-z])|di dong|may ban|hotline|zalo)"
_NAMED_PHONE = re.compile(
    rf"{_NAMES_PHONE}[^0-9•;]{{0,25}}?(?P<run>[(+]?0[0-9]{{1,4}}\)?(?:[ .\-/]{{0,2}}[0-9]{{2,8}}){{1,4}}){_AFTER}"
)
_PHONE_LIST = re.compile(rf"(?<=•)\s?[,;]\s?(?P<run>\(?0[0-9]{{1,4}}\)?(?:[ .\-]{{0,2}}[0-9]{{2,8}}){{1,4}}){_AFTER}")
_NOT_PHONE = re.compile(
    r"(?:ma so thue|\bmst\b|ma so|doanh nghiep so|dang ky (?:kinh doanh|doanh nghiep)|ma hs)[^0-9•]{0,30}$"
)

#: In every telephone: where this is nowhere, none of the patterns has anything to find.
_MAY_BE_PHONE = re.compile(r"[08](?:[ .\-()/+\u00a0]{0,5}[0-9]){8}|\(0[1-9][0-9]{0,3}\)")

#: Where six digits stand together there may be something; the rest of a text is never looked at.
_REGION = re.compile(r"[0-9](?:[ .\-()/\u00a0]{0,2}[0-9oilOIL]){5,}")
_CONTEXT = 90
_AFTERWARDS = 24


class Find(NamedTuple):
    """A personal number: from ``start`` up to ``end``, not included, in code points of the text."""

    start: int
    end: int
    kind: Kind


def find_personal(text: str) -> list[Find]:
    """The personal numbers of a canonical text, in its order, never overlapping.

    Looks again at what it would leave until nothing is found, so that masking twice changes nothing.
    """
    found = list[Find]()
    for start, end in _windows(text):
        folded = fold(text[start:end])
        while fresh := _look(folded):
            found += (Find(start + one.start, start + one.end, one.kind) for one in fresh)
            folded = cover(folded, fresh)
    return sorted(found)


def mask(text: str) -> str:
    """The text with each digit of every find replaced by one ``•``; everything else, and the length, stays."""
    found = find_personal(text)
    return cover(text, found) if found else text


def cover(text: str, finds: list[Find]) -> str:
    """The text with the digits of these finds (and letters taken for digits) replaced by ``•``."""
    parts, at = list[str](), 0
    for start, end, _kind in sorted(finds):
        parts += (text[at:start], "".join(DOT if c.isalnum() else c for c in text[start:end]))
        at = end
    return "".join((*parts, text[at:]))


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """The stretches around what may be a number, with the words that could name it; they never overlap."""
    first = last = -1
    for region in _REGION.finditer(text):
        start, end = max(0, region.start() - _CONTEXT), region.end() + _AFTERWARDS
        if start > last:
            if first >= 0:
                yield first, last
            first = start
        last = end
    if first >= 0:
        yield first, last


def _look(folded: str) -> list[Find]:
    taken: list[Find] = []
    for kind, spans in _WAYS:
        for start, end in spans(folded):
            if all(end <= one.start or start >= one.end for one in taken):
                taken.append(Find(start, end, kind))
    return sorted(taken)


def _citizens(folded: str) -> Iterator[tuple[int, int]]:
    for found in _CITIZEN.finditer(folded):
        digits = _digits(found[0])
        real = sum(c.isdigit() for c in found[0])
        before = folded[max(0, found.start() - 70) : found.start()]
        named = _NAMES_CITIZEN.search(before) is not None
        shaped = digits[:3] in PROVINCES and (digits[3] in "01" or (digits[3] in "23" and digits[4] in "012"))
        lone = found[0].isalnum() or (_stands_alone(folded, *found.span()) and not _counts_up(found[0]))
        if (named and (real == 12 or (shaped and real >= 9))) or (shaped and lone and real >= 11):
            yield found.span()


def _cards(folded: str) -> Iterator[tuple[int, int]]:
    for found in _CARD.finditer(folded):
        before = folded[max(0, found.start() - 70) : found.start()]
        if sum(c.isdigit() for c in found[0]) >= 7 and (_NAMES_CARD.search(before) or _CARD_LIST.search(before)):
            yield found.span()


def _accounts(folded: str) -> Iterator[tuple[int, int]]:
    for found in _ACCOUNT.finditer(folded):
        run, gap = found["run"], found["gap"]
        start, end = found.span("run")
        groups = re.split(r"[^0-9]", run)
        count = sum(map(len, groups))
        if _NOT_ACCOUNT.search(gap) or ". " in gap or not _on_one_line(gap) or _MONEY.match(folded, end):
            continue
        if not 6 <= count <= 19 or (_GROUPED_MONEY.fullmatch(run) and ("." in run or count < 9)):
            continue
        if (len(groups) > 1 and count < 8) or _is_date(groups):
            continue
        if max(map(len, groups)) < 4 and not gap.rstrip().endswith((":", "so")):  # accounts of a book of accounts
            continue
        if folded[end : end + 1] == "," and folded[end + 1 : end + 2].isdigit():
            continue
        yield start, end
    for found in _ACCOUNT_LIST.finditer(folded):
        before = folded[max(0, found.start() - _CONTEXT) : found.start()]
        if re.search(_NAMES_ACCOUNT, before) and not _MONEY.match(folded, found.end()):
            yield found.span("run")


def _phones(folded: str) -> Iterator[tuple[int, int]]:
    if not _MAY_BE_PHONE.search(folded):
        return
    for pattern in _PHONE:
        for found in pattern.finditer(folded):
            if _is_phone(folded, found.start()) and _stands_alone(folded, found.start(), found.end()):
                yield found.span()
    for found in chain(_NAMED_PHONE.finditer(folded), _PHONE_LIST.finditer(folded)):
        start, end = found.span("run")
        if 9 <= sum(c.isdigit() for c in found["run"]) <= 12:
            yield start, end


def _on_one_line(gap: str) -> bool:
    """Whether the number goes with the words: on their line, or on the next where they announce it."""
    head, newline, tail = gap.partition("\n")
    return not newline or ("\n" not in tail and head.rstrip().endswith((":", "so")))


def _is_phone(folded: str, start: int) -> bool:
    return not _NOT_PHONE.search(folded[max(0, start - 70) : start])


def _stands_alone(folded: str, start: int, end: int) -> bool:
    """Whether no other number stands directly beside it, as in the columns of a table."""
    return not re.search(r"[0-9][ \u00a0.]$", folded[max(0, start - 2) : start]) and not re.match(
        r"[ \u00a0][0-9]", folded[end : end + 2]
    )


def _counts_up(text: str) -> bool:
    """Whether its groups are numbers in a row, as a list of codes has them: 072 073 074 075."""
    groups = [int(one.translate(_AS_DIGITS)) for one in re.split(_BLANK, text)]
    return all(0 <= b - a <= 30 for a, b in pairwise(groups))


def _is_date(groups: list[str]) -> bool:
    return [len(one) for one in groups] in ([2, 2, 4], [1, 2, 4], [1, 1, 4], [2, 1, 4], [4, 4])


def _digits(text: str) -> str:
    return "".join(c for c in text.translate(_AS_DIGITS) if c.isdigit())


_AS_DIGITS = str.maketrans("oil", "011")

_WAYS: tuple[tuple[Kind, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    ("account", _accounts),
    ("citizen", _citizens),
    ("identity_card", _cards),
    ("phone", _phones),
)
