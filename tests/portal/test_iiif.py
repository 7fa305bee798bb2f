"""IIIF: parsed by libraries that this project did not write, and closed like every other way to an image."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from iiif_prezi3 import AnnotationPage, Manifest
from piffle.image import IIIFImageClient
from PIL import Image
from sqlalchemy import bindparam, select

from archive.catalogue.records import Page, Record
from archive.database import reading
from archive.derivatives import derivative_path, drop_derivatives
from archive.identifiers import new_identifier
from archive.images import WIDTHS
from archive.settings import settings
from tests.portal.archive_of_tests import Small

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
DIGITAL, TEXT, CONDITIONAL = "document:H48.P1.1.001", "document:H48.P1.1.002", "document:H48.P1.1.004"
HIDDEN = "document:H48.P2.2.001"
PAGE = (
    select(Page.image_sha256)
    .join(Record, Record.id == Page.record_id)
    .where(Record.public_id == bindparam("own"), Page.n == 1)
)


def test_the_manifest_is_read_by_a_foreign_parser(small: Small, client: FlaskClient) -> None:
    own = small.ids[DIGITAL]
    answer = client.get(f"/iiif/3/{own}/manifest")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    manifest = Manifest.model_validate_json(answer.text)
    assert manifest.id == f"http://localhost/iiif/3/{own}/manifest"
    assert [canvas.label for canvas in manifest.items] == [{"vi": ["Trang 1"]}, {"vi": ["Trang 2"]}]
    canvas = manifest.items[0]
    assert (canvas.width, canvas.height) == (1240, 1754)
    body = canvas.items[0].items[0].body
    image = client.get(body.id.removeprefix("http://localhost"))
    assert Image.open(io.BytesIO(image.data)).size == (body.width, body.height)
    small_one = client.get(canvas.thumbnail[0].id.removeprefix("http://localhost"))
    assert Image.open(io.BytesIO(small_one.data)).size == (canvas.thumbnail[0].width, canvas.thumbnail[0].height)


def test_the_image_is_asked_by_a_foreign_client(small: Small, client: FlaskClient) -> None:
    base = f"/iiif/3/{small.ids[DIGITAL]}/1"
    info = client.get(f"{base}/info.json")
    assert info.mimetype == "application/ld+json"
    told = info.get_json()
    assert (told["width"], told["height"], told["profile"]) == (1240, 1754, "level2")
    assert client.get(base).location == f"{base}/info.json"
    ask = IIIFImageClient("", told["id"].removeprefix("http://localhost/"))
    for changed, size in (
        (ask.size(width=300), (300, 424)),
        (ask.region(x=100, y=200, width=400, height=200).size(width=400), (400, 200)),
        (ask.region(x=100, y=200, width=400, height=200).size(width=100).rotation(degrees=90), (50, 100)),
        (ask.size(width=600, height=600, exact=True), (424, 600)),
    ):
        answer = client.get(str(changed))
        assert answer.mimetype == "image/jpeg", str(changed)
        assert "public" in answer.headers["Cache-Control"]
        assert Image.open(io.BytesIO(answer.data)).size == size, str(changed)
    dark = Image.open(io.BytesIO(client.get(f"{base}/100,200,800,100/8,/0/gray.png").data))
    assert max(dark.getextrema()) < 100  # the scan has its black bar there
    refused = client.get(f"{base}/full/5000,/0/default.jpg")
    assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")


def test_a_small_picture_of_a_page_costs_no_large_one(small: Small, client: FlaskClient) -> None:
    """Who shows hundreds of pages small (thumbnails of a manifest) would draw hundreds of large ones."""
    home = settings().home
    with reading() as session:
        page = session.execute(PAGE, {"own": small.ids[DIGITAL]}).scalar_one()
    drop_derivatives(home, str(page))
    for size, made in ((300, {300}), (600, {300, 720})):
        assert client.get(f"/iiif/3/{small.ids[DIGITAL]}/1/full/{size},/0/default.webp").status_code == 200
        for width in WIDTHS:
            assert derivative_path(home, str(page), 0, width).exists() == (width in made), (size, width)


@pytest.mark.parametrize("version", ["3/{}/search", "search/1/{}"])
def test_hits_are_told_where_they_lie(small: Small, client: FlaskClient, version: str) -> None:
    own = small.ids[DIGITAL]
    address = f"/iiif/{version.format(own)}?q=giao+%C4%91%E1%BA%A5t&motivation=painting"
    told = client.get(address).get_json()
    canvas = f"http://localhost/iiif/3/{own}/canvas/1#xywh="
    if version.startswith("3"):
        targets = [one["target"] for one in told["items"]]
        quotes = [one["target"]["selector"][0] for one in told["annotations"][0]["items"]]
        assert told["ignored"] == ["motivation"]
        parsed = AnnotationPage(**{name: told[name] for name in ("id", "type", "items")})
        assert [one.motivation for one in parsed.items] == [one["motivation"] for one in told["items"]]
        found = [(one["prefix"], one["exact"], one["suffix"]) for one in quotes]
    else:
        targets = [one["on"] for one in told["resources"]]
        found = [(one["before"], one["match"], one["after"]) for one in told["hits"]]
        assert told["within"] == {"@type": "sc:Layer", "total": 2, "ignored": ["motivation"]}
    assert targets == [f"{canvas}280,200,170,40", f"{canvas}280,260,170,40"]
    assert found[0] == ("Quyết định ", "giao đất", " xây dựng khu dân cư Điều 1. Giao đất tại xã Tịnh Khê")
    assert client.get(f"/iiif/{version.format(own)}").status_code == 200
    assert client.get(f"/iiif/{version.format(own)}?q=%22").status_code == 400


def test_hits_beyond_a_page_of_them_are_a_link_on(
    small: Small, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.annotating.MOST_ANNOTATIONS", 1)
    address = f"http://localhost/iiif/3/{small.ids[DIGITAL]}/search?q=giao+%C4%91%E1%BA%A5t"
    first = client.get(address).get_json()
    assert first["partOf"] == {"id": address, "type": "AnnotationCollection"}
    assert first["next"]["type"] == "AnnotationPage"
    second = client.get(first["next"]["id"]).get_json()
    assert "next" not in second
    assert second["prev"]["id"] == f"{address}&start=1"
    assert [len(one["items"]) for one in (first, second)] == [1, 1]
    assert first["items"][0]["target"] != second["items"][0]["target"]
    old = f"/iiif/search/1/{small.ids[DIGITAL]}?q=giao+%C4%91%E1%BA%A5t"
    told = client.get(old).get_json()
    further = client.get(told["next"]).get_json()
    assert (told["startIndex"], further["startIndex"]) == (0, 1)
    assert [one["hits"][0]["match"] for one in (told, further)] == ["giao đất", "Giao đất"]
    assert "next" not in further


def test_hidden_unreadable_and_missing_are_one(small: Small, client: FlaskClient, as_person: People) -> None:
    for pattern in (
        "/iiif/3/{}/manifest",
        "/iiif/3/{}/1",
        "/iiif/3/{}/1/info.json",
        "/iiif/3/{}/1/full/max/0/default.jpg",
        "/iiif/3/{}/1/full/999999,/x/default.jpg",
        "/iiif/3/{}/search?q=x",
        "/iiif/search/1/{}?q=x",
    ):
        nowhere = client.get(pattern.format(new_identifier()))
        assert nowhere.status_code == 404
        for name in (HIDDEN, CONDITIONAL):
            answer = client.get(pattern.format(small.ids[name]))
            told = [(one.status_code, one.data, list(one.headers)) for one in (nowhere, answer)]
            assert told[0] == told[1], (pattern, name)
    assert client.get(f"/iiif/3/{small.ids[TEXT]}/manifest").status_code == 404  # no images
    mine = as_person("lan").get(f"/iiif/3/{small.ids[DIGITAL]}/1/info.json")
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert mine.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in mine.headers
