"""Signing in through an OpenID provider: a real one, in a process of its own; and every answer that is not its."""

import re
import secrets
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr, ValidationError
from sqlalchemy import delete, select

from archive.accounts import authenticate
from archive.catalogue.authorities import Agency
from archive.catalogue.people import Account, AuditEvent
from archive.catalogue.sign_in import AccountSession, Assignment
from archive.database import reading, writing
from archive.identity.openid import lacks_second_factor, read_mapping, role_of
from archive.settings import Settings, settings
from archive.storage.folder import FolderStorage
from portal.application import create_app
from search.gateway import Gateway
from tests.mail_room import free_port
from tests.openid_provider import Provider, provider
from tests.portal.archive_of_tests import PASSWORD, Small
from tests.portal.conftest import SECRET

pytestmark = pytest.mark.both_databases

Serve = Callable[..., Flask]
PEOPLE = (
    {"sub": "1", "preferred_username": "thu.tinh", "name": "Trần Thu", "email": "Thu@Tinh.vn", "email_verified": True,
     "groups": ["khac", "luu-tru"]},
    {"sub": "2", "preferred_username": "hoa", "email": "hoa@vidu.vn", "email_verified": True},
    {"sub": "3", "preferred_username": "kha.so", "groups": "so-noi-vu"},
    {"sub": "4", "preferred_username": "chu", "groups": ["luu-tru"], "amr": ["pwd", "otp"]},
)  # fmt: skip
ROLES = "luu-tru=archivist; so-noi-vu=clerk:H48.77"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with provider(tmp_path_factory.mktemp("openid") / "log", *PEOPLE) as made:
        yield made


@pytest.fixture
def serve(small: Small, app: Flask, known: Provider) -> Iterator[Serve]:
    """The portal with a provider in its settings."""

    def make(**told: object) -> Flask:
        more = {"secret": SecretStr(SECRET), "oidc_issuer": known.issuer, "oidc_client_id": "van-kho",
                "oidc_client_secret": SecretStr("s"), "oidc_roles": ROLES, "oidc_name": "tài khoản tỉnh",
                "public_url": "http://localhost", **told}  # fmt: skip
        chosen = settings().model_copy(update=more)
        gateway = Gateway(small.engine, secret=SECRET)
        return create_app(gateway=gateway, storage=FolderStorage(small.home / "storage"), settings=chosen)

    yield make
    with writing() as session:
        session.execute(delete(AccountSession))
        made = session.scalars(select(Account).where(Account.openid.is_not(None))).all()
        session.execute(delete(Assignment).where(Assignment.account_id.in_([one.id for one in made])))
        for one in made:
            session.delete(one)
        session.flush()
        session.execute(delete(Agency).where(Agency.code == "H48.77"))


def come_in(client: FlaskClient, at: Provider, subject: str, wish: str = "/phong"):  # type: ignore[no-untyped-def]
    sent = client.get(f"/dang-nhap/openid?next={wish}")
    assert sent.status_code == 302, sent.text
    return client.get(at.let_in(sent.headers["Location"], subject))


def account(subject: str) -> Account | None:
    with reading() as session:
        return session.scalar(select(Account).where(Account.openid.endswith(f" {subject}")))


def test_from_the_button_to_the_page_one_came_from(serve: Serve, known: Provider) -> None:
    client = serve().test_client()
    assert "Đăng nhập bằng tài khoản tỉnh" in client.get("/dang-nhap").text
    asked = parse_qs(urlsplit(client.get("/dang-nhap/openid").headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://localhost/dang-nhap/openid/ve"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    answer = come_in(client, known, "1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/phong")
    made = account("1")
    assert made is not None
    assert (made.name, made.full_name, made.email, made.role) == ("thu.tinh", "Trần Thu", "thu@tinh.vn", "archivist")
    assert made.openid == f"{known.issuer} 1"
    page = client.get("/tai-khoan").text
    assert "thu.tinh" in page
    assert 'name="cu"' not in page, "it has no password here"
    assert authenticate("thu.tinh", "") is None
    with client.session_transaction() as cookie:
        assert not [name for name in cookie if "openid" in name], "nothing of the way in is left"
    with reading() as session:
        last = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "sign-in").order_by(AuditEvent.id.desc())
        ).first()
    assert last is not None
    assert (last.actor, last.action, last.detail["means"]) == ("thu.tinh", "sign-in", "openid")


def typed_before(client: FlaskClient, text: str, **headers: str) -> str:
    """A form that is sent without a session: the link to the provider on the page that answers."""
    form = {"muc-dich": text, "hinh-thuc": "information", "noi-dung": "hỏi", "csrf_token": "cũ"}
    page = client.post("/yeu-cau", data=form, headers={"Sec-Fetch-Site": "same-origin"} | headers)
    assert page.status_code in {303, 400}
    link = re.search(r'href="(/dang-nhap/openid[^"]*)"', page.text)
    return unescape(link[1]) if link else ""


