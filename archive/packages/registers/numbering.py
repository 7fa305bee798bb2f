"""The number and notation of a register's one cell, taken apart; what was repaired is told.

Patterns: NĐ 30/2020/NĐ-CP, Annex I (number/type-issuer), normative texts (number/year/type-issuer), the Party's
number-type/issuer.
"""

import re
from dataclasses import dataclass

_SPACES = re.compile(r"\s*([/-])\s*")
_NUMBER = re.compile(r"(\d{1,6}[a-zA-Z]?)(.*)", re.DOTALL)
_PARTY = re.compile(r"(\d{1,6}[a-zA-Z]?-[\wĐđ]{1,6})/(.+)")
_PARTY_ALONE = re.compile(r"\d{1,6}[a-zA-Z]?-[A-ZĐ]{1,6}")  # its issuer stands elsewhere
_LABEL = re.compile(r"^(?:số|so|number|no)\s*[:.]?\s*(?=\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numbered:
    """``number`` and ``notation`` shown with a slash between; ``trouble``: a finding code or ''; ``wrong`` says it."""

    number: str
    notation: str
    trouble: str = ""
    wrong: str = ""

    @property
    def written(self) -> str:
        """As it is shown."""
        return f"{self.number}/{self.notation}" if self.number and self.notation else self.number or self.notation


# No number has these signs; a word of one or two letters is too short to be detected
_FONTS = {"TCVN3 (ABC)": str.maketrans("§®", "Đđ"), "VNI": str.maketrans("Ññ", "Đđ")}

# What begins with DD may be a word without its marks (DDBQH)
_VIQR = re.compile(r"(?<=\b[A-Za-z])(?:DD|dd)(?=\b|ND\b)")


def repair_number(cell: str) -> tuple[str, int, str]:
    """The cell with the đ of TCVN3 and VNI fonts and VIQR in Unicode, how many there were, and the font ("": none)."""
    if many := len(_VIQR.findall(cell)):
        return _VIQR.sub(lambda one: "Đ" if one[0] == "DD" else "đ", cell), many, "VIQR"
    for font, signs in _FONTS.items():
        repaired = cell.translate(signs)
        if repaired != cell:
            return repaired, sum(a != b for a, b in zip(cell, repaired, strict=True)), font
    return cell, 0, ""


def take_apart(cell: str) -> Numbered:
    """Number and notation of a cell in canonical form."""
    text = _LABEL.sub("", " ".join(cell.split()))
    tight = _SPACES.sub(r"\1", text)
    spaced = "có dấu cách thừa" if tight != text else ""
    if party := _PARTY.fullmatch(tight):
        return _told(party[1], party[2], "number.spaces", spaced)
    if _PARTY_ALONE.fullmatch(tight):
        return _told(tight, "", "number.spaces", spaced)
    found = _NUMBER.fullmatch(tight)
    if found is None:
        return Numbered("", tight, "number.unreadable", "không thấy số ở đầu")
    number, rest = found.groups()
    if not rest:
        return _told(number, "", "number.spaces", spaced)
    if rest[0] == "/":
        return _told(number, rest[1:], "number.spaces", spaced)
    bare = rest.lstrip(" -./_")
    if not bare:
        return _told(number, "", "number.slash", "không có ký hiệu sau số")
    return Numbered(number, bare.replace(" ", "-") if "-" not in bare else bare.replace(" ", ""),
                    "number.slash", "thiếu dấu gạch chéo giữa số và ký hiệu")  # fmt: skip


def _told(number: str, notation: str, code: str, wrong: str) -> Numbered:
    return Numbered(number, notation, code if wrong else "", wrong)
