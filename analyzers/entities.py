"""Names from a gazetteer found in text by spaCy's entity ruler, with offsets.

spaCy's own attributes join neither Uỷ and Ủy nor composed and decomposed letters, and its tokenizer tears numbers.
So both sides are given to it as our marked keys (`analyzers.tokens`), a blank between them; a sign between two words
keeps them apart.  The language is "xx": that of Vietnamese wants another segmenter.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from analyzers.language_packages import language_package
from analyzers.tokens import Token, keys, marked_key, tokenize

_APART = "/"  # no key holds it
_INSIDE = " \t\n-–'’"  # what may stand between the words of a name (Bà Rịa - Vũng Tàu)


class KnownName(NamedTuple):
    """A name that is looked for: what kind of thing it names ("place"), and which one."""

    label: str
    id: str
    text: str


class Entity(NamedTuple):
    """A name in a text: `text[start:end]`, of a thing of the kind `label`; `id` is that of the last name given."""

    label: str
    id: str
    start: int
    end: int


class EntityFinder:
    """Finds the longest known names; raises LanguagePackageMissingError where spaCy is not installed."""

    def __init__(self, gazetteer: Iterable[KnownName]) -> None:
        spacy = language_package("spacy")
        doc = language_package("spacy.tokens").Doc
        self._language: Any = spacy.blank("xx")
        self._language.tokenizer = lambda text: doc(self._language.vocab, words=text.split(" ") if text else [])
        patterns = [
            {"label": name.label, "id": name.id, "pattern": " ".join(written)}
            for name in gazetteer
            if (written := keys(name.text).marked)
        ]
        self._language.add_pipe("entity_ruler").add_patterns(patterns)

    def find(self, text: str) -> list[Entity]:
        """The names in canonical `text`, in order, never overlapping."""
        words, tokens = _keyed(text)
        found = []
        for entity in self._language(" ".join(words)).ents:
            inside = [token for token in tokens[entity.start : entity.end] if token]
            found.append(Entity(entity.label_, entity.ent_id_, inside[0].start, inside[-1].end))
        return found


def _keyed(text: str) -> tuple[list[str], list[Token | None]]:
    """The keys of `text`, signs between words as one that no name has; beside each its token."""
    words: list[str] = []
    tokens: list[Token | None] = []
    end = 0
    for token in tokenize(text):
        if text[end : token.start].strip(_INSIDE) and words:
            words.append(_APART)
            tokens.append(None)
        words.append(marked_key(token.text))
        tokens.append(token)
        end = token.end
    return words, tokens
