"""The record beside the request: its standing, ground, page and earlier answers, for its officers only."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from archive.audit import record_event
from archive.database import writing
from tests.portal.archive_of_tests import Small
from tests.portal.heard import heard
from tests.portal.test_pages_asked_for import _asked
from tests.portal.test_requesting import CONDITIONAL, OPEN, _with_head, press, sent
from tests.portal.test_who_decides import number_of, to_approval

pytestmark = pytest.mark.both_databases
__all__ = ["_with_head"]

People = Callable[[str], FlaskClient]


def beside(page: str) -> list[str]:
    """The parts of a page that show a record beside the request."""
    return [one.split("</fieldset>")[0].split("</li>\n")[0] for one in page.split('<div class="beside')[1:]]


def test_an_officer_sees_why_it_is_closed_and_a_reader_does_not(as_person: People, small: Small) -> None:
    own = small.ids[CONDITIONAL]
    with writing() as session:
        record_event(session, "quang", "closure-set", own, ground="QĐ 7/QĐ-LT <b>")
    reader, officer = as_person("hoa"), as_person("lan")
    code = sent(reader, own, small.ids[OPEN])
    first, second = beside(officer.get(f"/quan-tri/yeu-cau/{code}").text)  # the open one is first
    assert 'class="badge open"' in first
    assert "Đóng theo" not in first
    assert 'class="badge cond"' in second
    assert re.search(r"<dt>Đóng theo</dt><dd[^>]*>chính tài liệu này</dd>", second)
    assert "quang: QĐ 7/QĐ-LT &lt;b&gt;" in second
    assert re.search(r"Phông|Mục lục", second), "where it lies"
    for page in (reader.get(f"/yeu-cau/{code}").text, reader.get(f"/yeu-cau/{code}?lang=en").text):
        assert "QĐ 7" not in page
        assert not beside(page)
    deciding = as_person("truong").get(to_approval(officer, code)).text
    assert len(beside(deciding)) == 2
    assert "quang: QĐ 7" in deciding


def test_the_page_that_is_asked_for_stands_beside_it(as_person: People, small: Small) -> None:
    own, officer = small.ids[OPEN], as_person("lan")
    for pages, shown in (("2", "2"), ("", "1")):
        code = _asked(as_person, own, pages)
        [only] = beside(officer.get(f"/quan-tri/yeu-cau/{code}").text)
        image = re.search(r'<img src="([^"]*/trang/(\d+)/anh/300.webp)"', only)
        assert image
        assert image[2] == shown
        assert officer.get(image[1]).status_code == 200
        press(as_person("hoa"), f"/yeu-cau/{code}", viec="rut")


def counts(part: str) -> tuple[int, int]:
    """How often it was granted and refused before, as told."""
    told = re.search(r"cho đọc (\d+) lần, từ chối (\d+) lần", part)
    return (int(told[1]), int(told[2])) if told else (0, 0)


def test_how_it_was_answered_before_is_told(as_person: People, small: Small) -> None:
    own, reader, officer, head = small.ids[CONDITIONAL], as_person("hoa"), as_person("lan"), as_person("truong")
    first = sent(reader, own)
    where, n = to_approval(officer, first), number_of(own)
    granted, refused = counts(head.get(where).text)  # of other tests
    told = {f"tra-loi-{n}": "khong", f"can-cu-{n}": "còn bí mật đời tư"}
    assert press(head, where, viec="quyet-dinh", **told).status_code == 303
    [ended] = beside(head.get(where).text)
    assert counts(ended) == (granted, refused), "its own answer is none before it"
    second = sent(reader, own, purpose="lần hai")
    [asked] = beside(officer.get(f"/quan-tri/yeu-cau/{second}").text)
    assert counts(asked) == (granted, refused + 1)
    assert f'href="/quan-tri/yeu-cau/{first}"' in asked
    assert "(còn bí mật đời tư)" in asked
    assert "còn bí mật" not in reader.get(f"/yeu-cau/{second}").text


def test_an_officers_page_reads_a_file_and_the_copies_once(as_person: People, small: Small) -> None:
    """What lies in a file and what is copied of a request are asked for once, however much of the page needs them."""
    file, officer = small.ids["file:H48.P1.07.1"], as_person("lan")
    code = sent(as_person("hoa"), file, small.ids[OPEN], kind="copy")
    where = to_approval(officer, code)
    head = as_person("truong")
    with heard() as said:
        assert head.get(where).status_code == 200
    inside = [one for one in said if "record.parent_id IN" in one and "count(" not in one]
    copies = [one for one in said if "FROM issued_copy" in one]
    assert (len(inside), len(copies)) == (1, 1), [*inside, *copies]
