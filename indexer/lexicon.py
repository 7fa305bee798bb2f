"""Building the lexicon of spellings from what everyone may search: a random sample where there is much of it.

It only proposes: whether a proposed word may be told is asked of the index for everyone at that moment, so a word of
what has been closed since is not told (search.understanding.spelling).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from analyzers.tokens import TOKEN, folded_key, marked_key
from archive.access import Viewer, sql_condition
from archive.catalogue.lexicon import Spelling
from archive.catalogue.outbox import Veto
from archive.catalogue.records import Page, Record
from archive.clock import today_number
from archive.database import reading, writing

MOST_CHARACTERS = 20_000_000
FEWEST = 3  # times a word or a pair was met
MOST_FORMS = 6
LONGEST = 24  # letters of a word
STALE = 0.1  # share of the records that may have come or gone before it is made anew
_PART = 500


def refresh_lexicon() -> bool:
    """Builds the lexicon if there is none or a tenth of the records came or went since; says whether it did."""
    with reading() as session:
        made = session.scalar(select(Spelling.forms).where(Spelling.key == ""))
        records = session.scalar(select(func.count()).select_from(Record)) or 0
    if made is not None and abs(records - int(made)) <= STALE * int(made):
        return False
    build_lexicon()
    return True


def build_lexicon() -> int:
    """Builds the lexicon anew, in one transaction; returns how many words and pairs it has."""
    with reading() as session:
        records = session.scalar(select(func.count()).select_from(Record)) or 0
        rows = list(spellings(_texts(session)))
    with writing() as session:
        replace_lexicon(session, rows, records)
    return len(rows)


def replace_lexicon(session: Session, rows: list[tuple[str, str]], records: int) -> None:
    """Puts the rows in the place of the former ones."""
    session.execute(delete(Spelling))
    made = [{"key": "", "forms": str(records)}, *({"key": key, "forms": forms} for key, forms in rows)]
    session.execute(insert(Spelling), made)


def spellings(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Keys and forms, as the table keeps them, of the words and pairs in canonical texts."""
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        found = TOKEN.findall(text.lower())
        words.update(found)
        pairs.update(pairwise(found))
    counted: list[tuple[tuple[str, ...], int]] = [((word,), count) for word, count in words.items()]
    counted += [(pair, count) for pair, count in pairs.items()]
    del words, pairs
    grouped: dict[str, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    for form, count in counted:
        if count >= FEWEST and all(len(word) <= LONGEST and word.isalpha() for word in form):
            key, marked = (" ".join(map(of, form)) for of in (folded_key, marked_key))
            grouped[key][marked].append((count, " ".join(form)))
    for key, forms in grouped.items():
        told = sorted(((sum(n for n, _ in same), max(same)[1]) for same in forms.values()), reverse=True)
        yield key, "\n".join(f"{form}\t{count}" for count, form in told[:MOST_FORMS])


def _texts(session: Session) -> Iterator[str]:
    """Titles and pages of records that everyone may see and search, in the random order of their identifiers."""
    vetoes = set(session.scalars(select(Veto.record)))
    anyone, day = Viewer.anonymous(), today_number()
    allowed = (~Record.withdrawn, sql_condition(anyone, "see", day), sql_condition(anyone, "search", day))
    last, taken = "", 0
    while taken < MOST_CHARACTERS:
        statement = select(Record.id, Record.public_id, Record.title, Record.lineage).where(*allowed)
        part = session.execute(statement.where(Record.public_id > last).order_by(Record.public_id).limit(_PART)).all()
        if not part:
            return
        last = part[-1].public_id
        open_ones = {one.id: one.title for one in part if vetoes.isdisjoint(one.lineage.split())}
        pages = session.scalars(select(Page.text).where(Page.record_id.in_(open_ones)))
        for text in (*open_ones.values(), *pages):
            taken += len(text)
            yield text
