"""A copy years on: untouched, valid when signed, and its certificate today are three answers, from a real authority."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from archive.database import reading
from archive.settings import settings
from desk.copies.making import make_waiting
from desk.copies.ordering import copy_path
from desk.copies.verifying import CheckedFile, check_file
from indexer.signatures.found import FoundSignature
from indexer.signatures.judge import Judge
from portal.signed import three_answers
from tests.desk.signing_house import House
from tests.desk.test_certified_copies import house, made
from tests.desk.test_copies import change, found, ordered, request_id
from tests.indexer.signatures.signing import NOW, YEAR, sign, unsigned, write_root

__all__ = ["house", "request_id"]

HOUR = timedelta(hours=1)


def check(data: bytes) -> CheckedFile:
    with reading() as session:
        return check_file(session, io.BytesIO(data))


def today(data: bytes) -> tuple[str, str, str]:
    told = check(data)
    return told.finding, told.signatures[0].verdict, told.signatures[0].today


def lists(house: House, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list as it is now lies in the folder that the settings name."""
    folder.mkdir(exist_ok=True)
    (folder / "ca.crl").write_bytes(house.revocations())
    monkeypatch.setenv("VANKHO_SIGNATURE_LISTS", str(folder))
    settings.cache_clear()


def test_a_certificate_revoked_after_signing_takes_nothing_back(
    house: House, request_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.stamp_at(datetime.now(UTC) - 3 * HOUR)
    copy, data = made(request_id)
    assert today(data) == ("whole", "extended", "unknown")
    lists(house, tmp_path / "lists", monkeypatch)
    assert today(data) == ("whole", "extended", "in force")
    house.revoked, house.revoked_at = True, datetime.now(UTC) - HOUR
    assert today(data) == ("whole", "extended", "in force")  # by the list that is here
    lists(house, tmp_path / "lists", monkeypatch)
    assert today(data) == ("whole", "extended", "revoked")
    change(copy, sha256="0" * 64, signed_sha256="0" * 64)  # the signature alone says the same
    told = check(data)
    assert (told.finding, told.signatures[0].timed) == ("extended", True)
    assert told.signatures[0].ended_at == house.revoked_at.replace(microsecond=0)
    title = data.index(b"/Lang")
    assert today(data[:title] + b"/Lanh" + data[title + 5 :]) == ("changed", "changed", "")


def test_a_certificate_revoked_before_signing_makes_no_signature(
    house: House, request_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, data = made(request_id)
    house.revoked = True  # since yesterday, as is known today only
    lists(house, tmp_path / "lists", monkeypatch)
    assert today(data) == ("whole", "revoked", "revoked")
    change(copy, sha256="0" * 64, signed_sha256="0" * 64)
    assert today(data) == ("void", "revoked", "revoked")


def test_known_issuers_are_asked_where_that_is_allowed_and_others_never(
    house: House, request_id: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house.stamp_at(datetime.now(UTC) - 3 * HOUR)
    _copy, data = made(request_id)
    monkeypatch.setenv("VANKHO_SIGNATURE_ASK", "ocsp.ca.gov.vn")
    settings.cache_clear()
    house.asked = 0
    assert today(data) == ("whole", "extended", "unknown")
    assert house.asked == 0
    named = house.url.removeprefix("http://")
    monkeypatch.setenv("VANKHO_SIGNATURE_ASK", f"ocsp.ca.gov.vn, {named}")
    settings.cache_clear()
    assert today(data) == ("whole", "extended", "in force")
    house.revoked, house.revoked_at = True, datetime.now(UTC) - HOUR
    assert today(data) == ("whole", "extended", "revoked")
    empty = tmp_path / "none"
    empty.mkdir()
    house.asked = 0
    with Judge(empty, today=True, ask=[named]) as judge:
        assert [(one.verdict, one.today) for one in judge.judge(data)] == [("untrusted", "")]
    assert house.asked == 0
    house.server.shutdown()
    house.server.server_close()
    assert today(data) == ("whole", "extended", "unknown")


def test_a_package_is_asked_about_like_its_copy(house: House, request_id: int) -> None:
    ordered(request_id, "dip")
    make_waiting(10)
    data = copy_path(found(request_id)[0].code, "dip").read_bytes()
    assert today(data) == ("whole", "extended", "unknown")


def test_one_that_has_ended_says_since_when(tmp_path: Path) -> None:
    ended = NOW - timedelta(days=2)
    with Judge(write_root(tmp_path), today=True) as judge:
        (one,) = judge.judge(sign(unsigned(), first=NOW - YEAR, last=ended))
    assert (one.verdict, one.today, one.ended_at) == ("expired", "expired", ended.replace(microsecond=0))


def test_the_answers_in_words(app_without_archive: Flask) -> None:
    def said(verdict: str, now: str, *, timed: bool = False, ours: bool = False) -> tuple[str, str, str]:
        ended = NOW if now in {"revoked", "expired"} else None
        one = FoundSignature("f", "s", "i", NOW - YEAR, timed, verdict, "whole", today=now, ended_at=ended)  # type: ignore[arg-type]
        told = three_answers(one, CheckedFile("whole" if ours else "extended", None, (one,)))
        return told.untouched, told.when_signed, told.today

    with app_without_archive.test_request_context():
        assert "không chứng minh được" in said("valid", "revoked")[1]
        assert "hợp lệ" in said("valid", "revoked", timed=True)[1]
        assert "theo sổ" in said("valid", "revoked", ours=True)[1]
        assert "bị thu hồi trước lúc ký" in said("revoked", "revoked", ours=True)[1]
        assert "bị sửa" in said("changed", "")[0]
        assert said("changed", "")[1:] == ("không xét được", "không xét")
        assert "không vì thế mà mất giá trị" in said("valid", "expired", timed=True)[2]
        assert "chưa biết" in said("valid", "unknown")[2]


@pytest.fixture
def app_without_archive() -> Flask:
    """Words need a language, nothing else."""
    from flask_babel import Babel

    app = Flask(__name__)
    Babel(app, default_locale="vi")
    return app


@pytest.mark.parametrize(
    "told", ["1", "true", "http://ocsp.ca.vn/", "ca.vn:x", "ca.vn evil@ca.vn", "*.vn", "ca.vn/ocsp"]
)
def test_what_is_no_host_to_ask_is_refused_at_start(
    told: str, bare_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VANKHO_SIGNATURE_ASK", told)
    settings.cache_clear()
    with pytest.raises(ValueError, match="VANKHO_SIGNATURE_ASK"):
        settings()
