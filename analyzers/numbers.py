"""Numbers of documents in running text and in queries: "1077/QĐ-UBND", "1077 qd ubnd", "QĐ 1077 năm 2021",
"QĐ-UB 1869", "05 năm 2026 TT-BCT".

Patterns: Nghị định 30/2020/NĐ-CP, Annex I and III (administrative and công văn), the Law on promulgation of legal
documents (number/year/type-issuer), the Party's number-type/issuer. Dates and years alone are never numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from analyzers.document_types import BY_FOLDED, BY_NAME, ISSUER_BY_FOLDED, NORMATIVE, type_of
from analyzers.fold import fold
from analyzers.normal import canon


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """One number found; `text[start:end]` is what was read.

    `type` is an abbreviation (QĐ), or the name where a type has none (Luật); `issuer` the rest of the notation.
    """

    number: str
    notation: str | None
    type: str | None
    issuer: str | None
    year: int | None
    start: int
    end: int

    normative: bool = False
    """Whether the year is written inside the number (02/2019/TT-BNV)."""

    @property
    def key(self) -> str:
        """Normal form for comparing: "1077/qd-ubnd", "2/2019/tt-bnv", "1077/qd", "1077"."""
        parts = [fold(self.number).lstrip("0") or "0"]
        if self.normative:
            parts.append(str(self.year))
        if self.notation or self.type:
            parts.append(_hyphened(self.notation or self.type or ""))
        return "/".join(parts)

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that this number may be asked by, `key` first: ("1077/qd-ubnd", "1077/qd", "1077")."""
        number = fold(self.number).lstrip("0") or "0"
        found = [self.key]
        if self.notation:
            found.append(f"{number}/{_hyphened(self.notation)}")
        if self.type:
            found.append(f"{number}/{_hyphened(self.type)}")
        return tuple(dict.fromkeys([*found, number]))


_BEFORE = r"(?<![\w/-])(?<![0-9][.,])"
_NUMBER = r"(?P<number>[0-9]{1,6}[a-z]?)"
_GROUPED = r"(?P<number>[1-9][0-9]{0,2}\.[0-9]{3}|[0-9]{1,6}[a-z]?)"  # 1.869, with a point at the thousands
_YEAR = r"(?:19|20)[0-9]{2}"
_PART = r"[a-z][a-z0-9]{0,14}(?:[.&][a-z0-9]{1,14}){0,4}"
_TYPES = "|".join(sorted(BY_FOLDED, key=len, reverse=True))
_NAMES = "|".join(name.replace(" ", r"\s") for name in sorted(BY_NAME, key=len, reverse=True))
_STRONG = {"qd", "nd", "tt", "nq", "ct", "kh", "ttr", "cv", "ttlt"}  # typed in lower case and no common word
_UNITS = (
    r"(?:nam|thang|ngay|tuan|gio|trieu|ty|ti|dong|ha|m2|km|nguoi|ho|xa|phuong|diem|nhom|buoc|muc|lan|duong|pho|ngo)\b"
)
_NO_DATE = r"(?![0-9a-z]|\s?[/.,-]\s?[0-9])"

