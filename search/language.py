"""The query language: text that people type to a tree, or an error that says what and where.

    words            all of them            "a phrase"        in this order, side by side
    -word -"phrase"  excluded               OR  HOẶC  |       either side; binds weaker than neighbourhood
    ( ... )          to a depth of 8        field:value       field:"a longer value"

    AND              nothing more           NOT word       excluded, like the minus

Fields: so/number, loai/type, co-quan/issuer, noi/place, nguoi/person, phong/fonds, nam/year, tieu-de/title,
cap/level, muc-luc/inventory, linh-vuc/field, tiep-can/access, dang/medium, ngon-ngu/language. User text never becomes
an engine's query string; a query that cannot be read as meant is an error and never a wider query.
"""

from analyzers.tokens import Token
from search.errors import DEEPEST, MOST_CHARACTERS, MOST_WORDS, QueryError, messages
from search.lexemes import Lexeme, canonical, read
from search.tree import And, Empty, Field, Not, Or, Phrase, Query, Word, positive, to_text

__all__ = ["QueryError", "canonical", "messages", "parse", "to_text"]


def parse(text: str) -> Query:
    """The tree of `text`; raises QueryError and nothing else, on any text.

    Offsets in words and errors point into `canonical(text)`. "1077/QĐ-UBND", "TP.HCM" and "a/b" are plain words side
    by side; excluded, such a run is a phrase. An error's suggestion is a query that this function takes.
    """
    text = canonical(text)
    try:
        return _parse(text)
    except QueryError as error:
        error.text = text
        if error.suggestion is not None:
            try:
                if isinstance(_parse(error.suggestion), Empty):
                    error.suggestion = None
            except QueryError:
                error.suggestion = None
        raise


def _parse(text: str) -> Query:
    if len(text) > MOST_CHARACTERS:
        raise QueryError("too-long", MOST_CHARACTERS, len(text) - MOST_CHARACTERS)
    lexemes = read(text)
    tokens = [token for lexeme in lexemes for token in lexeme.tokens]
    if len(tokens) > MOST_WORDS:
        raise QueryError("too-long", tokens[MOST_WORDS].start, len(text) - tokens[MOST_WORDS].start)
    return _Parser(text, lexemes).whole()


class _Parser:
    """Recursive descent over lexemes; the depth of recursion is the depth of parentheses."""

    def __init__(self, text: str, lexemes: list[Lexeme]) -> None:
        self.text, self.lexemes, self.at = text, lexemes, 0

    def whole(self) -> Query:
        """The tree of all lexemes."""
        query = self.alternatives(0)
        if not isinstance(query, Empty):
            self.demand(query, 0, len(self.lexemes))
        return query

    def alternatives(self, depth: int) -> Query:
        """One or more sequences with OR between them, up to the closing parenthesis or the end."""
        branches: list[tuple[Query, int, int]] = []
        sign: Lexeme | None = None
        while True:
            begin = self.at
            item = self.sequence(depth)
            here = self.lexemes[self.at] if self.at < len(self.lexemes) else None
            more = here is not None and here.kind == "or"
            if isinstance(item, Empty) and (more or sign):
                self.dangling(sign or here)
            branches.append((item, begin, self.at))
            if not more:
                break
            sign = here
            self.at += 1
        if len(branches) == 1:
            return branches[0][0]
        items: list[Query] = []
        for item, begin, end in branches:
            self.demand(item, begin, end)
            items += item.items if isinstance(item, Or) else [item]
        return Or(tuple(items))

    def sequence(self, depth: int) -> Query:
        """Neighbours, up to OR, a closing parenthesis or the end."""
        items: list[Query] = []
        while self.at < len(self.lexemes) and self.lexemes[self.at].kind not in {"or", "close"}:
            item = self.item(depth)
            items += item.items if isinstance(item, And) else [] if isinstance(item, Empty) else [item]
        return Empty() if not items else items[0] if len(items) == 1 else And(tuple(items))

    def item(self, depth: int) -> Query:
        """One lexeme, one group, or one of them excluded."""
        begin = self.at
        lexeme = self.lexemes[begin]
        self.at += 1
        match lexeme.kind:
            case "not":
                if self.at == len(self.lexemes):
                    return Empty()
                inner = self.lexemes[self.at]
                if inner.kind == "words":
                    self.at += 1
                    node = _phrase(inner.tokens)
                else:
                    node = self.item(depth)
                if isinstance(node, Empty):
                    return node
                self.demand(node, begin, self.at)
                return Not(node)
            case "open":
                return self.group(lexeme, depth + 1)
            case "field":
                return Field(lexeme.name, lexeme.value)
            case "phrase":
                return _phrase(lexeme.tokens)
            case _:
                words = tuple(_word(token) for token in lexeme.tokens)
                return And(words) if len(words) > 1 else words[0] if words else Empty()

    def group(self, opening: Lexeme, depth: int) -> Query:
        """What stands in parentheses."""
        if depth > DEEPEST:
            raise QueryError("too-deep", opening.start, 1, "(")
        inner = self.alternatives(depth)
        if self.at == len(self.lexemes):
            raise QueryError("unbalanced-parenthesis", opening.start, 1, "(", self.text.rstrip() + ")")
        self.at += 1
        return inner

    def demand(self, query: Query, begin: int, end: int) -> None:
        """Refuses a part that only excludes; lexemes begin..end are that part."""
        if not positive(query):
            start, stop = self.lexemes[begin].start, self.lexemes[end - 1].end
            raise QueryError("only-negation", start, stop - start, self.text[start:stop])

    def dangling(self, sign: Lexeme | None) -> None:
        """Refuses an OR without one of its sides."""
        assert sign
        without = f"{self.text[: sign.start].rstrip()} {self.text[sign.end :].lstrip()}".strip()
        raise QueryError("dangling-or", sign.start, sign.end - sign.start, self.text[sign.start : sign.end], without)


def _word(token: Token) -> Word:
    return Word(token.text, token.start, token.end)


def _phrase(tokens: tuple[Token, ...]) -> Query:
    words = tuple(map(_word, tokens))
    return Phrase(words) if len(words) > 1 else words[0] if words else Empty()
