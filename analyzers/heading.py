"""What the first page of a document says of itself: number, type, day, issuer, subject, signer, and where it says so.

Layout: Nghị định 30/2020/NĐ-CP, Annex I (issuer left, state name and motto right, number left, place and day right,
type, subject; signer's authority, office and name at the end), and its forerunners since 1945.  Columns may have come
out as one line.  A field that is not plainly there is not guessed.
"""

import re
from dataclasses import dataclass
from typing import Literal

from analyzers.dates import find_dates
from analyzers.document_types import ABBREVIATIONS, LAWS
from analyzers.fold import fold
from analyzers.numbers import find_numbers

HeadingField = Literal["number", "type", "date", "issuer", "subject", "signer"]

LONGEST_SUBJECT = 500
_LONGEST_NUMBER = 40
_HEAD = 45  # lines in which the head lies
_STATE = re.compile(
    r"c[o0]ng\s?ho?a\s(?:xa|x4)\shoi\schu\snghia|viet\snam\sdan\schu\scong\shoa|xa\shoi\schu\sn\w{1,2}hia\sviet"
)
_MOTTO = re.compile(r"doc\s?lap\s?[-–—.]+\s?tu\s?do")
_NUMBER = re.compile(r"(?:^|\s)(?:(?:luat|phap\slenh|nghi\squyet|lenh|bo\sluat)\s)?so\s?[:.;]?\s*(?=[0-9])")
# Beyond the common patterns, too: "66.15/2026/NQ-CP", "1906 /SGDĐT-CTrTT".
_WRITTEN_NUMBER = re.compile(
    r"[0-9]{1,6}(?:\.[0-9]{1,3})?[a-z]?(?:\s?/\s?[0-9]{4})?\s?/\s?[A-ZĐ][\w&.]*(?:\s?-\s?[A-ZĐ]\w*)*"
)
_NUMBERED = re.compile(r"\s*(?:(?:bo\s)?luat\s|phap\slenh\s|nghi\squyet\s)?so\s?(?:[:.;]|[0-9])")
_BODY = re.compile(r"(?:can\scu|dieu\s1|xet\s|theo\sde\snghi|kinh\sgui|thuc\shien|chuong\si|phan\s(?:i|thu))\b")
_RULE = re.compile(r"^[\W_]*$")
_DAY = re.compile(r"ngay\s*[0-9]{1,2}\s*thang\s*[0-9]{1,2}\s*nam\s*[0-9]{4}")
_PLACE = re.compile(r"^[^\W\d_][^\d:;()]{1,40}?,\s*$")
_TYPES = {fold(name): name for name in (*ABBREVIATIONS.values(), *LAWS)}
_TITLE = re.compile(rf"\s*(?:{'|'.join(map(re.escape, sorted(_TYPES)))})\b")
_BY_NOTATION = {fold(short): name for short, name in ABBREVIATIONS.items()}
_ABOUT = re.compile(r"^\s*v\s?/\s?v\s*[:.]?\s*")
_PARENTS = (
    "uy ban nhan dan",
    "hoi dong nhan dan",
    "ubnd",
    "hdnd",
    "uy ban hanh chinh",
    "uy ban khang chien hanh chinh",
)
_UNITS = ("tinh ", "huyen ", "thanh pho ", "xa ", "phuong ", "quan ", "thi xa ", "thi tran ", "tp ", "tp.", "dac khu ")
_OFFICES = re.compile(
    r"(?:k/?t\.?|t/?m\.?|t/?l\.?|q\.|tuq\.?)?\s*(?:pho\s|quyen\s)?(?:bo\struong|thu\struong|thu\stuong|chu\stich|giam\sdoc"
    r"|tong\sgiam\sdoc|thong\sdoc|chanh\svan\sphong|truong\sphong|cuc\struong|vu\struong|tong\scuc\struong|vien\struong"
    r"|chanh\san|tong\skiem\stoan(?:\snha\snuoc)?|chu\snhiem|truong\sban|hieu\struong|bi\sthu|chu\stich\squoc\shoi)"
)
_SIGNED = re.compile(r"^\(?\s*da\sky\s*\)?$")
_NAME = re.compile(
    r"^(?:(?:Thượng|Đại|Trung|Thiếu)\s(?:tướng|tá)\s|(?:GS|PGS|TS|ThS|BS)\.?\s?)*"
    r"(?P<name>[^\W\d_]{1,8}(?:\s[^\W\d_]{1,8}){1,5})$"
)


