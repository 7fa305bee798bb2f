"""Why a record is among the results: which words of the question stand where in it, and what counted.

Said of what the viewer may see and search, nothing else.  Scores are for staff alone: they tell how common a word is in
what others may not read.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from analyzers.tokens import folded_key, folded_keys, has_marks, keys, marked_key, shingles
from search.closeness import PASSAGE
from search.engines.protocol import Engine
from search.excerpts import matching_pages, read_texts
from search.findings import Found
from search.matching import FEW_WORDS, free_units, is_short, least_pairs, title_clause
from search.numbering import keys_clause
from search.plan import AtLeast, Bool, Clause, Keyword, Plan, Terms
from search.planning import Asker, ranking
from search.results import Explanation, Hit
from search.tree import Word, phrases, runs
from search.understanding import Understood

MOST_WORDS = 40  # of the question
MOST_PAGES = 20  # of the record, the best ones


@dataclass(frozen=True, slots=True)
class WordPlaces:
    """Where a word of the question stands: in the title, elsewhere in the description, ``times`` on ``pages``.

    ``marked`` of these times it has just the marks that were typed (all of them where none were).  ``other``: a word of
    another reading (an older name, an abbreviation written out), not of what was typed.
    """

    text: str
    other: bool
    title: bool
    description: bool
    times: int
    marked: int
    pages: tuple[int, ...]

    @property
    def somewhere(self) -> bool:
        """Whether it stands anywhere."""
        return self.title or self.description or self.times > 0


@dataclass(frozen=True, slots=True)
class Why:
    """The hit, the words of the question in their order, what counted in words, and (staff) the parts of its score:
    name of the field or the bonus, and how much it added."""

    hit: Hit
    words: tuple[WordPlaces, ...]
    counted: tuple[Explanation, ...]
    scores: tuple[tuple[str, float], ...] = ()


class _Page(NamedTuple):
    n: int
    marked: list[str]
    folded: list[str]


@dataclass(frozen=True, slots=True)
class Reasons:
    """Looks for the reasons of one question of one viewer, widened so far."""

    session: Session
    engine: Engine
    asker: Asker
    asked: Understood
    widening: int

    def why(self, hit: Hit, record: Found, *, searchable: bool, told: tuple[Explanation, ...] = ()) -> Why:
        """The reasons for a hit; ``searchable``: whether the viewer may search its text.  ``told`` stands last."""
        pages = self._read_pages(record) if searchable else []
        words = tuple(self._places(record, pages, word, other) for word, other in _words(self.asked))
        counted = (*self._counted(record, pages), *told, *(() if searchable else (_CLOSED,)))
        scores = self._scores(record) if self.asker.viewer.is_staff else ()
        return Why(hit, words, counted, scores)

    def _places(self, record: Found, pages: Sequence[_Page], word: Word, other: bool) -> WordPlaces:
        folded, marked = folded_key(word.text), marked_key(word.text)
        just = other and has_marks(word.text)  # of what nobody typed only what is written so: "Kỳ" is no "ký"
        here = {
            page.n: [
                m for m, f in zip(page.marked, page.folded, strict=True) if f == folded and (m == marked or not just)
            ]
            for page in pages
        }
        times = sum(map(len, here.values()))
        exact = sum(found.count(marked) for found in here.values()) if has_marks(word.text) else times
        in_title = folded in folded_keys(record.title)
        described = not in_title and self._has(record, AtLeast("description_folded", (folded,), 1))
        on = tuple(n for n, found in here.items() if found)
        return WordPlaces(word.text, other, in_title, described, times, exact, on)

    def _counted(self, record: Found, pages: Sequence[_Page]) -> Iterator[Explanation]:
        """What made the record a result, the strongest first."""
        number = keys_clause(self.asked.numbered)
        if carried := number is not None and self._has(record, number):
            yield _NUMBER
        matcher = self.asker.matcher()
        for leaning in self.asked.leaning:
            if leaning.value and self._has(record, matcher.found(leaning)):
                yield _LEANING[leaning.name]
        if (title := title_clause(self.asked.tree)) is not None and self._has(record, title):
            yield _TITLE
        if any(True for _ in phrases(self.asked.tree)):
            yield _PHRASE
        units, rest = free_units(self.asked.tree, self.asked.numbered)
        if units and not carried and not self.widening:
            yield _CITED
        words = rest if units else max(runs(self.asked.tree), key=len, default=())
        if self.widening or not words or (units and carried):
            pass  # what was widened is told with the question, and a phrase or a field asks nothing more
        elif len(words) <= FEW_WORDS if units else is_short(self.asked.tree):
            yield _ALL
        else:
            yield self._pairs(record, pages, words)
        wanted = {folded_key(word.text) for word, _ in _words(self.asked)}
        if len(wanted) > FEW_WORDS and pages:
            most, n = max((best_passage(page.folded, wanted), -page.n) for page in pages)
            if most > 1:
                yield Explanation(
                    "passage",
                    f"Đoạn gần câu hỏi nhất ở trang {-n} có {most} trong {len(wanted)} chữ khác nhau.",
                    f"The closest passage, on page {-n}, has {most} of {len(wanted)} different words.",
                )

    def _pairs(self, record: Found, pages: Sequence[_Page], longest: Sequence[Word]) -> Explanation:
        pairs = tuple(dict.fromkeys(shingles([folded_key(word.text) for word in longest])))[:MOST_WORDS]
        said = {pair for page in pages for pair in shingles(page.folded)} | set(shingles(folded_keys(record.title)))
        there = (p in said or self._has(record, AtLeast("description_shingles", (p,), 1)) for p in pairs)
        asked, had, least = len(pairs), sum(there), least_pairs(pairs)
        if had < least:  # a middling question, all of whose words stand there, apart
            return _ALL_APART
        return Explanation(
            "pairs",
            f"Câu hỏi có {asked} cặp chữ liền nhau; tài liệu này có {had} cặp, cần ít nhất {least}.",
            f"The question has {asked} pairs of neighbouring words; this record has {had}, needed are {least}.",
        )

    def _scores(self, record: Found) -> tuple[tuple[str, float], ...]:
        """What each part of the ranking adds to the record's score in the engine, the most first."""
        scores: dict[str, float] = {}
        for name, clause in ranking(self.asker, self.asked, self.widening):
            for part in _parts(clause):
                query = Bool(filter=(*self.asker.may_see(), Keyword("id", (record.public_id,))), should=(part,))
                hits = self.engine.query(Plan("records", query, size=1)).hits
                part_of = _field(part) or name
                scores[part_of] = scores.get(part_of, 0.0) + (hits[0][1] if hits else 0.0)
        return tuple(sorted(((name, score) for name, score in scores.items() if score > 0), key=lambda one: -one[1]))

    def _read_pages(self, record: Found) -> list[_Page]:
        numbers = matching_pages(self.engine, self.asker, record.public_id, self.asked, MOST_PAGES, None)
        texts = read_texts(self.session, {record.id: numbers})
        return [_Page(n, *keys(texts.get((record.id, n), ""))) for n in sorted(numbers)]

    def _has(self, record: Found, clause: Clause) -> bool:
        query = Bool(filter=(*self.asker.may_see(), Keyword("id", (record.public_id,)), clause))
        return self.engine.query(Plan("records", query, size=0)).total > 0


