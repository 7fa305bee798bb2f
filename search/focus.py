"""The parts of a long text worth highlighting in: found by plain string search, which costs far less than tokens."""

from itertools import pairwise

from analyzers.fold import fold
from analyzers.tokens import PAGE_BREAK
from search.tree import Query, phrases, runs

WINDOW = 400  # code points; the highlighter chooses its snippet inside (600 show no more words, and cost more)
SHORT_WINDOW = 200  # of those after the first
MOST_WINDOWS = 3
_BEFORE = 80  # of them before the first match, so that the snippet has room
_MOST = 40  # places of one piece


class Focus:
    """What of a question is looked for in texts; one is made for all texts of an answer."""

    def __init__(self, tree: Query) -> None:
        asked = [[word.text for word in run] for run in (*runs(tree), *(phrase.words for phrase in phrases(tree)))]
        typed, folded = ([[change(word) for word in run] for run in asked] for change in (str.lower, fold))
        self._pairs, self._singles = _pairs(typed), _singles(typed)
        self._folded_pairs, self._folded_singles = _pairs(folded), _singles(folded)

    def window(self, text: str) -> str:
        """The windows of a long canonical text with the most different neighbours of the question, parted by page
        breaks.

        The first window is the best; up to two short ones follow where they hold neighbours that no earlier one has.
        All stand in their order in the text, which is given back whole where it is short.  Where no two neighbours of
        the question stand together, single words count; where none does, the beginning is given back.
        """
        if len(text) <= WINDOW:
            return text
        lowered = text.lower()
        lowered = lowered if len(lowered) == len(text) else ""
        places = _places(lowered, self._pairs) or self._otherwise(lowered, fold(text))
        return PAGE_BREAK.join(text[start:end] for start, end in _windows(text, places)) if places else text[:WINDOW]

    def _otherwise(self, lowered: str, folded: str) -> list[tuple[int, str]]:
        return (
            _places(folded, self._folded_pairs)
            or _places(lowered, self._singles)
            or _places(folded, self._folded_singles)
        )


def _windows(text: str, places: list[tuple[int, str]]) -> list[tuple[int, int]]:
    """The windows in order, apart from each other."""
    chosen: list[tuple[int, int]] = []
    while places and len(chosen) < MOST_WINDOWS:
        width = SHORT_WINDOW if chosen else WINDOW
        start, end = _cut(text, max(_best(places, width) - _BEFORE, 0), width)
        for first, last in chosen:
            start, end = (max(start, last), end) if first <= start else (start, min(end, first))
        if end <= start:
            break
        chosen.append((start, end))
        held = {piece for at, piece in places if start <= at and at + len(piece) <= end}
        # What begins in a window and ends outside it would be met again and again.
        places = [(at, piece) for at, piece in places if piece not in held and not _inside(at, chosen)]
    return sorted(chosen)


def _inside(at: int, chosen: list[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in chosen)


def _cut(text: str, start: int, width: int) -> tuple[int, int]:
    """The window from there, moved inwards so that it begins and ends between words where there are any."""
    end = min(start + width, len(text))
    if start and (blank := text.find(" ", start, start + _BEFORE)) >= 0:
        start = blank + 1
    if end < len(text) and (blank := text.rfind(" ", end - _BEFORE, end)) >= 0:
        end = blank
    return start, end


def _pairs(words: list[list[str]]) -> set[str]:
    return {f"{left} {right}" for run in words for left, right in pairwise(run)}


def _singles(words: list[list[str]]) -> set[str]:
    return {word for run in words for word in run}


def _places(folded: str, pieces: set[str]) -> list[tuple[int, str]]:
    found = []
    for piece in pieces:
        at, left = folded.find(piece), _MOST
        while at >= 0 and left:
            found.append((at, piece))
            at, left = folded.find(piece, at + len(piece)), left - 1
    return sorted(found)


def _best(places: list[tuple[int, str]], width: int) -> int:
    """Where the window with the most different pieces begins; the first of equals."""
    inside: dict[str, int] = {}
    best, choice, first = 0, places[0][0], 0
    for at, piece in places:
        inside[piece] = inside.get(piece, 0) + 1
        while at - places[first][0] > width - 2 * _BEFORE:
            left = places[first][1]
            inside[left] -= 1
            if not inside[left]:
                del inside[left]
            first += 1
        if len(inside) > best:
            best, choice = len(inside), places[first][0]
    return choice
