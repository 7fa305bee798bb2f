"""Cells to values: canonical text, control characters made visible and removed, lengths, numbers, letters repaired."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from analyzers.legacy import decode
from analyzers.normal import canon_counted
from archive.packages.fields import FIELD, Field
from archive.packages.findings import Notes, Outcome, quote
from archive.packages.secrecy import cell_says

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"[ \t\u00a0]+")
_ANY_SPACES = re.compile(r"\s+")
NAMES = {"tcvn3": "bảng mã TCVN3 (ABC)", "vni": "bảng mã VNI", "viqr": "VIQR"}
_NUMBER = re.compile(r"\d{1,3}(?:[ .,]\d{3})+|\d+(?:[.,]0+)?")


@dataclass(slots=True)
class Cells:
    """The cells of a row under their fields: values, the delivered text where it differs, the person's headings; on
    what ground a cell that is taken as nothing says that the row is secret."""

    values: dict[str, str] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    secret: str = ""

    def pass_over(self, heading: str, delivered: str, name: str = "") -> None:
        """Takes nothing of a cell (of a column that means ``name``, if another was taken for it) but its secrecy."""
        if delivered.strip() and not self.secret:
            self.secret = cell_says(heading, clean_text(heading, delivered, Notes("", None)), name) or ""


def show_controls(text: str) -> str:
    """Control characters as their pictures (NUL -> ␀), so that delivered text can be stored and shown."""
    return _CONTROL.sub(lambda m: chr(0x2400 + ord(m[0])) if ord(m[0]) < 0x20 else "\ufffd", text)


def clean_text(heading: str, delivered: str, notes: Notes) -> str:
    """The text of a cell: legacy runs decoded, control characters gone, letters repaired; what was done is noted.

    Decoding goes first: the canonical form would take the codes of TCVN3 and VNI for letters and signs of Unicode.
    """
    text = delivered.strip()
    if not text:
        return ""
    legacy = decode(text)
    if legacy.encoding:
        wrong = f"{legacy.changed} chữ viết bằng {NAMES[legacy.encoding]} trong {quote(delivered)}"
        notes.add(heading, "encoding.legacy", wrong, f"đã chuyển sang Unicode: {quote(legacy.text)}", Outcome.ACCEPTED)
        text = legacy.text
    if found := _CONTROL.findall(text):
        text = _CONTROL.sub("", text)
        notes.add(heading, "cell.control", f"có {len(found)} ký tự điều khiển trong {quote(delivered)}", "đã bỏ đi")
    if "\ufffd" in text:
        wrong = f"có byte không giải mã được trong {quote(text)}"
        notes.add(heading, "encoding.undecodable", wrong, "thay bằng ký tự �, giữ phần còn lại")
    text, repaired = canon_counted(text)
    if repaired:
        action = f"đã sửa {repaired} chữ về dạng chuẩn"
        notes.add(heading, "letters.repaired", f"chữ viết sai mã trong {quote(delivered)}", action, Outcome.ACCEPTED)
    return text


def clean_cell(table: str, name: str, heading: str, delivered: str, cells: Cells, notes: Notes) -> None:
    """Put the cleaned cell into `cells` and what is wrong with it into `notes`; an empty cell is left out."""
    text = clean_text(heading, delivered, notes)
    if not text:
        return
    spec = FIELD[table][name]
    text = (_ANY_SPACES if spec.type == "code" else _SPACES).sub(" ", text).strip()
    if not text:
        return
    readable = spec.type != "number" or is_number(text)
    length = len(text) if spec.type != "number" else sum(map(str.isdigit, text))
    if spec.length and spec.type != "date" and readable and length > spec.length:
        wrong = f"dài {length} ký tự, quy định tối đa {spec.length}: {quote(text)}"
        notes.add(heading, "field.long", wrong, "giữ nguyên cả đoạn")
    if not readable:
        notes.add(heading, "number.unreadable", f"{quote(text)} không phải là số", "giữ nguyên chữ đã giao")
    cells.values[name], cells.headings[name] = text, heading
    if text != unicodedata.normalize("NFC", delivered.strip()):
        cells.raw[name] = show_controls(delivered)


@lru_cache(maxsize=4096)
def is_number(text: str) -> bool:
    """Whole numbers, with separators of thousands or a decimal part of zeros."""
    return bool(_NUMBER.fullmatch(text))


def required_name(field: Field) -> str:
    """The field as people read it: label and circular's name."""
    return f"{field.labels[0]} ({field.name})"
