"""The portal over a small real archive, as each kind of reader."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from archive.database import engine as database
from archive.settings import ROOT, settings
from archive.storage.folder import FolderStorage
from portal.application import create_app
from portal.house import House, furnish
from portal.limiting import Limits
from search.engines.embedded import EmbeddedEngine
from search.gateway import Gateway
from tests.conftest import forget_installation
from tests.databases import DatabaseKind, server
from tests.portal.archive_of_tests import NOW, PASSWORD, Small, build
from tests.serving import serve

SECRET = "khóa dùng trong phép thử, đủ ba mươi hai ký tự"


@pytest.fixture(scope="session", autouse=True)
def _translations() -> None:
    """Compiles the catalogue as ``make install`` does."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    source = ROOT / "templates" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    with source.open("rb") as file:
        catalog = read_po(file, locale="en")
    with source.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def _settle(patch: pytest.MonkeyPatch, home: Path, database: str) -> None:
    for name in ("VANKHO_MODE", "VANKHO_SECRET", "VANKHO_ENGINE"):
        patch.delenv(name, raising=False)
    patch.setenv("VANKHO_DATABASE_URL", database)
    patch.setenv("VANKHO_HOME", str(home))
    patch.setenv("VANKHO_NOW", NOW)
    settings.cache_clear()


#: The archive as it was built, before any test used it.
_BUILT: dict[DatabaseKind, Small] = {}


def _build(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Small:
    home = tmp_path_factory.mktemp("khuon")
    address = ""
    if database_kind == "postgresql":
        server().keep(address := server().create())
    with pytest.MonkeyPatch.context() as patch:
        _settle(patch, home, address)
        built = build(home, tmp_path_factory.mktemp("giao") / "goi")
        database().dispose()
    built.engine.release()
    forget_installation()
    return replace(built, database=address)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """The archive as it was built, for the tests of a file on that database."""
    yield from building(tmp_path_factory, database_kind)


def building(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of its own for tests that add records to it: a copy of the one built once a run; removed
    afterwards."""
    if database_kind not in _BUILT:
        _BUILT[database_kind] = _build(tmp_path_factory, database_kind)
    first = _BUILT[database_kind]
    home = tmp_path_factory.mktemp("kho")
    copytree(first.home, home, dirs_exist_ok=True)
    address = server().copy(first.database) if first.database else ""
    yield replace(first, home=home, engine=EmbeddedEngine(home / "index"), database=address, ids=dict(first.ids))
    with pytest.MonkeyPatch.context() as patch:
        _settle(patch, home, address)
        database().dispose()
    forget_installation()  # commands asked for the engine of this home
    if address:
        server().remove(address)


#: The application with its routes and templates, made once a run: that took a third of a second in every test.
_MADE: list[Flask] = []


@pytest.fixture
def app(small: Small, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application, with the settings and the clock of the small archive, and counters that begin at nothing."""
    _settle(monkeypatch, small.home, small.database)
    chosen = settings().model_copy(update={"secret": SecretStr(SECRET)})
    gateway, storage = Gateway(small.engine, secret=SECRET), FolderStorage(small.home / "storage")
    if not _MADE:
        _MADE.append(create_app(gateway=gateway, storage=storage, settings=chosen))
    furnish(_MADE[0], House(gateway, storage, chosen, Limits()))
    yield _MADE[0]
    settings.cache_clear()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A reader who has not signed in."""
    return app.test_client()


def second_word(reader: FlaskClient, code: str) -> str:
    """What the page of a request tells its reader to follow it with."""
    word = re.search(r"(?<![\w-])([2-9A-Z]{4}-[2-9A-Z]{4})(?![\w-])", reader.get(f"/yeu-cau/{code}").text)
    assert word
    return word[1]


def token_of(page: str) -> str:
    """The form's token on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def without_token(page: str) -> str:
    """The page without its forms' tokens, which carry the second they were made in."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


def enter(client: FlaskClient, name: str, password: str = PASSWORD, code: str = "", **more: str):  # type: ignore[no-untyped-def]
    """Signs in through the form."""
    token = token_of(client.get("/dang-nhap").text)
    return client.post("/dang-nhap", data={"csrf_token": token, "ten": name, "mat_khau": password, "ma": code, **more})


@pytest.fixture
def as_person(app: Flask) -> Callable[[str], FlaskClient]:
    """A client who has signed in under that name; "" is nobody."""

    def make(name: str) -> FlaskClient:
        made = app.test_client()
        if name:
            assert enter(made, name).status_code == 303
            assert made.get("/tro-giup").status_code == 200  # the form's token enters the session here
        return made

    return make


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The address of the portal over the small archive."""
    yield from serve(app)
