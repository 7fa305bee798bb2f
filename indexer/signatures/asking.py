"""Asking authorities over HTTP what they say of a certificate (OCSP, RFC 6960; lists, RFC 5280), with limits.

The addresses stand in certificates, and anybody may send us one.  So only hosts that the installation names are asked,
at the port that it names, without following where they lead; an answer has a size and a time, and so have all together.
pyHanko reads the answers; only its way to the network is replaced.
"""

import asyncio
import re
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import requests
from pyhanko_certvalidator.fetchers.api import FetcherBackend, Fetchers, FetchLimits
from pyhanko_certvalidator.fetchers.common_utils import FetchBudget
from pyhanko_certvalidator.fetchers.requests_fetchers import (
    RequestsCertificateFetcher,
    RequestsCRLFetcher,
    RequestsOCSPFetcher,
)

SECONDS = 6.0
"""Most seconds for one question, from the name of the host to the last byte."""

TOGETHER = 15.0
"""Most seconds for all questions about one file; later ones are not asked."""

LARGEST = 16 << 20
"""Bytes of the largest answer; lists of national authorities are a few MiB."""

QUESTIONS = FetchLimits(max_requests=20, max_cert_requests=4, max_aia_urls_per_object=2)

_PORTS = {"http": 80, "https": 443}
# Narrow on purpose: where readers of addresses could disagree about the host (user@, backslash), nobody is asked
_ADDRESS = re.compile(r"(https?)://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::([0-9]{1,5}))?(?:/[!-\[\]-~]*)?", re.I)


class NotAskedError(requests.RequestException):
    """The address is none that may be asked, or the answer is none that may be taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    content: bytes
    headers: Mapping[str, str]


class Asking(FetcherBackend):  # type: ignore[misc]
    """The questions about one file.  ``hosts`` may be asked: ``host`` (ports 80 and 443) or ``host:port``; None: all,
    for certificates that are the installation's own.
    """

    def __init__(
        self, hosts: Collection[str] | None, *, seconds: float = SECONDS, together: float = TOGETHER,
        largest: int = LARGEST,
    ) -> None:  # fmt: skip
        self._places = None if hosts is None else set(_places(hosts))
        self._seconds, self._largest = seconds, largest
        self._until = time.monotonic() + together
        budget = FetchBudget(QUESTIONS)
        # Always the same ones: what was asked for one signature of a file is not asked again for the next
        self._fetchers = Fetchers(
            ocsp_fetcher=_OCSP(self, budget), crl_fetcher=_CRL(self, budget), cert_fetcher=_Certificates(self, budget)
        )

    def get_fetchers(self) -> Fetchers:
        """What pyHanko asks with."""
        return self._fetchers

    async def close(self) -> None:
        """Nothing is held."""

    async def ask(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> Answer:
        """One question.  Raises NotAskedError or another RequestException, never waits longer than it may."""
        if not may_ask(url, self._places):
            raise NotAskedError("not a host that may be asked")
        left = min(self._seconds, self._until - time.monotonic())
        if left <= 0:
            raise NotAskedError("no time left")
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Answer] = loop.create_future()

        def settle(answer: Answer | None, trouble: NotAskedError | None) -> None:
            if told.done():
                return
            if answer is not None:
                told.set_result(answer)
            else:
                told.set_exception(trouble or NotAskedError())

        def talk() -> None:
            answer: Answer | None = None
            trouble: NotAskedError | None = None
            try:
                answer = _talk(method, url, headers, body, left, self._largest)
            except Exception as error:  # whatever the network does: nothing was answered
                trouble = NotAskedError(f"{type(error).__name__}: {error}"[:200])
            with suppress(RuntimeError):  # the loop has ended: nobody waits any more
                loop.call_soon_threadsafe(settle, answer, trouble)

        # A thread of its own that nobody joins: whoever sends a byte now and then holds nothing up
        threading.Thread(target=talk, daemon=True).start()
        try:
            return await asyncio.wait_for(told, left)
        except TimeoutError as error:
            raise NotAskedError("no answer in time") from error


def may_ask(url: str, places: Collection[tuple[str, int]] | None) -> bool:
    """Whether an address in a certificate may be asked; ``places`` are hosts and ports, None all."""
    found = _ADDRESS.fullmatch(url)
    if not found:
        return False
    scheme, host, port = found[1].lower(), found[2].lower(), found[3]
    return places is None or (host, int(port) if port else _PORTS[scheme]) in places


def _places(hosts: Collection[str]) -> Iterator[tuple[str, int]]:
    for one in hosts:
        host, _, port = one.lower().partition(":")
        yield from [(host, int(port))] if port else [(host, number) for number in _PORTS.values()]


def _talk(method: str, url: str, headers: dict[str, str], body: bytes | None, seconds: float, largest: int) -> Answer:
    until = time.monotonic() + seconds
    with requests.Session() as session:
        session.trust_env = False  # no passwords of this machine's .netrc for anybody; proxies are kept
        session.proxies.update(requests.utils.get_environ_proxies(url))
        with session.request(
            method, url, headers={**headers, "Accept-Encoding": "identity"}, data=body, timeout=seconds,
            allow_redirects=False, stream=True,
        ) as response:  # fmt: skip
            if response.status_code != 200:
                raise NotAskedError(f"status {response.status_code}")
            content = bytearray()
            while piece := response.raw.read1(1 << 16):
                content += piece
                if len(content) > largest or time.monotonic() > until:
                    raise NotAskedError("too large or too slow")
            return Answer(bytes(content), response.headers)


class _Careful:
    """Asks by an Asking instead of by itself."""

    user_agent: str

    def __init__(self, asking: Asking, budget: FetchBudget) -> None:
        super().__init__(budget=budget)  # type: ignore[call-arg]
        self._asking = asking

    async def _get(self, url: str, *, acceptable_content_types: Collection[str]) -> Answer:
        headers = {"Accept": ",".join(acceptable_content_types), "User-Agent": self.user_agent}
        return await self._asking.ask("GET", url, headers, None)

    async def _post(
        self, url: str, data: bytes, *, content_type: str, acceptable_content_types: Collection[str]
    ) -> Answer:
        headers = {"Accept": ",".join(acceptable_content_types), "User-Agent": self.user_agent}
        return await self._asking.ask("POST", url, {**headers, "Content-Type": content_type}, data)


class _OCSP(_Careful, RequestsOCSPFetcher):  # type: ignore[misc]
    """Answers about single certificates."""


class _CRL(_Careful, RequestsCRLFetcher):  # type: ignore[misc]
    """Lists of revoked certificates."""


class _Certificates(_Careful, RequestsCertificateFetcher):  # type: ignore[misc]
    """Certificates of issuers."""
