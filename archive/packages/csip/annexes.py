"""The elements that TT 05/2025/TT-BNV names (`config/packages/tt05-elements.tsv`), and metadata measured by them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from archive.packages.csip.codes import has_code
from archive.packages.findings import quote

CONFIG = Path(__file__).parents[3] / "config" / "packages" / "tt05-elements.tsv"
Sheet = Literal["file", "loose", "doc", "pic", "media", "request"]
SURE = ("V", "V2")
_DAY, _PART = re.compile(r"\d{2}/\d{2}/\d{4}"), re.compile(r"(\d{2}/)?\d{4}")
_YES_OR_NO = {"0", "1", "00", "01", "true", "false"}


@dataclass(frozen=True, slots=True)
class Demand:
    """An element of one kind of metadata file.

    ``type`` is text, code, codes (several), day (DD/MM/YYYY), date (also MM/YYYY, YYYY), number or yesno; ``length`` in
    characters, 0: none given; ``required`` is '', 'yes' or the element and values that demand it.
    """

    name: str
    type: str
    length: int
    required: str
    confidence: str


@cache
def demands(sheet: Sheet, kind: str) -> tuple[Demand, ...]:
    """What a kind of package (SIP, AIP, DIP) may have in such a metadata file, in the circular's order."""
    lines = CONFIG.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple(
        Demand(name, type_, int(length or 0), required, confidence)
        for for_sheet, kinds, name, type_, length, required, confidence, _source in rows
        if for_sheet == sheet and kind in kinds.split(",")
    )


def measure(sheet: Sheet, kind: str, told: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is wrong with the elements of one metadata file: (code of the rule, Vietnamese clause), one a rule at most.

    Elements that nobody knows are told where they are read.
    """
    wrong: dict[str, list[str]] = {}
    for one in demands(sheet, kind):
        text = told.get(one.name, "")
        if text:
            for code, clause in _value(one, text):
                wrong.setdefault(code, []).append(f"{one.name} {clause}")
        elif one.required == "yes":
            code = "element.missing" if one.confidence in SURE else "element.expected"
            wrong.setdefault(code, []).append(one.name)
        elif one.required and _applies(one.required, told):
            wrong.setdefault("element.condition", []).append(f"{one.name} ({one.required.replace('=', ' là ')})")
    words = {"element.missing": "thiếu phần tử bắt buộc ", "element.expected": "không có phần tử "}
    words["element.condition"] = "thiếu phần tử mà phần tử khác đòi: "
    return [(code, words.get(code, "") + ", ".join(found)) for code, found in wrong.items()]


def _applies(condition: str, told: Mapping[str, str]) -> bool:
    name, _, values = condition.partition("=")
    said = told.get(name, "")
    return bool(said) and (said.lstrip("0") or "0") in {one.lstrip("0") for one in values.split(",")}


def _value(one: Demand, text: str) -> list[tuple[str, str]]:
    wrong = []
    if one.length and len(text) > one.length and one.type != "codes":
        wrong.append(("element.length", f"dài {len(text)} ký tự, tối đa {one.length}: {quote(text)}"))
    if one.type in ("code", "codes"):
        codes = re.split("[;,]", text) if one.type == "codes" else [text]
        if strange := [code.strip() for code in codes if not has_code(one.name, code.strip())]:
            wrong.append(("element.code", f"ghi {', '.join(map(quote, strange))}, không có trong bảng mã"))
    elif one.type in ("day", "date") and not _DAY.fullmatch(text):
        if not _PART.fullmatch(text):
            wrong.append(("element.date", f"ghi {quote(text)}, không theo DD/MM/YYYY"))
        elif one.type == "day":
            wrong.append(("element.partial", f"chỉ ghi {quote(text)}"))
    elif (one.type == "number" and not (text.isascii() and text.isdigit())) or (
        one.type == "yesno" and text.lower() not in _YES_OR_NO
    ):
        wrong.append(("element.number", f"ghi {quote(text)}"))
    return wrong