def test_what_was_typed_before_goes_along_and_is_sent_only_by_its_writer(serve: Serve, known: Provider) -> None:
    app = serve()
    client = app.test_client()
    words = "<b>đang gõ</b> " + " ".join(f"thửa {n} tờ {n * 7 % 90}" for n in range(90))
    link = typed_before(client, words)
    sent = client.get(link)
    assert "đang" not in sent.headers["Location"], "the provider is told nothing of it"
    answer = client.get(known.let_in(sent.headers["Location"], "2"))
    assert (answer.status_code, "&lt;b&gt;đang gõ" in answer.text, "thửa 89" in answer.text) == (200, True, True)
    assert client.get("/tai-khoan").status_code == 200
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert token
    assert client.post("/dang-xuat", data={"csrf_token": token[1]}).status_code == 303
    again = client.get(link)
    assert client.get(known.let_in(again.headers["Location"], "2")).status_code == 303, "once"


def test_what_was_typed_is_not_shown_to_whoever_signs_in_next(serve: Serve, known: Provider) -> None:
    app = serve()
    client = app.test_client()
    assert "tiep=" in typed_before(client, "của người trước")
    assert come_in(client, known, "2").status_code == 303, "from the page of signing in, not from the form's"
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}):
        stranger = app.test_client()
        typed_before(stranger, "từ trang khác", **headers)
        assert not [one for one in ("con-lai-1", "con-lai-2") if stranger.get_cookie(one)]
    planted = app.test_client()
    planted.set_cookie("con-lai-1", "WyJ4IiwieSJd.x.y")
    sent = planted.get("/dang-nhap/openid?next=/phong&tiep=x")
    assert planted.get(known.let_in(sent.headers["Location"], "2")).headers["Location"] == "/phong"


def test_what_was_typed_survives_a_refusal_and_what_is_too_long_is_told(serve: Serve, known: Provider) -> None:
    client = serve().test_client()
    link = typed_before(client, "đang gõ dở")
    client.get(link)
    refused = client.get("/dang-nhap/openid/ve?code=x&state=y")
    assert (refused.status_code, "đang gõ dở" in refused.text) == (400, True)
    more = re.search(r'href="(/dang-nhap/openid[^"]*tiep=[^"]+)"', refused.text)
    assert more
    sent = client.get(unescape(more[1]))
    assert "đang gõ dở" in client.get(known.let_in(sent.headers["Location"], "2")).text
    long = serve().test_client()
    assert "tiep=" not in typed_before(long, secrets.token_urlsafe(9_000))


def test_a_name_or_address_of_somebody_else_is_not_taken_over(serve: Serve, known: Provider) -> None:
    client = serve().test_client()
    assert come_in(client, known, "2").status_code == 303
    made = account("2")
    assert made is not None
    assert made.name == "2 (127.0.0.1)"
    assert authenticate("hoa", PASSWORD) is not None, "the account of that name is as it was"
    with reading() as session:
        own = session.scalars(select(Account).where(Account.name == "hoa")).one()
        assert own.openid is None


def test_groups_give_and_take_roles_at_each_sign_in(serve: Serve, known: Provider) -> None:
    assert come_in(serve().test_client(), known, "3").status_code == 303
    made = account("3")
    assert made is not None
    with reading() as session:
        agency = session.get(Agency, made.agency_id)
    assert agency is not None
    assert (made.role, agency.code) == ("clerk", "H48.77")
    before = serve().test_client()
    come_in(before, known, "3")
    again = serve(oidc_roles="").test_client()
    assert come_in(again, known, "3").status_code == 303
    made = account("3")
    assert made is not None
    assert (made.role, made.agency_id) == ("reader", None)
    assert before.get("/tai-khoan").status_code == 303, "the sessions with the rights of before have ended"
    assert again.get("/tai-khoan").status_code == 200


def test_a_closed_account_stays_closed(serve: Serve, known: Provider) -> None:
    app = serve()
    come_in(app.test_client(), known, "1")
    with writing() as session:
        session.scalars(select(Account).where(Account.openid.endswith(" 1"))).one().active = False
    client = app.test_client()
    answer = come_in(client, known, "1")
    assert (answer.status_code, "đang bị đóng" in answer.text) == (403, True)
    assert client.get("/tai-khoan").status_code == 303


