"""Query text to lexemes: which signs are language, and which are the punctuation of ordinary people."""

import re
from dataclasses import dataclass

from analyzers.fold import fold, has_marks
from analyzers.normal import canon
from analyzers.tokens import Token, tokenize
from search.capitals import is_shouted
from search.errors import QueryError

_NAMES = {
    "number": ("số", "number"),
    "type": ("loại", "type"),
    "issuer": ("cơ-quan", "cơquan", "cơ_quan", "issuer"),
    "place": ("nơi", "place"),
    "person": ("người", "person"),
    "fonds": ("phông", "fonds"),
    "year": ("năm", "year"),
    "title": ("tiêu-đề", "tiêuđề", "tiêu_đề", "title"),
    "level": ("cấp", "level"),
    "inventory": ("mục-lục", "mụclục", "mục_lục", "inventory"),
    "field": ("lĩnh-vực", "lĩnhvực", "lĩnh_vực", "field"),
    "access": ("tiếp-cận", "tiếpcận", "tiếp_cận", "access"),
    "medium": ("dạng", "medium"),
    "language": ("ngôn-ngữ", "ngônngữ", "ngôn_ngữ", "language"),
}
# Marked whole or not at all: "phông:" is the field, "phòng:" (a room) is a word.
FIELD_NAMES = {written: name for name, spellings in _NAMES.items() for one in spellings for written in (one, fold(one))}

