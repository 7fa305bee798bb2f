"""What is made while hits are looked for: in another thread, on a connection of its own, for the same viewer."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from threading import current_thread

import pytest
from sqlalchemy.orm import Session

from search.ahead import Ahead, MisspelledError
from search.asked import Question
from search.criteria import Criteria, CriteriaError
from search.cursor import Place
from search.engines.counting import Counting
from search.engines.protocol import Counted, Engine
from search.finder import Finder
from search.gateway import Gateway
from search.plan import Answer, Buckets, LostPlaceError, Plan
from search.planning import Asker, all_facets
from search.understanding import understand
from tests.search.houses import ANYONE, House, ids
from tests.search.test_spelling import spelled

__all__ = ["spelled"]
pytestmark = pytest.mark.both_databases


class Listening:
    """An engine that keeps the questions with facets that it was asked, after their number of hits."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.asked = engine, list[Plan]()

    def query(self, plan: Plan, name: str = "", counted: Counted | None = None) -> Answer:
        if len(plan.facets) > 1:
            self.asked.append(plan)
        return self.engine.query(plan, name, counted)

    def __getattr__(self, name: str) -> object:
        return getattr(self.engine, name)


def listening(house: House) -> tuple[Gateway, Listening]:
    heard = Listening(house.engine)
    return Gateway(heard, house.reading, secret="s" * 32), heard  # type: ignore[arg-type]


def test_a_question_without_a_misspelled_word_is_asked_once(spelled: House) -> None:
    gateway, heard = listening(spelled)
    results = gateway.search(ANYONE, Criteria(q="quyết định giao đất"))
    assert (ids(results.hits), len(heard.asked)) == (["open"], 1)
    assert [one.label_vi for one in results.facets["fonds"]] == ["Phông lưu trữ"]


def test_a_misspelled_one_is_asked_anew_and_answered_as_meant(spelled: House) -> None:
    gateway, heard = listening(spelled)
    results = gateway.search(ANYONE, Criteria(q="quyêt đinh giao đất"))
    assert ids(results.hits) == ["open"]
    assert "spelling" in {one.code for one in results.explanations}
    assert [(one.label_vi, one.count) for one in results.facets["fonds"]] == [("Phông lưu trữ", 1)]
    assert heard.asked[0].query != heard.asked[-1].query
    as_typed = gateway.search(ANYONE, Criteria(q="quyêt đinh giao đất", verbatim=frozenset({"spelling"})))
    assert as_typed.explanations != results.explanations


def test_what_goes_wrong_there_is_told_to_who_asked(spelled: House) -> None:
    opened: list[str] = []

    @contextmanager
    def sessions() -> Iterator[Session]:
        opened.append(current_thread().name)
        if len(opened) == 2:
            raise OSError("đĩa hỏng")
        with spelled.reading() as session:
            yield session

    with pytest.raises(OSError, match="đĩa hỏng"):
        Gateway(spelled.engine, sessions, secret="s" * 32).search(ANYONE, Criteria(q="quyết định"))
    assert opened[0] != opened[1]


def question(text: str) -> Question:
    criteria = Criteria(q=text)
    return Question(Asker(ANYONE, 739_768), criteria, understand(criteria))


def made(house: House, text: str, counting: Mapping[str, Buckets]) -> Ahead:
    sessions: AbstractContextManager[Session] = house.reading()
    ahead = Ahead(house.engine, lambda: sessions, question(text))
    ahead.counted(counting)
    return ahead


def test_nobody_is_told_before_it_is_known(spelled: House) -> None:
    Ahead(spelled.engine, spelled.reading, question("quyêt đinh")).check(wait=False)
    known = made(spelled, "quyêt đinh", {})
    for look in (lambda: known.check(wait=False), lambda: known.check(wait=True), known.offers):
        with pytest.raises(MisspelledError):
            look()
    assert made(spelled, "giao đất", {}).offers() == ()


class Losing(Listening):
    """Does not find the place of a page any more."""

    def query(self, plan: Plan, name: str = "", counted: Counted | None = None) -> Answer:
        assert counted
        counted({})
        raise LostPlaceError


@pytest.mark.parametrize(("text", "error"), [("quyêt đinh", MisspelledError), ("quyết định", CriteriaError)])
def test_a_place_in_what_was_meant_is_not_lost(spelled: House, text: str, error: type[Exception]) -> None:
    asked = question(text)
    ahead = Ahead(spelled.engine, spelled.reading, asked)
    with pytest.raises(error):
        Finder(Losing(spelled.engine)).widened(asked, Place(near=12, ids=("gone",)), (), ahead)  # type: ignore[arg-type]


def test_what_is_misspelled_is_not_widened(spelled: House) -> None:
    heard = Listening(spelled.engine)
    asked = question("tai lieuu")
    ahead = Ahead(spelled.engine, spelled.reading, asked)
    with pytest.raises(MisspelledError):
        Finder(heard).widened(asked, Place(), all_facets(asked.criteria, 739_768), ahead)  # type: ignore[arg-type]
    assert len(heard.asked) == 1


def test_only_the_facets_that_were_labelled_have_these_labels(spelled: House) -> None:
    counted: Mapping[str, Buckets] = {"fonds": (("f", 3),)}
    ahead = made(spelled, "giao đất", counted)
    with spelled.reading() as session:
        assert ahead.labelled(session, counted) is ahead.labelled(session, counted)
        other = ahead.labelled(session, {"fonds": (("f", 5),)})
    assert [one.count for one in other["fonds"]] == [5]


def test_a_count_that_fails_is_told_in_both_places(spelled: House) -> None:
    def count() -> Mapping[str, Buckets]:
        raise ValueError("chỉ mục hỏng")

    ahead = Ahead(spelled.engine, spelled.reading, question("giao đất"))
    counting = Counting(count, ahead.counted)
    for look in (ahead.offers, lambda: counting["fonds"]):
        with pytest.raises(ValueError, match="chỉ mục hỏng"):
            look()
