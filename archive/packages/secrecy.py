"""Text and metadata that look like a state secret: a stamp on a page, a secrecy code on the row.

Levels: Luật Bảo vệ bí mật nhà nước (Tuyệt mật, Tối mật, Mật). The field: `Priority` (urgency and secrecy, NĐ 30/2020,
Annex VI), whose codes are published nowhere we know: by default what is not plainly an urgency is a secret.
"""

import re

from analyzers.normal import canon
from archive.packages.fields import fold
from archive.packages.levels import read_level
from archive.packages.stamps import read_letter, read_stamp

# In a title or a name: the word alone in brackets; of file names also the long ones between their parts.
_BRACKETED = re.compile(
    r"[(\[{]\s*(?:độ\s+mật\s*:?\s*)?(?:((?:tuyệt|tối)\s+)?mật|đã\s+giải\s+mật)\s*[)\]}]", re.IGNORECASE
)
_NAMED = re.compile(r"(?:^|[\W_])(?:TUYỆT|TUYET|TỐI|TOI)[\W_]*(?:MẬT|MAT)(?=$|[\W_])")
_DEGREE = r"(?:(?:TUYỆT|Tuyệt|TỐI|Tối)\s+(?:MẬT|[Mm]ật)|MẬT|Mật)"
_LEADS = re.compile(rf"^\W*{_DEGREE}\s*(?:[-–—:|/.]|$)")
_TRAILS = re.compile(r"[-–—:|/]\s*(?:(?:TUYỆT|TỐI)\s+)?MẬT\W*$")
# A note that writes the degree in capitals among small letters means the stamp; capitals on either side are a title.
_CAPITALS = re.compile(r"(?<![\w])(?:(?:TUYỆT|TỐI)\s+)?MẬT(?!\w)")
_RELEASED = re.compile(r"\b(?:đã|được)\s+giải\s+mật\b", re.IGNORECASE)
_PARTS = re.compile(r"[;,|\n]")
_WHOLE = re.compile(
    r"(?:(?:mức\s+)?độ\s+mật\s*[:：-]?\s*)?(?:tuyệt\s+|tối\s+)?mật|tuyet\s+mat|toi\s+mat|MAT|Mat", re.IGNORECASE
)
# Behind the notation in brackets, before it the single letter; "TM" before it is trade (TM-XNK) and no degree.
_NOTED = re.compile(
    r"[(\[]\s*(?:M|TM|TUM|TuM|TuyM)\s*[)\]]|(?:^|[/\-\s])(?:(?:TUYỆT|TỐI)\s+)?MẬT(?:$|[/\-\s])|^M/(?=\w)"
)
_TITLES = ("Subject", "Title", "EventName", "FondName")
_NOTES = ("Description", "InforSign", "Keyword", "Autograph", "Format", "DocAttached")
_NUMBERS = ("CodeNumber", "CodeNotation", "FileNotation", "ArchivesNumber")
_NOT_SECRET = {
    fold(w) for w in ("0", "00", "Thường", "Không", "Không mật", "Khẩn", "Thượng khẩn", "Hỏa tốc", "Hoả tốc")
}

_DEGREES = {
    fold(w) for w in ("Mật", "Tối mật", "Tuyệt mật", "Độ mật", "Mức mật", "Mức độ mật", "Cấp độ mật", "Chế độ mật",
    "Loại mật", "Dấu mật", "Độ bảo mật", "Secret", "SecretLevel", "SecrecyLevel", "Security", "SecurityLevel",
    "SecurityClassification")
}  # fmt: skip


def looks_secret(page: str, values: dict[str, str], n: int = 0) -> str | None:
    """The Vietnamese ground on which a record must be quarantined, or None.

    `page` is text (what follows a form feed is ignored), ``n`` its number, to be told. A stamp counts only alone on its
    line, or beside what stamps stand beside, never as a word of a sentence. `values` are a row's: a level 03, a
    `Priority` that is no plain urgency, a degree that a field says beside its own words. That something was
    declassified is told likewise: a person decides.
    """
    for name in ("AccessLevel", "Mode", "Rights"):
        if read_level(values.get(name, "")) == "03":
            return f"{name} ghi “{values[name]}”"
    priority = values.get("Priority", "")
    if priority and fold(priority) not in _NOT_SECRET:
        return f"độ mật (Priority) ghi “{priority}”"
    if ground := _field_says(values):
        return ground
    lines = canon(page).partition("\f")[0].splitlines()
    for number, line in enumerate(lines, 1):
        if len(line) < 200 and (stamp := read_stamp(line)):
            kind = "dấu" if stamp != "GIẢI MẬT" else "dấu giải mật"
            return f"{_page(n)} có {kind} “{stamp}” đứng riêng ở dòng {number}"
    if found := read_letter(lines):
        return f"{_page(n)} có dấu ký hiệu độ mật “{found[1]}” đứng riêng ở dòng {found[0]}"
    return None


def cell_says(heading: str, text: str, field: str = "") -> str | None:
    """The Vietnamese ground on which a cell that is taken as nothing says that its row is secret, or None.

    ``field`` is what its column means where another column of the row was taken for it.  Under a heading that is a
    degree whatever is written counts as its mark.
    """
    said = (
        marks_degree(heading, text)
        or looks_secret("", {field or "Description": text})
        or looks_secret("", {"Description": text})
    )
    return f"cột “{heading}” ghi độ mật" if said else None  # no more of it: reports are read by many


def marks_degree(heading: str, text: str) -> bool:
    """Whether a cell under a heading that is a degree of secrecy has anything but a no."""
    return fold(heading) in _DEGREES and fold(text) not in {"", *_NOT_SECRET}


def names_secret(name: str) -> str | None:
    """The Vietnamese ground on which the name of a file says that it is secret, or None."""
    plain = canon(name.rsplit("/", 1)[-1])
    return f"tên tệp “{plain}” ghi độ mật" if _BRACKETED.search(plain) or _NAMED.search(plain) else None


def _page(n: int) -> str:
    return f"trang {n}" if n else "trang"


def _field_says(values: dict[str, str]) -> str | None:
    for name in values:
        text = canon(values[name] or "")
        if not text or name in ("Priority", "AccessLevel", "Mode", "Rights"):
            continue
        if name in _TITLES:
            told = _BRACKETED.search(text) or _LEADS.search(text) or _TRAILS.search(text) or _leads_large(text)
        elif name in _NUMBERS:
            told = _NOTED.search(text)
        else:
            told = _BRACKETED.search(text) or next(filter(None, map(_WHOLE.fullmatch, _split(text))), None)
            if name in _NOTES:
                told = told or _RELEASED.search(text) or _stands_out(text)
        if told:
            return f"{name} ghi “{told[0].strip()}”"
    return None


def _split(text: str) -> list[str]:
    return [part.strip(" .-–*") for part in _PARTS.split(text)]


def _leads_large(text: str) -> re.Match[str] | None:
    found = _stands_out(text)
    return found if found and not text[: found.start()].strip(" .-–*") else None


def _stands_out(text: str) -> re.Match[str] | None:
    for found in _CAPITALS.finditer(text):
        words = (*text[: found.start()].split()[-1:], *text[found.end() :].split()[:1])
        if not any(len(word.strip(".,;:()")) > 1 and word.isupper() for word in words):
            return found
    return None
