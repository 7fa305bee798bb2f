"""Text and metadata that look like a state secret: a stamp on the first page, a secrecy code on the row.

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
_LABEL = re.compile(r"^(?:mức\s+)?độ\s+mật\s*[:：.\-–]*\s*|^(?:muc\s+)?do\s+mat\s*[:：]\s*", re.IGNORECASE)
# Alone in capitals; a short word is taken only as the stamp itself or as OCR loses its marks (never MẮT, MẶT, MẤT).
_SHORT = {"MẬT", "MÂT", "MẠT", "MAT"}
_LONG = {"TOIMAT", "TUYETMAT"}
_STAMP = {"mat": "MẬT", "toimat": "TỐI MẬT", "tuyetmat": "TUYỆT MẬT"}
_ALIKE = str.maketrans("l10", "IIO")  # what OCR takes for one another
_NOT_SECRET = {
    fold(w) for w in ("0", "00", "Thường", "Không", "Không mật", "Khẩn", "Thượng khẩn", "Hỏa tốc", "Hoả tốc")
}


def looks_secret(first_page: str, values: dict[str, str]) -> str | None:
    """The Vietnamese ground on which a record must be quarantined, or None.

    `first_page` is text (what follows a form feed is ignored): a stamp counts only alone on its line, never as a word
    of a sentence. `values` are a row's: a level 03 or a `Priority` that is no plain urgency.
    """
    for name in ("AccessLevel", "Mode", "Rights"):
        if read_level(values.get(name, "")) == "03":
            return f"{name} ghi “{values[name]}”"
    priority = values.get("Priority", "")
    if priority and fold(priority) not in _NOT_SECRET:
        return f"độ mật (Priority) ghi “{priority}”"
    for number, line in enumerate(canon(first_page).partition("\f")[0].splitlines(), 1):
        if len(line) < 200 and (stamp := _read_stamp(line)):
            return f"trang đầu có dấu “{stamp}” đứng riêng ở dòng {number}"
    return None


def _read_stamp(line: str) -> str | None:
    text = _EDGES.sub("", line)
    if label := _LABEL.match(text):
        return _STAMP.get(fold(text[label.end() :])) if label.end() < len(text) else None
    joined = _GAPS.sub("", text).translate(_ALIKE)
    if not joined.isupper():
        return None
    plain = "".join(ch for ch in unicodedata.normalize("NFD", joined) if not unicodedata.combining(ch))
    if joined in _SHORT or plain in _LONG:
        return _STAMP[plain.lower()]
    return None
