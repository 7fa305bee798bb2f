"""From the tree of a question to clauses: what counts as found, and apart from it what ranks (DESIGN section 4).

Found: one word must be there; of two or three words all; of more, 27 % of the pairs of neighbours, two at least, or of
a middling question every word.  A word typed with marks is there with these, or with none where that is no other word;
with other ones ("báo" for "bão") only beside a neighbour of the question.  Ranked: BM25 of marked words (where the
question has marks), folded words and folded pairs, summed over the groups of fields, each group inside its own right.
The same words are looked for in the description (right *see*) and in the text (right *search*); what the viewer may not
search takes no part in either.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from analyzers.tokens import folded_key, has_marks, marked_key, shingles, tokenize
from archive.access import AccessFilter
from archive.syllables import may_have_lost_marks
from search.fielding import SETTLED
from search.numbering import Unit, carried_by, sure_units
from search.plan import Access, All, AtLeast, Bool, Clause, Constant, Keyword, Nothing, Phrase, Range, Terms
from search.size import MOST_FOUND, MOST_OF_TITLE, MOST_RANKED, thinned
from search.tree import And, Empty, Field, Not, Or, Query, Word, phrases, runs
from search.tree import Phrase as PhraseNode

PAIRS_PERCENT = 27
LEAST_PAIRS = 2  # one alone ("thông tư" of "thông tư liên tịch") says nothing of the question
FEW_WORDS = 3  # up to as many, every one must be there
SOME_WORDS = 7  # up to as many, every one is enough, too, wherever it stands

#: What must be there of a run when nothing was found: by the rule; half of its words, or of a short one all of them
#: whatever their marks; any of them.
WIDEST = 2
PHRASE_BOOST = 2.0
OTHER_READING = 0.6  # what the words of a further reading weigh
TITLE_PERCENT, TITLE_BOOST = 80, 3.0
LEAST_OF_NAME, NAME_BOOST = 3, 20.0  # words side by side in a title, and their weight against the sums of each


@dataclass(frozen=True, slots=True)
class Group:
    """A group of text fields and what the viewer needs to match in it (None: nothing beyond the whole query's)."""

    name: str
    needs: AccessFilter | None
    weight: float = 1.0

    def within(self, clause: Clause) -> Clause:
        """The clause, only where the viewer has the right."""
        return clause if self.needs is None else Bool(must=(clause,), filter=(Access(self.needs),))


@dataclass(frozen=True, slots=True)
class Matcher:
    """Turns trees into clauses for one viewer; ``widening`` is 0, 1 or WIDEST."""

    groups: tuple[Group, ...]
    widening: int = 0
    of_records: bool = True  # pages have words only: what a field asks of their record holds already
    share: float = 1.0  # of a longer run's words or pairs that decide what is found
    units: tuple[Unit, ...] = ()  # the numbers of documents in the question

    def found(self, tree: Query) -> Clause:
        """What a record must have to be found; scores nothing worth keeping."""
        match tree:
            case Empty():
                return All()
            case Word():
                return self._run((tree,))
            case PhraseNode(words):
                return self._anywhere(lambda group: _phrase(group, words))
            case Field(name, value):
                return self._field(name, value)
            case Not(node):
                return Bool(must_not=(self._excluded(node),))
            case Or(items):
                return Bool(should=tuple(map(self.found, items)), minimum=1)
            case And(items):
                others = tuple(self.found(item) for item in items if not isinstance(item, Word))
                units = tuple(unit for unit in self.units if _has_unit(items, unit))
                plain = tuple(map(self._run, _runs_of(items)))
                free: tuple[Clause, ...] = (self._numbered(items, units),) if units else plain
                return Bool(filter=free + others)

    def found_any(self, tree: Query, others: Sequence[Query]) -> Clause:
        """What a record must have to be found by one of the readings."""
        room = MOST_FOUND / (1 + len(others))
        found = tuple(replace(self, share=room / max(room, _length(one))).found(one) for one in (tree, *others))
        return Bool(should=found, minimum=1) if others else found[0]

    def just_so(self, tree: Query) -> Clause:
        """Every free word of the question with the marks that it was typed with, or without any: "dat" is no "đất"."""
        words = tuple(dict.fromkeys(marked_key(word.text) for run in runs(tree) for word in run))
        return Bool(filter=tuple(self._anywhere(partial(_marked, word)) for word in words)) if words else All()

    def ranked(self, tree: Query, others: Sequence[Query] = ()) -> tuple[Clause, ...]:
        """What adds to a found record's score: each word once, at its weight in the best of the readings."""
        readings = [_words_asked(one) for one in (tree, *others)]
        if not any(readings):
            return ()
        sums = [_Sums(words) for words in readings]
        clauses = [group.within(Bool(should=tuple(self._sums(group, sums)))) for group in self.groups]
        # Names stand for each other: a record that lists them all says no more than one that has one of them.
        instead = list(dict.fromkeys(phrase.words for one in others for phrase in phrases(one) if phrase.whole))
        asked = {words: OTHER_READING / len(instead) for words in instead}
        asked |= {phrase.words: PHRASE_BOOST for phrase in phrases(tree)}
        for words, boost in asked.items():
            parts = (group.within(_phrase(group, words, boost)) for group in self.groups)
            clauses.append(Bool(should=tuple(parts), minimum=1))
        return tuple(clauses)

    def _sums(self, group: Group, readings: "list[_Sums]") -> Iterator[Clause]:
        if any(one.marks for one in readings):
            marked = _best(one.marked for one in readings)
            yield Terms(f"{group.name}_marked", marked, group.weight)
        yield Terms(f"{group.name}_folded", _best(one.folded for one in readings), group.weight)
        if pairs := _best(one.pairs for one in readings):
            yield Terms(f"{group.name}_shingles", pairs, group.weight)

    def _anywhere(self, clause: Callable[[Group], Clause]) -> Clause:
        parts = tuple(group.within(clause(group)) for group in self.groups)
        return parts[0] if len(parts) == 1 else Bool(should=parts, minimum=1)

    def _run(self, words: tuple[Word, ...]) -> Clause:
        folded = [folded_key(word.text) for word in words]
        distinct = self._shared(dict.fromkeys(folded))
        pairs = self._shared(dict.fromkeys(shingles(folded)))
        short, marked = len(folded) <= FEW_WORDS, has_typed_marks(words)
        if self.widening or (short and not marked):
            half = len(distinct) if short and marked else (len(distinct) + 1) // 2
            least = (len(distinct), half, 1)[self.widening]
            return self._anywhere(lambda group: AtLeast(f"{group.name}_folded", distinct, least))
        kept = tuple({key: word for key, word in zip(folded, words, strict=True) if key in distinct}.values())
        every = self._anywhere(lambda group: _all_as_typed(group, kept))
        if short:
            near = self._anywhere(lambda group: _all_with_a_pair(group, distinct, pairs))
            return Bool(should=(near, every), minimum=1) if pairs else every
        near = self._anywhere(lambda group: AtLeast(f"{group.name}_shingles", pairs, least_pairs(pairs)))
        return near if len(distinct) > SOME_WORDS else Bool(should=(near, every), minimum=1)

    def _numbered(self, items: tuple[Query, ...], units: tuple[Unit, ...]) -> Clause:
        """Words among which numbers stand: a record that has one as its own, or says all of them beside what the other
        words demand; widened, one of them or the other words.  On a page each is enough."""
        own = tuple(one.carried() for one in units) if self.of_records else ()
        sure = tuple(one for one in units if one.sure)
        if not sure or (self.widening == WIDEST and rest_of(items, sure)):
            words = tuple(map(self._run, _runs_of(items)))
            return Bool(should=(*own, Bool(filter=words)), minimum=1)
        said = tuple(map(self._said, sure))
        rest = rest_of(items, sure)
        if self.widening == 0 and self.of_records:
            demanded = (*said, self._run(rest)) if rest else said
            return Bool(should=(*own, Bool(filter=demanded)), minimum=1)
        other: tuple[Clause, ...] = (replace(self, widening=0)._run(rest),) if rest else ()
        if self.widening and not rest:
            other = tuple(one.alike() for one in sure) if self.of_records else ()
        if self.widening == WIDEST:
            other += tuple(map(self._some, _runs_of(items)))
        return Bool(should=(*own, *said, *other), minimum=1)

    def _some(self, words: tuple[Word, ...]) -> Clause:
        """Half of the parts of a number, two at least: one alone says nothing."""
        distinct = tuple(dict.fromkeys(folded_key(word.text) for word in words))
        least = max((len(distinct) + 1) // 2, min(2, len(distinct)))
        return self._anywhere(lambda group: AtLeast(f"{group.name}_folded", distinct, least))

    def _said(self, unit: Unit) -> Clause:
        def clause(group: Group) -> Clause:
            folded = f"{group.name}_folded"
            ways = tuple(Phrase(folded, way) for way in unit.said())
            year = (AtLeast(folded, (unit.beside,), 1),) if unit.beside else ()
            return Bool(filter=(Bool(should=ways, minimum=1), *year))

        return self._anywhere(clause)

    def _shared(self, keys: Iterable[str]) -> tuple[str, ...]:
        distinct = tuple(keys)
        return tuple(thinned(distinct, max(math.ceil(len(distinct) * self.share), FEW_WORDS)))

    def _excluded(self, node: Query) -> Clause:
        """What a negation takes away: exactly what was written, with its marks if it has any."""
        match node:
            case Word():
                return self._anywhere(lambda group: _as_typed(group, node))
            case And(items):
                return Bool(filter=tuple(map(self._excluded, items)))
            case Or(items):
                return Bool(should=tuple(map(self._excluded, items)), minimum=1)
            case Field() if not self.of_records:
                return Nothing()
            case _:
                return self.found(node)

    def _field(self, name: str, value: str) -> Clause:
        if not self.of_records:
            return All()
        if name == "year":
            first, last = Field(name, value).years
            return Range("years", first, last)
        if name == "number":
            return carried_by(value)
        if name == "access":
            spans = (one.split("..") for one in value.split())
            days = ((int(low) if low else None, int(high) if high else None) for low, high in spans)
            ranges = tuple(Range("everyone_from_read", low, high) for low, high in days)
            return Bool(should=ranges, minimum=1) if ranges else Nothing()
        if name in SETTLED:
            return Keyword(name, tuple(value.split()))
        return _in_title(value)


class _Sums:
    """How often each key of a reading's words was asked."""

    def __init__(self, words: list[tuple[Word, ...]]) -> None:
        folded = [[folded_key(word.text) for word in run] for run in words]
        self.marks = any(has_marks(word.text) for run in words for word in run)
        self.marked = Counter(marked_key(word.text) for run in words for word in run)
        self.folded = Counter(key for run in folded for key in run)
        self.pairs = Counter(pair for run in folded for pair in shingles(run))


def _words_asked(tree: Query) -> list[tuple[Word, ...]]:
    return [*runs(tree), *(phrase.words for phrase in phrases(tree) if not phrase.whole)]


def _length(tree: Query) -> int:
    return sum(map(len, runs(tree)))


def _best(readings: Iterable[Counter[str]]) -> tuple[tuple[str, float], ...]:
    """Each key with its weight in the main reading, which comes first, or what it weighs in another if that is more."""
    weights: dict[str, float] = {}
    for at, counted in enumerate(readings):
        for key, times in counted.items():
            weights[key] = max(weights.get(key, 0.0), times * (OTHER_READING if at else 1.0))
    return tuple(thinned(tuple(weights.items()), MOST_RANKED))


def title_clause(tree: Query) -> Clause | None:
    """What lifts a record whose title holds nearly all pairs of a longer question: somebody has the title in hand; or a
    short one whole, as the name of a person."""
    folded = [[folded_key(word.text) for word in run] for run in runs(tree)]
    counted = Counter(pair for run in folded for pair in shingles(run))
    if len(counted) < FEW_WORDS:
        named = folded[0] if len(folded) == 1 and len(folded[0]) >= LEAST_OF_NAME else ()
        return Constant(Phrase("title_folded", tuple(named)), NAME_BOOST) if named else None
    pairs = dict(thinned(tuple(counted.items()), MOST_OF_TITLE))
    least = -(-len(pairs) * TITLE_PERCENT // 100)
    near = AtLeast("title_shingles", tuple(pairs), least)
    return Bool(must=(Terms("title_shingles", _weighted(pairs), TITLE_BOOST),), filter=(near,))


def least_pairs(pairs: Sequence[str]) -> int:
    """How many of a longer run's (distinct) pairs must be there for a record to be found."""
    return max(len(pairs) * PAIRS_PERCENT // 100, min(LEAST_PAIRS, len(pairs)))


def is_short(tree: Query) -> bool:
    """Whether every word of the question must be there."""
    return all(len(run) <= FEW_WORDS for run in runs(tree))


def has_typed_marks(words: Sequence[Word]) -> bool:
    """Whether some of the words were typed with marks."""
    return any(has_marks(word.text) for word in words)


def can_widen(tree: Query) -> bool:
    """Whether some run of the question has more than one word, or one with marks."""
    return any(len(run) > 1 or has_marks(run[0].text) for run in runs(tree))


def free_units(tree: Query, text: str) -> tuple[tuple[Unit, ...], tuple[Word, ...]]:
    """The numbers that must be had, of those in the question `text` that stand free in its tree, and the words beside
    them."""
    items = tree.items if isinstance(tree, And) else ()
    units = tuple(unit for unit in sure_units(text) if _has_unit(items, unit))
    return units, rest_of(items, units)


def _has_unit(items: tuple[Query, ...], unit: Unit) -> bool:
    """Whether the words of a number stand among the items as they stand in the question."""
    there = [item.text for item in items if isinstance(item, Word) and _within(item, unit)]
    return tuple(map(folded_key, there)) == unit.words


def _within(word: Word, unit: Unit) -> bool:
    return unit.start <= word.start and word.end <= unit.end


def rest_of(items: tuple[Query, ...], units: Sequence[Unit]) -> tuple[Word, ...]:
    """The free words beside the numbers, as one run."""
    words = (item for item in items if isinstance(item, Word))
    return tuple(word for word in words if not any(_within(word, unit) for unit in units))


def _runs_of(items: tuple[Query, ...]) -> list[tuple[Word, ...]]:
    return list(runs(And(tuple(item if isinstance(item, Word) else Empty() for item in items))))


def _marked(word: str, group: Group) -> Clause:
    return AtLeast(f"{group.name}_marked", (word,), 1)


def _as_typed(group: Group, word: Word, lost: bool = False) -> Clause:
    """A word with its marks, if it was typed with any; ``lost``: or without where that is no other word, since texts
    lose marks, and telegrams had none ("lut" is lụt, "bao" is not bão)."""
    folded = folded_key(word.text)
    if not has_marks(word.text):
        return AtLeast(f"{group.name}_folded", (folded,), 1)
    bare = (folded,) if lost and may_have_lost_marks(folded) else ()
    return AtLeast(f"{group.name}_marked", (marked_key(word.text), *bare), 1)


def _all_as_typed(group: Group, words: Sequence[Word]) -> Clause:
    clauses = tuple(dict.fromkeys(_as_typed(group, word, lost=True) for word in words))
    return clauses[0] if len(clauses) == 1 else Bool(filter=clauses)


def _all_with_a_pair(group: Group, folded: tuple[str, ...], pairs: tuple[str, ...]) -> Clause:
    """Every word whatever its marks, two neighbours of the question side by side."""
    pair = AtLeast(f"{group.name}_shingles", pairs, 1)
    every = AtLeast(f"{group.name}_folded", folded, len(folded))
    return Bool(filter=(every, pair)) if len(folded) > 2 else pair


def _weighted(count: Mapping[str, int]) -> tuple[tuple[str, float], ...]:
    return tuple((term, float(times)) for term, times in count.items())


def _phrase(group: Group, words: tuple[Word, ...], boost: float = 1.0) -> Clause:
    texts = [word.text for word in words]
    return _side_by_side(f"{group.name}_folded", f"{group.name}_marked", texts, boost)


def _in_title(value: str) -> Clause:
    """The words in the title; their marks in the description, of which it is a part."""
    return _side_by_side("title_folded", "description_marked", [one.text for one in tokenize(value)])


def _side_by_side(folded: str, marked: str, texts: Sequence[str], boost: float = 1.0) -> Clause:
    """The folded phrase and all its words that carry marks: a marked phrase without positions on the marked field."""
    phrase = Phrase(folded, tuple(map(folded_key, texts)), boost)
    typed = tuple(dict.fromkeys(marked_key(one) for one in texts if has_marks(one)))
    return Bool(must=(phrase,), filter=(AtLeast(marked, typed, len(typed)),)) if typed else phrase
