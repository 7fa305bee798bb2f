"""The key that signs certified copies: a PKCS#12 file, a PKCS#11 token, or in a demonstration one made for it.

Keys lie in files or tokens that the settings name, never in the database.  What is not there or does not open is
something that copies wait for, told in Vietnamese.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from asn1crypto import x509

from archive.settings import settings
from desk.copies.errors import CopyWaitsError
from indexer.signatures.judging import read_roots

DEMO = "demo-signing"
DEMO_NAME = "Lưu trữ lịch sử (chữ ký trình diễn)"
DEMO_PASSWORD = b"trinh-dien"  # of a key without value: it is made for a demonstration, and says so


@contextmanager
def open_signer() -> Iterator[Any]:
    """A pyHanko signer, ready; a token's session ends with the block.  Raises CopyWaitsError."""
    told = settings()
    if told.sign_pkcs11_module:
        with _token() as signer:
            yield signer
        return
    if told.sign_pkcs12:
        yield _of_file(told.sign_pkcs12, told.sign_password.get_secret_value().encode())
    elif told.mode == "demo":
        yield _of_file(_demo_key(), DEMO_PASSWORD)
    else:
        raise CopyWaitsError("chưa có khóa ký (VANKHO_SIGN_PKCS12 hoặc VANKHO_SIGN_PKCS11_MODULE)")


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 of a certificate, as copies and found signatures tell it."""
    return hashlib.sha256(certificate.dump()).hexdigest()


def own_certificate() -> str:
    """The fingerprint of the certificate that would sign today; empty where its key is in a token (whose copies know
    theirs) or does not open."""
    told = settings()
    try:
        if told.sign_pkcs11_module:
            return ""
        if told.sign_pkcs12:
            password = told.sign_password.get_secret_value()
            return _fingerprint_of(told.sign_pkcs12, told.sign_pkcs12.stat().st_mtime_ns, password.encode())
        key = told.home / DEMO / "key.p12"
        return _fingerprint_of(key, key.stat().st_mtime_ns, DEMO_PASSWORD) if told.mode == "demo" else ""
    except (CopyWaitsError, OSError):
        return ""


@lru_cache(maxsize=4)
def _fingerprint_of(path: Path, _changed: int, password: bytes) -> str:
    return fingerprint(_of_file(path, password).signing_cert)


def signing_gaps() -> tuple[str, ...]:
    """What signatures made here lack, as the settings say: ``stamp`` (no time-stamp server), ``roots`` (no roots that
    their validation could lead to).  Nothing where no key signs, or a demonstration's."""
    told = settings()
    if not (told.sign_pkcs11_module or told.sign_pkcs12):
        return ()
    lacking = {"stamp": not told.tsa_url, "roots": told.signature_roots is None}
    return tuple(name for name, lacks in lacking.items() if lacks)


def roots_folder() -> Path | None:
    """The folder of roots that signatures of copies are judged by: the installation's, or the demonstration's own."""
    told = settings()
    if told.signature_roots is not None:
        return told.signature_roots
    own = told.home / DEMO / "roots"
    return own if told.mode == "demo" and own.is_dir() else None


def known_roots() -> list[x509.Certificate]:
    """The certificates of that folder."""
    folder = roots_folder()
    return read_roots(folder) if folder else []


def _of_file(path: Path, password: bytes) -> Any:
    from pyhanko.sign.signers import SimpleSigner

    try:
        path.open("rb").close()
    except OSError as error:
        raise CopyWaitsError(f"không đọc được tệp khóa ký (VANKHO_SIGN_PKCS12): {error.strerror}") from error
    signer = SimpleSigner.load_pkcs12(str(path), passphrase=password or None)
    if signer is None:
        raise CopyWaitsError("không mở được tệp khóa ký (VANKHO_SIGN_PKCS12): sai mật khẩu hoặc tệp hỏng")
    return signer


@contextmanager
def _token() -> Iterator[Any]:
    import pkcs11
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    told = settings()
    try:
        session = open_pkcs11_session(
            str(told.sign_pkcs11_module),
            token_criteria=TokenCriteria(label=told.sign_pkcs11_token),
            user_pin=told.sign_pkcs11_pin.get_secret_value(),
        )
    except (pkcs11.PKCS11Error, OSError, RuntimeError, LookupError) as error:
        why = str(error) or type(error).__name__
        raise CopyWaitsError(f"không mở được thiết bị ký (VANKHO_SIGN_PKCS11_MODULE): {why}") from error
    try:
        label = told.sign_pkcs11_label
        signer = PKCS11Signer(session, cert_label=label, key_label=label)
        if signer.signing_cert is None:
            raise CopyWaitsError(f"thiết bị ký không có chứng thư số “{label}” (VANKHO_SIGN_PKCS11_LABEL)")
        yield signer
    except pkcs11.PKCS11Error as error:
        raise CopyWaitsError(f"thiết bị ký chưa ký được: {str(error) or type(error).__name__}") from error
    finally:
        session.close()


def _demo_key() -> Path:
    """The demonstration's own key with its root, made at first use; whoever reads its name knows what it is."""
    folder = settings().home / DEMO
    path = folder / "key.p12"
    if path.exists():
        return path
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import pkcs12

    root_key, own_key = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    root_name = "Văn Khố: gốc chứng thực trình diễn"
    root = _certificate(root_name, root_name, root_key, authority=True).sign(root_key, hashes.SHA256())
    own = _certificate(DEMO_NAME, root_name, own_key, authority=False).sign(root_key, hashes.SHA256())
    (folder / "roots").mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "roots" / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    data = pkcs12.serialize_key_and_certificates(
        b"ky", own_key, own, [root], serialization.BestAvailableEncryption(DEMO_PASSWORD)
    )
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.touch(mode=0o600)
    temporary.write_bytes(data)
    temporary.replace(path)
    return path


def _certificate(subject: str, issuer: str, key: Any, *, authority: bool) -> Any:
    from cryptography import x509 as certificates
    from cryptography.x509.oid import NameOID

    by, name = (certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (issuer, subject))
    usage = certificates.KeyUsage(
        digital_signature=not authority, content_commitment=not authority, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=authority, crl_sign=authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    first = datetime.now(UTC) - timedelta(days=1)
    return (
        certificates.CertificateBuilder(by, name, key.public_key(), certificates.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(first + timedelta(days=3650))
        .add_extension(certificates.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
