"""Document numbers as suggestions, each with how many records have it and the title of an only one.

The engine finds the newest that hold what was typed; the database decides which of them everyone may see and search.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from analyzers.document_types import BY_NAME, type_of
from analyzers.numbers import number_key
from search.engines.protocol import Engine
from search.numbering import number_words
from search.plan import Beginning, Bool, Clause, Keyword, Plan
from search.planning import Asker
from search.results import Suggestion
from search.suggested_titles import Found, public, visible
from search.suggested_typing import Typed

MOST_NUMBERS = 3
_NEWEST, _DRAWN = 30, 60  # records that are looked at for the numbers that are shown


def numbers(engine: Engine, session: Session, anyone: Asker, typed: Typed) -> list[Suggestion]:
    """Numbers with what is typed from its first numeral on: those that begin so first, then those that
    more of the records looked at have, then the newest.

    A type typed before the numeral ("thông tư số 5") leaves out numbers of another type.
    """
    at = next((n for n, word in enumerate(typed.words) if word[0].isdecimal()), None)
    if at is None:
        return []
    words = number_words(" ".join(typed.words[at:]))
    kind = _type(typed.words[:at])
    found: dict[str, list[Found]] = {}
    for clause in _clauses(typed.words[at], words, kind):
        for one in _looked_at(engine, session, anyone, clause):
            if _of_type(one.number, kind):
                found.setdefault(one.number, []).append(one)
    start = " ".join(words)
    ordered = sorted(
        found.values(),
        key=lambda some: (
            not " ".join(number_words(some[0].number)).startswith(start),
            -len({one.public_id for one in some}),
        ),
    )
    told = [_suggest(engine, anyone, some[0]) for some in ordered[:MOST_NUMBERS]]
    return sorted(told, key=lambda one: (not " ".join(number_words(one.text)).startswith(start), -one.count))


def _looked_at(engine: Engine, session: Session, anyone: Asker, clause: Clause) -> list[Found]:
    """Records that everyone may see: the newest, and where there are more, as many in the order of their identifiers,
    which is that of a lottery: what has many records is among them however old it is."""
    found: dict[str, Found] = {}
    query = Bool(filter=(*public(anyone), clause))
    for sort, most in (("by_date_desc", _NEWEST), ("", _DRAWN)):
        hits = engine.query(Plan("records", query, sort=sort, size=most)).hits
        seen = visible(session, anyone, [own for own, _ in hits if own not in found])
        found |= {one.public_id: one for one in seen if one.number}
        if len(hits) < most:
            break
    return list(found.values())


def _suggest(engine: Engine, anyone: Asker, one: Found) -> Suggestion:
    """The number with how many records have it, and the title of the only one."""
    same = Bool(filter=(*public(anyone), Keyword("number_keys", (number_key(one.number),))))
    count = max(1, engine.query(Plan("records", same, size=0)).total)
    return Suggestion(one.number, "number", one.public_id, count, one.level, one.title if count == 1 else "")


def beside(found: Iterable[Suggestion], titles: Iterable[Suggestion]) -> list[Suggestion]:
    """The numbers that no title says that is shown anyhow."""
    shown = [one.text for one in titles]
    return [one for one in found if not any(one.text in text and one.note.startswith(text) for text in shown)]


def _clauses(numeral: str, words: list[str], kind: str | None) -> list[Clause]:
    """A numeral alone may be the whole number of an old paper, which newer ones that only hold it would crowd out."""
    found: list[Clause] = []
    if len(words) == 1:
        found.append(Keyword("number_keys", (number_key(f"{words[0]}/{kind}") if kind else words[0],)))
    if len(words) > 1 or words[0] == numeral:  # "02" is 2 to its end, and no beginning of 2026
        found.append(Beginning("number_words", tuple(words)))
    return found


def _type(before: tuple[str, ...]) -> str | None:
    """The type that the words before the numeral name or abbreviate, None where they do not."""
    words = " ".join(before[:-1] if before[-1:] == ("so",) else before)
    return BY_NAME.get(words) or (type_of(words) if len(before) else None)


def _of_type(number: str, kind: str | None) -> bool:
    if kind is None:
        return True
    parts = number_key(number).split("/")[1:]
    named = [own for part in parts if not part.isdecimal() and (own := type_of(part.partition("-")[0]))]
    return kind in named or not named
