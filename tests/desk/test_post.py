"""The post: real SMTP conversations, servers that are down, refuse, or are not who they should be; nothing is lost."""

import re
import smtplib
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import select

from archive import clock
from archive.catalogue.people import Account
from archive.catalogue.sign_in import Letter
from archive.database import reading, writing
from archive.identity.administration import add_account
from archive.identity.registration import send_letter
from archive.settings import Settings, settings
from desk.letters import Writer
from desk.mail_server import conversation
from desk.post import counted, send_waiting, troubled, try_again
from tests.mail_room import free_port, mail_room
from tests.search.tls_proxy import Authority

pytestmark = pytest.mark.both_databases

KEY = "khóa dùng trong phép thử, đủ ba mươi hai ký tự"
FROM = "Lưu trữ lịch sử <luutru@tinh.gov.vn>"
MINUTE = timedelta(minutes=1)


def writer(url: str) -> Writer:
    told = {"smtp_url": SecretStr(url), "mail_from": FROM, "public_url": "https://luutru.tinh.gov.vn"}
    return Writer(settings().model_copy(update=told), KEY)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch, home: Path) -> list[timedelta]:
    """How far the clock is put forward."""
    passed, real = [timedelta()], clock.now()
    for room in ("desk.post", "archive.retrying", "archive.identity.registration"):
        monkeypatch.setattr(f"{room}.now", lambda: real + passed[0])
    return passed


def post(kind: str = "register", to: str = "hoa@vidu.vn", language: str = "vi") -> None:
    with writing() as session:
        send_letter(session, kind, to, language)


def letters() -> list[tuple[str, int, bool]]:
    with reading() as session:
        found = session.scalars(select(Letter).order_by(Letter.id))
        return [(one.state, one.tries, one.due is not None) for one in found]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_letter_arrives_whole(home: Path, language: str) -> None:
    post(language=language)
    with mail_room() as room:
        assert send_waiting(writer(f"smtp://127.0.0.1:{room.port}")) == 1
    (letter,) = room.letters
    assert room.envelopes == [("luutru@tinh.gov.vn", ["hoa@vidu.vn"])]
    assert letter["From"] == FROM
    assert letter["Subject"] == {"vi": "Mở tài khoản độc giả", "en": "Open your reader's account"}[language]
    assert letter["Auto-Submitted"] == "auto-generated"
    text = letter.get_content().replace("\r", "")
    assert {"vi": "Có người xin mở tài khoản", "en": "Somebody asked"}[language] in text
    assert re.search(r"^https://luutru\.tinh\.gov\.vn/dang-ky/\S{40,}$", text, re.M)
    assert letters() == [("sent", 1, False)]
    assert send_waiting(writer("smtp://127.0.0.1:1")) == 0, "nothing waits: nobody is called"


def test_no_link_lies_in_the_database(home: Path) -> None:
    post()
    with mail_room() as room:
        send_waiting(writer(f"smtp://127.0.0.1:{room.port}"))
    link = re.search(r"/dang-ky/(\S+)", room.letters[0].get_content())
    assert link
    with reading() as session:
        row = session.scalars(select(Letter)).one()
    assert link[1] not in str(vars(row))


def test_while_the_server_is_down_letters_wait_and_are_shown(later: list[timedelta]) -> None:
    post()
    post(to="minh@vidu.vn")
    port = free_port()
    own = writer(f"smtp://127.0.0.1:{port}")
    for tries, pause in enumerate((0, 1, 2, 5), 1):
        later[0] += pause * MINUTE
        assert send_waiting(own) == 0
        assert letters() == [("waiting", tries, True)] * 2
        assert send_waiting(own) == 0
        assert letters() == [("waiting", tries, True)] * 2, "the next try comes after a pause"
    with reading() as session:
        assert ["refused" in one.trouble for one in troubled(session)] == [True, True]
        assert counted(session) == {"waiting": 2}
    later[0] += timedelta(hours=1)
    with mail_room(port=port) as room:
        assert send_waiting(own) == 2
    assert {one["To"] for one in room.letters} == {"hoa@vidu.vn", "minh@vidu.vn"}
    assert letters() == [("sent", 5, False)] * 2


def test_one_address_that_is_refused_does_not_hold_up_the_others(home: Path) -> None:
    for to in ("khong-co@vidu.vn", "day@vidu.vn", "hoa@vidu.vn"):
        post(to=to)
    with mail_room() as room:
        room.refuses = {"khong-co@vidu.vn": "550 no such mailbox", "day@vidu.vn": "452 mailbox is full"}
        assert send_waiting(writer(f"smtp://127.0.0.1:{room.port}")) == 1
        assert letters() == [("failed", 1, False), ("waiting", 1, True), ("sent", 1, False)]
        with reading() as session:
            assert [one.trouble for one in troubled(session)] == ["452 mailbox is full", "550 no such mailbox"]
            first = session.scalars(select(Letter.id).where(Letter.state == "failed")).one()
        room.refuses = {}
        assert try_again(first)
        assert send_waiting(writer(f"smtp://127.0.0.1:{room.port}")) == 1
        assert not try_again(first), "what was sent is not sent again"


