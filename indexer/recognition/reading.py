"""One page read by the machine: a first look at the picture as it is, a second one only where the first is bad."""

from dataclasses import dataclass, replace

from PIL import Image

from analyzers.legibility import Legibility, judge
from indexer.extraction.text import EMPTY, PageText
from indexer.recognition.clearing import clear, find_skew, inked, turn, turn_back
from indexer.recognition.tesseract import find_program, find_script, languages, read_image

SURE = 0.8
"""Mean confidence (0..1) below which a second look is worth its second: right words have 0.96, wrong ones 0.68."""

FEW = 12
"""Words below which a page with ink on it is looked at again."""

_INKED = 0.004  # share of ink from which a page is more than a blank sheet with a page number
_CJK = ("Han", "Japanese", "Korean", "Hangul", "Katakana", "Hiragana")
_OTHER_MODELS = {"fr": "fra", "en": "eng"}


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was made of a page: its text (EMPTY where none is to be kept), its language ("" unknown), looks taken."""

    text: PageText
    language: str
    looks: int


def recognise(image: Image.Image, dpi: int) -> Recognised:
    """Reads a picture (mode L or RGB); boxes are in its pixels.

    Text in a language that the machine has no model for is not kept: what the Vietnamese model makes of it is noise.
    Raises RecognitionError.
    """
    first = read_image(image, dpi)
    told = judge(first.text)
    if _is_good(first, told):
        return Recognised(first, told.language, 1)
    if told.language in _OTHER_MODELS and first.tokens >= FEW:
        return _read_foreign(image, dpi, told.language)
    cleared = clear(image)
    if first.tokens < FEW and inked(cleared) < _INKED:
        return Recognised(first if first.tokens and told.syllables > 0.5 else EMPTY, told.language, 1)
    return _look_again(image, cleared, dpi, first, told)


def _look_again(image: Image.Image, cleared: Image.Image, dpi: int, first: PageText, told: Legibility) -> Recognised:
    script, upright = find_script(image, dpi)
    if upright:
        standing = image.rotate(-upright, expand=True)
        found = read_image(standing, dpi)
        if _worth(found) > _worth(first):
            verdict = judge(found.text)
            # Boxes lie on the picture as it is shown, and that is not upright: text without boxes is honest.
            return Recognised(replace(found, boxes=None), verdict.language, 2)
    skew = find_skew(cleared)
    second = read_image(turn(cleared, skew) if skew else cleared, dpi)
    if skew and second.boxes is not None:
        second = replace(second, boxes=turn_back(second.boxes, skew))
    best = second if _worth(second) > _worth(first) else first
    verdict = judge(best.text) if best is second else told
    if verdict.language in _OTHER_MODELS and best.tokens >= FEW:
        return _read_foreign(image, dpi, verdict.language)
    if script.startswith(_CJK) and not (_is_good(best, verdict) and best.tokens >= FEW):
        return Recognised(EMPTY, "han-nom", 2)
    if not _is_text(best, verdict):
        return Recognised(EMPTY, "", 2)
    return Recognised(best, verdict.language, 2)


def _read_foreign(image: Image.Image, dpi: int, language: str) -> Recognised:
    program = find_program()
    model = _OTHER_MODELS[language]
    if program is None or model not in languages(program):
        return Recognised(EMPTY, language, 1)
    return Recognised(read_image(image, dpi, model), language, 2)


def _is_good(text: PageText, told: Legibility) -> bool:
    return told.language == "vi" and text.tokens >= FEW and (text.confidence or 0.0) >= SURE


def _is_text(text: PageText, told: Legibility) -> bool:
    """Whether it is text at all: marks on paper that the model took for letters are few, unsure and no syllables."""
    return text.tokens > 0 and (text.confidence or 0.0) >= 0.45 and (told.syllables >= 0.5 or told.words == 0)


def _worth(text: PageText) -> float:
    """Words weighed by how sure they are and how Vietnamese: what two readings of a page are compared by."""
    return text.tokens * (text.confidence or 0.0) * max(judge(text.text).syllables, 0.05)
