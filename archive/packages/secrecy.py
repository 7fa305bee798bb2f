"""Text and metadata that look like a state secret: a stamp on a page, a secrecy code on the row.

Levels: Luật Bảo vệ bí mật nhà nước (Tuyệt mật, Tối mật, Mật). The field: `Priority` (urgency and secrecy, NĐ 30/2020,
Annex VI), whose codes are published nowhere we know: by default what is not plainly an urgency is a secret.
"""

import re
import unicodedata

from analyzers.normal import canon
from archive.packages.fields import fold
from archive.packages.levels import read_level

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_GAPS = re.compile(r"[\s.·*_-]+")
_LABEL = re.compile(
    r"^(?:(?:mức\s+)?độ\s+mật\s*[:：.\-–]*|(?:muc\s+)?do\s+mat\s*[:：])\s*((?:tuyệt|tối|tuyet|toi)?\s*m[ậâạa]t)"
    r"(?:[\s.,;|/–-]*(?:mức\s+)?(?:độ|do)\s+kh[ẩa]n.*)?\W*$",
    re.IGNORECASE,
)
# In a title or a name: the word alone in brackets; of file names also the long ones between their parts.
_BRACKETED = re.compile(r"[(\[{]\s*(?:độ\s+mật\s*:?\s*)?((?:tuyệt|tối)\s+)?mật\s*[)\]}]", re.IGNORECASE)
_NAMED = re.compile(r"(?:^|[\W_])(?:TUYỆT|TUYET|TỐI|TOI)[\W_]*(?:MẬT|MAT)(?=$|[\W_])")
# Beside what stands on the same height, since a line of a scan crosses the columns of a head: behind the number, before
# the place and day.
_BESIDE = re.compile(
    r"^S[ỐốOo]\s*[:.]\s*\S{1,40}(?:\s*/\s*\S{1,30})?\s((?:TỐI|TUYỆT)\s)?MẬT$"
    r"|^((?:TỐI|TUYỆT)\s)?MẬT\s.{0,60}\bngày\b.{0,12}\btháng\b"
)
_SHORT = {"MẬT", "MÂT", "MẠT", "MAT"}
_LONG = {"TOIMAT", "TUYETMAT"}
_STAMP = {"mat": "MẬT", "toimat": "TỐI MẬT", "tuyetmat": "TUYỆT MẬT"}
_ALIKE = str.maketrans("l10", "IIO")  # what OCR takes for one another
_NOT_SECRET = {
    fold(w) for w in ("0", "00", "Thường", "Không", "Không mật", "Khẩn", "Thượng khẩn", "Hỏa tốc", "Hoả tốc")
}


def looks_secret(page: str, values: dict[str, str], n: int = 0) -> str | None:
    """The Vietnamese ground on which a record must be quarantined, or None.

    `page` is text (what follows a form feed is ignored), ``n`` its number, to be told. A stamp counts only alone on its
    line, or in the head of a letter beside its number or day, never as a word of a sentence. `values` are a row's: a
    level 03 or a `Priority` that is no plain urgency.
    """
    for name in ("AccessLevel", "Mode", "Rights"):
        if read_level(values.get(name, "")) == "03":
            return f"{name} ghi “{values[name]}”"
    for name in ("Subject", "Title"):
        if marked := _BRACKETED.search(canon(values.get(name, ""))):
            return f"{name} ghi “{marked[0]}”"
    priority = values.get("Priority", "")
    if priority and fold(priority) not in _NOT_SECRET:
        return f"độ mật (Priority) ghi “{priority}”"
    for number, line in enumerate(canon(page).partition("\f")[0].splitlines(), 1):
        if len(line) < 200 and (stamp := _read_stamp(line)):
            return f"trang{f' {n}' if n else ''} có dấu “{stamp}” đứng riêng ở dòng {number}"
    return None


def names_secret(name: str) -> str | None:
    """The Vietnamese ground on which the name of a file says that it is secret, or None."""
    plain = canon(name.rsplit("/", 1)[-1])
    return f"tên tệp “{plain}” ghi độ mật" if _BRACKETED.search(plain) or _NAMED.search(plain) else None


def _read_stamp(line: str) -> str | None:
    text = _EDGES.sub("", line)
    if label := _LABEL.match(text):
        return _STAMP.get(fold(label[1]))
    if beside := _BESIDE.search(" ".join(text.split())):
        return f"{beside[1] or beside[2] or ''}MẬT"
    joined = _GAPS.sub("", text).translate(_ALIKE)
    if not joined.isupper():
        return None
    plain = "".join(ch for ch in unicodedata.normalize("NFD", joined) if not unicodedata.combining(ch))
    if joined in _SHORT:
        return "MẬT"
    # A letter that was read for another leaves a long word what it is
    near = (one for one in _LONG if len(one) == len(plain) and sum(map(str.__ne__, one, plain)) <= 1)
    return next((_STAMP[one.lower()] for one in near), None)
