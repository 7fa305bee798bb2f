"""What lies on this browser's reading list (giỏ): records, and the pages wanted of some; no account needed."""

from collections.abc import Iterable, Mapping

from flask import session

from archive.catalogue.records import Record
from archive.identifiers import is_identifier
from archive.page_ranges import read_pages

MOST_LISTED = 50
MOST_WITH_PAGES, LONGEST_PAGES = 20, 40  # a cookie holds 4 kB


def listed() -> list[str]:
    """The public identifiers on the list, in the order they came."""
    kept = session.get("gio", [])
    return [one for one in kept if isinstance(one, str) and is_identifier(one)][:MOST_LISTED]


def pages_listed() -> dict[str, str]:
    """Of records on the list the pages that are wanted ("3,7"), as they were written; the others are wanted whole."""
    kept, ids = session.get("gio-trang", {}), set(listed())
    return {one: str(pages) for one, pages in kept.items() if one in ids} if isinstance(kept, dict) else {}


def keep(ids: Iterable[str], pages: Mapping[str, str] | None = None) -> None:
    """Makes these the list, with these pages of them (None: those that are kept)."""
    told = pages_listed() if pages is None else pages
    session["gio"] = list(dict.fromkeys(ids))[:MOST_LISTED]
    some = [(one, told[one][:LONGEST_PAGES]) for one in session["gio"] if told.get(one)]
    session["gio-trang"] = dict(some[:MOST_WITH_PAGES])


def with_page(record: Record, page: int) -> dict[str, str]:
    """The pages of the list with one more page of a record; 0, or a page that it does not have: the whole record."""
    told, there = pages_listed(), record.public_id in listed()
    before = told.pop(record.public_id, "")
    if 1 <= page <= record.page_count and not (there and not before):  # what is wanted whole has the page
        told[record.public_id] = before if page in _numbers(before, record) else f"{before},{page}".lstrip(",")
    return told


def _numbers(written: str, record: Record) -> list[int]:
    try:
        return read_pages(written, record.page_count) if written else []
    except ValueError:
        return []
