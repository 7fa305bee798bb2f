"""config/compose/certificates.sh, run: what it makes is verified by OpenSSL and by Python's own TLS."""

import os
import socket
import ssl
import stat
import subprocess
import threading
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "config" / "compose" / "certificates.sh"
OWNERS = {"opensearch": 1000, "postgres": 999, "redis": 999}


def make(folder: Path, **environment: str) -> list[str]:
    """Runs the script as the one-shot service does; what it says."""
    done = subprocess.run(
        ["sh", SCRIPT, folder], capture_output=True, text=True, check=True, env={**os.environ, **environment}
    )
    assert not done.stderr
    return done.stdout.splitlines()


def files(folder: Path) -> dict[str, bytes]:
    """Every file below the folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def handshake(folder: Path, server: str, name: str) -> str:
    """A client that trusts public/ca.pem connects to the server's certificate under a name; the TLS version."""
    offered = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    offered.load_cert_chain(folder / server / "server.pem", folder / server / "server-key.pem")
    trusting = ssl.create_default_context(cafile=str(folder / "public" / "ca.pem"))
    left, right = socket.socketpair()

    def serve() -> None:
        try:
            with offered.wrap_socket(left, server_side=True) as line:
                line.recv(1)
        except OSError:
            left.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with trusting.wrap_socket(right, server_hostname=name) as line:
            version = str(line.version())
            line.sendall(b"x")
            return version
    finally:
        right.close()
        thread.join()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all certificates."""
    folder = tmp_path_factory.mktemp("certificates")
    assert all(line.endswith("làm mới (made)") for line in make(folder))
    return folder


@pytest.mark.parametrize("server", OWNERS)
def test_openssl_verifies_each_server_under_its_names_only(made: Path, server: str) -> None:
    for name, right in ((server, True), ("localhost", True), ("example.org", False)):
        words = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", name]
        done = subprocess.run(
            [*words, "-CAfile", made / "public" / "ca.pem", made / server / "server.pem"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode == 0) is right, done.stderr


@pytest.mark.parametrize("server", OWNERS)
def test_a_client_of_python_verifies_it_too(made: Path, server: str) -> None:
    assert handshake(made, server, server) == "TLSv1.3"
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(made, server, "vankho.example")


def test_another_authority_is_not_believed(made: Path, tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "public" / "ca.pem").write_bytes((made / "public" / "ca.pem").read_bytes())
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(tmp_path, "redis", "redis")


def test_keys_are_for_their_owner_alone(made: Path) -> None:
    keys = sorted(made.rglob("*-key.pem"))
    assert len(keys) == 5
    for path in keys:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_text("ascii").startswith("-----BEGIN PRIVATE KEY-----")  # PKCS 8: what OpenSearch reads
        if os.geteuid() == 0:
            assert path.stat().st_uid == OWNERS.get(path.parent.name, 0)
    assert stat.S_IMODE((made / "ca").stat().st_mode) == 0o700
    assert {p.name for p in (made / "public").iterdir()} == {"ca.pem"}


def test_the_names_of_node_and_administrator_are_those_opensearch_is_told(made: Path) -> None:
    told = (SCRIPT.parent / "opensearch" / "opensearch.yml").read_text("utf-8")
    for file, setting in (("server", "plugins.security.nodes_dn"), ("admin", "plugins.security.authcz.admin_dn")):
        words = [
            "openssl",
            "x509",
            "-in",
            made / "opensearch" / f"{file}.pem",
            "-noout",
            "-subject",
            "-nameopt",
            "RFC2253",
        ]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        assert f'{setting}: ["{said.strip().removeprefix("subject=")}"]' in told


def test_a_second_run_changes_nothing(made: Path) -> None:
    before = files(made)
    assert all(line.endswith("giữ nguyên (kept)") for line in make(made))
    assert files(made) == before


def test_what_is_about_to_end_is_made_anew_under_the_same_authority(tmp_path: Path) -> None:
    make(tmp_path)
    before = files(tmp_path)
    said = make(tmp_path, VANKHO_CERTIFICATES_MARGIN="399")
    after = files(tmp_path)
    assert [line for line in said if "kept" in line] == ["ca: giữ nguyên (kept)"]
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {name for name in before if not name.endswith(("ca.pem", "ca-key.pem"))}
    assert handshake(tmp_path, "postgres", "postgres")


@pytest.mark.parametrize("lost", ["redis/server-key.pem", "redis/server.pem"])
def test_a_key_that_does_not_belong_is_made_anew_with_its_certificate(tmp_path: Path, lost: str) -> None:
    make(tmp_path)
    (tmp_path / lost).write_bytes((tmp_path / "postgres" / Path(lost).name).read_bytes())
    assert [line for line in make(tmp_path) if "made" in line] == ["redis/server: làm mới (made)"]
    assert handshake(tmp_path, "redis", "redis")


def test_a_lost_authority_makes_everything_anew(tmp_path: Path) -> None:
    make(tmp_path)
    (tmp_path / "ca" / "ca-key.pem").unlink()
    assert all("made" in line for line in make(tmp_path))
    for server in OWNERS:
        assert handshake(tmp_path, server, server)
