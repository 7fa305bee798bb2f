"""What was understood of a question stands in one line above the results, each part with a way to undo it."""

import pytest
from flask.testing import FlaskClient

pytestmark = pytest.mark.both_databases


def test_what_was_understood_is_one_line_with_a_way_to_undo_each_part(client: FlaskClient) -> None:
    page = client.get("/tim-kiem?q=quyet+dinh+UBND+tinh+1998").text
    line, rest = page.split('<p class="sm flush taken">')[1].split("</p>", 1)
    told = client.get("/api/v1/search?q=quyet+dinh+UBND+tinh+1998").get_json()["explanations"]
    assert line.count("<b>") == len(told) >= 3
    assert line.count("verbatim=") == sum(bool(one["undo"]) for one in told)
    assert rest.lstrip().startswith('<details class="more">')


def test_the_line_says_what_was_understood_and_not_only_its_kind(client: FlaskClient) -> None:
    line = client.get("/tim-kiem?q=dat+Tinh+Khe").text.split('<p class="sm flush taken">')[1].split("</p>", 1)[0]
    assert "xã Tịnh Khê" in line
    assert "Tên gọi" not in line


def test_a_widened_question_can_be_asked_as_typed(client: FlaskClient) -> None:
    asked = "/api/v1/search?q=giao+vutru"
    wide = client.get(asked).get_json()
    assert wide["explanations"][0]["code"] == "widened"
    assert client.get(f"/api/v1/search?{wide['explanations'][0]['undo']}").get_json()["total"] == 0