def test_answers_that_were_not_asked_for_are_refused(serve: Serve, known: Provider) -> None:
    app = serve()
    client, victim = app.test_client(), app.test_client()
    sent = client.get("/dang-nhap/openid").headers["Location"]
    back = known.let_in(sent, "1")
    assert victim.get(back).status_code == 400, "another browser did not begin this"
    assert client.get(back.replace("state=", "state=x")).status_code == 400
    assert client.get(back.replace("code=", "code=x")).status_code == 400
    assert client.get("/dang-nhap/openid/ve").status_code == 400
    assert client.get("/dang-nhap/openid/ve?error=access_denied&state=x").status_code == 400
    client = app.test_client()
    back = known.let_in(client.get("/dang-nhap/openid").headers["Location"], "1")
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 400, "an answer counts once"
    assert account("2") is None


def test_a_token_of_another_request_is_refused(serve: Serve, known: Provider) -> None:
    """The nonce ties the token to the browser: a code that another browser obtained is no good with its own state."""
    app = serve()
    one, other = app.test_client(), app.test_client()
    mine = urlsplit(known.let_in(one.get("/dang-nhap/openid").headers["Location"], "1")).query
    theirs = urlsplit(known.let_in(other.get("/dang-nhap/openid").headers["Location"], "2")).query
    mixed = f"code={parse_qs(theirs)['code'][0]}&state={parse_qs(mine)['state'][0]}"
    assert one.get(f"/dang-nhap/openid/ve?{mixed}").status_code == 400
    assert one.get("/tai-khoan").status_code == 303


def test_a_signature_of_other_keys_is_refused(
    serve: Serve, known: Provider, tmp_path_factory: pytest.TempPathFactory
) -> None:
    app = serve()
    client = app.test_client()
    sent = client.get("/dang-nhap/openid").headers["Location"]
    with provider(tmp_path_factory.mktemp("other") / "log") as stranger:
        told = app.extensions["authlib.integrations.flask_client"].openid.server_metadata
        told["jwks_uri"] = f"{stranger.issuer}/jwks"
        told.pop("jwks", None)
        assert client.get(known.let_in(sent, "1")).status_code == 400
    assert account("1") is None


def test_a_provider_of_another_name_or_with_weak_signatures_is_refused(serve: Serve, known: Provider) -> None:
    other = serve(oidc_issuer=known.issuer + "/")
    assert other.test_client().get("/dang-nhap/openid").status_code == 503
    app = serve()
    app.test_client().get("/dang-nhap/openid")
    told = app.extensions["authlib.integrations.flask_client"].openid.server_metadata
    told["id_token_signing_alg_values_supported"] = ["none", "HS256"]
    assert app.test_client().get("/dang-nhap/openid").status_code == 503


def test_a_provider_that_is_down_is_told_calmly(serve: Serve) -> None:
    answer = serve(oidc_issuer=f"http://127.0.0.1:{free_port()}").test_client().get("/dang-nhap/openid")
    assert (answer.status_code, "chưa trả lời" in answer.text) == (503, True)


def test_without_a_provider_the_addresses_are_not_there(client: FlaskClient) -> None:
    for address in ("/dang-nhap/openid", "/dang-nhap/openid/ve?code=x&state=y"):
        assert client.get(address).status_code == 404
    assert "dang-nhap/openid" not in client.get("/dang-nhap").text


def test_staff_needs_a_second_factor_that_the_provider_tells() -> None:
    staff, reader = Account(role="archivist"), Account(role="reader")
    assert lacks_second_factor(staff, {})
    assert lacks_second_factor(staff, {"amr": ["pwd"]})
    assert lacks_second_factor(staff, {"amr": "otp"}), "a list, says RFC 8176"
    assert not lacks_second_factor(staff, {"amr": ["pwd", "otp"]})
    assert not lacks_second_factor(reader, {})


def test_the_mapping_of_groups() -> None:
    mapping = read_mapping(" a=head ; b = c = archivist;so=clerk:H48.01; ")
    assert mapping == (("a", "head", ""), ("b = c", "archivist", ""), ("so", "clerk", "H48.01"))
    assert role_of(mapping, ["so", "a"]) == ("head", ""), "the first of the mapping"
    assert role_of(mapping, "so") == ("clerk", "H48.01")
    for nothing in (None, [], "x", 7, ["A"]):
        assert role_of(mapping, nothing) == ("reader", "")


@pytest.mark.parametrize("roles", ["a", "a=chief", "=head", "a=clerk", "a=head:H48"])
def test_a_mapping_that_cannot_be_read_is_refused_at_start(roles: str) -> None:
    with pytest.raises(ValidationError, match="VANKHO_OIDC_ROLES"):
        Settings(oidc_roles=roles)


@pytest.mark.parametrize(
    "told",
    [{"oidc_issuer": "ftp://x"}, {"oidc_issuer": "https://x"}, {"oidc_issuer": "https://x", "oidc_client_id": "a"}],
)
def test_half_a_provider_is_refused_at_start(told: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="VANKHO_OIDC"):
        Settings(**told)  # type: ignore[arg-type]
