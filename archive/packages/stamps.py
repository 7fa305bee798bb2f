"""The stamps of secrecy and what stands beside them on the same line of a letter's head.

Vietnamese stamps (Tuyệt mật, Tối mật, Mật) with urgency, copy number or motto; the French ones of the protectorate; the
stamp "only the one named may open the envelope"; the stamp of declassification.
"""

import re
import unicodedata

from archive.packages.fields import fold

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_GAPS = re.compile(r"[\s.·*_-]+")
_LABEL = re.compile(
    r"^(?:(?:mức\s+)?độ\s+mật\s*[:：.\-–]*|(?:muc\s+)?do\s+mat\s*[:：])\s*((?:tuyệt|tối|tuyet|toi)?\s*m[ậâạa]t)"
    r"(?:[\s.,;|/–-]*(?:mức\s+)?(?:độ|do)\s+kh[ẩa]n.*)?\W*$",
    re.IGNORECASE,
)
# Beside what stands on the same height, since a line of a scan crosses the columns of a head: behind the number, before
# the place and day.
_BESIDE = re.compile(
    r"^S[ỐốOo]\s*[:.]\s*\S{1,40}(?:\s*/\s*\S{1,30})?\s((?:TỐI|TUYỆT)\s)?MẬT$"
    r"|^((?:TỐI|TUYỆT)\s)?MẬT\s.{0,60}\bngày\b.{0,12}\btháng\b"
)
_URGENCY = r"(?:HỎA|HOẢ|HOA)\s+T[ỐO]C(?:\s+H[ẸE]N\s+GI[ỜO])?|(?:THƯỢNG\s+|THUONG\s+)?KH[ẨA]N"
_COPY = r"(?:BẢN\s+SỐ|SỐ\s+BẢN|Bản\s+số|Số\s+bản|BAN\s+SO)\s*[:.]?\s*(?:[\d./]{1,9}|[._…]*)"
_MOTTO = (
    r"(?:CỘNG\s+H[ÒO][ÀA]\s+)?XÃ\s+HỘI\s+CHỦ\s+NGHĨA\s+VIỆT\s+NAM|VIỆT\s+NAM\s+(?:DÂN\s+CHỦ\s+)?CỘNG\s+H[ÒO][ÀA]"
    r"|CỘNG\s+H[ÒO][ÀA]\s+MIỀN\s+NAM\s+VIỆT\s+NAM|ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT\s+NAM"
    r"|(?:Đ[ộỘ][cC]\s+[lL][ậẬ][pP])\s*[-–—]\s*[tT][ựỰ]\s+[dD][oO](?:\s*[-–—]\s*[hH][ạẠ][nN][hH]\s+[pP][hH][úÚ][cC])?"
)
_COMPANION = re.compile(rf"(?<!\w)(?:{_URGENCY}|{_COPY}|{_MOTTO})(?!\w)")
_ALONE_BESIDE = re.compile(rf"\W*(?:{_URGENCY}|{_COPY})\W*")  # on a line of its own
_GOES_ON = ("BÍ", "BẢO", "CƠ", "GIẢI", "ĐỘ", "TỐI", "TUYỆT")  # a word that was drawn apart
_CELLS = re.compile(r"\t+|\s{3,}|\|")
_FRENCH = re.compile(
    r"(?:(?:TR[ÈE]S|ULTRA|TOP)\s+SECRET|SECRET|(?:STRICTEMENT\s+|TR[ÈE]S\s+)?CONFIDENTIEL(?:LE)?)"
    r"(?:[\s/–—-]+(?:URGENT|TR[ÈE]S\s+URGENT|PERSONNEL|CONFIDENTIEL|SECRET))?"
)
_ENVELOPE = re.compile(r"CH[ỈI]\s+NG[ƯU][ỜO]I\s+C[ÓO]\s+T[ÊE]N\s+M[ỚO]I\s+[ĐD][ƯU][ỢO]C\s+B[ÓO]C\s+B[ÌI]")
_RELEASED = re.compile(
    r"(?:ĐÃ\s+|ĐƯỢC\s+)?GIẢI\s+MẬT(?:\s*[-–,(.:]*\s*(?:[Nn]gày|NGÀY|[Tt]heo|THEO|[Ss]ố|SỐ)\b.{0,80})?"
)
_MAY_BE_STAMP = re.compile(r"m[ậâạa]t|SECRET|CONFIDENTIEL", re.IGNORECASE)
_LETTERS = {"A", "B", "C"}  # on the outer envelope: top secret, of utmost secrecy, secret
_SHORT = {"MẬT", "MÂT", "MẠT", "MAT"}
_LONG = {"TOIMAT", "TUYETMAT"}
_STAMP = {"mat": "MẬT", "toimat": "TỐI MẬT", "tuyetmat": "TUYỆT MẬT"}
_ALIKE = str.maketrans("l10", "IIO")  # what OCR takes for one another

HEAD = 15
"""Lines at the top of a page among which a single letter may be a stamp."""


def read_stamp(line: str) -> str | None:
    """The stamp that a line of text is, alone or beside what stamps stand beside; None where it is words."""
    if not _MAY_BE_STAMP.search(line) and _has_small_letters(line) and not _COMPANION.search(line):
        return None  # words of a sentence, as nearly all lines are
    text = _EDGES.sub("", line)
    if label := _LABEL.match(text):
        return _STAMP.get(fold(label[1]))
    flat = " ".join(text.split())
    if beside := _BESIDE.search(flat):
        return f"{beside[1] or beside[2] or ''}MẬT"
    if _FRENCH.fullmatch(flat) or _ENVELOPE.fullmatch(flat):
        return flat
    if _RELEASED.fullmatch(flat):
        return "GIẢI MẬT"
    if stamp := _read_degree(text):
        return stamp
    rest = _COMPANION.sub(" ", text)
    if rest != text and (stamp := _read_degree(_EDGES.sub("", rest))):
        return stamp
    cells = [" ".join(_EDGES.sub("", cell).split()) for cell in _CELLS.split(text)]
    if len(cells) != 2 or cells[0].endswith(_GOES_ON):  # the two columns of a head; more are a table
        return None
    # The very words: without marks or with a letter misread they are others too often
    return next((cell for cell in cells if cell in _STAMP.values()), None)


def read_letter(lines: list[str]) -> tuple[int, str] | None:
    """The number of the line (from 1) and the letter A, B or C that stands alone in the head of a page, where another
    line there bears an urgency or the number of a copy; a letter alone is mostly a heading."""
    head = lines[:HEAD]
    if not any(line.strip() and _ALONE_BESIDE.fullmatch(line) for line in head):
        return None
    alone = ((number, _EDGES.sub("", line)) for number, line in enumerate(head, 1))
    return next(((number, text) for number, text in alone if text in _LETTERS), None)


def _has_small_letters(text: str) -> bool:
    raised = text.replace("l", "I")  # as in _ALIKE, whose others are digits
    return raised.upper() != raised


def _read_degree(text: str) -> str | None:
    joined = _GAPS.sub("", text).translate(_ALIKE)
    if not joined.isupper():
        return None
    plain = "".join(ch for ch in unicodedata.normalize("NFD", joined) if not unicodedata.combining(ch))
    if joined in _SHORT:
        return "MẬT"
    # A letter that was read for another leaves a long word what it is
    near = (one for one in _LONG if len(one) == len(plain) and sum(map(str.__ne__, one, plain)) <= 1)
    return next((_STAMP[one.lower()] for one in near), None)