_YEARED = re.compile(
    rf"{_BEFORE}{_NUMBER}(?:,?\snam\s(?P<said>{_YEAR})\s?[/,]?\s?|\s?/\s?(?P<year>{_YEAR})\s)(?P<first>{_TYPES})"
    rf"(?:\s?[-–/]\s?|\s)(?P<second>{_PART}(?:-{_PART}){{0,3}})(?!\w)"
)
_FULL = re.compile(
    rf"{_BEFORE}{_GROUPED}\s?/\s?(?:(?P<year>{_YEAR})\s?/\s?)?"
    rf"(?P<first>{_PART})(?:(?P<join>\s?[-–—_/]\s?|\s)(?P<second>{_PART}))?(?P<rest>(?:[-–/]{_PART}){{0,5}})(?!\w)"
)
_PARTY = re.compile(
    rf"{_BEFORE}{_NUMBER}\s?[-–]\s?(?P<first>{_PART})\s?/\s?(?P<second>{_PART}(?:-{_PART}){{0,3}})(?!\w)"
)
# Papers of the government until 1998 have a hyphen before the body: 30-CP, 327-CT, 186-HĐBT, 200-SL.
_OLD = re.compile(
    rf"{_BEFORE}(?P<number>[0-9]{{1,4}}[a-z]?)\s?[-–]\s?(?P<first>cp|ttg|hdbt|hdcp|tvqh|ct|sl|ub|ubhc|lct)(?![\w/–-])"
)
_LOOSE = re.compile(
    rf"{_BEFORE}(?P<number>[0-9]{{1,6}})(?:\s?[-/]\s?|\s|\.)?(?P<first>{_TYPES})(?:\s?[-–/]\s?|\s|\.)"
    rf"(?P<second>{_PART}(?:-{_PART}){{0,3}})(?!\w)"
)
_REVERSED = re.compile(
    rf"(?<![\w/.-])(?P<first>{_TYPES})(?:\s?[-–/]\s?|\s)(?P<second>{_PART})\s(?:so\s?[:.]?\s?)?{_NUMBER}"
    rf"(?:/(?P<year>{_YEAR}))?{_NO_DATE}(?!\s?/\s?[a-z])(?!\s{_UNITS})"
)
_TYPED = re.compile(
    rf"(?<!\w)(?P<type>{_NAMES}|{_TYPES})(?:\s|(?P<glued>(?=[0-9])))(?P<so>so\s?[:.]?\s?)?{_NUMBER}"
    rf"(?:(?:/|\s(?={_YEAR}$))(?P<year>{_YEAR}))?{_NO_DATE}(?!\s?/\s?[a-z])"
)
_BARE = re.compile(
    rf"(?<!\w)(?P<so>so|number(?=:)) ?[:.]? ?{_NUMBER}(?:/(?P<year>{_YEAR}))?{_NO_DATE}"
    rf"(?!\s?/\s?[a-z])(?!\s(?!nam\s{_YEAR}){_UNITS})"
)
_BEHIND = re.compile(rf"{_BEFORE}(?P<number>[0-9]{{2,6}})\s(?P<type>qd|nd|nq)(?![\w/-]|\s?[-–]\s?\w|\s[0-9])")
_DATED = re.compile(rf"{_BEFORE}(?P<number>[0-9]{{2,4}})/(?P<year>{_YEAR})(?![\w/-]|[.,][0-9])")
_TAIL = re.compile(
    rf"(?:,?\s(?:de\s|ra\s)?ngay\s[0-9]{{1,2}}(?:\s?[/.-]\s?[0-9]{{1,2}}\s?[/.-]\s?|\sthang\s[0-9]{{1,2}}\snam\s)"
    rf"|,?\snam\s)(?P<year>{_YEAR})(?![0-9])(?!\s?[-–]\s?[0-9])"
)
_TYPE_BEFORE = re.compile(rf"(?<!\w)(?P<type>{_NAMES})\s(?:so\s?[:.]?\s?)?$")
_PREFIX = re.compile(rf"(?<!\w)(?:{_NAMES})(?!\w)|(?<!\w)so(?!\w)")
_GLUED = {"qd", "nd", "nq", "ttlt", "cv"}  # QĐ1869; CT12, TT5 and KH1 are as often a tower, a town and a customer
_NO_WORDS = {"hdbt", "hdcp", "tvqh"}
_WITH_YEAR = {"nq-cp", "nq-ubtvqh"}  # besides the normative types, what has its year in the number
# Things that also have a number: a plot, a map sheet, a house, an account.
_OTHER_BEFORE = re.compile(
    r"(?<!\w)(?:thua|thua\sdat|dat|to|ban\sdo|nha|lo|o|dieu|mau|phu\slục|phu\sluc|bang|hinh|ban|khu|kho|phong|trang|cua"
    r"|duong|ngo|hem|kiet|ty\sle|ti\sle|tai\skhoan|dien\sthoai|may|bieu|chuong|muc|khoan|quyen|tap|hop|ho\sso)\s$"
)

