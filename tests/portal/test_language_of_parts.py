"""On an English page what comes from the records says that it is Vietnamese (WCAG 2.2, 3.1.2): titles, fonds, issuers,
types."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.authorities import Agency, Agent, Place
from archive.catalogue.records import Record
from archive.database import reading
from tests.portal.archive_of_tests import Small
from tests.portal.conftest import token_of

pytestmark = pytest.mark.both_databases

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
#: Words for machines, and what can hold no element of its own.
SILENT = {"title", "script", "style", "textarea", "option", "code"}


class Texts(HTMLParser):
    """Each text of a page with the language it is said to be in and the tag that it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            told = dict(attrs)
            mixed = "cite" in (told.get("class") or "").split()  # a sentence of both languages
            self.open.append(("style" if mixed else tag, told.get("lang") or (self.open[-1][1] if self.open else "")))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and data.strip() and not {tag for tag, _lang in self.open} & SILENT:
            self.found.append((re.sub(r"\s+", " ", data).strip(), self.open[-1][1], self.open[-1][0]))


def texts(page: str) -> Iterator[tuple[str, str, str]]:
    reader = Texts()
    reader.feed(page)
    yield from reader.found


def words_of_records() -> set[str]:
    """Titles of records, names of agencies, issuers and places: what an English page must not say is English."""
    with reading() as session:
        told = {*session.scalars(select(Record.title))}
        for table in (Agency, Agent, Place):
            told |= {*session.scalars(select(table.name))}
    return {one for one in told if len(one) > 3 and not one.isascii()} | {"Quyết định", "Thông báo"}


def pages(small: Small) -> list[str]:
    fonds, file = small.ids["fonds:H48.P1"], small.ids["file:H48.P1.07.1"]
    inventory, own = small.ids["inventory"], small.ids["document:H48.P1.1.001"]
    return [
        "/", "/tim-kiem", "/tim-kiem?q=giao", "/tim-kiem?q=giao&type=x", "/phong", "/phong?theo=co-quan",
        "/phong?theo=noi", f"/phong/{fonds}", f"/phong/{fonds}?ml={inventory}", f"/muc-luc/{inventory}",
        f"/ho-so/{file}", f"/van-ban/{own}", f"/van-ban/{own}?q=giao&ds=q%3Dgiao", f"/t/{own}/phieu",
        "/co-quan", "/noi", "/mo-trong-thang", f"/gio?them={own}", f"/tim-kiem/vi-sao/{own}?q=giao",
        "/tim-kiem/chon/issuer", "/tim-kiem/chon/type", f"/tim-kiem?fonds={fonds}&q=giao",
        f"/hoi?tai-lieu={own}", f"/ho-so/{file}?chon=1", f"/yeu-cau-go-bo?tai-lieu={own}",
    ]  # fmt: skip


def test_what_comes_from_records_is_said_to_be_vietnamese(
    small: Small, as_person: Callable[[str], FlaskClient]
) -> None:
    words, wrong, met = words_of_records(), [], 0
    hoa = as_person("hoa")
    token = token_of(hoa.get("/hoi").text)
    for form in ({"tai-lieu": small.ids["document:H48.P1.1.001"]}, {"tim": "q=giao"}):
        hoa.post("/tai-khoan/da-luu", data={"csrf_token": token, **form})
    for address in [*pages(small), "/tai-khoan/da-luu"]:
        answer = hoa.get(f"{address}{'&' if '?' in address else '?'}lang=en")
        if answer.status_code == 404:
            wrong.append(f"{address}: not there")
            continue
        for text, language, tag in texts(answer.text):
            if any(one in text for one in words):
                met += 1
                if language != "vi":
                    wrong.append(f"{address}: <{tag}> {text[:80]}")
    assert not wrong, "\n".join(wrong)
    assert met > 150
