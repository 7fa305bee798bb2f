"""An OpenID provider that this project did not write (oidc-provider-mock), as a process of its own with real keys."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.mail_room import free_port


class Provider:
    """A running provider; ``issuer`` is how it names itself."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"

    def let_in(self, authorize: str, subject: str) -> str:
        """What a browser does there: the form of the address it was sent to, signed; the path it is sent back to."""
        answer = httpx.post(authorize, data={"sub": subject}, follow_redirects=False)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"


@contextmanager
def provider(log: Path, *people: dict[str, Any]) -> Iterator[Provider]:
    """A provider that knows these people by their claims."""
    port = free_port()
    told = [word for one in people for word in ("--user-claims", json.dumps(one))]
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "--require-nonce", "true", *told],
            stdout=out, stderr=out,
        )  # fmt: skip
    made = Provider(port)
    try:
        for _ in range(200):
            assert process.poll() is None, log.read_text()
            try:
                if httpx.get(f"{made.issuer}/.well-known/openid-configuration").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield made
    finally:
        process.terminate()
        process.wait(10)
