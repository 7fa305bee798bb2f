"""What an index holds of a record or a page, field by field, the same for every engine; texts still as they are.

The values of the text groups (``title``, ``description``, ``text``, ``number_words``) are plain texts: each engine
turns them into its words.  All else has the names of search.schema and is ready to be stored.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from hashlib import blake2b

from archive.access import RIGHTS, Access
from search.completing import title_starts, title_whole
from search.document import PageDocument, RecordDocument, RecordPages
from search.engines.protocol import Writable
from search.schema import FACET_FIELDS, MOST_YEARS

MOST_LETTERS = 32_000_000  # of one document's text: a longer one is refused
MOST_BYTES_OF_A_VALUE = 1_000  # of one exact value; engines drop a much longer one, some of them in silence
_BIGGEST = 2**62
_UNDATED = "~"  # after every digit: last in both orders

#: Groups of text by index; ``text`` has its pages parted by form feeds.
TEXTS = {"records": ("title", "description", "text"), "pages": ("text",)}

Values = dict[str, list[str] | list[int]]


class UnfitError(ValueError):
    """The document cannot be indexed; the text says why."""


def owner(one: Writable) -> str:
    """The public identifier of the record that it belongs to."""
    return one.record if isinstance(one, RecordPages) else one.id


def all_values(index: str, one: Writable) -> list[Values]:
    """The values of a record, or of each page of a record's pages.  Raises UnfitError."""
    if isinstance(one, RecordDocument):
        if index != "records":
            raise UnfitError(f"không phải tài liệu của chỉ mục {index} (not for this index)")
        return [_record_values(one)]
    if index != "pages":
        raise UnfitError(f"không phải tài liệu của chỉ mục {index} (not for this index)")
    if any(page.record != one.record or page.version != one.version for page in one.pages):
        raise UnfitError(f"trang của hồ sơ khác (a page of another record or version): {one.record}")
    return [_page_values(page) for page in one.pages]


def id_order(own: str) -> int:
    """The first eight characters of an identifier as a number in the same order (56 bits)."""
    number = 0
    for letter in own[:8].ljust(8, "\0"):
        number = number << 7 | min(ord(letter), 127)
    return number


def fingerprint(values: Values) -> int:
    """40 bits of everything but the version and itself: a sum over 8,192 pages is exact even in an engine's doubles."""
    told: list[str] = []
    for name, many in values.items():
        if name not in ("version", "fingerprint"):
            told.append(f"\x1e{name}")
            told += [f"\x1f{one}" for one in many]
    return int.from_bytes(blake2b("".join(told).encode(), digest_size=5).digest(), "big")


def _record_values(document: RecordDocument) -> Values:
    values = _own(document.id, document.version, document.lineage)
    values["title"] = [_readable(document.title)]
    values["title_whole"] = _all_exact(title_whole(document.title))
    values["title_starts"] = _all_exact(title_starts(document.title))
    values["description"] = [_readable(document.description)]
    values["text"] = [_readable(document.content)]
    values["level"] = [_exact(document.level)]
    for name in FACET_FIELDS:
        values[name] = _all_exact(document.facets.get(name, ()))
    values["roles"] = _all_exact(document.roles)
    _access(values, document.access, RIGHTS)
    values["number_keys"] = _all_exact(document.number_keys)
    values["number_words"] = [_readable(one) for one in document.number_keys[:1]]
    _dates(values, document)
    values["by_number"] = [f"{document.number_sort or _UNDATED}\t{document.id}"]
    values["by_title"] = [f"{document.title_key or _UNDATED}\t{document.id}"]
    values["fingerprint"] = [fingerprint(values)]
    return values


def _page_values(document: PageDocument) -> Values:
    values = _own(f"{document.record}.{document.n}", document.version, document.lineage)
    values["record"], values["n"] = [_exact(document.record)], [_whole(document.n)]
    values["text"] = [_readable(document.content)]
    _access(values, document.access, ("search",))
    values["fingerprint"] = [fingerprint(values)]
    return values


def _own(own: str, version: int, lineage: Iterable[str]) -> Values:
    if not own:
        raise UnfitError("không có mã (no identifier)")
    return {
        "id": [_exact(own)],
        "id_order": [id_order(own)],
        "version": [_whole(version)],
        "lineage": [_exact(one) for one in lineage],
    }


def _access(values: Values, access: Access, rights: Iterable[str]) -> None:
    for right in rights:
        rule = getattr(access, right)
        values[f"everyone_from_{right}"] = [_whole(rule.everyone_from)]
        values[f"allow_{right}"] = list(_tags(rule.allow))
        values[f"deny_{right}"] = list(_tags(rule.deny))


@lru_cache(maxsize=1_024)  # a record's rights mostly have the same tags, and so do its pages
def _tags(tags: frozenset[str]) -> tuple[str, ...]:
    return tuple(_all_exact(sorted(tags)))


def _dates(values: Values, document: RecordDocument) -> None:
    first, last = document.date_from, document.date_to
    if first is None or last is None:
        values["undated"] = [1]
        values["by_date"] = [f"{_UNDATED}\t{document.id}"]
        values["by_date_desc"] = [f"{_UNDATED}\t{document.id}"]
        return
    if not 1 <= first <= last <= date.max.toordinal():
        raise UnfitError(f"khoảng ngày sai (bad period): {first} – {last}")
    years = range(date.fromordinal(first).year, date.fromordinal(last).year + 1)[:MOST_YEARS]
    values |= {"undated": [0], "years": list(years), "date_from": [first], "date_to": [last]}
    values["by_date"] = [f"{first:08d}\t{document.id}"]
    values["by_date_desc"] = [f"{99_999_999 - last:08d}\t{document.id}"]


def _readable(text: str) -> str:
    if len(text) > MOST_LETTERS:
        raise UnfitError(f"chữ quá dài (text too long): {len(text)} > {MOST_LETTERS}")
    return _encodable(text)


def _exact(value: str) -> str:
    if value.isascii() and 0 < len(value) <= MOST_BYTES_OF_A_VALUE:
        return value
    if not value or len(_encodable(value).encode()) > MOST_BYTES_OF_A_VALUE:
        raise UnfitError(f"giá trị trống hay quá dài (value empty or too long): {len(value)} ký tự")
    return value


def _all_exact(values: Sequence[str]) -> list[str]:
    # Most are a few short plain values, and there are sixty of them in a record: looked at together.
    if values and "".join(values).isascii() and len(max(values, key=len)) <= MOST_BYTES_OF_A_VALUE and all(values):
        return list(values)
    return [_exact(one) for one in values]


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UnfitError(f"ký tự hỏng ở vị trí {error.start} (broken character)") from None
    return text


def _whole(value: int) -> int:
    if not -_BIGGEST < value < _BIGGEST:
        raise UnfitError(f"số quá lớn (number too big): {value}")
    return value
