"""A token in software (SoftHSM): key and certificate lie in it, and only a library reaches them."""

import shutil
import subprocess
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives import serialization
from pkcs11 import Attribute, ObjectClass

from tests.desk.signing_house import ROOT, SIGNER, House, der
from tests.indexer.signatures.signing import key

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
LABEL, PIN = "van-kho", "1234"


def softhsm(folder: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, str]:
    """A new token with the house's key under "ky": module, label, PIN.  Skips where SoftHSM is not installed."""
    module = next((one for one in MODULES if Path(one).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        pytest.skip("Thiếu SoftHSM: apt-get install softhsm2")
    (folder / "tokens").mkdir(parents=True)
    config = folder / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(config))
    file = folder / "key.pem"
    file.write_bytes(
        key(SIGNER).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    start = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--so-pin", "9999", "--pin", PIN]
    give = ["softhsm2-util", "--import", str(file), "--token", LABEL, "--label", "ky", "--id", "A1", "--pin", PIN]
    for words in (start, give):
        subprocess.run(words, check=True, capture_output=True)
    own = der(house.certificate(SIGNER, ROOT))
    with pkcs11.lib(module).get_token(token_label=LABEL).open(rw=True, user_pin=PIN) as session:
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                Attribute.TOKEN: True, Attribute.LABEL: "ky", Attribute.ID: b"\xa1", Attribute.VALUE: own,
                Attribute.SUBJECT: house.certificate(SIGNER, ROOT).subject.public_bytes(),
            }
        )  # fmt: skip
    return module, LABEL, PIN
