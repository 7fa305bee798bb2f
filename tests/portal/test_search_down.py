"""Without an index: searching says so calmly, browsing and reading go on."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from archive.settings import settings
from archive.storage.folder import FolderStorage
from portal.application import create_app
from search.engines.embedded import EmbeddedEngine
from search.gateway import Gateway
from tests.portal.archive_of_tests import Small

pytestmark = pytest.mark.both_databases


@pytest.fixture
def bare(app: object, small: Small, tmp_path: Path) -> FlaskClient:
    """The small archive with an engine that has lost its indices."""
    chosen = settings().model_copy(update={"secret": SecretStr("x" * 40)})
    gateway = Gateway(EmbeddedEngine(tmp_path / "empty"))
    return create_app(gateway=gateway, storage=FolderStorage(chosen.home / "storage"), settings=chosen).test_client()


def test_searching_says_so(bare: FlaskClient) -> None:
    page = bare.get("/tim-kiem?q=giao+dat")
    assert page.status_code == 503
    assert "vẫn xem được tài liệu theo phông" in page.text
    assert "can still be browsed" in bare.get("/tim-kiem?q=giao+dat&lang=en").text
    answer = bare.get("/api/v1/search?q=giao+dat")
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.json
    assert answer.json["detail"].startswith("Chỉ mục")


def test_browsing_goes_on(bare: FlaskClient, client: FlaskClient) -> None:
    home = bare.get("/")
    assert home.status_code == 200
    assert "Phông lưu trữ" in home.text
    fonds = bare.get("/phong")
    assert fonds.text == client.get("/phong").text
