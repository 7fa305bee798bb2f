"""Who may see what: closures, days, the strictest of file and document, and one rule in three renderings."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from archive.access import (
    NEVER,
    RIGHTS,
    Access,
    AccessFilter,
    Right,
    Rule,
    Viewer,
    engine_filter,
    may,
    pack,
    sql_condition,
    tag,
    unpack,
)
from archive.access_rules import STAFF, Closure, derive_access, is_looser, is_tighter, without_grants
from archive.catalogue.base import Base
from archive.catalogue.records import Record
from archive.clock import now, today_number
from archive.settings import settings

DAY = date(2026, 11, 23).toordinal()
ANYONE = Viewer.anonymous()
LINEAGE = ("own", "file", "fonds")


class Thing:
    """Something guarded."""

    def __init__(self, access: Access) -> None:
        self.access = access


def rights(viewer: Viewer, access: Access, day: int = DAY) -> str:
    """The first letters of the rights that the viewer has: "s" (see), "t" (search text), "r" (read)."""
    return "".join(
        letter for letter, right in zip("str", RIGHTS, strict=True) if may(viewer, right, Thing(access), day)
    )


OPEN, CLOSED = Closure("01"), Closure("02")


@pytest.mark.parametrize(
    ("closures", "today", "tomorrow"),
    [
        ([], "str", "str"),
        ([OPEN], "str", "str"),
        ([CLOSED], "s", "s"),
        ([Closure("03")], "s", "s"),
        ([Closure("03", DAY)], "s", "s"),  # a date never opens a secret
        ([Closure("04")], "s", "s"),  # nor what is no level
        ([Closure("02", DAY)], "str", "str"),
        ([Closure("02", DAY + 1)], "s", "str"),
        ([Closure("01", DAY + 1)], "s", "str"),  # an open record with a day to come is closed until then
        ([OPEN, OPEN], "str", "str"),
        ([OPEN, CLOSED], "s", "s"),  # document and file: the strictest
        ([CLOSED, OPEN], "s", "s"),
        ([Closure("02", DAY), Closure("02", DAY + 1)], "s", "str"),  # the later day
        ([Closure("02", DAY + 1), Closure("02", DAY)], "s", "str"),
        ([Closure("02", DAY), CLOSED], "s", "s"),
        ([OPEN, Closure("01", DAY + 1), OPEN, Closure("02", DAY)], "s", "str"),
    ],
)
def test_what_everybody_may(closures: list[Closure], today: str, tomorrow: str) -> None:
    access = derive_access(closures, lineage=LINEAGE, agency="H48.01")
    assert rights(ANYONE, access) == today
    assert rights(ANYONE, access, DAY + 1) == tomorrow


@pytest.mark.parametrize("closures", [[CLOSED], [Closure("02", DAY + 1), OPEN]])
def test_a_stricter_fonds_shows_nothing_of_what_is_closed(closures: list[Closure]) -> None:
    access = derive_access(closures, lineage=LINEAGE, agency="H48.01", hidden_when_closed=True)
    assert rights(ANYONE, access) == ""
    assert rights(Viewer(frozenset({tag("grant", "file")})), access) == "str"
    opened = derive_access([OPEN], lineage=LINEAGE, agency="", hidden_when_closed=True)
    assert rights(ANYONE, opened) == "str"


@pytest.mark.parametrize(
    ("tags", "has"),
    [
        ({"role:reader"}, "s"),
        ({"role:archivist"}, "str"),
        ({"role:head"}, "str"),
        ({"role:administrator"}, "str"),
        ({"role:clerk"}, "s"),
        ({"role:clerk", tag("agency", "H48.01")}, "str"),
        ({"role:clerk", tag("agency", "H48.02")}, "s"),
        ({tag("grant", "own")}, "str"),
        ({tag("grant", "fonds")}, "str"),
        ({tag("grant", "neighbour")}, "s"),
    ],
)
def test_who_else_may(tags: set[str], has: str) -> None:
    assert rights(Viewer(frozenset(tags)), derive_access([CLOSED], lineage=LINEAGE, agency="H48.01")) == has


def test_a_withdrawn_record_is_seen_by_nobody() -> None:
    access = derive_access([OPEN], lineage=LINEAGE, agency="H48.01", withdrawn=True)
    assert rights(Viewer(STAFF | {tag("grant", "own"), tag("agency", "H48.01")}), access, NEVER - 1) == ""


@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-12-01T23:59:59", False),  # without a zone: the clock on the wall in Viet Nam
        ("2026-12-02T00:00:00", True),
        ("2026-12-01T16:59:59+00:00", False),
        ("2026-12-01T17:00:00+00:00", True),
        ("2026-12-02T00:00:00+09:00", False),
    ],
)
def test_a_record_opens_at_midnight_in_viet_nam(
    bare_home: Path, monkeypatch: pytest.MonkeyPatch, moment: str, opened: bool
) -> None:
    monkeypatch.setenv("VANKHO_NOW", moment)
    settings.cache_clear()
    assert now().utcoffset() is not None
    closure = Closure("02", date(2026, 12, 2).toordinal())
    access = derive_access([closure], lineage=LINEAGE, agency="")
    assert rights(ANYONE, access, today_number()) == ("str" if opened else "s")


@pytest.mark.parametrize(
    ("one", "other"),
    [("H48_01", "H48-01"), ("H48 01", "H48-01"), ("SỞ", "SỢ"), ("a%", "a-"), ("a:b", "a-b"), ("", "-")],
)
def test_two_agencies_never_share_a_tag(one: str, other: str) -> None:
    assert tag("agency", one) != tag("agency", other)
    assert pack(frozenset({tag("agency", one), tag("agency", other)})), "both can be packed"


@pytest.mark.parametrize("bad", ["", " ", "a b", "A", "a_b", "a%", "-a", "đ", "a\n"])
def test_what_is_no_tag_is_refused_everywhere(bad: str) -> None:
    with pytest.raises(ValueError, match="not a tag"):
        pack(frozenset({bad}))
    with pytest.raises(ValueError, match="not a tag"):
        Viewer(frozenset({bad}))


closures = st.lists(
    st.builds(Closure, st.sampled_from(["01", "02", "03"]), st.none() | st.integers(DAY - 3, DAY + 3)), max_size=4
)


def derived(found: list[Closure], *, hidden: bool = False, withdrawn: bool = False) -> Access:
    return derive_access(found, lineage=LINEAGE, agency="A", hidden_when_closed=hidden, withdrawn=withdrawn)


@given(closures, st.sampled_from([OPEN, CLOSED, Closure("03"), Closure("02", DAY), Closure("01", DAY + 1)]))
def test_a_further_closure_never_loosens(found: list[Closure], further: Closure) -> None:
    before, after = derived(found), derived([*found, further])
    assert not is_looser(after, before)
    assert after == derived([further, *found]), "the order does not count"
    for changed in (derived(found, hidden=True), derived(found, withdrawn=True)):
        assert not is_looser(changed, before)


@given(closures, closures, st.integers(DAY - 4, DAY + 4), st.booleans())
def test_looser_means_that_somebody_gains(one: list[Closure], two: list[Closure], day: int, hidden: bool) -> None:
    new, old = derived(one, hidden=hidden), derived(two)
    viewers = (ANYONE, Viewer(frozenset({"role:reader"})), Viewer(STAFF), Viewer(frozenset({"grant:file"})))
    gains = any(set(rights(v, new, day)) - set(rights(v, old, day)) for v in viewers)
    assert is_looser(new, old) or not gains
    assert is_tighter(new, old) == is_looser(old, new)
    assert not is_looser(new, new)
    assert without_grants(new).read.everyone_from == new.read.everyone_from
    assert not any(one.startswith("grant:") for one in without_grants(new).read.allow)


tags = st.frozensets(
    st.sampled_from(["role:head", "role:he", "role:head2", "agency:a-b", "agency:a.b", "grant:x", "grant:xx", "ab"])
    | st.from_regex(r"[a-z0-9][a-z0-9:.\-]{0,5}", fullmatch=True),
    max_size=4,
)
rules = st.builds(Rule, st.sampled_from([0, 1, DAY - 1, DAY, DAY + 1, NEVER]), tags, tags)
accesses = st.builds(Access, rules, rules, rules)


@pytest.fixture(scope="module")
def database() -> Iterator[Session]:
    found = create_engine("sqlite://")
    Base.metadata.create_all(found)
    with Session(found) as session:
        yield session
    found.dispose()


@given(st.lists(accesses, min_size=1, max_size=6), tags, st.sampled_from(RIGHTS), st.integers(DAY - 2, DAY + 2))
def test_objects_and_sql_agree(
    database: Session, held: list[Access], own: frozenset[str], right: Right, day: int
) -> None:
    viewer = Viewer(own)
    for n, access in enumerate(held):
        made = Record(public_id=str(n), level="fonds", natural_key=str(n), lineage="", code="")
        made.access = access
        assert made.access == access
        database.add(made)
    database.flush()
    found = set(database.scalars(select(Record.public_id).where(sql_condition(viewer, right, day))))
    database.rollback()
    assert found == {str(n) for n, access in enumerate(held) if may(viewer, right, Thing(access), day)}
    assert engine_filter(viewer, right, day) == AccessFilter(right, tuple(sorted(own)), day)


@given(tags)
def test_packing_loses_nothing(some: frozenset[str]) -> None:
    packed = pack(some)
    assert unpack(packed) == some
    assert all(f" {one} " in packed for one in some)