_SHORT = 300  # characters


def find_numbers(text: str) -> list[DocumentNumber]:
    """Every document number in canonical `text`, in order, never overlapping."""
    return list(_kept(text)) if len(text) <= _SHORT else _found(text)


@lru_cache(maxsize=256)  # a question is looked through by each that reads it
def _kept(text: str) -> tuple[DocumentNumber, ...]:
    return tuple(_found(text))


def _found(text: str) -> list[DocumentNumber]:
    folded = fold(text)
    found: list[DocumentNumber] = []
    for finder in (_yeared, _full, _party, _old, _loose, _reversed, _typed, _bare, _behind, _dated):
        for number in finder(text, folded):
            if all(number.end <= other.start or other.end <= number.start for other in found):
                found.append(number)
        if found and (found[0].start, found[0].end) == (0, len(text)):
            break  # no room for another
    return sorted(found, key=lambda number: number.start)


def number_key(text: str) -> str:
    """A normal form to compare numbers by: "1077/QĐ-UBND", "1077 qd ubnd" -> "1077/qd-ubnd".

    Text that holds no number we know is folded, with everything but letters and digits as one hyphen.
    """
    return number_keys(text)[0]


@lru_cache(maxsize=4_096)  # the records of a file often have the same
def number_keys(text: str) -> tuple[str, ...]:
    """`number_key(text)` and the shorter keys that the number may be asked by, for an index.

    A question asks one key, that of what it says: "QĐ 1077" asks "1077/qd" and finds "1077/QĐ-UBND".
    """
    text = canon(text).strip()
    found = find_numbers(text)
    if len(found) == 1:
        before, behind = fold(text[: found[0].start]), text[found[0].end :]
        if not re.search(r"[^\W_]", _PREFIX.sub("", before) + behind):
            return found[0].keys
    plain = _hyphened(text)
    return (plain.lstrip("0") or "0",) if plain.isdecimal() else (plain,)


def _hyphened(text: str) -> str:
    return re.sub(r"[\W_]+", "-", fold(text)).strip("-")


def _yeared(text: str, folded: str) -> Iterator[DocumentNumber]:
    """number năm year type-issuer, number/year type issuer."""
    for match in _YEARED.finditer(folded):
        if named := _named(text, match):
            written, known = named
            inside = match["year"] or known in NORMATIVE or fold(written) in _WITH_YEAR
            year, span = int(match["year"] or match["said"]), match.span()
            yield DocumentNumber(
                text[slice(*match.span("number"))], written, known, written.partition("-")[2], year, *span, bool(inside)
            )


def _full(text: str, folded: str) -> Iterator[DocumentNumber]:
    """number/type-issuer, number/issuer-unit, number/year/type-issuer."""
    for match in _FULL.finditer(folded):
        first, join, end = match["first"], match["join"], match.end()
        known = type_of(text[match.start("first") : match.end("first")].split(".")[0])
        if join and join.strip() != join and not (known and _joined(text, match)):
            end = match.end("first")
        written = text[match.start("first") : end]
        if join and join.isspace() and end > match.end("first"):
            written = written.replace(join, "-", 1)
        if known is None and (parts := _apart(written)):
            known, written = parts[0], "-".join(parts)
        if known or _capital(written) or first.startswith("qh") or re.fullmatch(r"[a-z]{2,8}(?:-[a-z]{2,8})+", written):
            year = int(match["year"]) if match["year"] else None
            yield _number(text, folded, match, (written, known), (match.start(), end), year)