_QUOTES = str.maketrans("“”„‟«»＂", '"""""""')
# Keyboards of neighbours write figures, letters and the signs of numbers at full width: １８６９／QĐ－UB.
_WIDE = {at: at - 0xFEE0 for at in (*range(0xFF0D, 0xFF1B), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_CHUNK = re.compile(r'[^\s"()|]+')
_FIELD = re.compile(r"([^\W\d][\w-]*):(.*)", re.DOTALL)
_LIST_MARK = re.compile(r"(?:^|[\s(,;])\w{1,2}$")  # "a) ...", "1) ..."
_YEARS = re.compile(r"([12][0-9]{3})(?:\s?([-–—]|\.\.)\s?([12][0-9]{3})?)?|([-–—]|\.\.)\s?([12][0-9]{3})")
_SHORT_YEARS = re.compile(r"(?:4[5-9]|[5-9][0-9])?(?:[-–—]|\.\.)?(?:4[5-9]|[5-9][0-9])|(?:4[5-9]|[5-9][0-9])[-–—]")
_APART = {
    ("co", "quan"): "cơ-quan", ("tieu", "de"): "tiêu-đề", ("muc", "luc"): "mục-lục", ("linh", "vuc"): "lĩnh-vực",
    ("tiep", "can"): "tiếp-cận", ("ngon", "ngu"): "ngôn-ngữ",
}  # fmt: skip
_SCHEMES = frozenset(("http", "https", "ftp", "mailto", "tel", "urn", "doi", "isbn", "issn", "www"))


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One piece of a query: `kind` is words, phrase, field, open, close, or, not; a field's `name` and `value`."""

    kind: str
    start: int
    end: int
    tokens: tuple[Token, ...] = ()
    name: str = ""
    value: str = ""


def canonical(text: str) -> str:
    """The form of a query that every offset of lexemes, words and errors points into."""
    text = canon(text)
    return text if text.isascii() else text.translate(_QUOTES).translate(_WIDE)


def read(text: str) -> list[Lexeme]:
    """The lexemes of canonical query text, in order; QueryError where quotes or fields are broken."""
    found: list[Lexeme] = []
    at, depth = 0, 0
    while at < len(text):
        sign = text[at]
        if sign.isspace():
            at += 1
        elif sign == '"':
            lexeme = _phrase(text, at)
            found.append(lexeme)
            at = lexeme.end
        elif sign in "()|":
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if depth < 0:
                depth = 0
                if not _LIST_MARK.search(text, max(0, at - 3), at):
                    suggestion = text[:at] + " " + text[at + 1 :]
                    raise QueryError("unbalanced-parenthesis", at, 1, sign, suggestion.strip())
            else:
                found.append(Lexeme({"(": "open", ")": "close", "|": "or"}[sign], at, at + 1))
            at += 1
        else:
            match = _CHUNK.match(text, at)
            assert match
            at = _chunk(text, at, match.end(), found)
    return found


def _phrase(text: str, at: int) -> Lexeme:
    """A quoted run, from its opening mark to behind its closing one."""
    end = text.find('"', at + 1)
    if end < 0:
        rest = text[at + 1 :].strip()
        raise QueryError("unbalanced-quote", at, 1, '"', text.rstrip() + '"' if rest else text[:at].strip())
    return Lexeme("phrase", at, end + 1, _tokens(text, at + 1, end))


def _chunk(text: str, at: int, end: int, found: list[Lexeme]) -> int:
    """Adds the lexemes of one run without blanks, quotes and parentheses; the offset behind what was read."""
    if text[at:end] == "OR" or (text[at:end] == "HOẶC" and not is_shouted(text)):
        found.append(Lexeme("or", at, end))
        return end
    if text[at:end] in {"AND", "NOT"} and end < len(text.rstrip()) and not is_shouted(text):
        if text[at:end] == "NOT":
            found.append(Lexeme("not", at, end))
            return end
        if text[:at].strip():
            return end  # neighbours are both asked for anyhow
    if _negates(text, at, end):
        found.append(Lexeme("not", at, at + 1))
        at += 1
        if at == end:
            return end
    match = _FIELD.fullmatch(text, at, end)
    if match and (lexeme := _field(text, match, end)):
        found.append(lexeme)
        return lexeme.end
    found.append(Lexeme("words", at, end, _tokens(text, at, end)))
    return end


def _negates(text: str, at: int, end: int) -> bool:
    """Whether the chunk begins with a minus that excludes: not "1997 - 1999", "1997 -1999", "--", "a-b"."""
    if text[at] != "-" or (at and not (text[at - 1].isspace() or text[at - 1] in "(|")):
        return False
    if at + 1 == end:
        return end < len(text) and text[end] in '"('
    if not (text[at + 1].isalnum()):
        return False
    before = text[:at].rstrip()
    return not (text[at + 1].isnumeric() and before and before[-1].isnumeric())


def _field(text: str, match: re.Match[str], end: int) -> Lexeme | None:
    """A field of the chunk, None where the colon is plain prose ("Luật đất đai: điều 5", "12:30")."""
    written, value, start = match[1].lower(), match[2], match.start()
    name = FIELD_NAMES.get(written)
    if name is None:
        given = bool(value) or text[end : end + 1] == '"'
        _refuse_apart(text, match, given=given)
        near = _near(written, value) if given and not has_marks(written) else None
        if near or (given and _looks_like_a_field(match)):
            behind = text[match.end(1) :]
            suggestion = text[:start] + (near + behind if near else f"{match[1]} {behind[1:]}")
            raise QueryError("unknown-field", start, len(written), match[1], suggestion)
        return None
    if not value and end < len(text) and text[end] == '"':
        quoted = _phrase(text, end)
        value, end = text[end + 1 : quoted.end - 1], quoted.end
    elif not value and ((end < len(text) and text[end].isspace()) or not written.isascii()):
        return None
    tokens = _tokens(text, match.start(2), end)
    if not tokens:
        raise QueryError("empty-field", start, end - start, match[1], (text[:start] + text[end:]).strip())
    value = " ".join(value.split())
    if name == "year":
        value = _year(text, value, start, match.start(2), end)
    return Lexeme("field", start, end, tokens, name, value)


def _looks_like_a_field(match: re.Match[str]) -> bool:
    """Whether a word with a colon and a value right behind it was meant as a field: no address, abbreviation or one
    letter, and not "phòng:", which is a word."""
    written, value = match[1], match[2]
    plain = len(written) > 1 and not written.isupper() and written.lower() not in _SCHEMES
    return plain and fold(written.lower()) not in FIELD_NAMES and (not value or value[0].isalnum())


def _refuse_apart(text: str, match: re.Match[str], *, given: bool) -> None:
    """QueryError where a field's name of two words was written with a blank: as words it would find other things."""
    before = re.search(r"(?<![\w-])(\w+)\s+$", text[: match.start()])
    if not before or not given:
        return
    if whole := _APART.get((fold(before[1].lower()), fold(match[1].lower()))):
        start, end = before.start(), match.end(1)
        raise QueryError("unknown-field", start, end - start, text[start:end], text[:start] + whole + text[end:])


def _year(text: str, value: str, start: int, at: int, end: int) -> str:
    """A year or a span of years in the form the tree keeps."""
    match = _YEARS.fullmatch(value)
    if not match:
        raise QueryError("bad-year", start, end - start, value, _whole_years(text, value, at, end))
    first, dash, last, until = match[1] or "", match[2] or match[4] or "", match[3] or "", match[5] or ""
    if first and last and first > last:
        raise QueryError("bad-year", at, end - at, value, f"{text[:at]}{last}-{first}{text[end:]}")
    return f"{first}-{last or until}" if dash else first


def _whole_years(text: str, value: str, at: int, end: int) -> str | None:
    """The question with years of two figures written out: "98" is 1998."""
    if not _SHORT_YEARS.fullmatch(value):
        return None
    return text[:at] + re.sub(r"[0-9]+", lambda year: f"19{year[0]}", value) + text[end:]


def _tokens(text: str, start: int, end: int) -> tuple[Token, ...]:
    return tuple(Token(token.text, token.start + start, token.end + start) for token in tokenize(text[start:end]))


def _near(written: str, value: str) -> str | None:
    """The known name that is one slip away (a letter more, less, other, or two swapped); of short names that of the
    year alone, before a year."""
    if len(written) < 4:
        return None
    if _one_slip(written, "nam") and _YEARS.fullmatch(value):
        return "nam"
    return next((name for name in FIELD_NAMES if name.isascii() and len(name) > 3 and _one_slip(written, name)), None)


def _one_slip(one: str, two: str) -> bool:
    first = next((at for at, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), None)
    if first is None:
        return abs(len(one) - len(two)) == 1
    rests = {(1, 1), (1, 0), (0, 1)}
    if one[first : first + 2] == two[first : first + 2][::-1] and one[first + 2 :] == two[first + 2 :]:
        return True
    return any(one[first + left :] == two[first + right :] for left, right in rests)
