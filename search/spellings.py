"""What spelling has to know: the lexicon, and what the index holds, for this viewer and for everyone."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from analyzers.tokens import folded_key, has_marks, marked_key, shingles
from archive.access import Viewer
from search.engines.protocol import Engine
from search.lexicon import Form, Lexicon
from search.plan import AtLeast, Bool, Clause, Plan
from search.planning import Asker


class IndexSpellings:
    """Knowledge of spellings for one question of one viewer (`search.understanding.spelling.Spellings`)."""

    def __init__(self, engine: Engine, session: Session, asker: Asker) -> None:
        self._engine, self._asker, self._lexicon = engine, asker, Lexicon(session)

    def forms(self, wanted: Iterable[str]) -> dict[str, tuple[Form, ...]]:
        """The spellings of those of the folded words and pairs that are known, the most frequent first."""
        return self._lexicon.forms(wanted)

    def finds(self, word: str, *, marks: bool = False) -> bool:
        """Whether the viewer would find the word, whatever its marks or with just these."""
        clauses = [group.within(_has(group.name, [word], marks=marks)) for group in self._asker.matcher().groups]
        return self._any(self._asker.may_see(), clauses)

    def may_tell(self, words: Sequence[str]) -> bool:
        """Whether a record that everyone may see and search has these neighbours so spelled: now, not when the lexicon
        was made."""
        anyone = Asker(Viewer.anonymous(), self._asker.day, self._asker.vetoes)
        public = (*anyone.may_see(), *anyone.may_search())
        return self._any(public, [_has(group, words, marks=True) for group in ("text", "description")])

    def _any(self, allowed: tuple[Clause, ...], clauses: list[Clause]) -> bool:
        query = Bool(filter=(*allowed, Bool(should=tuple(clauses), minimum=1)))
        return self._engine.query(Plan("records", query, size=0)).total > 0


def _has(group: str, words: Sequence[str], *, marks: bool) -> Clause:
    folded = tuple(dict.fromkeys(map(folded_key, words)))
    parts: list[Clause] = [AtLeast(f"{group}_folded", folded, len(folded))]
    if pairs := tuple(dict.fromkeys(shingles(list(map(folded_key, words))))):
        parts.append(AtLeast(f"{group}_shingles", pairs, len(pairs)))
    if marked := tuple(dict.fromkeys(marked_key(word) for word in words if marks and has_marks(word))):
        parts.append(AtLeast(f"{group}_marked", marked, len(marked)))
    return Bool(filter=tuple(parts))