def _party(text: str, folded: str) -> Iterator[DocumentNumber]:
    """number-type/issuer."""
    for match in _PARTY.finditer(folded):
        written = text[match.start("first") : match.end()]
        known = type_of(text[match.start("first") : match.end("first")])
        if known or _capital(written):
            yield _number(text, folded, match, (written, known), match.span(), None)


def _old(text: str, folded: str) -> Iterator[DocumentNumber]:
    """number-issuer, in capitals, behind the name of a type, or alone."""
    for match in _OLD.finditer(folded):
        written = text[slice(*match.span("first"))]
        alone = match["first"] in _NO_WORDS or match.span() == (0, len(text))
        if alone or _capital(written) or _TYPE_BEFORE.search(folded[max(0, match.start() - 30) : match.start()]):
            notation = ISSUER_BY_FOLDED.get(match["first"], written.upper())
            yield _number(text, folded, match, (notation, None), match.span(), None)


def _loose(text: str, folded: str) -> Iterator[DocumentNumber]:
    """number type issuer, with blanks or nothing where signs belong."""
    for match in _LOOSE.finditer(folded):
        if named := _named(text, match):
            yield _number(text, folded, match, named, match.span(), None)


def _reversed(text: str, folded: str) -> Iterator[DocumentNumber]:
    """type-issuer number, with or without a year."""
    for match in _REVERSED.finditer(folded):
        number = match["number"]
        month = match["year"] and number.isdecimal() and int(number) <= 12
        named = _named(text, match)
        if not named or (month and named[0].split("-")[0] not in NORMATIVE):
            continue
        if match["year"] or (len(number) > 1 and not re.fullmatch(_YEAR, number)):
            year, (written, known) = int(match["year"]) if match["year"] else None, named
            numeral, issuer = text[slice(*match.span("number"))], written.partition("-")[2]
            yield DocumentNumber(numeral, written, known, issuer, year, *match.span(), year is not None)


def _typed(text: str, folded: str) -> Iterator[DocumentNumber]:
    """type number, with or without "số" and a year behind."""
    for match in _TYPED.finditer(folded):
        written = text[match.start("type") : match.end("type")]
        known = BY_NAME.get(" ".join(match["type"].split())) or type_of(written)
        if match["type"] in BY_FOLDED and match["type"] not in BY_NAME:
            strong = match["type"] in _STRONG or _capital(written)
        else:
            strong = True
        if match["glued"] is not None and not (match["type"] in _GLUED or (strong and match["year"])):
            continue
        year, end = _tail(folded, match)
        if not strong or (not match["so"] and not _is_number(match["number"], year, folded, match.end())):
            continue
        yield DocumentNumber(text[slice(*match.span("number"))], None, known, None, year, match.start(), end)


def _bare(text: str, folded: str) -> Iterator[DocumentNumber]:
    """số number."""
    for match in _BARE.finditer(folded):
        year, end = _tail(folded, match)
        said = text[match.start() : match.end("so")].lower() in {"số", "so", "number"}  # not "hồ sơ", "cơ sở"
        other = _OTHER_BEFORE.search(folded[max(0, match.start() - 20) : match.start()])
        if said and not other and (len(match["number"]) > 1 or year):
            yield DocumentNumber(text[slice(*match.span("number"))], None, None, None, year, match.start(), end)


def _behind(text: str, folded: str) -> Iterator[DocumentNumber]:
    """number type."""
    for match in _BEHIND.finditer(folded):
        written = text[slice(*match.span("type"))]
        if (match["type"] == "qd" or _capital(written)) and not re.fullmatch(_YEAR, match["number"]):
            yield DocumentNumber(match["number"], None, type_of(written), None, None, *match.span())