@dataclass(frozen=True, slots=True)
class Told:
    """One field: its value, how sure it is (0..1), and the stretch `text[start:end]` that was read."""

    field: HeadingField
    value: str
    confidence: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    folded: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def read_heading(text: str) -> list[Told]:
    """The fields that canonical text of a first page tells, each at most once; the signer from :func:`read_signer`."""
    lines = _split(text)[:_HEAD]
    state = next((n for n, line in enumerate(lines[:12]) if _STATE.search(line.folded)), None)
    body = next((n for n, line in enumerate(lines) if _BODY.match(line.folded.lstrip('"“ '))), len(lines))
    if state is None and not any(_NUMBER.search(line.folded) for line in lines[:8]):
        return []
    head = lines[:body]
    number = _number(head)
    day = _day(head)
    kind, at = _type(head, number)
    about = _subject(lines, body, at)
    found = [number, day, kind, _issuer(head, state, at), about]
    return [one for one in found if one]


def read_signer(text: str) -> Told | None:
    """Who signed, from canonical text of the last page: the name below "(Đã ký)" or below the office."""
    lines = _split(text)[-60:]
    for n in range(len(lines) - 1, 0, -1):
        above = lines[n - 1].folded
        signed = bool(_SIGNED.match(above))
        office = bool(_OFFICES.fullmatch(above.strip(" .,/"))) and lines[n - 1].text.isupper()
        if (signed or office) and (name := _NAME.match(lines[n].text.strip())) and _is_name(name["name"]):
            start = lines[n].start + lines[n].text.index(name["name"])
            return Told("signer", _titled(name["name"]), 0.9 if signed else 0.8, start, start + len(name["name"]))
    return None


def _split(text: str) -> list[_Line]:
    """Lines with something on them; a tab parts columns."""
    lines, at = [], 0
    for piece in re.split(r"[\n\t]", text):
        if not _RULE.match(piece):
            lines.append(_Line(piece, fold(piece), at))
        at += len(piece) + 1
    return lines


def _number(head: list[_Line]) -> Told | None:
    for line in head[:20]:
        mark = _NUMBER.search(line.folded)
        if mark is None or not _begins_column(line.text[: mark.start()]):
            continue
        rest = line.text[mark.end() :]
        written = _WRITTEN_NUMBER.match(rest)
        # The finder knows spellings without capitals; what follows the number (its day) is not the number.
        found = [] if written else [one for one in find_numbers(rest) if one.start <= 1 and one.notation]
        span = written.span() if written else (found[0].start, found[0].end) if found else None
        if span and (value := re.sub(r"\s+", "", rest[slice(*span)])) and len(value) <= _LONGEST_NUMBER:
            start = line.start + mark.end() + span[0]
            return Told("number", value, 0.97 if written else 0.9, start, start + span[1] - span[0])
    return None


def _begins_column(before: str) -> bool:
    """Whether what stands left on the line is nothing, or the other column; a sentence names other documents."""
    return not before.strip(" .:-_") or _is_body(before)


def _day(head: list[_Line]) -> Told | None:
    for line in head[:20]:
        match = _DAY.search(line.folded)
        if match is None:
            continue
        before = line.text[: match.start()]
        # "Hà Nội, ngày ..." alone, or behind the number of the other column; never in a sentence.
        place = re.split(r"\s{2,}|\s(?=\S+,\s*$)", before)[-1] if before.strip() else ""
        sentence = len(before.split()) > 12 or re.search(r"\b(?:cua|so\s\S+\s+cua|thong\squa)\b", fold(before))
        if sentence or line.text[match.end() :].strip(" .,/)") or ("," not in before[-3:] and before.strip()):
            continue
        days = find_dates(line.text[match.start() : match.end()])
        if days and days[0].earliest == days[0].latest:
            from datetime import date

            told = date.fromordinal(days[0].earliest)
            sure = 0.97 if place or not before.strip() else 0.93
            return Told("date", f"{told:%d/%m/%Y}", sure, line.start + match.start(), line.start + match.end())
    return None


