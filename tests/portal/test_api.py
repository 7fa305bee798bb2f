"""The JSON interface: its shape as the design has it, its description as the routes are, its errors as RFC 9457."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from search.criteria import Criteria
from search.facets import FACETS
from tests.portal.archive_of_tests import PLANTED, Small

pytestmark = pytest.mark.both_databases

HIT = set("id level title code number issuer type date dates fonds path access snippet pages inside url".split())  # noqa: SIM905
ANSWER = set("total total_is_exact hits facets levels years undated alternatives corrections explanations next".split())  # noqa: SIM905


def bearer(small: Small, name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {small.tokens[name]}"}


def test_an_answer_has_the_shape_of_the_design(client: FlaskClient, small: Small) -> None:
    answer = client.get("/api/v1/search?q=%22giao+%C4%91%E1%BA%A5t%22&level=document&level=file")
    body: dict[str, Any] = answer.get_json()
    assert set(body) == ANSWER
    hit = next(one for one in body["hits"] if one["code"] == "H48.P1.1.001")
    assert set(hit) == HIT
    assert hit["date"] == "1998-08-01"
    assert hit["dates"] == ["1998-08-01", "1998-08-01"]
    assert hit["url"] == f"/van-ban/{small.ids['document:H48.P1.1.001']}"
    assert [step["level"] for step in hit["path"]] == ["fonds", "inventory", "file"]
    assert "<mark>" in hit["snippet"]
    assert hit["pages"][0]["n"] == 1
    assert {one["level"] for one in body["hits"]} <= {"document", "file"}
    for name, values in body["facets"].items():
        assert name in {f.name for f in FACETS}
        assert all(sorted(v) == ["count", "label", "selected", "value"] for v in values)


def test_snippets_are_escaped(client: FlaskClient) -> None:
    for hit in client.get("/api/v1/search?q=giao&size=100").get_json()["hits"]:
        for text in (hit["snippet"], *(page["snippet"] for page in hit["pages"])):
            assert not re.search(r"<(?!/?mark>)", text)


def test_pages_follow_each_other_without_gaps(client: FlaskClient) -> None:
    seen, cursor = [], ""
    while True:
        body = client.get("/api/v1/search", query_string={"q": "thông báo", "size": "25", "cursor": cursor}).get_json()
        seen += [one["id"] for one in body["hits"]]
        cursor = body["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == body["total"]


def test_labels_come_in_the_asked_language(client: FlaskClient) -> None:
    for language, label in (("vi", "Mở"), ("en", "Open")):
        values = client.get(f"/api/v1/search?lang={language}").get_json()["facets"]["access"]
        assert label in [one["label"] for one in values]


def test_a_token_sees_what_its_account_may_see(client: FlaskClient, small: Small) -> None:
    address = f"/api/v1/search?q={PLANTED}"
    assert client.get(address).get_json()["total"] == 0
    assert client.get(address, headers=bearer(small, "hoa")).get_json()["total"] == 0
    staff = client.get(address, headers=bearer(small, "lan"))
    assert staff.get_json()["total"] >= 3
    assert staff.headers["Cache-Control"] == "private, no-store"
    assert "Authorization" in staff.headers["Vary"]


@pytest.mark.parametrize("value", ["Bearer wrong", "Bearer", "Basic bGFuOng=", "x", "Bearer token-of-cu"])
def test_a_wrong_token_is_refused(client: FlaskClient, value: str) -> None:
    answer = client.get("/api/v1/search?q=a", headers={"Authorization": value})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert client.get("/", headers={"Authorization": "Bearer wrong"}).status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "parameter"),
    [
        ("/api/v1/search?from=1998-02-31", 400, "from"),
        ("/api/v1/search?to=%C4%91", 400, "to"),
        ("/api/v1/search?size=0", 400, "size"),
        ("/api/v1/search?size=101", 400, "size"),
        ("/api/v1/search?sort=random", 400, "sort"),
        ("/api/v1/search?level=page", 400, "level"),
        ("/api/v1/search?access=secret", 400, "access"),
        ("/api/v1/search?cursor=forged", 400, "cursor"),
        ("/api/v1/search?q=%22a", 400, "q"),
        ("/api/v1/suggest", 400, "q"),
        ("/api/v1/records/x", 404, None),
        ("/api/v1/none", 404, None),
    ],
)
def test_problems_are_told_in_two_languages(client: FlaskClient, address: str, status: int, parameter: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json()
    assert body["status"] == status
    assert all(body[name] for name in ("title", "detail", "title_en", "detail_en"))
    assert body.get("parameter") == parameter


def test_a_wrong_method_is_a_problem(client: FlaskClient) -> None:
    answer = client.delete("/api/v1/search")
    assert answer.status_code == 405
    assert answer.mimetype == "application/problem+json"
    assert "GET" in answer.headers["Allow"]


def test_a_record_tells_its_content_only_to_readers(client: FlaskClient, small: Small) -> None:
    address = f"/api/v1/records/{small.ids['document:H48.P1.1.004']}"
    outside, inside = client.get(address).get_json(), client.get(address, headers=bearer(small, "lan")).get_json()
    assert outside["access"] == inside["access"] == "conditional"
    assert not outside["readable"]
    assert "Autograph" not in outside["description"]
    assert outside["pages"] == []
    assert inside["readable"]
    assert PLANTED in inside["description"]["Autograph"]
    assert inside["pages"][0]["n"] == 1
    later = client.get(f"/api/v1/records/{small.ids['document:H48.P1.1.005']}").get_json()
    assert (later["access"], later["opens_on"]) == ("until", "2031-01-01")


def test_suggestions_are_texts(client: FlaskClient) -> None:
    body = client.get("/api/v1/suggest?q=giao").get_json()
    assert all(sorted(one) == ["count", "id", "kind", "note", "text", "url"] for one in body["suggestions"])
    assert all(client.get(one["url"]).status_code == 200 for one in body["suggestions"])
    assert any("Giao đất" in one["text"] or "giao đất" in one["text"] for one in body["suggestions"])


def test_the_description_names_every_route_and_parameter(app: Flask, client: FlaskClient) -> None:
    description = client.get("/api/v1/openapi.json").get_json()
    routes = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
    }
    assert set(description["paths"]) == routes
    names = [one["name"] for one in description["paths"]["/api/v1/search"]["get"]["parameters"]]
    every = Criteria(
        q="a",
        level=("file",),
        facets={f.name: ("x",) for f in FACETS},
        date_from="1",
        date_to="2",
        sort="date",
        size=1,
        cursor="c",
        verbatim=("keys",),
        undated=True,
    )
    assert set(names) == {name for name, _ in every.parameters()} | {"lang"}


def test_answers_have_the_described_properties(client: FlaskClient, small: Small) -> None:
    paths = client.get("/api/v1/openapi.json").get_json()["paths"]
    for path, address in (
        ("/api/v1/search", "/api/v1/search?q=giao"),
        ("/api/v1/suggest", "/api/v1/suggest?q=giao"),
        ("/api/v1/records/{public_id}", f"/api/v1/records/{small.ids['file:H48.P1.07.1']}"),
    ):
        schema = paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        _agrees(client.get(address).get_json(), schema, path)


def _agrees(value: Any, schema: dict[str, Any], at: str) -> None:
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", type(None): "null"}
    assert names[type(value)] in kinds, (at, value)
    assert value in schema.get("enum", [value]), (at, value)
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["properties"]), at
        for name, inner in schema["properties"].items():
            _agrees(value[name], inner, f"{at}.{name}")
    if isinstance(value, dict) and "additionalProperties" in schema:
        for name, one in value.items():
            _agrees(one, schema["additionalProperties"], f"{at}.{name}")
    if isinstance(value, list):
        for one in value:
            _agrees(one, schema["items"], f"{at}[]")
