"""The neutral schema as tantivy's, and index documents as tantivy's documents."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import tantivy

from analyzers.tokens import index_text
from archive.access import RIGHTS, Access
from search.document import PageDocument, RecordDocument
from search.numbering import number_words
from search.schema import FACET_FIELDS, FIELDS, MOST_YEARS, Kind

#: A text field's index option by kind; tokens come joined by blanks from ``analyzers``.
OPTIONS: dict[Kind, str] = {"marked": "freq", "folded": "position", "shingles": "freq"}

MOST_LETTERS = 32_000_000  # of one document's text: a longer one is refused
MOST_BYTES_OF_A_VALUE = 1_000  # of one exact value; tantivy drops a longer one than 65,530 in silence
_BIGGEST = 2**62
_UNDATED = "~"  # after every digit: last in both orders

Values = dict[str, object]


class UnfitError(ValueError):
    """The document cannot be indexed; the text says why."""


@lru_cache(maxsize=4)
def tantivy_schema(index: str) -> tantivy.Schema:
    """The schema of an index for tantivy."""
    builder = tantivy.SchemaBuilder()
    for field in FIELDS[index]:
        if field.kind == "integer":
            builder.add_integer_field(field.name, stored=field.stored, indexed=True, fast=True)
        elif field.kind in OPTIONS:
            builder.add_text_field(field.name, tokenizer_name="whitespace", index_option=OPTIONS[field.kind])
        else:
            fast = field.kind in {"facet", "sort"}
            builder.add_text_field(
                field.name, stored=field.stored, fast=fast, tokenizer_name="raw", index_option="basic"
            )
    return builder.build()


def record_values(document: RecordDocument) -> Values:
    """The fields of a record.  Raises UnfitError."""
    values = _own(document.id, document.version, document.lineage)
    for group, text in (("title", document.title), ("description", document.description), ("text", document.content)):
        _words(values, group, text)
    del values["title_marked"]
    values["level"] = [_exact(document.level)]
    for name in FACET_FIELDS:
        values[name] = [_exact(one) for one in document.facets.get(name, ())]
    _access(values, document.access, RIGHTS)
    values["number_keys"] = [_exact(one) for one in document.number_keys]
    values["number_words"] = [" ".join(number_words(document.number_keys[0]))] if document.number_keys else []
    _dates(values, document)
    values["by_number"] = [f"{document.number_sort or _UNDATED}\t{document.id}"]
    values["by_title"] = [f"{document.title_key or _UNDATED}\t{document.id}"]
    return values


def page_values(document: PageDocument) -> Values:
    """The fields of a page.  Raises UnfitError."""
    values = _own(f"{document.record}.{document.n}", document.version, document.lineage)
    values["record"], values["n"] = [_exact(document.record)], [_whole(document.n)]
    _words(values, "text", document.content)
    _access(values, document.access, ("search",))
    return values


def _own(own: str, version: int, lineage: Iterable[str]) -> Values:
    if not own:
        raise UnfitError("không có mã (no identifier)")
    return {"id": [_exact(own)], "version": [_whole(version)], "lineage": [_exact(one) for one in lineage]}


def _words(values: Values, group: str, text: str) -> None:
    if len(text) > MOST_LETTERS:
        raise UnfitError(f"chữ quá dài (text too long): {len(text)} > {MOST_LETTERS}")
    streams = index_text(_encodable(text))
    values[f"{group}_marked"] = [streams.marked]
    values[f"{group}_folded"] = [streams.folded]
    values[f"{group}_shingles"] = [streams.shingles]


def _access(values: Values, access: Access, rights: Iterable[str]) -> None:
    for right in rights:
        rule = getattr(access, right)
        values[f"everyone_from_{right}"] = [_whole(rule.everyone_from)]
        values[f"allow_{right}"] = [_exact(one) for one in sorted(rule.allow)]
        values[f"deny_{right}"] = [_exact(one) for one in sorted(rule.deny)]


def _dates(values: Values, document: RecordDocument) -> None:
    first, last = document.date_from, document.date_to
    if first is None or last is None:
        values["undated"] = [1]
        values["by_date"] = values["by_date_desc"] = [f"{_UNDATED}\t{document.id}"]
        return
    if not 1 <= first <= last <= date.max.toordinal():
        raise UnfitError(f"khoảng ngày sai (bad period): {first} – {last}")
    years = range(date.fromordinal(first).year, date.fromordinal(last).year + 1)[:MOST_YEARS]
    values |= {"undated": [0], "years": list(years), "date_from": [first], "date_to": [last]}
    values["by_date"] = [f"{first:08d}\t{document.id}"]
    values["by_date_desc"] = [f"{99_999_999 - last:08d}\t{document.id}"]


def _exact(value: str) -> str:
    if not value or len(_encodable(value).encode()) > MOST_BYTES_OF_A_VALUE:
        raise UnfitError(f"giá trị trống hay quá dài (value empty or too long): {value[:40]!r}")
    return value


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
