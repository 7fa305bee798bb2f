"""How to go on typing: numbers, names and titles from what everyone may see and search, whoever asks.

So a suggestion says nothing that an anonymous search would not say.  What begins as typed comes first, then what has
the words anywhere; of equals the more frequent, then the shorter.
"""

from sqlalchemy.orm import Session

from analyzers.tokens import has_marks, keys
from analyzers.typed_keys import from_keys
from archive.access import Viewer
from search.engines.protocol import Engine
from search.planning import Asker
from search.results import Suggestion
from search.suggested_names import NameSuggester
from search.suggested_numbers import beside, numbers
from search.suggested_titles import TitleSuggester
from search.suggested_typing import Typed, written_out

MOST_TITLES, MOST_NAMES, NAMES_FIRST = 5, 4, 2
FEWEST_LETTERS = 2


class Suggester:
    """Suggests by an engine; keeps the authority names in memory until their tables change."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._names, self._titles = engine, NameSuggester(engine), TitleSuggester(engine)

    def suggest(self, session: Session, day: int, vetoes: tuple[str, ...], text: str) -> list[Suggestion]:
        """Best first, none twice; nothing for less than FEWEST_LETTERS letters."""
        typed = read_typed(text)
        if sum(map(len, typed.words)) < FEWEST_LETTERS:
            return []
        anyone = Asker(Viewer.anonymous(), day, vetoes)
        begun, other = self._named(session, anyone, typed, written_out(text))
        titles, beginnings = self._titles.that_begin(session, anyone, typed, MOST_TITLES)
        further: list[Suggestion] = []
        if len(titles) < MOST_TITLES:
            further = self._further(session, anyone, typed, titles)
        names = [*begun[NAMES_FIRST:], *other][: MOST_NAMES - min(len(begun), NAMES_FIRST)]
        found_numbers = numbers(self._engine, session, anyone, typed)
        if not typed.words[0][0].isdecimal():  # who types a number wants it on its own
            found_numbers = beside(found_numbers, [*titles, *further])
        return [
            *found_numbers,
            *begun[:NAMES_FIRST],
            *titles,
            *names,
            *further,
            *beginnings,
        ]

    def _named(
        self, session: Session, anyone: Asker, typed: Typed, full: str
    ) -> tuple[list[Suggestion], list[Suggestion]]:
        """The names for what is typed, and for what its abbreviations mean."""
        begun, other = self._names.suggest(session, anyone, typed)
        if full:
            more_begun, more = self._names.suggest(session, anyone, read_typed(full))
            begun += [one for one in more_begun if one not in begun]
            other = [one for one in [*other, *(one for one in more if one not in other)] if one not in begun]
        return begun, other

    def _further(self, session: Session, anyone: Asker, typed: Typed, titles: list[Suggestion]) -> list[Suggestion]:
        """Titles that have the words elsewhere: side by side, then apart."""
        found: list[Suggestion] = []
        for more in (self._titles.anywhere, self._titles.apart):
            if len(titles) + len(found) < MOST_TITLES:
                seen = {one.text for one in (*titles, *found)}
                some = more(session, anyone, typed, MOST_TITLES)
                found += [one for one in some if one.text not in seen][: MOST_TITLES - len(seen)]
        return found


def read_typed(text: str) -> Typed:
    """The words of the (canonical) text, as they are asked for; typed in Telex or VNI keys, as they are meant."""
    if meant := from_keys(text):
        text = meant.text
    found = keys(text)
    return Typed(tuple(found.folded), tuple(found.marked) if has_marks(text) else ())