def _dated(text: str, folded: str) -> Iterator[DocumentNumber]:
    """number/year, where no month, scale, plot or house is meant."""
    for match in _DATED.finditer(folded):
        other = _OTHER_BEFORE.search(folded[max(0, match.start() - 20) : match.start()])
        place = re.match(rf"\s(?:{_UNITS}|duong|pho|ngo)", folded[match.end() : match.end() + 9])
        if int(match["number"]) > 12 and not other and not place:
            yield DocumentNumber(match["number"], None, None, None, int(match["year"]), *match.span())


def _named(text: str, match: re.Match[str]) -> tuple[str, str] | None:
    """The notation of a `first` and a `second` with anything between them, and its type; None where it is none."""
    known, second = type_of(text[slice(*match.span("first"))]), match["second"]
    issuer = text[slice(*match.span("second"))]
    if known is None or not (second.split("-")[0] in ISSUER_BY_FOLDED or _capital(issuer)):
        return None
    issuer = ISSUER_BY_FOLDED.get(second, issuer.upper() if issuer.islower() else issuer)
    return f"{known}-{issuer}", known


def _joined(text: str, match: re.Match[str]) -> bool:
    """Whether an issuer behind a type and blanks belongs to it."""
    return match["second"] in ISSUER_BY_FOLDED or (
        not match["join"].isspace() and _capital(text[slice(*match.span("second"))])
    )


def _apart(written: str) -> tuple[str, str] | None:
    """The type and the issuer of a notation that lacks its hyphen: QĐUB, NĐCP."""
    for at in range(2, len(written) - 1) if written.isalpha() else ():
        known, issuer = type_of(written[:at]), ISSUER_BY_FOLDED.get(fold(written[at:]))
        if known and issuer and (fold(known) in _STRONG or _capital(written)):
            return known, issuer
    return None


def _number(
    text: str,
    folded: str,
    match: re.Match[str],
    notation: tuple[str, str | None],
    span: tuple[int, int],
    year: int | None,
) -> DocumentNumber:
    """A number with a notation; a type named before it and a year behind it are read too."""
    written, known = notation
    if known:
        parts = re.split(r"\s?[-–—_/.]\s?", written, maxsplit=1)
        issuer = parts[1] if len(parts) > 1 else None
        written = written.replace(parts[0], known, 1)
    else:
        issuer = re.sub(r"(?i)^(qh)[0-9]+$", r"\1", re.split(r"[-–—_/]", written)[0].strip())
        before = _TYPE_BEFORE.search(folded[max(0, span[0] - 30) : span[0]])
        known = BY_NAME.get(" ".join(before["type"].split())) if before else None
    normative, end = year is not None, span[1]
    if year is None and (tail := _TAIL.match(folded, end)):
        year, end = int(tail["year"]), tail.end()
    written = re.sub(r"\s?([-–—_/])\s?", lambda sign: "/" if sign[1] == "/" else "-", written)
    numeral = text[slice(*match.span("number"))].replace(".", "")
    return DocumentNumber(numeral, written, known, issuer, year, span[0], end, normative)


def _tail(folded: str, match: re.Match[str]) -> tuple[int | None, int]:
    """The year written into or behind a match, and where the whole ends."""
    if match["year"]:
        return int(match["year"]), match.end()
    tail = _TAIL.match(folded, match.end())
    return (int(tail["year"]), tail.end()) if tail else (None, match.end())


def _is_number(number: str, year: int | None, folded: str, end: int) -> bool:
    """Whether a numeral right after a type's name is its number: not a year, not "kế hoạch 5 năm"."""
    if year is not None:
        return True
    return len(number) > 1 and not re.fullmatch(_YEAR, number) and not re.match(rf"\s{_UNITS}", folded[end : end + 9])


def _capital(written: str) -> bool:
    """Whether a notation is written in capitals, the small letters of TTr, CTr, QyĐ and TTg apart."""
    plain = re.sub(r"(?<=[TC])T?r\b|(?<=Q)y|(?<=TT)g\b", "", written)
    return plain.upper() == plain and sum(letter.isalpha() for letter in plain) > 1
