"""The leak test: identities x channels x events, with planted words.

A word may be met in an answer only by the identities that its record's rule names; what may not be met is not counted
either; hidden and missing answer the same.
"""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.database import forget_engines
from archive.settings import settings
from indexer.drainer import draining
from indexer.rebuild import rebuild
from tests.databases import DatabaseKind, server
from tests.leaks.channels import CHANNELS, TAKING
from tests.leaks.planted import ASKED, IDENTITIES, PASSWORD, PERSONAL, STAFF, documents, fresh_identifier, plant
from vankho import wiring

pytestmark = pytest.mark.both_databases

DATA = (
    "/api/v1/records/{}",
    "/api/v1/records/{}/similar",
    "/api/v1/records/{}/why?q=zqchung",
    "/tim-kiem/vi-sao/{}?q=zqchung",
)
WORDS = {word: allowed for one in documents() for word, allowed in one.words().items()}
WORDS |= dict.fromkeys(ASKED, STAFF)


@pytest.fixture(scope="module")
def archive(
    tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind
) -> Iterator[tuple[Flask, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("ro-ri")
    address = server().create() if database_kind == "postgresql" else ""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VANKHO_HOME", str(folder / "kho"))
        patch.setenv("VANKHO_DATABASE_URL", address)
        _forget()
        wiring.prepare_catalogue()
        ids = plant(folder)
        from vankho.serving import make_application

        yield make_application(), ids
        forget_engines()
    _forget()
    if address:
        server().remove(address)


def _forget() -> None:
    settings.cache_clear()
    wiring.search_engine.cache_clear()
    wiring.storage.cache_clear()


@pytest.fixture(scope="module")
def clients(archive: tuple[Flask, dict[str, str]]) -> dict[str, FlaskClient]:
    found = {}
    for name in IDENTITIES:
        client = archive[0].test_client()
        if name != "anonymous":
            form = client.get("/dang-nhap").get_data(as_text=True)
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
            assert token
            answer = client.post(
                "/dang-nhap", data={"ten": name, "mat_khau": PASSWORD, "csrf_token": token[1], "next": "/"}
            )
            assert answer.status_code == 303, name
        found[name] = client
    return found


def asked_for(address: str) -> str:
    """The words that the address itself names: an answer may repeat its question."""
    return unquote(urlsplit(address).query.replace("+", " "))


def leaks(client: FlaskClient, identity: str, address: str) -> list[str]:
    answer = client.get(address)
    data = answer.get_data()
    if data[:2] == b"PK":  # a workbook is a zip
        with ZipFile(BytesIO(data)) as book:
            data = b"\n".join(book.read(name) for name in book.namelist())
    told = data.decode("utf-8", "replace")
    told += "\n".join(f"{k}: {v}" for k, v in answer.headers.items())
    answer.close()
    assert answer.status_code < 500, (identity, address)
    asked = asked_for(address)
    restoring = identity == "archivist" and "hien=ca-nhan" in address
    return [
        f"{identity} met {number} at {address}"
        for number in PERSONAL
        if not restoring and number not in asked and number in told
    ] + [
        f"{identity} met {word} at {address}"
        for word, allowed in WORDS.items()
        if identity not in allowed and word not in asked and word in told.lower()
    ]


def test_every_route_is_a_channel(archive: tuple[Flask, dict[str, str]]) -> None:
    routes = {rule.endpoint for rule in archive[0].url_map.iter_rules()}
    assert routes == set(CHANNELS) | TAKING


@pytest.mark.parametrize("identity", IDENTITIES)
def test_no_channel_shows_a_word_that_is_not_for_the_reader(
    identity: str, archive: tuple[Flask, dict[str, str]], clients: dict[str, FlaskClient]
) -> None:
    ids = list(archive[1].values())
    found = [
        leak
        for addresses in CHANNELS.values()
        for address in addresses(ids, [*WORDS, *PERSONAL])
        for leak in leaks(clients[identity], identity, address)
    ]
    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize("identity", IDENTITIES)
def test_words_are_found_counted_and_faceted_exactly_by_those_who_may(
    identity: str, clients: dict[str, FlaskClient]
) -> None:
    wrong = []
    for one in documents():
        for word, allowed in one.words().items():
            if word == one.hand:
                continue  # handwriting is content without a page: it is shown to readers, not searched
            answer = json.loads(clients[identity].get(f"/api/v1/search?q={word}").get_data())
            wanted = 1 if identity in allowed else 0
            counted = sum(v["count"] for v in answer["facets"]["type"])
            if (answer["total"], len(answer["hits"]), counted) != (wanted, wanted, wanted):
                wrong.append(f"{identity} {word}: total {answer['total']}, hits {len(answer['hits'])}, facet {counted}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("identity", IDENTITIES)
def test_no_personal_number_is_found_by_anybody(
    identity: str, archive: tuple[Flask, dict[str, str]], clients: dict[str, FlaskClient]
) -> None:
    for number in PERSONAL:
        assert json.loads(clients[identity].get(f"/api/v1/search?q={number}").get_data())["total"] == 0
    address = f"/van-ban/{archive[1]['H48.A.001']}/trang/1?hien=ca-nhan"  # the other half: it is there, for one
    told = clients[identity].get(address).get_data(as_text=True)
    assert [number in told for number in PERSONAL] == [identity == "archivist"] * 3


@pytest.mark.parametrize("identity", IDENTITIES)
def test_content_is_shown_to_those_who_may_read(
    identity: str, archive: tuple[Flask, dict[str, str]], clients: dict[str, FlaskClient]
) -> None:
    """The other half: a portal that shows nothing would pass the tests above."""
    for n, one in enumerate(documents(), 1):
        public_id = archive[1].get(f"{one.organ}.{n:03d}")
        if public_id is None:
            assert one.described == frozenset(), one.name
            continue
        page = clients[identity].get(f"/van-ban/{public_id}").get_data(as_text=True)
        assert (one.title in page) == (identity in one.described), (identity, one.name)
        assert (one.text in page) == (identity in one.read), (identity, one.name)


def test_hidden_and_missing_answer_the_same(
    archive: tuple[Flask, dict[str, str]], clients: dict[str, FlaskClient]
) -> None:
    hidden = {archive[1]["H48.B.003"], archive[1]["H48.A.008"]}
    for pattern in ("/van-ban/{}", "/van-ban/{}/trang/1", "/van-ban/{}/trang/1/anh/1240.webp", *DATA):
        missing = clients["anonymous"].get(pattern.format(fresh_identifier()))
        for one in hidden:
            answer = clients["anonymous"].get(pattern.format(one))
            assert (answer.status_code, answer.get_data(), list(answer.headers)) == (
                missing.status_code, missing.get_data(), list(missing.headers)
            )  # fmt: skip
            assert answer.status_code == 404


def test_a_misspelled_word_is_told_to_those_who_may_search_it(clients: dict[str, FlaskClient]) -> None:
    """The other half: without it, no correction at all would pass the tests above."""
    for identity, client in clients.items():
        answer = client.get("/api/v1/search?q=zqmonoidun").get_data(as_text=True)
        assert "zqmonoidung" in answer, identity
        assert "zqrutnoidung" not in client.get("/api/v1/search?q=zqrutnoidun").get_data(as_text=True), identity


def test_the_page_cache_of_one_reader_is_not_anothers(clients: dict[str, FlaskClient]) -> None:
    for identity, client in clients.items():
        answer = client.get("/tim-kiem?q=zqchung")
        control = answer.headers.get("Cache-Control", "")
        assert "Cookie" in answer.headers.get("Vary", ""), identity
        assert "public" not in control or identity == "anonymous", (identity, control)


def test_nothing_leaks_after_a_rebuild(archive: tuple[Flask, dict[str, str]], clients: dict[str, FlaskClient]) -> None:
    with draining() as mine:
        assert mine
        rebuild(wiring.search_engine())
    for identity in ("anonymous", "clerk_b"):
        found = [
            leak
            for name in ("searching.show", "api.search", "api.suggest")
            for address in CHANNELS[name](list(archive[1].values()), list(WORDS))
            for leak in leaks(clients[identity], identity, address)
        ]
        assert not found, "\n".join(found[:20])


def test_what_opens_tomorrow_is_open_tomorrow(
    archive: tuple[Flask, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from archive import clock

    later = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = json.loads(archive[0].test_client().get("/api/v1/search?q=zqmaimonoidung").get_data())
    assert answer["total"] == 1
    assert json.loads(archive[0].test_client().get("/api/v1/search?q=zqdieukiennoidung").get_data())["total"] == 0
