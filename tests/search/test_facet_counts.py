"""Every count of every facet is the number of results that one would get: compared with a full enumeration."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from secrets import token_hex

import pytest
from sqlalchemy import select

from analyzers.languages import read_languages
from archive.access import Viewer
from archive.accession.names import name_key
from archive.browsing import standing
from archive.catalogue.authorities import Agent, Place
from archive.catalogue.records import Record, RecordPlace, RecordSubject
from archive.clock import today_number
from archive.gazetteer import province_value
from search.criteria import Criteria
from search.facets import FACETS
from search.language import parse
from search.matching import can_widen
from tests.search.houses import ANYONE, ARCHIVIST, CLERK, OTHER_CLERK, House, granted
from tests.search.opensearch import opensearch_engine

VIEWERS = {
    "anonymous": ANYONE,
    "granted a document": granted("d07"),
    "granted a fonds": granted("f2"),
    "clerk": CLERK,
    "other clerk": OTHER_CLERK,
    "archivist": ARCHIVIST,
}
QUESTIONS = ("", "giao đất", "giao dat", "mậtmã", "báo cáo OR quyết định", "giao -rừng", '"giao đất"', "nam:1995-2005")
Facts = dict[str, dict[str, tuple[str, ...]]]  # facet -> record -> values


@pytest.fixture(params=["embedded", "opensearch"])
def full(request: pytest.FixtureRequest, tmp_path: Path, clock: Callable[[str], None]) -> Iterator[House]:
    """Ninety records of every kind, some closed, hidden, opening, withdrawn, vetoed or without dates."""
    if request.param == "embedded":
        house = House(tmp_path)
        fill(house)
        yield house
        house.close()
        return
    with opensearch_engine(f"test_{token_hex(6)}") as engine:
        house = House(tmp_path, engine=engine)
        fill(house)
        yield house
        house.close()


def fill(house: House) -> None:
    random = Random(11)
    for n, hidden in ((1, False), (2, True), (3, False)):
        house.fonds(f"f{n}", f"Phông số {n}", hidden=hidden)
        house.record(f"m{n}", f"Mục lục {n}", level="inventory", under=f"f{n}")
        house.record(f"h{n}a", f"Hồ sơ giao đất {n}", level="file", under=f"m{n}", dates=("1990-01-01", "1999-12-31"))
        house.record(f"h{n}b", f"Hồ sơ rừng {n}", level="file", under=f"f{n}", code=random.choice(("01", "02")))
    for n in range(80):
        first = date(random.randint(1988, 2006), random.randint(1, 12), 1)
        last = date(first.year + random.choice((0, 0, 1, 3)), 12, 31)
        own = f"d{n:02d}"
        house.record(
            own, f"{random.choice(('Quyết định', 'Báo cáo'))} {random.choice(('giao đất', 'trồng rừng', 'họp'))} {n}",
            *([f"Trang có mậtmã giao đất {n}"] if n % 3 else []), under=f"h{random.randint(1, 3)}{random.choice('ab')}",
            code=random.choice(("01", "01", "02")), opens=random.choice(("", "2026-06-01", "2026-06-02")),
            withdrawn=n % 17 == 0, dates=(first.isoformat(), last.isoformat()) if n % 5 else None,
            issuer=random.choice(("", "Sở Nội vụ", "Ủy ban nhân dân tỉnh", "Ty Công an")),
            place=random.choice(("", "Xã Tịnh Khê", "Xã Bình Châu", "Phường Trần Phú")),
            kind=random.choice(("", "Quyết định", "Báo cáo", "Tờ trình")),
            subject=random.choice(("", "Đất đai", "Lâm nghiệp")),
            language=random.choice(("", "Tiếng Việt", "08", "Hán Nôm")),
            signer=random.choice(("", "Trần Bình", "TRẦN BÌNH; Lê Hoà", "Lê Hòa", "Sở Nội vụ")),
            photographer=random.choice(("", "", "Lê Hòa", "Võ Mỹ")),
        )  # fmt: skip
    house.index()
    house.veto("h1b")


def facts_of(house: House) -> Facts:
    """What the catalogue says of each record, read without the indexer."""
    today = today_number()
    with house.reading() as session:
        agents = {one.id: one.public_id for one in session.scalars(select(Agent))}
        people = {name_key(one.name): one.public_id for one in session.scalars(select(Agent))}
        places = {one.id: (one.public_id, province_value(one.name)) for one in session.scalars(select(Place))}
        records = list(session.scalars(select(Record)))
        level = {one.public_id: one.level for one in records}
        facts: Facts = {
            name: {} for name in ("level", "years", "decades", "undated", *(facet.name for facet in FACETS))
        }
        for one in records:
            above = one.lineage.split()
            told = {
                "level": (one.level,),
                "access": (standing(one, today)[0],),
                "medium": (one.medium,),
                "type": (one.type_slug,) if one.type_slug else (),
                "issuer": (agents[one.issuer_id],) if one.issuer_id else (),
                "person": tuple(
                    {
                        people[name_key(name)]
                        for field in ("Signer", "Photographer")
                        for name in str(one.delivered.get(field, "")).split("; ")
                        if name
                    }
                ),
                "fonds": tuple(i for i in above if level[i] == "fonds"),
                "inventory": tuple(i for i in above if level[i] == "inventory"),
                "language": read_languages(str(one.delivered.get("Language", ""))),
                "years": (),
                "decades": (),
                "undated": () if one.date_from else ("undated",),
            }
            if one.date_from and one.date_to:
                span = range(date.fromordinal(one.date_from).year, date.fromordinal(one.date_to).year + 1)
                told["years"] = tuple(map(str, span))
                told["decades"] = tuple(sorted({str(year // 10 * 10) for year in span}))
            for name, values in told.items():
                facts[name][one.public_id] = values
            facts["place"][one.public_id] = facts["field"][one.public_id] = ()
        own = {one.id: one.public_id for one in records}
        for place in session.scalars(select(RecordPlace)):
            facts["place"][own[place.record_id]] += tuple(filter(None, places[place.place_id]))
        for subject in session.scalars(select(RecordSubject)):
            facts["field"][own[subject.record_id]] += (subject.slug,)
    return facts


def everything(house: House, viewer: Viewer, criteria: Criteria) -> list[str]:
    """All results, page after page."""
    found, asked = [], replace(criteria, size=100)
    while True:
        results = house.gateway.search(viewer, asked)
        found += [one.id for one in results.hits]
        if not results.next:
            assert len(found) == len(set(found)) == results.total
            return found
        asked = replace(asked, cursor=results.next)


def questions(random: Random, facts: Facts, many: int) -> Iterator[Criteria]:
    values = {name: sorted({v for told in facts[name].values() for v in told}) for name in facts}
    for _ in range(many):
        chosen = random.sample([facet.name for facet in FACETS], random.choice((0, 1, 2, 3)))
        years = random.choice((("", ""), ("", ""), ("1994", "2001"), ("", "1996-06-30"), ("2003", "")))
        yield Criteria(
            q=random.choice(QUESTIONS),
            level=random.choice(((), ("document",), ("file", "document"))),
            facets={n: tuple(random.sample(values[n], min(len(values[n]), random.choice((1, 2))))) for n in chosen},
            date_from=years[0],
            date_to=years[1],
        )


def test_every_count_is_that_of_the_results_one_would_get(full: House, request: pytest.FixtureRequest) -> None:
    facts, random = facts_of(full), Random(3)
    many = 10 if "embedded" in request.node.name else 4
    counted = 0
    for name, viewer in VIEWERS.items():
        known: dict[str, list[str]] = {}
        for criteria in questions(random, facts, many):
            results = full.gateway.search(viewer, criteria)
            if any(one.code == "widened" for one in results.explanations) or (not results.total and widens(criteria)):
                continue  # the counts are those of the wider question, too
            told = {facet: {one.value: one.count for one in values} for facet, values in results.facets.items()}
            told |= {"level": {one.value: one.count for one in results.levels}}
            told |= {"years": {str(year): count for year, count in results.years}}
            told |= {"decades": {str(start): count for start, count in results.decades.items()}}
            told |= {"undated": {"undated": results.undated} if results.undated else {}}
            for facet, counts in told.items():
                wider = without(criteria, facet)
                if (key := wider.query_string()) not in known:
                    known[key] = everything(full, viewer, wider)
                found = known[key]
                expected = Counter(value for own in found for value in facts[facet][own])
                assert counts == expected, (name, facet, criteria)
                counted += len(counts)
    assert counted > 300, "there must be something to compare"


def widens(criteria: Criteria) -> bool:
    return can_widen(parse(criteria.q))


def without(criteria: Criteria, facet: str) -> Criteria:
    if facet == "level":
        return replace(criteria, level=())
    if facet in {"years", "decades", "undated"}:
        return replace(criteria, date_from="", date_to="")
    return replace(criteria, facets={k: v for k, v in criteria.facets.items() if k != facet})
