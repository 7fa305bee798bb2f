"""The tree of a query: what the parser makes, what the gateway plans from and the highlighter reads."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

FIELDS = (
    "number", "type", "issuer", "place", "person", "fonds", "year", "title", "level", "inventory", "field", "access",
    "medium", "language",
)  # fmt: skip
"""Names a `Field` may carry."""

SPOKEN = dict(
    zip(
        FIELDS,
        ("số", "loại", "cơ-quan", "nơi", "người", "phông", "năm", "tiêu-đề", "cấp", "mục-lục", "lĩnh-vực", "tiếp-cận",
         "dạng", "ngôn-ngữ"),
        strict=True,
    )
)  # fmt: skip
"""What people write for them."""


@dataclass(frozen=True, slots=True)
class Word:
    """One token; `start` and `end` are offsets in the canonical query text and take no part in equality."""

    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Two or more words that must follow each other; `whole`: of which none weighs anything for itself (a name)."""

    words: tuple[Word, ...]
    whole: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """What must not match; its node always holds something positive."""

    node: "Query"


@dataclass(frozen=True, slots=True)
class Field:
    """A value in one field: `name` one of FIELDS, `value` stripped text ("1998", "1996-1999", "1996-" or "-1975" for
    a year)."""

    name: str
    value: str

    @property
    def years(self) -> tuple[int | None, int | None]:
        """First and last year of a `year` field, both included, None where it is open; ValueError on another field."""
        if self.name != "year":
            raise ValueError(f"{self.name} is not a year")
        first, dash, last = self.value.partition("-")
        return int(first) if first else None, int(last) if last else None if dash else int(first)


@dataclass(frozen=True, slots=True)
class And:
    """Two or more items, never an And among them; at least one of them is not a Not."""

    items: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Two or more alternatives, never an Or among them, each with something positive."""

    items: tuple["Query", ...]


@dataclass(frozen=True, slots=True)
class Empty:
    """A query without a word: nothing typed, or signs only."""


Query: TypeAlias = Word | Phrase | Not | Field | And | Or | Empty


def positive(query: Query) -> bool:
    """Whether the query asks for something, and does not only exclude."""
    match query:
        case Not() | Empty():
            return False
        case And(items):
            return any(map(positive, items))
        case Or(items):
            return all(map(positive, items))
        case _:
            return True


def runs(query: Query) -> Iterator[tuple[Word, ...]]:
    """The words asked for, as runs of neighbours in the query; phrases, fields and negated words left out."""
    match query:
        case Word():
            yield (query,)
        case And(items):
            run: list[Word] = []
            for item in items:
                if isinstance(item, Word):
                    run.append(item)
                    continue
                if run:
                    yield tuple(run)
                    run = []
                yield from runs(item)
            if run:
                yield tuple(run)
        case Or(items):
            for item in items:
                yield from runs(item)
        case _:
            return


def phrases(query: Query) -> Iterator[Phrase]:
    """The phrases asked for; negated ones left out."""
    match query:
        case Phrase():
            yield query
        case And(items) | Or(items):
            for item in items:
                yield from phrases(item)
        case _:
            return


def to_text(query: Query) -> str:
    """The query as a person would type it; `parse` makes the same tree of it again."""
    match query:
        case Word(text):
            # Quoted where the bare word would be read as an operator, or as a range after a number.
            return f'"{text}"' if text in {"OR", "HOẶC", "AND", "NOT"} else text
        case Phrase(words):
            return f'"{" ".join(word.text for word in words)}"'
        case Not(node):
            if isinstance(node, And | Or):
                return f"-({to_text(node)})"
            return f'-"{node.text}"' if isinstance(node, Word) and node.text[0].isnumeric() else f"-{to_text(node)}"
        case Field(name, value):
            return f"{SPOKEN[name]}:{value}" if value.isalnum() else f'{SPOKEN[name]}:"{value}"'
        case And(items):
            return " ".join(f"({to_text(item)})" if isinstance(item, Or) else to_text(item) for item in items)
        case Or(items):
            return " OR ".join(map(to_text, items))
        case Empty():
            return ""
