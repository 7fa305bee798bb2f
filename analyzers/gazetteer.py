"""Names of places and agencies in text: the longest known name at each place, all that it may mean, with offsets.

Pure: who loads the names is `archive.gazetteer`.  Matching is by folded tokens (`analyzers.tokens`), so case, tone
placement and y/i do not count; a name written with marks must have the marks of the name, one written without any may
be every name that folds to it.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from analyzers.fold import has_marks
from analyzers.tokens import LONGEST, TOKEN, folded_key, marked_key

LONGEST_NAME = 14
"""Tokens of a name; a longer one is not kept."""


class Name(NamedTuple):
    """One name of one thing: `kind` is the word before it ("xã", empty where the name stands alone)."""

    id: str
    kind: str
    text: str


class Mention(NamedTuple):
    """A name in a text: `text[start:end]`, of it `text[name:end]` without the word for the kind.

    `kind` is that word in full ("thành phố" for "TP."), empty where none is written; `ids` all that may be meant, in
    the order of the names given.
    """

    start: int
    name: int
    end: int
    kind: str
    ids: tuple[str, ...]


class _Entry(NamedTuple):
    id: str
    kind: str
    marked: tuple[str, ...]


class _Kind(NamedTuple):
    name: str
    folded: list[str]
    marked: list[str]


class Gazetteer:
    """Finds names in text.

    `kinds`: how the word for a kind is written -> the kind that it stands for ("tp": "thành phố"); without one before
    it a name is found only where it has `alone` tokens or more.  `spellings`: syllables that are written in several
    ways in names -> the one that stands for all of them ("đắk": "đăk").
    """

    def __init__(
        self,
        names: Iterable[Name],
        kinds: Mapping[str, str] | None = None,
        spellings: Mapping[str, str] | None = None,
        alone: int = 2,
    ) -> None:
        self._alone = alone
        self._same = {marked_key(one): marked_key(other) for one, other in (spellings or {}).items()}
        folds = {folded_key(one): folded_key(other) for one, other in (spellings or {}).items()}
        self._folds = {one: other for one, other in folds.items() if one != other}
        self._entries: dict[str, list[_Entry]] = {}
        self._kinds: dict[str, list[_Kind]] = {}
        self._kind_pairs: set[tuple[str, str]] = set()
        for written, kind in (kinds or {}).items():
            tokens = TOKEN.findall(written)
            one = _Kind(kind, [folded_key(token) for token in tokens], [marked_key(token) for token in tokens])
            self._kinds.setdefault(one.folded[0], []).append(one)
            self._kind_pairs.update(pairwise(one.folded[:2]))
        self._pairs: set[tuple[str, str]] = set()
        lengths: dict[str, set[int]] = {}
        for own, kind, text in names:
            tokens = TOKEN.findall(text)
            if not 0 < len(tokens) <= LONGEST_NAME:
                continue
            folded = [self._folded(token) for token in tokens]
            lengths.setdefault(folded[0], set()).add(len(folded))
            self._pairs.update(pairwise(folded[:2]))
            marked = tuple(map(self._marked, tokens))
            self._entries.setdefault(" ".join(folded), []).append(_Entry(own, kind, marked))
        self._lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}

    def find(self, text: str) -> list[Mention]:
        """The names in canonical `text` from left to right, the longest at each place, never overlapping."""
        tokens = TOKEN.findall(text)
        folded = list(map(folded_key, tokens))
        if self._folds:
            folded = [self._folds.get(key, key) for key in folded]
        begins = self._begins(folded)
        if not begins:
            return []
        spans = [(one.start(), min(one.end(), one.start() + LONGEST)) for one in TOKEN.finditer(text)]
        found: list[Mention] = []
        behind = 0
        for at in begins:
            if at < behind or not (match := self._at(tokens, folded, at)):
                continue
            name, behind, kind, ids = match
            found.append(Mention(spans[at][0], spans[name][0], spans[behind - 1][1], kind, ids))
        return found

    def _begins(self, folded: list[str]) -> list[int]:
        """Where a name may begin: two of its tokens are there, or the word for a kind and a name's first token."""
        pairs, kinds, lengths = self._pairs, self._kinds, self._lengths
        begins = [
            at
            for at, pair in enumerate(pairwise(folded))
            if pair in pairs or (pair[0] in kinds and (pair[1] in lengths or pair in self._kind_pairs))
        ]
        if self._alone > 1:
            return begins
        return sorted({*begins, *(at for at, key in enumerate(folded) if key in lengths)})

    def _at(self, tokens: list[str], folded: list[str], at: int) -> tuple[int, int, str, tuple[str, ...]] | None:
        """The best match that begins at a token: where its name begins, where it ends, its kind, what it means."""
        best: tuple[int, int, str, tuple[str, ...]] | None = None
        for kind in self._kinds.get(folded[at], ()):
            name = at + len(kind.folded)
            if folded[at:name] != kind.folded or not _agree(tokens[at:name], kind.marked):
                continue
            matched = self._named(tokens, folded, name, kind.name) if name < len(folded) else None
            if matched and (best is None or matched[0] > best[1]):
                best = (name, matched[0], kind.name, matched[1])
        bare = self._named(tokens, folded, at, "")
        if bare and bare[0] >= at + self._alone and (best is None or bare[0] > best[1]):
            return at, bare[0], "", bare[1]
        return best

    def _named(self, tokens: list[str], folded: list[str], at: int, kind: str) -> tuple[int, tuple[str, ...]] | None:
        """The longest name that begins at a token, of that kind if one is given: its end and its ids."""
        for length in self._lengths.get(folded[at], ()):
            end = at + length
            if end > len(folded):
                continue
            entries = self._entries.get(" ".join(folded[at:end]))
            if not entries:
                continue
            written = tokens[at:end]
            exact = tuple(map(self._marked, written)) if any(map(has_marks, written)) else None
            ids = dict.fromkeys(
                entry.id
                for entry in entries
                if (not kind or entry.kind == kind) and (exact is None or exact == entry.marked)
            )
            if ids:
                return end, tuple(ids)
        return None

    def _marked(self, token: str) -> str:
        key = marked_key(token)
        return self._same.get(key, key)

    def _folded(self, token: str) -> str:
        key = folded_key(token)
        return self._folds.get(key, key)


def _agree(written: list[str], marked: list[str]) -> bool:
    """Whether each word has no marks or those that it should have: "xa", "xã", not "xá"."""
    return all(not has_marks(one) or marked_key(one) == key for one, key in zip(written, marked, strict=True))


def is_capitalised(written: str) -> bool:
    """Whether every word of it begins with a capital letter, as names do: "Thống Nhất", not "thống nhất"."""
    return all(word[0].lower() != word[0] for word in TOKEN.findall(written))
