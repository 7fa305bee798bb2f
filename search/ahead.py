"""What an answer needs beside its hits, made while the engine looks for them: spellings are looked up, facets labelled.

A question is searched as it was typed, and anew where a word of it turns out to be plainly misspelled: most have none,
and nobody waits for the look.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from search.asked import Question
from search.engines.protocol import Engine
from search.excerpts import Excerpts
from search.labels import label_facets
from search.plan import Buckets
from search.planning import MOST_VALUES
from search.results import FacetValue
from search.spellings import IndexSpellings
from search.understanding.spelling import read_spelling

Labelled = Mapping[str, tuple[FacetValue, ...]]


class MisspelledError(Exception):
    """A word of the question is to be searched in another spelling: what was asked is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Made:
    """Whether the question is misspelled; else the questions that may be meant, what marks its words in texts, and the
    facets of its first asking."""

    misspelled: bool
    offers: tuple[str, ...] = ()
    excerpts: Excerpts | None = None
    buckets: Mapping[str, Buckets] | None = None
    labelled: Labelled | None = None


class Ahead:
    """Made in the thread that counts the facets, on a connection of its own.  What goes wrong there is raised where it
    is asked for."""

    def __init__(
        self, engine: Engine, sessions: Callable[[], AbstractContextManager[Session]], question: Question
    ) -> None:
        self._engine, self._sessions, self._question = engine, sessions, question
        self._made: Future[Made] = Future()

    def counted(self, buckets: Mapping[str, Buckets]) -> None:
        """Makes it all."""
        try:
            with self._sessions() as session:
                made = self._make(session, buckets)
        except Exception as error:  # told to who asks
            self._made.set_exception(error)
        else:
            self._made.set_result(made)

    def check(self, *, wait: bool) -> None:
        """Raises MisspelledError; unless it is to ``wait``, only if that is known already."""
        if (wait or self._made.done()) and self._made.result().misspelled:
            raise MisspelledError

    def offers(self) -> tuple[str, ...]:
        """Whole questions that may be meant.  Raises MisspelledError."""
        self.check(wait=True)
        return self._made.result().offers

    def excerpts(self) -> Excerpts | None:
        """What marks the words of the question as it was typed; nothing where it is misspelled."""
        return self._made.result().excerpts

    def labelled(self, session: Session, buckets: Mapping[str, Buckets]) -> Labelled:
        """The facets with their labels: those that were labelled, or others (the question was asked anew)."""
        made = self._made.result()
        if made.labelled is not None and made.buckets is buckets:
            return made.labelled
        return self._label(session, buckets)

    def _make(self, session: Session, buckets: Mapping[str, Buckets]) -> Made:
        asked, criteria, asker = self._question.asked, self._question.criteria, self._question.asker
        spelled = read_spelling(criteria, asked.text, asked.tree, IndexSpellings(self._engine, session, asker))
        if spelled.changes:
            return Made(misspelled=True)
        return Made(False, spelled.offers, Excerpts(asked.marked), buckets, self._label(session, buckets))

    def _label(self, session: Session, buckets: Mapping[str, Buckets]) -> Labelled:
        asker = self._question.asker
        return label_facets(session, asker.viewer, asker.day, self._question.criteria, buckets, MOST_VALUES)
