"""Finding the like of a record: its own telling words, read as far as the viewer may, asked of the index."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.catalogue.lexicon import Spelling
from search.findings import Found
from search.lexicon import Lexicon
from search.likeness import Telling, keys_of, neighbours, telling
from search.plan import AtLeast, Bool, Keyword, Nothing, Plan, Terms
from search.planning import Asker
from search.reordering import read_candidates


def read_telling(session: Session, asker: Asker, record: Found) -> Telling:
    """What tells the record from others: words of its title, and of its text where the viewer may search it."""
    _, texts = read_candidates(session, asker, [record.public_id])
    said = neighbours(record.title, texts.get(record.public_id, ()))
    made = session.scalar(select(Spelling.forms).where(Spelling.key == ""))
    return telling(said, Lexicon(session).forms(keys_of(said)), int(made or 0))


def plan_similar(asker: Asker, lineage: tuple[str, ...], telling: Telling, size: int) -> Plan:
    """Records that share enough of what tells this one: without itself (the first of its lineage), what is in it, and
    what it is in."""
    groups = asker.matcher().groups
    pairs = tuple(pair for pair, _ in telling.pairs)
    if not pairs:
        return Plan("records", Nothing(), size=size)
    found = tuple(group.within(AtLeast(f"{group.name}_shingles", pairs, telling.fewest)) for group in groups)
    query = Bool(
        filter=(*asker.may_see(), Bool(should=found, minimum=1)),
        should=tuple(group.within(Terms(f"{group.name}_shingles", telling.pairs, group.weight)) for group in groups),
        must_not=(Keyword("lineage", lineage[:1]), Keyword("id", lineage)),
    )
    return Plan("records", query, size=size)
