"""Asking authorities about certificates: real answers and lists over HTTP, authorities that fail or lie, and addresses
in certificates that lead where nobody must be led."""

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from indexer.signatures.judge import Judge
from tests.faults.installation import free_port
from tests.indexer.signatures.authority import CA, DAY, Authority, Manner, authority
from tests.indexer.signatures.signing import NOW, YEAR, certificate, key, sign, stamper, unsigned, write_root

NAME = "Nguyễn Văn Ký"
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def served() -> Iterator[Authority]:
    with authority() as made:
        yield made


@pytest.fixture
def asked(served: Authority) -> Authority:
    """The authority as it is at first: honest, nobody asked it."""
    served.manner, served.revoked, served.elsewhere = "honest", None, ""
    served.asked.clear()
    return served


Told = Callable[..., tuple[str, str, datetime | None]]


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_root(tmp_path_factory.mktemp("ca") / "roots")


@pytest.fixture(scope="module")
def told(roots: Path) -> Iterator[Told]:
    """Judges a file; one child for the same hosts and patience, each file is asked about anew."""
    judges: dict[tuple[tuple[str, ...], float], Judge] = {}

    def judged(data: bytes, *hosts: str, patience: float = 30.0) -> tuple[str, str, datetime | None]:
        judge = judges.setdefault((hosts, patience), Judge(roots, today=True, ask=hosts, patience=patience))
        (one,) = judge.judge(data)
        return one.verdict, one.today, one.ended_at

    yield judged
    for judge in judges.values():
        judge.close()


def signed(by: Authority, *, answers: tuple[str, ...] = (), lists: tuple[str, ...] = (), **more: object) -> bytes:
    """A PDF signed three hours ago, as a stamp says, with a certificate that names those addresses."""
    by.own = certificate(NAME, CA, answers=answers, lists=lists, **more)  # type: ignore[arg-type]
    return sign(unsigned(), NAME, by=stamper(at=NOW - 3 * HOUR), own=by.own)


def named(kind: str, by: Authority) -> dict[str, tuple[str, ...]]:
    return {"answers" if kind == "ocsp" else "lists": (by.address(kind),)}


@pytest.mark.parametrize("kind", ["ocsp", "crl"])
def test_what_an_authority_says_is_told_with_its_day(kind: str, asked: Authority, told: Told) -> None:
    data = signed(asked, **named(kind, asked))
    assert told(data) == ("valid", "unknown", None)
    assert asked.asked == []
    assert told(data, asked.place) == ("valid", "in force", None)
    asked.revoked = (NOW - HOUR).replace(microsecond=0)
    assert told(data, asked.place) == ("valid", "revoked", asked.revoked)
    asked.revoked = (NOW - DAY).replace(microsecond=0)
    assert told(data, asked.place) == ("revoked", "revoked", asked.revoked)
    assert asked.asked == [f"/{kind}"] * 3


@pytest.mark.parametrize("kind", ["ocsp", "crl"])
@pytest.mark.parametrize(
    ("manner", "patience"),
    [
        ("failing", 30), ("forged", 30), ("old", 30), ("large", 30), ("rubbish", 30), ("slow", 1), ("dripping", 1),
    ],
)  # fmt: skip
def test_an_authority_that_fails_or_lies_is_not_believed(
    kind: str, manner: Manner, patience: float, asked: Authority, told: Told
) -> None:
    """The signature stays what it is, and today is not known: never "in force"."""
    data = signed(asked, **named(kind, asked))
    asked.manner = manner
    assert told(data, asked.place, patience=patience) == ("valid", "unknown", None)
    assert asked.asked == [f"/{kind}"]


def test_an_authority_that_is_away_is_not_known_and_its_list_serves_instead(asked: Authority, told: Told) -> None:
    away = f"127.0.0.1:{free_port()}"
    data = signed(asked, answers=(f"http://{away}/ocsp",))
    assert told(data, away) == ("valid", "unknown", None)
    data = signed(asked, answers=(f"http://{away}/ocsp",), lists=(asked.address("crl"),))
    assert told(data, away, asked.place) == ("valid", "in force", None)


def test_nobody_is_led_on_to_another_place(asked: Authority, told: Told) -> None:
    with authority() as inside:
        inside.own = asked.own
        data = signed(asked, answers=(asked.address("ocsp"),), lists=(asked.address("crl"),))
        inside.own = asked.own
        asked.manner, asked.elsewhere = "elsewhere", f"http://{inside.place}"
        assert told(data, asked.place) == ("valid", "unknown", None)
        assert sorted(asked.asked) == ["/crl", "/ocsp"]
        assert inside.asked == []


