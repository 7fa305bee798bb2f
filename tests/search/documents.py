"""Index documents for tests: open unless told otherwise."""

from datetime import date

from archive.access import Access, Rule
from search.document import PageDocument, RecordDocument, RecordPages

OPEN = Access(*(Rule(everyone_from=0),) * 3)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def record(own: str, text: str = "", version: int = 1, **changes: object) -> RecordDocument:
    values: dict[str, object] = {
        "id": own,
        "version": version,
        "level": "document",
        "lineage": (own,),
        "access": OPEN,
        "title": "",
        "description": "",
        "content": text,
        "number_keys": (),
        "facets": {},
        "date_from": None,
        "date_to": None,
        "title_key": "",
        "number_sort": "",
    }
    return RecordDocument(**(values | changes))  # type: ignore[arg-type]


def pages(own: str, *texts: str, version: int = 1, access: Access = OPEN) -> RecordPages:
    found = tuple(PageDocument(own, n, version, (own,), access, text) for n, text in enumerate(texts, 1))
    return RecordPages(own, version, found)
