"""A whole question typed with the Vietnamese keyboard off, back to Vietnamese: one decision for all of it.

Weighed like odds: a word that only keys explain ("dduowngf") speaks for them, a possible unmarked syllable ("duong")
against them, since three of four Vietnamese words carry marks. A word that may also be foreign ("test", "room") says
nothing. A text with one letter that keys cannot produce was typed with the keyboard on.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from analyzers.document_types import ABBREVIATIONS, ISSUER_BY_FOLDED, ISSUERS
from analyzers.syllables import is_unmarked_syllable
from analyzers.tokens import Token, tokenize
from analyzers.typed_words import KeyedWord, telex_word, vni_word

_LONGEST = 2_000  # characters; nobody types more by hand
_ENOUGH = 2.2  # log odds: nine to one
_STRONG, _CLEAR, _SOME, _LITTLE, _FAINT = 5.5, 4.0, 2.5, 1.5, 0.7  # what one word says, in log odds
_UNKNOWN = -0.7  # a word of no language that we read
_AGAINST, _MOST_AGAINST = 1.46, 3.3  # log(0.95 / 0.22) for a plain syllable; a few strong words outweigh any number
_SHARE = 0.35  # of the words that speak: from here on every word is taken as keys, below only the strong ones

# Words of other languages that Telex would read as syllables.  The first stand in Vietnamese people's own sentences,
# and stay even there; the others are taken as keys among keys, but say nothing.
_STAYING = "bus gas tax visa test list post cost box room desk task web fax zoom tour shop gis hex"
_OTHERS = """
    as is us or of if has his her per are car for far tar sir six sex ax ex ox fix mix max now how low row cow tow bow
    own new law see bee tee been seen teen keen queen seed feed need keep too soon moon noon boot book root roof cool
    tool this thus last lost must rust dust cast host most cars bars does goes gets chef chief beef reef leaf half gif
    cuff staff off add dad did odd few raw saw show know was its def ref conf inf var dir char term best rest past vast
    nest risk mask disk hdd down town gown dawn lawn rows laws owns seem seems keeps loops roots trees tree boots meets
    rooms queue queues turn rex tex lux lexus deer beer peer door floor poor boo lee view wow ddr ssd tips docs maps
    trips sets hits runs tops terms arm usa trust reset boost deem
"""
_STAY = frozenset(_STAYING.split())
_FOREIGN = _STAY | frozenset(_OTHERS.split())
_PLAIN_OO = frozenset(("boong", "xoong", "goong"))
# What is numbered, with the figure behind it: "to5" is as often tổ 5, "quan1" quận 1.
_NUMBERING = """
    an ap bac bai bo buoc ca cap cau cay chot chuong cot cum cuon day de dieu doi doan dot duong hang hem hinh khoa khoi
    kho khoan khu kiet ky lan lo loai lop mau muc ngach ngo nha nhom o phan phong quan quy quyen san so tang tap thang
    thon thua to toa toan tram trang tuan tuyen vong xom