def test_addresses_in_a_certificate_lead_nowhere_but_to_hosts_that_are_named(
    asked: Authority, told: Told, tmp_path: Path
) -> None:
    """Anybody may send a file, and its certificate names any address; where it leads inside, nobody goes."""
    secret = tmp_path / "secret.crl"
    with authority() as inside:
        port = inside.place.partition(":")[2]
        for place in (
            f"http://{inside.place}/x",
            f"http://localhost:{port}/x",
            f"http://127.1:{port}/x",
            f"http://[::ffff:127.0.0.1]:{port}/x",
            f"http://{asked.place}@{inside.place}/x",
            f"http://{inside.place}\\@{asked.place}/x",
            f"http://{inside.place}#@{asked.place}/x",
            f"https://{asked.place.partition(':')[0]}/x",
            f"ldap://{inside.place}/x",
            f"gopher://{inside.place}/x",
            f"file://{secret}",
            "file:///etc/passwd",
        ):
            data = signed(inside, answers=(place,), lists=(place,), issuers=(place,))
            asked.own = inside.own
            secret.write_bytes(inside.list())  # a right list, had anybody opened it
            assert told(data, asked.place, patience=5) == ("valid", "unknown", None), place
            assert (inside.asked, asked.asked) == ([], []), place


def test_a_host_without_port_is_asked_at_the_usual_ones_only(asked: Authority, told: Told) -> None:
    data = signed(asked, answers=(asked.address("ocsp"),))
    assert told(data, "127.0.0.1") == ("valid", "unknown", None)
    assert asked.asked == []


def test_strangers_make_nobody_ask(asked: Authority, told: Told, tmp_path: Path) -> None:
    empty = tmp_path / "roots"
    empty.mkdir()
    data = signed(asked, answers=(asked.address("ocsp"),), lists=(asked.address("crl"),))
    with Judge(empty, today=True, ask=[asked.place]) as judge:
        assert [(one.verdict, one.today) for one in judge.judge(data)] == [("untrusted", "")]
    assert asked.asked == []


@contextlib.contextmanager
def openssl(folder: Path, root: Path, port: int, line: str) -> Iterator[None]:
    """OpenSSL's own responder for "CA thử", whose index has that line."""
    folder.mkdir(exist_ok=True)
    (folder / "ca.pem").write_bytes(root.read_bytes())
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "ca.key").write_bytes(key(CA).private_bytes(serialization.Encoding.PEM, *plain))
    (folder / "index.txt").write_text(line, "ascii")
    words = ["-index", "index.txt", "-CA", "ca.pem", "-rsigner", "ca.pem", "-rkey", "ca.key", "-ndays", "1"]
    process = subprocess.Popen(
        ["openssl", "ocsp", "-port", str(port), *words], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    try:  # it listens when it says so; one that connects and asks nothing would hold it up
        while b"waiting for" not in (said := process.stderr.readline()):
            assert said, "it ended"
        yield
    finally:
        process.kill()
        process.communicate(timeout=30)


def test_openssl_s_responder_is_understood(asked: Authority, told: Told, roots: Path, tmp_path: Path) -> None:
    """Answers that were written by neither of the libraries that read and make them here."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl on this machine")
    port = free_port()
    data = signed(asked, answers=(f"http://127.0.0.1:{port}/",))
    assert asked.own is not None
    serial, since = f"{asked.own.serial_number:X}", (NOW - DAY).replace(microsecond=0)
    serial = "0" * (len(serial) % 2) + serial
    last = f"{NOW + YEAR:%y%m%d%H%M%SZ}"
    with openssl(tmp_path / "ca", roots / "ca.pem", port, f"V\t{last}\t\t{serial}\tunknown\t/CN=x\n"):
        assert told(data, f"127.0.0.1:{port}") == ("valid", "in force", None)
    with openssl(
        tmp_path / "ca", roots / "ca.pem", port, f"R\t{last}\t{since:%y%m%d%H%M%SZ}\t{serial}\tunknown\t/CN=x\n"
    ):
        assert told(data, f"127.0.0.1:{port}") == ("revoked", "revoked", since)
    with openssl(tmp_path / "ca", roots / "ca.pem", port, ""):  # "unknown" is an answer, too
        assert told(data, f"127.0.0.1:{port}") == ("valid", "unknown", None)
