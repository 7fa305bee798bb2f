"""Text in legacy Vietnamese encodings found and decoded, also where it stands in the middle of Unicode text.

Takes text as it was read, before `analyzers.normal.canon`: TCVN3 writes ư as a soft hyphen and é as Ð, which the
canonical form repairs away.  A word is legacy if it is no syllable as it stands and one when decoded; a word that is a
syllable both ways ("tê", which may be tờ) follows its neighbours.  Words that are syllables only as they stand, or hold
a letter that Latin-1 has not, are Unicode: they are never touched, and end the run.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from analyzers.legacy_tables import TCVN3, Encoding, decoded_word, is_word_of
from analyzers.syllables import TONELESS, is_syllable, take_tone

_SIGNS = "".join(re.escape(code) for code in TCVN3)
_WORD = re.compile(rf"(?:[^\W\d_]++|[\u0300-\u036f{_SIGNS}]++)++")
_VIQR_WORD = re.compile(r"[A-Za-z](?:[A-Za-z]|[\^(+*`'~?.](?!\())*")
_VIQR_SIGN = re.compile(r"[aeiouyAEIOUY][\^(+`'~]")
_BORDER = re.compile(r"[\n|\t\f]")
_SIGNS_ALONE = frozenset("×÷®©·¹ª¬µ")  # more often what they look like than a word of one letter
_UNITS = frozenset({"µm", "ºc"})
_OF_NAMES = frozenset({"giê"})  # An-giê-ri
_ENOUGH: dict[Encoding, float] = {"tcvn3": 0.7, "vni": 0.7, "viqr": 0.9}
_REMEMBERED = 40  # code points: whatever is longer is no word that comes again
_ONE_BYTE: tuple[Encoding, ...] = ("tcvn3", "vni")
_FONTS: tuple[tuple[str, Encoding], ...] = ((".vn", "tcvn3"), ("vni-", "vni"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """`text` with its legacy runs decoded, the rest as it was; `encoding` of most of them, None if there are none.

    `confidence` (0 to 1) is that of the surest run; `changed` counts words.
    """

    text: str
    encoding: Encoding | None
    confidence: float
    changed: int


@dataclass(slots=True)
class _Run:
    """Neighbouring words of one encoding: where each stands, and how sure the encoding is."""

    words: list[re.Match[str]]
    encoding: Encoding
    confidence: float


def detect(text: str) -> tuple[Encoding | None, float]:
    """The legacy encoding of the surest run in `text` and its confidence; (None, 0.0) where all is Unicode."""
    runs = _runs(text)
    if not runs:
        return None, 0.0
    surest = max(runs, key=lambda run: run.confidence)
    return surest.encoding, surest.confidence


def decode(text: str, font: str = "") -> Decoded:
    """`text` with its legacy runs in Unicode (NFC).  `font` is the name of the font it was set in, if that is known.

    A font of a legacy encoding (".VnTime", "VNI-Times") decides for the whole text; ".VnTimeH" shows capitals.
    """
    of_font = next((encoding for begun, encoding in _FONTS if font.lower().startswith(begun)), None)
    runs = [_Run(list(_WORD.finditer(text)), of_font, 1.0)] if of_font else _runs(text)
    capitals = of_font == "tcvn3" and font.endswith("H")
    pieces: list[str] = []
    counted: Counter[Encoding] = Counter()
    at = 0
    for run in runs:
        for word, replaced in zip(run.words, _decoded(run), strict=True):
            if replaced != word[0]:
                pieces += [text[at : word.start()], replaced]
                at = word.end()
                counted[run.encoding] += 1
    decoded = "".join(pieces) + text[at:]
    if not counted and not capitals:
        return Decoded(text, None, 0.0, 0)
    encoding = counted.most_common(1)[0][0] if counted else of_font
    confidence = max(run.confidence for run in runs)
    return Decoded(decoded.upper() if capitals else decoded, encoding, confidence, counted.total())


def _runs(text: str) -> list[_Run]:
    """The legacy runs of `text` in order, never overlapping."""
    if text.isascii():
        return _of_encoding(text, "viqr") if len(_VIQR_SIGN.findall(text)) > 1 else []
    pieces = set(text.split())
    long = {one for one in pieces if len(one) > _REMEMBERED}
    possible = set[Encoding]().union(*map(_legacy_in, pieces - long), *map(_legacy_in.__wrapped__, long))
    by_encoding = [_of_encoding(text, encoding) for encoding in _ONE_BYTE if encoding in possible]
    chosen: list[_Run] = []
    for run in sorted((run for runs in by_encoding for run in runs), key=lambda run: -run.confidence):
        start, end = run.words[0].start(), run.words[-1].end()
        if all(end <= other.words[0].start() or other.words[-1].end() <= start for other in chosen):
            chosen.append(run)
    return sorted(chosen, key=lambda run: run.words[0].start())


def _of_encoding(text: str, encoding: Encoding) -> list[_Run]:
    found = []
    for words in _neighbours(text, encoding):
        legacy = [word[0] for word in words if _kind(word[0], encoding) == "legacy"]
        if not legacy:
            continue
        strange = sum(_kind(word[0], encoding) == "strange" for word in words)
        weight = sum(1.0 if len(word) > 2 else 0.4 for word in legacy)
        confidence = (1 - 0.25**weight) * len(legacy) / (len(legacy) + strange / 2)
        if confidence >= _ENOUGH[encoding]:
            found.append(_Run(words, encoding, round(confidence, 4)))
    return found


def _neighbours(text: str, encoding: Encoding) -> Iterator[list[re.Match[str]]]:
    """Words side by side without a Unicode word, the end of a line or the border of a cell between them."""
    run: list[re.Match[str]] = []
    end = 0
    for word in (_VIQR_WORD if encoding == "viqr" else _WORD).finditer(text):
        unicode = _kind(word[0], encoding) == "unicode"
        if run and (unicode or _BORDER.search(text, end, word.start())):
            yield run
            run = []
        if not unicode:
            run.append(word)
        end = word.end()
    if run:
        yield run


@lru_cache(maxsize=100_000)
def _legacy_in(piece: str) -> tuple[Encoding, ...]:
    """The encodings of which what stands between two blanks has a legacy word."""
    words = _WORD.findall(piece)
    return tuple(one for one in _ONE_BYTE if any(_kind(word, one) == "legacy" for word in words))


@lru_cache(maxsize=100_000)
def _kind(word: str, encoding: Encoding) -> str:
    """What a word is if the encoding is this one: plain (ASCII), unicode, legacy, both, or strange (neither)."""
    if encoding == "viqr":
        if word.isalpha() and not word.lower().startswith("dd"):
            return "plain"
        return "legacy" if _VIQR_SIGN.search(word) and is_word_of(_without_stop(word), encoding) else "plain"
    if word.isascii() or word in _SIGNS_ALONE or word.lower() in _UNITS or decoded_word(word, encoding) == word:
        return "plain"
    if any(letter > "\xff" for letter in word):
        return "unicode"
    legacy, as_it_stands = is_word_of(word, encoding), _looks_unicode(word)
    if legacy:
        return "both" if as_it_stands else "legacy"
    return "unicode" if as_it_stands else "strange"


def _looks_unicode(word: str) -> bool:
    """Whether a word is a syllable as it stands, or one with a wrong tone (nôp for nộp), or a foreign name's."""
    return take_tone(unicodedata.normalize("NFC", word.lower()))[0] in TONELESS or word.lower() in _OF_NAMES


