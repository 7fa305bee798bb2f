"""The portal over a small real archive, as each kind of reader."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from archive.database import engine as database
from archive.settings import ROOT, settings
from archive.storage.folder import FolderStorage
from portal.application import create_app
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


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """The archive, built once for each database."""
    yield from building(tmp_path_factory, database_kind)


def building(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """An archive of its own for tests that add records to it; removed afterwards."""
    home = tmp_path_factory.mktemp("kho")
    address = server().create() if database_kind == "postgresql" else ""
    with pytest.MonkeyPatch.context() as patch:
        _settle(patch, home, address)
        built = build(home, tmp_path_factory.mktemp("giao") / "goi")
    settings.cache_clear()
    yield built
    with pytest.MonkeyPatch.context() as patch:
        _settle(patch, home, address)
        database().dispose()
    forget_installation()  # commands asked for the engine of this home
    if address:
        server().remove(address)


@pytest.fixture
def app(small: Small, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application, with the settings and the clock of the small archive."""
    _settle(monkeypatch, small.home, small.database)
    chosen = settings().model_copy(update={"secret": SecretStr(SECRET)})
    gateway = Gateway(small.engine, secret=SECRET)
    yield create_app(gateway=gateway, storage=FolderStorage(small.home / "storage"), settings=chosen)
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
            assert made.get("/").status_code == 200  # the form's token enters the session here
        return made

    return make


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The address of the portal over the small archive."""
    yield from serve(app)
