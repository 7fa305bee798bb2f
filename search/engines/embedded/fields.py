"""The neutral schema as tantivy's, and the values of a document with their texts as joined words."""

from functools import lru_cache

import tantivy

from analyzers.tokens import index_text
from search.engines.protocol import Writable
from search.engines.values import TEXTS, Values, all_values
from search.numbering import number_words
from search.schema import FIELDS, Kind

#: A text field's index option by kind; tokens come joined by blanks from ``analyzers``.
OPTIONS: dict[Kind, str] = {"marked": "freq", "folded": "position", "shingles": "freq"}


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


def analysed_values(index: str, one: Writable) -> list[Values]:
    """The values of each document to be written, by the names of tantivy's fields.  Raises UnfitError."""
    return [_analysed(index, values) for values in all_values(index, one)]


def _analysed(index: str, values: Values) -> Values:
    for group in TEXTS[index]:
        streams = index_text(str(values.pop(group)[0]))
        if f"{group}_marked" in _names(index):
            values[f"{group}_marked"] = [streams.marked]
        values[f"{group}_folded"] = [streams.folded]
        values[f"{group}_shingles"] = [streams.shingles]
    if "number_words" in values:
        values["number_words"] = [" ".join(number_words(str(one))) for one in values["number_words"]]
    return values


@lru_cache(maxsize=4)
def _names(index: str) -> frozenset[str]:
    return frozenset(field.name for field in FIELDS[index])
