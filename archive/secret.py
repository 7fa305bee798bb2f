"""The key that signs sessions and cursors: from the environment, or (demonstration only) made once and kept."""

import os
import secrets

from archive.settings import Settings


def secret_key(settings: Settings) -> str:
    """The key.  Without one in the settings, 64 hexadecimal characters in ``<home>/secret``, readable by the owner."""
    given = settings.secret.get_secret_value()
    if given:
        return given
    path = settings.home / "secret"
    settings.home.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        temporary = path.with_name(f".secret.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(temporary, path)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text("ascii").strip()