def best_passage(folded: Sequence[str], wanted: set[str]) -> int:
    """The most different words of ``wanted`` within PASSAGE neighbouring words."""
    held: Counter[str] = Counter()
    most = 0
    for at, word in enumerate(folded):
        if word in wanted:
            held[word] += 1
        if at >= PASSAGE and folded[at - PASSAGE] in wanted:
            held[folded[at - PASSAGE]] -= 1
        most = max(most, sum(count > 0 for count in held.values())) if word in wanted else most
    return most


def _words(asked: Understood) -> list[tuple[Word, bool]]:
    """The different words of the readings in their order, each with whether only another reading has it."""
    found: dict[str, tuple[Word, bool]] = {}
    for other, tree in ((False, asked.tree), *((True, one) for one in asked.others)):
        for words in (*runs(tree), *(phrase.words for phrase in phrases(tree))):
            for word in words:
                found.setdefault(folded_key(word.text), (word, other))
    return list(found.values())[:MOST_WORDS]


def _parts(clause: Clause) -> Iterator[Clause]:
    """The sums of single fields in a clause, each still inside its right; the clause itself where it is no sum."""
    if isinstance(clause, Bool) and len(clause.must) == 1 and isinstance(clause.must[0], Bool):
        for part in _parts(clause.must[0]):
            yield Bool(must=(part,), filter=clause.filter)
    elif isinstance(clause, Bool) and clause.should and all(isinstance(one, Terms) for one in clause.should):
        yield from clause.should
    else:
        yield clause


def _field(part: Clause) -> str:
    inner = part.must[0] if isinstance(part, Bool) and len(part.must) == 1 else part
    return inner.field if isinstance(inner, Terms) else ""


_NUMBER = Explanation(
    "number",
    "Số văn bản trong câu hỏi đúng là số của tài liệu này: điều này đứng trên mọi điều khác.",
    "The document number in the question is this record's: that stands above everything else.",
)
_CITED = Explanation(
    "number-said",
    "Số văn bản trong câu hỏi đứng nguyên trong tài liệu này.",
    "The document number in the question stands in this record as one phrase.",
)
_LEANING = {
    "type": Explanation("type", "Đúng loại văn bản trong câu hỏi.", "Of the type that the question names."),
    "issuer": Explanation(
        "issuer", "Do cơ quan trong câu hỏi ban hành.", "Issued by the body that the question names."
    ),
    "year": Explanation("year", "Thuộc thời gian trong câu hỏi.", "Of the time that the question names."),
}
_TITLE = Explanation(
    "title", "Tiêu đề nói gần hết câu hỏi.", "The title says nearly all of the question."
)  # fmt: skip
_CLOSED = Explanation(
    "description-only",
    "Nội dung của tài liệu này không mở cho bạn tìm: chỉ phần mô tả được so với câu hỏi.",
    "The text of this record is not open to your search: only its description was compared with the question.",
)
_PHRASE = Explanation(
    "phrase",
    "Cụm chữ trong ngoặc kép đứng nguyên trong tài liệu.",
    "The words in quotes stand in the record as one phrase.",
)
_ALL_APART = Explanation(
    "all-words",
    "Tài liệu có đủ các chữ của câu hỏi, trong phần mô tả hoặc trong nội dung, dù không liền nhau.",
    "All words of the question stand in the description or in the text, though apart.",
)
_ALL = Explanation(
    "all-words",
    "Câu hỏi ngắn: tài liệu phải có đủ các chữ, trong phần mô tả hoặc trong nội dung.",
    "A short question: all its words must stand in the description or in the text.",
)
