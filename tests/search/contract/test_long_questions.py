"""On every engine: a title or a page pasted whole is answered, and what is too much is refused in words."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from search.criteria import Criteria
from search.engines.protocol import Engine
from search.errors import MOST_WORDS, QueryError, messages
from tests.search.conftest import clock  # noqa: F401  (a fixture)
from tests.search.houses import ANYONE, House, ids

#: A real title of 2015 and a name that has changed: every reading of it is long.
TITLE = (
    "Thông tư sửa đổi, bổ sung một số điều của Thông tư số 13/2015/TT-BTC ngày 30 tháng 01 năm 2015 của Bộ trưởng "
    "Bộ Tài chính quy định về kiểm tra, giám sát, tạm dừng làm thủ tục hải quan đối với hàng hóa xuất khẩu, nhập khẩu "
    "có yêu cầu bảo vệ quyền sở hữu trí tuệ; kiểm soát hàng giả và hàng hóa xâm phạm quyền sở hữu trí tuệ gửi UBND xã "
    "Tịnh Khê, Sở Nông nghiệp và Phát triển nông thôn, Bộ Kế hoạch và Đầu tư"
)
SYLLABLES = [f"{first}{last}" for first in "bcdghklmnprstvx" for last in ("an", "ong", "inh", "em", "ao", "et", "ung")]
PAGE = " ".join(f"{one} {other}" for one, other in zip(SYLLABLES, reversed(SYLLABLES), strict=True))


@pytest.fixture
def archive(engine: Engine, tmp_path: Path, clock: Callable[[str], None]) -> Iterator[House]:  # noqa: F811
    house = House(tmp_path, engine=engine)
    house.fonds("f", "Phông")
    house.record("asked", TITLE, "Kính gửi", under="f")
    house.record("page", "Một trang", PAGE, under="f")
    house.record("other", "Quyết định giao đất", "ở Sơn Tịnh", under="f")
    house.index()
    yield house
    house.database.dispose()


def found(archive: House, q: str) -> list[str]:
    return ids(archive.gateway.search(ANYONE, Criteria(q=q, level=("document",))).hits)


def test_a_long_title_with_names_that_have_changed_is_found(archive: House) -> None:
    assert found(archive, TITLE) == ["asked"]


def test_as_many_words_as_one_may_ask_are_answered(archive: House) -> None:
    words = PAGE.split()[:MOST_WORDS]
    assert len(words) > 200
    assert found(archive, " ".join(words)) == ["page"]
    assert archive.gateway.inside(ANYONE, "page", Criteria(q=" ".join(words)))


def test_more_conditions_than_an_engine_answers_are_refused_in_words(archive: House) -> None:
    pairs = list(dict.fromkeys(f'"{one[:2]} {other[:2]}"' for one in SYLLABLES for other in SYLLABLES))[:126]
    with pytest.raises(QueryError, match="too-many") as refused:
        found(archive, " ".join(pairs))
    assert "quá nhiều điều kiện" in messages(refused.value)[0]
    assert refused.value.text.startswith(pairs[0])


@pytest.mark.parametrize(
    "q",
    [
        " OR ".join(SYLLABLES * 2)[:1_990].rsplit(" OR ", 1)[0],
        " ".join(f'"{one} {other}"' for one, other in pairwise(SYLLABLES)),
        "giao " + " ".join(f"-{one}" for one in SYLLABLES),
        " ".join(f"({one} OR {other})" for one, other in pairwise(SYLLABLES)),
    ],
)
def test_long_lists_of_conditions_are_answered_or_refused_by_us(archive: House, q: str) -> None:
    try:
        found(archive, q)
    except QueryError as error:
        assert error.code == "too-many"  # noqa: PT017 - both are right, an engine's own refusal is not
