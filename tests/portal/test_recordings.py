"""Sound, film and photographs as readers meet them: player, ranges, captions, gallery; and who meets nothing."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from iiif_prezi3 import Manifest
from sqlalchemy import delete, select

from archive.catalogue.copies import IssuedCopy
from archive.catalogue.people import Account, AuditEvent, Grant
from archive.catalogue.recordings import Recording
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.catalogue.sign_in import AccountSession
from archive.clock import now, today_number
from archive.database import reading, writing
from archive.deciding import grant
from archive.settings import settings
from desk.copies.making import make_waiting
from desk.copies.ordering import copies_of, copy_path, order
from desk.fees.assessing import expected
from indexer.drainer import drain
from indexer.intake.taking import take_package
from tests.databases import DatabaseKind
from tests.indexer.extraction.making import image
from tests.portal.archive_of_tests import PLANTED, Small
from tests.portal.conftest import _settle, building, token_of
from tests.recorded_files import avi, mp3, wav, webm
from tests.transfers import Transfer, record

pytestmark = pytest.mark.both_databases

People = Callable[[str], FlaskClient]
VTT = """WEBVTT

00:00.500 --> 00:01.000
Mở đầu buổi lễ

00:01.000 --> 00:02.000
giao đất làm đê & kè

00:02.000 --> 00:02.500
số 051088001234 thì
"""
CLOSED_VTT = f"WEBVTT\n\n00:01.000 --> 00:02.000\nlời kín {PLANTED}\n"


def package(root: Path) -> Path:
    """An open file with sound, film, a photograph and what browsers do not play; a conditional recording in it."""
    made = Transfer(root).fonds("H48.P3", "Phông nghe nhìn").file("NN", "H48.P3")
    own = {"OrganId": "H48.P3"}
    for code, kind, mode in (
        ("AM", "Âm thanh", "Không hạn chế"), ("PH", "Video", "Không hạn chế"), ("AVI", "Video", "Không hạn chế"),
        ("ANH", "Ảnh", "Không hạn chế"), ("KIN", "Âm thanh", "Hạn chế"), ("SO", "Âm thanh", "Không hạn chế"),
    ):  # fmt: skip
        made.document(code, "NN", None, mode, TypeName=kind, Subject=f"Bản {code}", EventName="Lễ khánh thành", **own)
    made.data |= {
        "AM.mp3": mp3(200), "AM.vtt": VTT.replace("051088001234", "năm").encode(), "PH.webm": webm(), "AVI.avi": avi(),
        "ANH.jpg": image(300, 200, "JPEG"), "KIN.wav": wav(77), "KIN.vtt": CLOSED_VTT.encode(),
        "SO.mp3": mp3(), "SO.vtt": VTT.encode(),
    }  # fmt: skip
    return made.write()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, database_kind: DatabaseKind) -> Iterator[Small]:
    """The small archive and the package."""
    for built in building(tmp_path_factory, database_kind):
        with pytest.MonkeyPatch.context() as patch:
            _settle(patch, built.home, built.database)
            take_package(package(tmp_path_factory.mktemp("nghe") / "goi"))
            drain(built.engine)
            codes = ("AM", "PH", "AVI", "ANH", "KIN", "SO", "NN")
            built.ids |= {one: record(one).public_id for one in codes}
            built.ids["P3"] = record("H48.P3", "fonds").public_id
        settings.cache_clear()
        yield built


def sound(small: Small, code: str) -> str:
    return f"/van-ban/{small.ids[code]}/trang/1/ban-ghi"


def test_a_page_calls_what_it_shows_by_its_name(client: FlaskClient, small: Small) -> None:
    for code, words in (("ANH", "Ảnh"), ("AM", "Bản ghi"), ("PH", "Bản ghi")):
        page = client.get(f"/van-ban/{small.ids[code]}").text
        assert re.search(rf'<li aria-current="page">{words} \d+ trong \d+</li>', page), code
        assert "Về văn bản này" not in page
    assert "Photograph " in client.get(f"/van-ban/{small.ids['ANH']}?lang=en").text


def test_the_bytes_come_whole_and_in_ranges(client: FlaskClient, small: Small) -> None:
    data, address = mp3(200), sound(small, "AM")
    whole = client.get(address)
    assert (whole.status_code, whole.mimetype, whole.data) == (200, "audio/mpeg", data)
    assert (whole.headers["Accept-Ranges"], whole.headers["Cache-Control"]) == ("bytes", "public, max-age=3600")
    for asked, start, end in (("0-0", 0, 1), ("100-199", 100, 200), ("83000-", 83000, len(data)), ("-50", -50, None)):
        part = client.get(address, headers={"Range": f"bytes={asked}"})
        assert (part.status_code, part.data) == (206, data[start:end]), asked
    told = client.get(f"/api/v1/records/{small.ids['AM']}").get_json()["recordings"]
    assert [(one["kind"], one["seconds"], one["url"]) for one in told] == [("audio", 5.212, address)]
    assert client.get(f"/api/v1/records/{small.ids['SO']}").get_json()["recordings"] == []  # held
    beyond = client.get(address, headers={"Range": "bytes=99999999-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(data)}")
    again = client.get(address, headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.head(address).headers["Content-Length"] == str(len(data))


def test_the_page_plays_follows_the_time_and_marks_hits(client: FlaskClient, small: Small) -> None:
    own = f"/van-ban/{small.ids['AM']}"
    page = client.get(own).text
    assert f'<audio class="player" id="may-phat" controls preload="metadata" src="{own}/trang/1/ban-ghi"' in page
    assert "media-src 'self'" in client.get(own).headers["Content-Security-Policy"]
    assert "0:05" in page
    at = client.get(f"{own}?t=1.5").text
    assert f'src="{own}/trang/1/ban-ghi#t=1.5"' in at
    assert re.findall(r'<li id="loi-(\d)" aria-current="true">', at) == ["2"]
    asked = client.get(f"{own}?q=giao+đất").text
    assert "<mark>giao đất</mark> làm đê &amp; kè" in asked or "<mark>giao</mark>" in asked
    assert f'src="{own}/trang/1/ban-ghi#t=1"' in asked
    for bad in ("t=x", "t=-1", "t=1e9", "t=" + "9" * 50, "t=٣", "cho=٣&q=giao", "t=."):
        assert client.get(f"{own}?{bad}").status_code == 200


def test_words_are_searched_and_given_as_captions(client: FlaskClient, small: Small) -> None:
    found = client.get("/tim-kiem?q=%22mở+đầu+buổi+lễ%22&medium=audio").text
    assert f"/van-ban/{small.ids['AM']}" in found
    assert client.get("/tim-kiem?q=&medium=video").text.count('<article class="card"') == 2
    assert "Lễ khánh thành" in client.get(f"/van-ban/{small.ids['PH']}").text
    told = client.get(f"/van-ban/{small.ids['AM']}/trang/1/loi.vtt")
    assert told.mimetype == "text/vtt"
    assert "00:00:01.000 --> 00:00:02.000\ngiao đất làm đê &amp; kè" in told.text
    film = client.get(f"/van-ban/{small.ids['PH']}").text
    assert '<video class="player"' in film
    assert client.get(f"/van-ban/{small.ids['PH']}/trang/1/loi.vtt").status_code == 404


def test_what_is_closed_is_missing_in_every_way(client: FlaskClient, small: Small, as_person: People) -> None:
    fresh = "a" * 26
    for address in ("ban-ghi", "loi.vtt", "anh/300.webp"):
        for head in ({}, {"Range": "bytes=0-10"}, {"Range": "bytes=999999999-"}, {"If-None-Match": "*"}):
            closed = client.get(f"/van-ban/{small.ids['KIN']}/trang/1/{address}", headers=head)
            nothing = client.get(f"/van-ban/{fresh}/trang/1/{address}", headers=head)
            assert (closed.status_code, closed.text.replace(small.ids["KIN"], "")) == (
                404, nothing.text.replace(fresh, ""),
            )  # fmt: skip
            assert dict(closed.headers) == dict(nothing.headers)
    page = client.get(f"/van-ban/{small.ids['KIN']}").text
    assert PLANTED not in page
    assert "<audio" not in page
    lan = as_person("lan")
    heard = lan.get(sound(small, "KIN"), headers={"Range": "bytes=4-7"})
    assert (heard.data, heard.headers["Cache-Control"]) == (wav(77)[4:8], "private, no-store")
    assert PLANTED in lan.get(f"/van-ban/{small.ids['KIN']}").text


def test_a_number_that_is_said_holds_the_sound_until_it_is_released(
    client: FlaskClient, small: Small, as_person: People
) -> None:
    own = f"/van-ban/{small.ids['SO']}"
    page = client.get(own).text
    assert "051088001234" not in page + client.get(f"{own}/trang/1/loi.vtt").text
    assert "<audio" not in page
    assert "Trung tâm đang xem xét" in page
    assert client.get(sound(small, "SO")).status_code == 404
    lan = as_person("lan")
    assert lan.get(sound(small, "SO")).data == mp3()
    queue = lan.get("/quan-tri/du-lieu-ca-nhan").text
    assert "Công khai bản ghi" in queue
    decide = f"/quan-tri/du-lieu-ca-nhan/{small.ids['SO']}/1"
    told = {"csrf_token": token_of(queue), "viec": "cong-khai"}
    assert lan.post(decide, data=told).status_code == 422
    assert lan.post(decide, data=told | {"can-cu": "QĐ 1"}).status_code == 303
    assert client.get(sound(small, "SO")).data == mp3()
    lan.post(decide, data=told | {"viec": "giu"})
    assert client.get(sound(small, "SO")).status_code == 404
    with reading() as session:
        assert session.get(Recording, (record("SO").id, 1)).held == "kept"  # type: ignore[union-attr]


def test_what_browsers_do_not_play_is_a_file_to_take_away(client: FlaskClient, small: Small) -> None:
    page = client.get(f"/van-ban/{small.ids['AVI']}").text
    assert "Trình duyệt không phát được định dạng AVI" in page
    assert "<video" not in page
    answer = client.get(sound(small, "AVI"))
    assert answer.data == avi()
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_the_gallery_shows_what_may_be_seen(client: FlaskClient, small: Small, as_person: People) -> None:
    address = f"/ho-so/{small.ids['NN']}/anh"
    assert f'href="{address}"' in client.get(f"/ho-so/{small.ids['NN']}").text
    page = client.get(address).text
    assert page.count('<span class="frame">') == 6
    assert page.count("<img src=") == 1
    assert f"/van-ban/{small.ids['ANH']}/trang/1/anh/300.webp" in page
    assert "0:05" in page
    assert "1:17" not in page  # how long the closed one is belongs to its content
    assert "1:17" in as_person("lan").get(address).text
    only = client.get(f"{address}?loai=photo").text
    assert only.count('<span class="frame">') == 1
    assert client.get(f"/phong/{small.ids['P3']}/anh?tu=99999&loai=x").status_code == 200
    empty = client.get(f"/ho-so/{small.ids['file:H48.P1.07.1']}/anh")
    hidden = client.get(f"/ho-so/{small.ids['file:H48.P2.07.2']}/anh")
    assert empty.status_code == hidden.status_code == 404
    assert hidden.text.replace(small.ids["file:H48.P2.07.2"], "") == client.get(f"/ho-so/{'a' * 26}/anh").text.replace(
        "a" * 26, ""
    )


def test_a_manifest_has_canvases_with_a_duration(client: FlaskClient, small: Small) -> None:
    told = client.get(f"/iiif/3/{small.ids['AM']}/manifest")
    (canvas,) = Manifest.model_validate_json(told.text).items
    body = canvas.items[0].items[0].body
    assert (canvas.duration, body.type, body.format) == (5.212, "Sound", "audio/mpeg")
    heard = client.get(body.id.removeprefix("http://localhost"))
    assert (heard.data, heard.headers["Cross-Origin-Resource-Policy"]) == (mp3(200), "cross-origin")
    words = canvas.annotations[0].items[0].body
    assert "đê &amp; kè" in client.get(words.id.removeprefix("http://localhost")).text
    (film,) = Manifest.model_validate_json(client.get(f"/iiif/3/{small.ids['PH']}/manifest").text).items
    assert (film.duration, film.width, film.height) == (3, 160, 120)
    for missing in ("KIN", "SO", "AVI"):
        assert client.get(f"/iiif/3/{small.ids[missing]}/manifest").status_code == 404
        if missing != "AVI":
            assert client.get(f"/iiif/3/{small.ids[missing]}/1/ban-ghi").status_code == 404


@pytest.fixture
def copied(small: Small) -> Iterator[str]:
    """A request of "hoa" for plain copies of sound of 77 seconds, of a film and of sound that is not heard, made."""
    with writing() as session:
        owner = session.scalars(select(Account.id).where(Account.name == "hoa")).one()
        asked = ReadingRequest(
            code="f" * 26, account_id=owner, kind="copy", purpose="thử", state="resolved", received_at=now(),
            due_on=today_number(), term="answer.copy", officer="",
        )  # fmt: skip
        session.add(asked)
        session.flush()
        told = {"answer": "granted", "ground": "QĐ 1", "until": today_number() + 3, "copying": True}
        session.add_all(
            RequestItem(request_id=asked.id, record_id=record(code).id, **told) for code in ("KIN", "PH", "SO")
        )
        grant(session, "hoa", small.ids["KIN"], (today_number(), today_number() + 3), actor="an", ground="QĐ 1",
              copying=True)  # fmt: skip
        session.flush()
        order(session, asked, "plain")
    assert make_waiting(9) == 3
    yield asked.code
    with writing() as session:
        for table in (IssuedCopy, Grant, RequestItem, ReadingRequest, AccountSession):
            session.execute(delete(table))


def test_a_copy_of_a_recording_is_the_recording_by_the_minute(small: Small, as_person: People, copied: str) -> None:
    hoa = as_person("hoa")
    with reading() as session:
        asked = session.scalars(select(ReadingRequest)).one()
        bill = {one.fee.item: one.count for one in expected(session, asked).lines}
        made = {session.get_one(Record, one.record_id).code: one for one in copies_of(session, asked.id)}
    assert bill == {"copy.audio": 2, "copy.film": 1, "copy.digital": 1}, "of what is not heard the words, by the page"
    page = hoa.get(f"/yeu-cau/{copied}").text
    for code, data, kind in (("KIN", wav(77), "audio/wav"), ("PH", webm(), "video/webm")):
        address = f"/yeu-cau/{copied}/ban-sao/{made[code].code}"
        assert f"{address}?ban-ghi=1" in page
        answer = hoa.get(f"{address}?ban-ghi=1")
        assert (answer.status_code, answer.mimetype, answer.data) == (200, kind, data)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert not copy_path(made[code].code).exists()
        for missing in (
            hoa.get(address),
            hoa.get(f"{address}?ban-ghi=2"),
            as_person("minh").get(f"{address}?ban-ghi=1"),
        ):
            assert missing.status_code == 404
    words = f"/yeu-cau/{copied}/ban-sao/{made['SO'].code}"
    assert hoa.get(f"{words}?ban-ghi=1").status_code == 404
    assert hoa.get(words).mimetype == "application/pdf"
    with reading() as session:
        noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "copy-fetched")).all()
    assert [one.detail.get("page") for one in noted][-3:] == [1, 1, None]
