"""OpenSearch behind TLS and a password: what is verified, what is refused and in which words, and the rest after it."""

import json
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from types import SimpleNamespace

import pytest

from archive.extras import UnusableSettingError
from search.engines.opensearch import OpenSearchEngine, client
from search.engines.opensearch.client import REST_SECONDS, Address
from search.engines.protocol import EngineError
from search.plan import Plan, Terms
from tests.search.documents import record
from tests.search.opensearch import opensearch_engine
from tests.search.tls_proxy import Authority, Proxy, proxying
from tests.services import service_url

ROOT = Path(__file__).resolve().parents[2]
USER, PASSWORD, WRONG = "vankho", "đúng-mật-khẩu:7", "sai-mat-khau-4711"
PLAN = Plan("records", Terms("text_folded", (("dat", 1.0),)), size=10)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls") / "ours")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls") / "strange")


@pytest.fixture
def proxy(authority: Authority) -> Iterator[Proxy]:
    with proxying(service_url("opensearch"), authority.certify("server"), USER, PASSWORD) as made:
        yield made


@pytest.fixture
def prefix() -> Iterator[str]:
    """A prefix whose indices are removed afterwards, past the proxy."""
    name = f"test_{token_hex(6)}"
    with opensearch_engine(name):
        yield name


def through(proxy: Proxy, ca: Path | None, password: str = PASSWORD, scheme: str = "https", prefix: str = "test_tls"
            ) -> OpenSearchEngine:  # fmt: skip
    return OpenSearchEngine(Address(f"{scheme}://localhost:{proxy.server_port}", USER, password, ca), prefix)


def refusal(engine: OpenSearchEngine) -> str:
    """What the engine says when asked for an index's name; its health says the same."""
    with pytest.raises(EngineError) as caught:
        engine.current("records")
    told = str(caught.value)
    health = engine.health()
    assert (health.ok, health.detail) == (False, told)
    return told


def fill(engine: OpenSearchEngine) -> str:
    name = engine.create("records")
    assert engine.write(name, [record("a", "giao đất"), record("b", "thuế")]) == []
    engine.commit(name, 7)
    engine.promote("records", name)
    return name


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_writes_and_answers_through_tls(proxy: Proxy, authority: Authority, prefix: str, host: str) -> None:
    address = Address(f"https://{host}:{proxy.server_port}", USER, PASSWORD, authority.ca)
    engine = OpenSearchEngine(address, prefix)
    name = fill(engine)
    assert [own for own, _ in engine.query(PLAN).hits] == ["a"]
    assert (engine.current("records"), engine.position(name), engine.count(name)) == (name, 7, 2)
    assert engine.versions(name, ["a", "c"]) == {"a": 1}
    assert proxy.asked == proxy.forwarded > 5
    assert proxy.connections <= 2  # one of the reader and one of the writer, kept open


def test_a_wrong_password_is_told_and_never_shown(
    proxy: Proxy, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    engine = through(proxy, authority.ca, WRONG)
    assert refusal(engine) == "OpenSearch không nhận tên hoặc mật khẩu (refused our password)"
    with pytest.raises(EngineError) as caught:
        engine.create("records")
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(engine)
    shown += repr(Address("https://localhost", USER, WRONG)) + caplog.text
    assert "localhost" in caplog.text  # the client does log
    secret = client.connect(Address("https://localhost", USER, WRONG), 1).transport.hosts
    for hidden in (WRONG, "Basic "):
        assert hidden not in shown + repr(secret)
    assert (proxy.asked, proxy.forwarded) == (3, 0)


@pytest.mark.parametrize("names", ["DNS:search.tinh.vn", "IP:127.0.0.2"])
def test_a_certificate_for_another_host_is_refused(authority: Authority, names: str) -> None:
    other = authority.certify("other", names)
    with proxying(service_url("opensearch"), other, USER, PASSWORD) as proxy:
        assert "(certificate)" in refusal(through(proxy, authority.ca))
        assert (proxy.connections > 0, proxy.asked) == (True, 0)


def test_an_expired_certificate_is_refused(authority: Authority) -> None:
    old = authority.certify("old", end="20200201")
    with proxying(service_url("opensearch"), old, USER, PASSWORD) as proxy:
        assert "(certificate)" in refusal(through(proxy, authority.ca))
        assert (proxy.connections > 0, proxy.asked) == (True, 0)


def test_an_unknown_authority_is_refused(proxy: Proxy, stranger: Authority) -> None:
    for ca in (stranger.ca, None):  # None: the authorities of this system
        assert "VANKHO_OPENSEARCH_CA (certificate)" in refusal(through(proxy, ca))
    assert (proxy.connections > 0, proxy.asked) == (True, 0)


def test_without_a_file_the_systems_authorities_count(
    proxy: Proxy, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.ca))
    assert through(proxy, None).current("records") == ""


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"])
def test_an_unusable_authority_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    ca = tmp_path / "ca.pem"
    if content is not None:
        ca.write_bytes(content)
    with pytest.raises(UnusableSettingError, match=r"VANKHO_OPENSEARCH_CA.*ca\.pem"):
        OpenSearchEngine(Address("https://localhost:9", USER, PASSWORD, ca))


