"""The ground of a right: a tag by which the rule lets the viewer in, the most particular first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.access import RIGHTS, Access, Right, Rule, Viewer, ground, may
from archive.catalogue.records import Record

TAGS = st.frozensets(st.sampled_from(["role:head", "role:archivist", "agency:h48", "grant:a", "grant:b", "x:y"]))


def guarded(rule: Rule) -> Record:
    made = Record()
    made.access = Access(rule, rule, rule)
    return made


@pytest.mark.parametrize("right", RIGHTS)
@given(allow=TAGS, deny=TAGS, own=TAGS)
def test_a_ground_is_told_exactly_where_a_tag_lets_in(
    right: Right, allow: frozenset[str], deny: frozenset[str], own: frozenset[str]
) -> None:
    record, viewer = guarded(Rule(allow=allow, deny=deny)), Viewer(own)
    told = ground(viewer, right, record)
    if may(viewer, right, record, 700_000):
        assert told in allow & own, "nobody opened it by its day, so a tag did"
    assert not told or told in allow & own


def test_a_grant_is_told_before_the_agency_and_that_before_the_role() -> None:
    everything = frozenset({"role:archivist", "agency:h48", "grant:a"})
    for gone, told in (("", "grant:a"), ("grant:a", "agency:h48"), ("agency:h48", "role:archivist")):
        everything -= {gone}
        assert ground(Viewer(everything), "read", guarded(Rule(allow=everything))) == told
    assert ground(Viewer.anonymous(), "read", guarded(Rule(everyone_from=1, allow=everything))) == ""
