"""The key of sessions, cursors and links."""

import secrets

from archive.settings import Settings
from archive.storage.durability import replace_file


def with_secret(chosen: Settings) -> Settings:
    """The settings with a key of their own: in a demonstration one is made once and kept in the home folder."""
    if chosen.secret.get_secret_value():
        return chosen
    path = chosen.home / "secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, secrets.token_hex(32).encode())
        path.chmod(0o600)
    return chosen.model_copy(update={"secret": type(chosen.secret)(path.read_text("ascii"))})
