"""Rows of the catalogue as the elements of TT 05/2025/TT-BNV: codes for words, dates as the circular writes them.

Source: TT 05/2025/TT-BNV, annexes I to IV: EAD (18 elements), EAD_doc, EAD_pic, EAD_media.  Values are keyed by the
field names of TT 02/2019, as everywhere in the catalogue.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from archive.packages.csip.codes import in_code
from archive.packages.dates import read_span
from archive.packages.fields import fold

Sort = Literal["doc", "pic", "media"]
CODED = {"maintenance", "language", "format", "confidenceLevel", "typeName", "typePic", "typeMedia", "colour",
         "riskRecoveryStatus"}  # fmt: skip
DATED = {"startDate", "endDate", "issuedDate", "photoTime", "recordDate"}
COUNTED = {"totalDoc", "numberOfPaper", "numberOfPage", "docOrdinal"}
YES_OR_NO = {"docAttached", "process", "riskRecovery"}
_NO = {"khong", "0", "00", "false"}
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Element:
    """An element: the field that it comes from, its longest text in characters (what is demanded: `annexes`)."""

    name: str
    field: str
    length: int


_SIGN, _KEYWORD = Element("inforSign", "InforSign", 30), Element("keyword", "Keyword", 100)
_BACKUP = (Element("riskRecovery", "RiskRecovery", 1), Element("riskRecoveryStatus", "RiskRecoveryStatus", 2))
_FORMAT, _LANGUAGE = Element("format", "Format", 50), Element("language", "Language", 100)
FILE = (
    Element("title", "Title", 1000), Element("maintenance", "Maintenance", 100), _LANGUAGE,
    Element("startDate", "StartDate", 10), Element("endDate", "EndDate", 10), _KEYWORD,
    Element("totalDoc", "TotalDoc", 10), Element("numberOfPaper", "SheetNumber", 10),
    Element("numberOfPage", "PageNumber", 10), _FORMAT, _SIGN, Element("confidenceLevel", "ConfidenceLevel", 40),
    Element("paperFileCode", "PaperFileCode", 100), *_BACKUP, Element("description", "Description", 2000),
)  # fmt: skip
_NOTE, _ORDINAL = Element("description", "Description", 500), Element("docOrdinal", "DocOrdinal", 7)
_OWN_NUMBER, _EVENT = Element("archivesNumber", "ArchivesNumber", 50), Element("eventName", "EventName", 500)
_ATTACHED = Element("docAttached", "DocAttached", 1)
ITEM: dict[Sort, tuple[Element, ...]] = {
    "doc": (
        _ORDINAL, Element("typeName", "TypeName", 10), Element("codeNumber", "CodeNumber", 11),
        Element("codeNotation", "CodeNotation", 30), Element("issuedDate", "IssuedDate", 10),
        Element("organName", "OrganName", 200), Element("subject", "Subject", 500), _LANGUAGE,
        Element("numberOfPage", "PageAmount", 4), _SIGN, _KEYWORD,
        Element("confidenceLevel", "ConfidenceLevel", 30), Element("autograph", "Autograph", 2000), _FORMAT,
        Element("process", "Process", 1), *_BACKUP, _NOTE,
    ),
    "pic": (
        _ORDINAL, Element("typePic", "TypeName", 2), _OWN_NUMBER, _SIGN, _EVENT,
        Element("imageTitle", "Subject", 500), Element("photographer", "Photographer", 300),
        Element("photoPlace", "Place", 300), Element("photoTime", "IssuedDate", 10), Element("colour", "Colour", 2),
        Element("filmSize", "FilmSize", 30), _ATTACHED, _FORMAT, *_BACKUP, _NOTE,
    ),
    "media": (
        _ORDINAL, Element("typeMedia", "TypeName", 2), _OWN_NUMBER, _SIGN, _EVENT,
        Element("movieTitle", "Subject", 500), Element("recorder", "Recorder", 300),
        Element("recordPlace", "Place", 300), Element("recordDate", "IssuedDate", 10),
        Element("language", "Language", 100), Element("playTime", "PlayTime", 8), _ATTACHED,
        Element("quality", "Quality", 50), _FORMAT, *_BACKUP, _NOTE,
    ),
}  # fmt: skip
# Absent from the annex of the kind (section 2.2.d): told by the metadata of the whole.
ABSENT = {("SIP", "docOrdinal")}
BACKED_UP = {one.name for one in _BACKUP}
"""Absent from what describes a document in an AIP."""
UNASKED = {"process", "riskRecovery"}
"""Written as 0 where nothing is known of them: so much is not read as if it had been said."""


def sort_of(values: Mapping[str, str]) -> Sort:
    """Which metadata file a document has: pictures and sound by their type."""
    words = values.get("TypeName", "")
    known: tuple[Sort, ...] = ("pic", "media")
    return next((one for one in known if in_code(f"type{one.title()}", words) and not words.isdigit()), "doc")


def encode(element: Element, text: str) -> str:
    """The text of an element, cut to the circular's length; '' where the value cannot be written in its type."""
    text = " ".join(_ILLEGAL.sub("", text).split())
    if not text:
        return ""
    if element.name in YES_OR_NO:
        return "0" if fold(text) in _NO else "1"
    if element.name in CODED:
        return in_code(element.name, text)
    if element.name in DATED:
        return _day(element.name, text)
    if element.name in COUNTED:
        digits = re.sub(r"[ .,]", "", text)
        return str(int(digits)) if digits.isascii() and digits.isdigit() and len(digits) <= element.length else ""
    return text[: element.length].rstrip()


def _day(name: str, text: str) -> str:
    days = read_span(text)
    if days is None:
        return ""
    first, last = (date.fromordinal(one) for one in days)
    if first == last or name in ("startDate", "endDate"):
        return f"{last if name == 'endDate' else first:%d/%m/%Y}"
    return f"{first:%m/%Y}" if (first.year, first.month) == (last.year, last.month) else f"{first:%Y}"


def encode_all(elements: tuple[Element, ...], values: Mapping[str, str], kind: str) -> tuple[dict[str, str], list[str]]:
    """The elements that there are, in the circular's order; names of those whose value could not be written whole."""
    told, cut = dict[str, str](), list[str]()
    for one in elements:
        if (kind, one.name) in ABSENT:
            continue
        given = " ".join(values.get(one.field, "").split())
        if text := encode(one, given):
            told[one.name] = text
        plain = one.name not in CODED | DATED | COUNTED | YES_OR_NO
        if given and (not text or (plain and text != given) or fold(text) == "" != fold(given)):
            cut.append(one.name)
    return told, cut
