"""The facets: one frozen definition each, for URL, clause, aggregation, label and order."""

from dataclasses import dataclass
from typing import Literal

from analyzers.languages import LANGUAGES
from archive.access import NEVER

Labels = Literal["record", "agent", "place", "term", "fixed"]


@dataclass(frozen=True, slots=True)
class FacetDefinition:
    """A facet.  ``name`` is its URL parameter and its field in the index; values are stable ids.

    ``labels`` says where a value's label comes from; ``values`` closes the list.  ``derived`` facets are computed for
    the viewer on the day of the question and have no field in the index.
    """

    name: str
    vi: str
    en: str
    labels: Labels
    values: tuple[str, ...] = ()
    derived: bool = False


FACETS: tuple[FacetDefinition, ...] = (
    FacetDefinition("access", "Truy cập", "Access", "fixed", ("open", "until", "conditional"), derived=True),
    FacetDefinition("medium", "Bản", "Medium", "fixed", ("digital", "photo", "audio", "video", "text", "paper")),
    FacetDefinition("type", "Loại văn bản", "Type of document", "term"),
    FacetDefinition("issuer", "Cơ quan ban hành", "Issued by", "agent"),
    FacetDefinition("place", "Nơi chốn", "Place", "place"),
    FacetDefinition("person", "Người", "Person", "agent"),
    FacetDefinition("field", "Lĩnh vực", "Subject", "term"),
    FacetDefinition("fonds", "Phông", "Fonds", "record"),
    FacetDefinition("inventory", "Mục lục", "Inventory", "record"),
    FacetDefinition("language", "Ngôn ngữ", "Language", "fixed", tuple(LANGUAGES)),
)

#: Labels of closed lists, Vietnamese and English.
FIXED_LABELS: dict[tuple[str, str], tuple[str, str]] = {
    ("access", "open"): ("Mở", "Open"),
    ("access", "until"): ("Mở từ một ngày sau này", "Opens on a later day"),
    ("access", "conditional"): ("Có điều kiện", "Conditional"),
    ("medium", "digital"): ("Đã số hóa", "Digitised"),
    ("medium", "photo"): ("Ảnh, phim ảnh", "Photographs"),
    ("medium", "audio"): ("Ghi âm", "Sound"),
    ("medium", "video"): ("Ghi hình", "Film and video"),
    ("medium", "text"): ("Chỉ có chữ", "Text only"),
    ("medium", "paper"): ("Chỉ có bản giấy", "Paper only"),
    ("level", "fonds"): ("Phông", "Fonds"),
    ("level", "inventory"): ("Mục lục", "Inventory"),
    ("level", "file"): ("Hồ sơ", "File"),
    ("level", "document"): ("Văn bản", "Document"),
    **{("language", own): labels for own, labels in LANGUAGES.items()},
}


_BY_NAME = {one.name: one for one in FACETS}


def facet(name: str) -> FacetDefinition:
    """The facet of that name; KeyError if there is none."""
    return _BY_NAME[name]


def access_spans(day: int) -> tuple[tuple[str, int | None, int | None], ...]:
    """The values of the facet ``access`` as ranges of the day from which everyone may read."""
    return ("open", None, day), ("until", day + 1, NEVER - 1), ("conditional", NEVER, None)