def test_speaking_the_wrong_protocol_is_told(proxy: Proxy, authority: Authority) -> None:
    assert "(no connection); kiểm tra VANKHO_OPENSEARCH_URL" in refusal(through(proxy, None, scheme="http"))
    assert (proxy.connections > 0, proxy.asked) == (True, 0)
    plain = Address(service_url("opensearch").replace("http://", "https://"), USER, PASSWORD, authority.ca)
    assert "(no TLS); kiểm tra VANKHO_OPENSEARCH_URL" in refusal(OpenSearchEngine(plain))


@pytest.fixture
def status(proxy: Proxy, prefix: str, tmp_path: Path) -> Callable[[Path], "subprocess.CompletedProcess[str]"]:
    """``vankho index status --json`` of a production installation that trusts an authority."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VANKHO_")}

    def run(ca: Path) -> "subprocess.CompletedProcess[str]":
        told = {
            "MODE": "production",
            "SECRET": token_hex(32),
            "HOME": str(tmp_path / "home"),
            "ENGINE": "opensearch",
            "OPENSEARCH_URL": f"https://localhost:{proxy.server_port}",
            "OPENSEARCH_USER": USER,
            "OPENSEARCH_PASSWORD": PASSWORD,
            "OPENSEARCH_CA": str(ca),
            "INDEX_PREFIX": prefix,
        }
        environment = clean | {f"VANKHO_{name}": value for name, value in told.items()}
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "vankho", "index", "status", "--json"],
            capture_output=True, text=True, check=False, cwd=ROOT, encoding="utf-8",
            env=environment | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip

    return run


def test_a_production_installation(
    status: Callable[[Path], "subprocess.CompletedProcess[str]"],
    proxy: Proxy,
    prefix: str,
    authority: Authority,
    stranger: Authority,
    tmp_path: Path,
) -> None:
    name = fill(through(proxy, authority.ca, prefix=prefix))
    done = status(authority.ca)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["records"] == {"name": name, "documents": 2, "position": 7, "end": 0}
    assert told["pages"]["name"] == ""

    before = proxy.asked
    for ca, words in ((stranger.ca, "(certificate)"), (tmp_path / "none.pem", "none.pem")):
        done = status(ca)
        lines = (done.stdout + done.stderr).splitlines()
        assert (done.returncode, len(lines)) == (2, 1), done.stderr
        said = json.loads(lines[0])["error"]
        assert words in said
        assert "VANKHO_OPENSEARCH_CA" in said
    assert proxy.asked == before


def test_after_failures_questions_are_refused_at_once_and_then_tried_again(
    proxy: Proxy, authority: Authority, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(client, "time", SimpleNamespace(monotonic=lambda: now[0]))
    fill(through(proxy, authority.ca, prefix=prefix))
    engine = through(proxy, authority.ca, prefix=prefix)

    def failing(words: str) -> int:
        """A question fails with these words; how many connections it tried."""
        before = proxy.connections
        with pytest.raises(EngineError, match=words):
            engine.query(PLAN)
        return proxy.connections - before

    proxy.down = True
    assert [failing("no connection|no TLS") for _ in range(client.FAILURES)] == [1] * client.FAILURES
    assert [failing("resting") for _ in range(5)] == [0] * 5
    assert "resting" in engine.health().detail
    now[0] += REST_SECONDS  # one may try, the next rest
    assert [failing("no connection|no TLS"), failing("resting")] == [1, 0]
    now[0] += REST_SECONDS
    proxy.down = False
    assert [own for own, _ in engine.query(PLAN).hits] == ["a"]
    proxy.hang_up()
    proxy.down = True  # the failures are forgotten: again as many before the next rest
    assert [failing("no connection|no TLS") for _ in range(client.FAILURES)] == [1] * client.FAILURES
    assert failing("resting") == 0