def _decoded(run: _Run) -> list[str]:
    """The words of a run in Unicode; capitals raised where the letters beside them are capitals."""
    if run.encoding == "viqr":
        return [_viqr(word) for word in run.words]
    words = [word[0] for word in run.words]
    kinds = [_kind(word, run.encoding) for word in words]
    # One word alone (a typing error, a lost font) says nothing about those beside it.
    left = {"plain"} if kinds.count("legacy") > 1 or run.confidence == 1 else {"plain", "both"}
    made = []
    for at, word in enumerate(words):
        decoded = decoded_word(word, run.encoding)
        if decoded is None or kinds[at] in left:
            made.append(word)
        elif run.encoding == "tcvn3" and _is_capital(words, at):
            made.append(decoded.upper())
        else:
            made.append(decoded)
    return made


def _is_capital(words: list[str], at: int) -> bool:
    """Whether a TCVN3 word is in capitals: its plain letters are, or it has hardly any and those beside it are."""
    plain = [code for code in words[at] if code.isascii() or code in "¡¢£¤¥¦§"]
    if any(code.islower() for code in plain):
        return False
    if len(plain) > 1:
        return True
    beside = [word for word in words[max(0, at - 1) : at + 2] if word is not words[at]]
    letters = [[code for code in word if code.isascii()] for word in beside]
    return any(len(one) > 1 and all(code.isupper() for code in one) for one in letters)


def _without_stop(word: str) -> str:
    """A VIQR word without what closes a sentence: nothing tells "ho." (họ) from a full stop but what follows."""
    return word if is_word_of(word, "viqr") else word.rstrip(".?'")


def _viqr(word: re.Match[str]) -> str:
    written, behind = word[0], word.string[word.end() :]
    ends = written[-1] in ".?'" and not re.match(r"[,;:)]|[ ,]+[a-z0-9(]", behind)
    core = _without_stop(written)
    if ends and core == written and is_word_of(shorter := written[:-1], "viqr"):
        core = shorter
    if ends and core == written and written[:-1].isalpha() and not written.lower().startswith("dd"):
        return written
    decoded = decoded_word(core, "viqr")
    if decoded is None or not is_syllable(decoded):
        return written
    return decoded + written[len(core) :]
