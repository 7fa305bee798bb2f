"""What every engine promises about writing: versions, refusals, deletes, positions."""

import pytest

from archive.access import Access, Rule
from search.engines.protocol import Engine, EngineError, Held, NoIndexError
from search.engines.values import all_values, fingerprint
from search.plan import All, Keyword, Plan, Terms
from tests.search.documents import OPEN, pages, record

HIDDEN = Access(*(Rule(allow=frozenset({"role:head"})),) * 3)


def ids(engine: Engine, plan: Plan, name: str = "") -> list[str]:
    return [own for own, _ in engine.query(plan, name).hits]


def words(field: str, *terms: str) -> Plan:
    return Plan("pages" if field.startswith("page:") else "records", Terms(field.removeprefix("page:"), _one(terms)))


def _one(terms: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    return tuple((term, 1.0) for term in terms)


@pytest.fixture
def records(engine: Engine) -> str:
    name = engine.create("records")
    engine.promote("records", name)
    return name


def test_nothing_is_seen_before_the_commit_and_everything_after(engine: Engine, records: str) -> None:
    assert engine.write(records, [record("a", "bản đồ địa chính")]) == []
    assert engine.query(Plan("records", All())).total == 0
    engine.commit(records, 3)
    assert ids(engine, words("text_marked", "đia6")) == ["a"]
    assert engine.position(records) == 3
    assert engine.count(records) == 1


@pytest.mark.parametrize("between", [True, False])
def test_a_lower_version_loses_and_an_equal_or_higher_one_replaces(engine: Engine, records: str, between: bool) -> None:
    for version, text in ((5, "năm"), (4, "bốn"), (5, "lại năm"), (7, "bảy"), (6, "sáu")):
        assert engine.write(records, [record("a", text, version)]) == []
        if between:
            engine.commit(records, version)
    engine.commit(records, 9)
    assert ids(engine, words("text_folded", "bay")) == ["a"]
    assert ids(engine, words("text_folded", "nam", "bon", "sau", "lai")) == []
    assert engine.versions(records, ["a", "b"]) == {"a": 7}
    assert engine.count(records) == 1


def test_the_same_record_twice_in_a_batch_stands_once(engine: Engine, records: str) -> None:
    engine.write(records, [record("a", "cũ", 1), record("a", "mới", 2), record("a", "cũ", 1)])
    engine.commit(records, 1)
    assert engine.count(records) == 1
    assert ids(engine, words("text_folded", "moi")) == ["a"]


def test_deleted_is_gone_and_may_come_back(engine: Engine, records: str) -> None:
    engine.write(records, [record("a", "một", 8), record("b", "hai", 8)])
    engine.commit(records, 1)
    engine.delete(records, {"a": 9, "never-there": 9})
    engine.commit(records, 2)
    assert ids(engine, Plan("records", All())) == ["b"]
    engine.write(records, [record("a", "ba", 10)])
    engine.commit(records, 3)
    assert ids(engine, words("text_folded", "ba")) == ["a"]


def test_a_late_delete_loses_and_a_late_write_does_not_undo_one(engine: Engine, records: str) -> None:
    engine.write(records, [record("a", "một", 8), record("b", "hai", 8)])
    engine.commit(records, 1)
    engine.delete(records, {"a": 7, "b": 8})
    engine.write(records, [record("b", "cũ", 7), record("c", "ba", 5)])
    engine.delete(records, {"c": 4})
    engine.commit(records, 2)
    assert sorted(ids(engine, Plan("records", All()))) == ["a", "c"]


def test_what_is_refused_comes_back_with_its_reason_and_the_rest_goes_in(engine: Engine, records: str) -> None:
    batch = [
        record("a", "tốt"),
        record("", "không mã"),
        record("c", date_from=9, date_to=3),
        record("d", "hỏng \ud800"),
        record("e", facets={"type": ("x" * 5_000,)}),
        record("f", "tốt", version=2**70),
        record("g", "tốt"),
    ]
    refused = engine.write(records, batch)
    engine.commit(records, 1)
    assert [one.id for one in refused] == ["", "c", "d", "e", "f"]
    assert all(one.reason for one in refused)
    assert ids(engine, words("text_folded", "tot")) == ["a", "g"]


def test_a_refused_correction_leaves_what_was_there(engine: Engine, records: str) -> None:
    engine.write(records, [record("a", "cũ", 1)])
    engine.commit(records, 1)
    assert engine.write(records, [record("a", "mới \ud800", 2)])
    engine.commit(records, 2)
    assert ids(engine, words("text_folded", "cu")) == ["a"]


def test_the_pages_of_a_record_are_replaced_as_a_whole(engine: Engine) -> None:
    name = engine.create("pages")
    engine.promote("pages", name)
    engine.write(name, [pages("a", "một", "hai", "ba"), pages("b", "bốn")])
    engine.commit(name, 1)
    assert engine.count(name) == 4
    assert ids(engine, words("page:text_folded", "hai")) == ["a.2"]
    engine.write(name, [pages("a", "năm", version=2), pages("b", "cũ", version=0)])
    engine.commit(name, 2)
    assert engine.count(name) == 2
    assert ids(engine, words("page:text_folded", "mot", "hai", "ba", "cu")) == []
    assert engine.versions(name, ["a"]) == {"a": 2}
    engine.delete(name, {"a": 2})
    engine.commit(name, 3)
    assert ids(engine, Plan("pages", Keyword("record", ("a",)))) == []


def test_pages_of_another_record_are_refused(engine: Engine) -> None:
    name = engine.create("pages")
    mixed = pages("a", "một")
    wrong = type(mixed)("b", 1, mixed.pages)
    assert [one.id for one in engine.write(name, [wrong])] == ["b"]


def test_a_new_index_answers_nothing_until_it_is_promoted(engine: Engine, records: str) -> None:
    engine.write(records, [record("old", "chung")])
    engine.commit(records, 1)
    other = engine.create("records")
    engine.write(other, [record("new", "chung")])
    engine.commit(other, 2)
    assert ids(engine, words("text_folded", "chung")) == ["old"]
    assert ids(engine, words("text_folded", "chung"), other) == ["new"]
    engine.promote("records", other)
    assert ids(engine, words("text_folded", "chung")) == ["new"]
    assert (engine.current("records"), engine.previous("records")) == (other, records)
    engine.promote("records", records)
    assert (engine.current("records"), engine.previous("records")) == (records, other)
    assert engine.position(other) == 2


def test_only_what_is_not_in_use_can_be_dropped(engine: Engine, records: str) -> None:
    other = engine.create("records")
    assert engine.names("records") == [records, other]
    with pytest.raises(EngineError):
        engine.drop(records)
    engine.drop(other)
    assert engine.names("records") == [records]
    with pytest.raises(NoIndexError):
        engine.count(other)


def test_an_engine_without_an_index_says_so(engine: Engine) -> None:
    with pytest.raises(NoIndexError):
        engine.query(Plan("records", All()))
    assert engine.current("records") == ""
    assert not engine.health().ok


def test_health_names_the_current_indices(engine: Engine, records: str) -> None:
    other = engine.create("pages")
    engine.promote("pages", other)
    health = engine.health()
    assert health.ok
    assert health.indices == {"records": (records, 0), "pages": (other, 0)}


def test_hidden_is_written_but_never_without_a_right(engine: Engine, records: str) -> None:
    engine.write(records, [record("a", access=HIDDEN), record("b", access=OPEN), record("c", access=Access())])
    engine.commit(records, 1)
    assert engine.count(records) == 3


def test_what_is_held_of_a_record_can_be_told_from_anything_else(engine: Engine, records: str) -> None:
    name = engine.create("pages")
    engine.promote("pages", name)
    written = pages("a", "một", "hai", "ba", version=4)
    engine.write(records, [record("a", "một", 4), record("b", "hai", 2)])
    engine.write(name, [written, pages("b", "bốn", version=2)])
    for one in (records, name):
        engine.commit(one, 4)
    expected = Held(4, 3, sum(fingerprint(values) for values in all_values("pages", written)))
    assert engine.states(name, ["a", "c"]) == {"a": expected}
    assert engine.states(records, ["a", "b"]) == {
        own: Held(version, 1, fingerprint(all_values("records", record(own, text, 9))[0]))
        for own, text, version in (("a", "một", 4), ("b", "hai", 2))
    }
    others = [record("a", "một!"), record("a", "một", access=HIDDEN), record("a", "một", title="hai")]
    marks = {fingerprint(all_values("records", one)[0]) for one in (record("a", "một"), *others)}
    assert len(marks) == 4