def _type(head: list[_Line], number: Told | None) -> tuple[Told | None, int]:
    """The type, and the line on which it stands (-1: on none)."""
    notation = _from_notation(number.value) if number else None
    for n, line in enumerate(head):
        name = _TYPES.get(line.folded.strip(" .:*"))
        if name and (line.text.isupper() or line.text.istitle() or n < 14):
            sure = 0.98 if notation in (None, name) and line.text.isupper() else 0.85
            return Told("type", name, sure, line.start, line.end), n
        if number and (law := re.match(r"(luat|phap lenh|bo luat|nghi quyet)\s+so\b", line.folded)):
            return Told("type", _TYPES[law[1]], 0.95, line.start, line.start + law.end(1)), -1
    if number and notation:
        return Told("type", notation, 0.9, number.start, number.end), -1
    if number and (about := next((line for line in head if _ABOUT.match(line.folded)), None)):
        return Told("type", "Công văn", 0.9, about.start, about.end), -1
    return None, -1


def _from_notation(number: str) -> str | None:
    for part in re.split(r"[/\-–]", number)[1:]:
        if (name := _BY_NOTATION.get(fold(part))) is not None:
            return name
    return None


def _issuer(head: list[_Line], state: int | None, at: int) -> Told | None:
    """The last name left of, or above, the state's name and motto; a superior body stands above it."""
    if state is None:
        return None
    parts: list[tuple[str, int]] = []
    for n, line in enumerate(head[: state + 3]):
        cut = len(line.text)
        for sign in (_STATE, _MOTTO):
            if match := sign.search(line.folded):
                cut = min(cut, match.start())
        if _NUMBERED.match(line.folded) or _DAY.search(line.folded) or (n > state and _TITLE.match(line.folded)):
            break
        left = line.text[:cut].strip(" -_*.")
        if left and _is_body(left):
            parts.append((left, line.start + line.text.index(left)))
        elif parts and cut == len(line.text):
            break
    if not parts:
        return None
    first = len(parts) - 1
    while first and _goes_on(parts[first - 1][0], parts[first][0]):
        first -= 1
    name = " ".join(part for part, _ in parts[first:])
    end = parts[-1][1] + len(parts[-1][0])
    return Told("issuer", name, 0.92 if len(parts) == 1 else 0.88, parts[first][1], end)


def _is_body(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 3 and sum(c.isupper() for c in letters) > 0.8 * len(letters) and len(text) < 120


def _goes_on(one: str, two: str) -> bool:
    """Whether a name goes on in the next line: "ỦY BAN NHÂN DÂN" / "TỈNH QUẢNG NGÃI", "BỘ NÔNG NGHIỆP VÀ" / "..."."""
    before, behind = fold(one).strip(), fold(two).strip()
    if before.endswith((" va", ",", "-", " thuong vu", " nha nuoc", *_PARENTS)):
        return True
    return behind == "viet nam" or behind.startswith(("va ", *_UNITS))


def _subject(lines: list[_Line], body: int, at: int) -> Told | None:
    if at < 0:
        about = [n for n, line in enumerate(lines[:body]) if _ABOUT.match(line.folded)]
        if not about:
            return None
        start = about[0]
        own = [lines[start]]
        for line in lines[start + 1 : body]:
            if _is_body(line.text) or _NUMBER.search(line.folded) or _DAY.search(line.folded) or len(own) > 3:
                break
            own.append(line)
        skip = _ABOUT.match(own[0].folded)
        begin = own[0].start + (skip.end() if skip else 0)
    else:
        own = lines[at + 1 : body]
        begin = own[0].start if own else 0
        while len(own) > 1 and _is_authority(own[-1]) and not own[0].text.isupper():
            own = own[:-1]  # "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH": who decides, below the subject
    text = " ".join([own[0].text[begin - own[0].start :], *(line.text for line in own[1:])]) if own else ""
    text = " ".join(text.split())
    return Told("subject", text, 0.85, begin, own[-1].end) if 8 < len(text) <= LONGEST_SUBJECT else None


def _is_authority(line: _Line) -> bool:
    return line.text.isupper() and bool(_OFFICES.match(line.folded) or line.folded.startswith(_PARENTS))


def _is_name(name: str) -> bool:
    words = name.split()
    return 2 <= len(words) <= 6 and all(word[0].isupper() for word in words) and not _OFFICES.match(fold(name))


def _titled(name: str) -> str:
    return name.title() if name.isupper() else name
