"""How words are spelled in what everyone may search, read from the catalogue's lexicon."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from analyzers.tokens import marked_key
from archive.among import among_named
from archive.catalogue.lexicon import Spelling

_PART = 500  # keys of one question to the database
_FORMS = select(Spelling.key, Spelling.forms).where(among_named(Spelling.key, "wanted"))


@dataclass(frozen=True, slots=True)
class Form:
    """A spelling in small letters, its marked keys joined by blanks, and how often it was met."""

    text: str
    marked: str
    count: int


class Lexicon:
    """Spellings by folded keys, of one word or of two neighbours joined by a blank."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def forms(self, wanted: Iterable[str]) -> dict[str, tuple[Form, ...]]:
        """The spellings of those of the keys that are known, the most frequent first."""
        asked = sorted({key for key in wanted if key})
        found: dict[str, tuple[Form, ...]] = {}
        for start in range(0, len(asked), _PART):
            rows = self._session.connection().execute(_FORMS, {"wanted": asked[start : start + _PART]})
            for key, forms in rows.all():
                found[key] = _read(forms)
        return found


@lru_cache(maxsize=4_096)  # some 4 MB
def _read(forms: str) -> tuple[Form, ...]:
    return tuple(map(_form, forms.split("\n")))


def _form(line: str) -> Form:
    text, _, count = line.partition("\t")
    return Form(text, " ".join(map(marked_key, text.split())), int(count))