def test_after_three_days_a_letter_is_given_up_and_kept(later: list[timedelta]) -> None:
    post()
    later[0] += timedelta(days=3, minutes=1)
    assert send_waiting(writer(f"smtp://127.0.0.1:{free_port()}")) == 0
    assert letters() == [("failed", 1, False)]


def test_what_the_letter_says_depends_on_who_has_an_account(home: Path) -> None:
    with writing() as session:
        add_account(session, "hoa", "reader", "", "test", email="hoa@vidu.vn")
        closed = add_account(session, "dong", "reader", "", "test", email="dong@vidu.vn")
        closed.active = False
    for kind in ("register", "password"):
        for to in ("hoa@vidu.vn", "dong@vidu.vn", "moi@vidu.vn"):
            post(kind, to)
    with mail_room() as room:
        assert send_waiting(writer(f"smtp://127.0.0.1:{room.port}")) == 4
    told = [(one["To"], one["Subject"]) for one in room.letters]
    assert told == [
        ("hoa@vidu.vn", "Bạn đã có tài khoản"), ("dong@vidu.vn", "Bạn đã có tài khoản"),
        ("moi@vidu.vn", "Mở tài khoản độc giả"), ("hoa@vidu.vn", "Chọn mật khẩu mới"),
    ]  # fmt: skip
    assert [state for state, *_ in letters()].count("needless") == 2


def test_starttls_and_a_password(home: Path, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "ca")
    post()
    with mail_room(authority.certify("server"), ("van-kho", "mat:khau@1")) as room:
        ca = f"ssl_ca_certs={authority.ca}"
        assert send_waiting(writer(f"smtp://van-kho:sai@127.0.0.1:{room.port}?{ca}")) == 0
        with writing() as session:
            session.scalars(select(Letter)).one().due = clock.now()
        assert send_waiting(writer(f"smtp://van-kho:mat%3Akhau%401@127.0.0.1:{room.port}?{ca}")) == 1
    assert room.encrypted == [True]


@pytest.mark.parametrize("flaw", ["stranger", "other name", "expired"])
def test_a_certificate_that_does_not_fit_is_refused(home: Path, tmp_path: Path, flaw: str) -> None:
    authority = Authority(tmp_path / "ca")
    certificate = authority.certify(
        "server",
        "DNS:other.example" if flaw == "other name" else "IP:127.0.0.1",
        "20200201" if flaw == "expired" else "20491231",
    )
    trusted = Authority(tmp_path / "stranger").ca if flaw == "stranger" else authority.ca
    post()
    with mail_room(certificate) as room:
        assert send_waiting(writer(f"smtp://127.0.0.1:{room.port}?ssl_ca_certs={trusted}")) == 0
    assert room.letters == []
    with reading() as session:
        assert "certificate verify failed" in troubled(session)[0].trouble


def test_elsewhere_a_letter_is_never_sent_in_the_clear(home: Path) -> None:
    """127.0.0.2 is this machine, but not an address that is excused from TLS."""
    with (
        mail_room(host="127.0.0.2") as room,
        pytest.raises(smtplib.SMTPNotSupportedError, match="STARTTLS"),
        conversation(f"smtp://127.0.0.2:{room.port}"),
    ):
        pass
    assert room.letters == []


@pytest.mark.parametrize(
    "told",
    [
        {"smtp_url": "smtp://mail.tinh.vn"},
        {"smtp_url": "http://mail.tinh.vn", "mail_from": FROM, "public_url": "https://a.vn"},
        {"smtp_url": "smtp://mail.tinh.vn", "mail_from": "luutru", "public_url": "https://a.vn"},
        {"smtp_url": "smtp://a:m%E1%BA%ADt@mail.tinh.vn", "mail_from": FROM, "public_url": "https://a.vn"},
        {"public_url": "luutru.tinh.vn"},
        {"public_url": "https://a.vn/cong"},
    ],
)
def test_settings_that_cannot_work_are_refused_at_start(told: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="VANKHO_"):
        Settings(**told)  # type: ignore[arg-type]


def test_who_was_invited_is_told_the_name(home: Path) -> None:
    with writing() as session:
        account = add_account(session, "lan.luutru", "archivist", "", "test", email="lan@vidu.vn")
        send_letter(session, "invitation", "lan@vidu.vn", "vi", account=account.id)
    with mail_room() as room:
        send_waiting(writer(f"smtp://127.0.0.1:{room.port}"))
    assert "lan.luutru" in room.letters[0].get_content()
    with writing() as session:
        session.scalars(select(Account)).one().email = "khac@vidu.vn"
        send_letter(session, "invitation", "lan@vidu.vn", "vi", account=account.id)
    with mail_room() as room:
        assert send_waiting(writer(f"smtp://127.0.0.1:{room.port}")) == 0, "the account is another person's now"