"""
_NUMBERED = frozenset(_NUMBERING.split())
_ABBREVIATIONS = frozenset(short.upper() for short in (*ABBREVIATIONS, *ISSUERS))
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|vi{0,3}|i{1,3}|x)")
_NOT_FOREIGN_END = re.compile(r"[bcdghkmnpt][rx]$")  # tinhr, phamx


@dataclass(frozen=True, slots=True)
class FromKeys:
    """What was meant: `text`, by which `method` ("telex" or "vni"), and how sure that is (0 to 1).

    `words` are the words that changed: the new text, with the offsets of the old one.
    """

    text: str
    method: str
    confidence: float
    words: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class _Vote:
    """A word, what it would become, and how much that says (log odds; negative: against)."""

    token: Token
    becomes: str
    weight: float


def from_keys(text: str) -> FromKeys | None:
    """`text` (canonical) as it would stand had the keyboard been on; None where the evidence for keys is not clear.

    Document numbers keep their form ("1077/QDD-UBND" -> "1077/QĐ-UBND"), the operator OR and signs stay.
    """
    if len(text) > _LONGEST or any(letter.isalpha() for letter in text if letter > "\x7f"):
        return None
    tokens = tokenize(text)
    capitals = text.upper() == text
    readings = (_weigh(text, "telex", _telex_vote, tokens, capitals), _weigh(text, "vni", _vni_vote, tokens, capitals))
    method, votes, score = max(readings, key=lambda reading: reading[2])
    if score < _ENOUGH:
        return None
    # A word that may as well be numbered speaks neither for keys nor against them.
    speaking = [vote for vote in votes if vote.weight and not (method == "vni" and vote.weight == _FAINT)]
    if not speaking:
        return None
    share = sum(vote.weight >= _LITTLE for vote in speaking) / len(speaking)
    needed = -math.inf if share >= _SHARE else _CLEAR
    words = tuple(
        Token(vote.becomes, vote.token.start, vote.token.end)
        for vote in votes
        if vote.becomes and vote.weight >= needed and not _stays(vote, share)
    )
    if not words:
        return None
    return FromKeys(_replaced(text, words), method, round(1 / (1 + math.exp(-score)), 4), words)


def _weigh(
    text: str, method: str, vote: Callable[[Token, bool], _Vote], tokens: list[Token], capitals: bool
) -> tuple[str, list[_Vote], float]:
    votes = [_Vote(one, "", 0.0) if method == "vni" and _is_code(text, one) else vote(one, capitals) for one in tokens]
    against = sum(vote.weight for vote in votes if vote.weight < 0)
    return method, votes, sum(vote.weight for vote in votes if vote.weight > 0) + max(against, -_MOST_AGAINST)


def _telex_vote(token: Token, capitals: bool) -> _Vote:
    word = token.text
    small = word.lower()
    if word == "OR" or not word.isalpha() or (len(word) == 1 and small != "w") or _ROMAN.fullmatch(small):
        return _Vote(token, "", 0.0)
    if is_unmarked_syllable(small) and ("oo" not in small or small in _PLAIN_OO):
        return _Vote(token, "", -_AGAINST)
    if "dd" in small and not set(small) & set("aeiouyw"):
        return _abbreviation(token, "dd")
    keyed = telex_word(word)
    if keyed is None:
        return _Vote(token, "", 0.0 if word.isupper() or small in ISSUER_BY_FOLDED else _UNKNOWN)
    return _Vote(token, keyed.text, _telex_weight(word, keyed, capitals))


def _telex_weight(word: str, keyed: KeyedWord, capitals: bool) -> float:
    small = word.lower()
    if small in _FOREIGN or small == "tw":
        return 0.0
    if not keyed.native:
        return _LITTLE if len(keyed.keys) > 1 and keyed.keys[0] in "dw" else 0.0  # DDawks; not books
    if keyed.far or len(word) < 3 or (small[0] == "w" and keyed.inside):
        return _FAINT if keyed.keys[-1] in "rsxaeo" else _LITTLE  # these, is, wrong; nw, of
    if len(keyed.keys) > 1:
        return _STRONG
    if word.isupper() and not capitals and len(word) < 5:
        return _FAINT  # GIS, VAS: an abbreviation
    if keyed.keys in "rsx" and not _NOT_FOREIGN_END.search(small):
        return _LITTLE
    return _SOME if keyed.keys in "aeo" else _CLEAR


def _abbreviation(token: Token, keys: str) -> _Vote:
    """QDD, HDDND, QD9: letters without a vowel, one đ among them; DDT and the like say nothing."""
    word = token.text
    places = [at for at in range(len(word) - 1) if word[at : at + 2].lower() == keys]
    readings = [word[:at] + ("Đ" if word[at].isupper() else "đ") + word[at + 2 :] for at in places]
    becomes = next((one for one in readings if one.upper() in _ABBREVIATIONS), readings[0])
    known = becomes.upper() in _ABBREVIATIONS and word.lower() not in _FOREIGN
    return _Vote(token, becomes, _SOME if known else 0.0)


def _vni_vote(token: Token, capitals: bool) -> _Vote:
    word = token.text
    if word.isalpha() and len(word) > 1:
        return _Vote(token, "", -_AGAINST if is_unmarked_syllable(word) else 0.0)
    if "d9" in word.lower() and not set(word.lower()) & set("aeiouy012345678"):
        return _abbreviation(token, "d9")
    keyed = None if word.isdecimal() else vni_word(word)
    if keyed is None:
        return _Vote(token, "", 0.0)
    shaped = any(key in "6789" for key in keyed.keys)
    if not keyed.native or (word.isupper() and not capitals):
        weight = 0.0  # A4, QL1
    elif keyed.inside:
        weight = _STRONG if len(keyed.keys) > 1 else _CLEAR
    elif word.rstrip("0123456789").lower() in _NUMBERED:
        weight = _SOME if shaped and len(keyed.keys) > 1 and len(keyed.text) > 2 else _FAINT  # to5: tổ 5, tọ
    elif len(keyed.keys) > 1:
        weight = _SOME if shaped else _LITTLE
    else:
        weight = _LITTLE if len(keyed.text) > 1 else 0.0  # a1
    return _Vote(token, keyed.text, weight)


def _is_code(text: str, token: Token) -> bool:
    """Whether a word with its figures at the end is joined to others by signs, as in codes: "H1/ba2"."""
    before, behind = text[max(0, token.start - 2) : token.start], text[token.end : token.end + 2]
    joined = re.fullmatch(r"\w[-/._]", before) or re.fullmatch(r"[-/._]\w", behind)
    return bool(joined and re.fullmatch(r"[a-zA-Z]+[0-9]+", token.text) and "d9" not in token.text.lower())


def _stays(vote: _Vote, share: float) -> bool:
    """Whether a word that could be keys is taken as it stands: bus, TW; all foreign words among unmarked ones."""
    word = vote.token.text
    if word.lower() in _STAY or word == "TW":
        return True
    return word.isupper() and vote.weight == _FAINT and len(word) < 4 and word.isalpha()


def _replaced(text: str, words: tuple[Token, ...]) -> str:
    pieces, at = [], 0
    for word in words:
        pieces += [text[at : word.start], word.text]
        at = word.end
    return "".join(pieces) + text[at:]
