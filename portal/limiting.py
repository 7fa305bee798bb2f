"""Rate limits: what one reader may ask in a time, so that nobody takes the archive away from all others.

Who signed in is counted by the account, everybody else by the network address (IPv6: by the network of 64 bits).  A
mobile network in Viet Nam shows thousands of people under one address, so the bounds of an address are those of a
crowd, and a person in that crowd gets away from them by signing in (docs/decisions/0023).
"""

import ipaddress
import logging
import time
from dataclasses import dataclass

from flask import Flask, Response, request, session
from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage, Storage
from limits.strategies import SlidingWindowCounterRateLimiter

from portal.errors import answer_busy
from portal.house import house

ASK = RateLimitItemPerMinute(6_000)  # answers of any kind: twice what a judge of 50 a second asks
TAKE = RateLimitItemPerSecond(300, 600)  # whole results and logs taken away
NOTE = RateLimitItemPerMinute(120)  # refusals of one address that the audit trail keeps one by one
MANY = RateLimitItemPerMinute(1)  # and then one line a minute that says there were more

TAKING = {"exporting.begin", "exporting.download", "exporting.fetch", "trail.download", "downloading.whole"}
FREE = {"static", "health.alive", "health.ready"}
REST = 10.0  # seconds without a try of the shared counters after a failure

log = logging.getLogger("vankho.limits")


@dataclass(slots=True)
class _Shared:
    limiter: SlidingWindowCounterRateLimiter
    rests_until: float = float("-inf")


class Limits:
    """Counts: in the memory of this process, and where several processes share counters, in those.

    Shared counters that fail are left alone for ten seconds, in which this process counts by itself: a Redis that is
    down neither stops the portal nor opens it to a flood.
    """

    def __init__(self, shared: Storage | None = None) -> None:
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = _Shared(SlidingWindowCounterRateLimiter(shared)) if shared else None

    def wait(self, limit: RateLimitItem, who: str) -> int:
        """Counts one; 0 if that is within the limit, else the seconds until it may be tried again."""
        shared = self._shared
        if shared and time.monotonic() >= shared.rests_until:
            try:
                return _wait(shared.limiter, limit, who)
            except Exception as error:  # Redis and sockets fail in many ways; none stops an answer
                shared.rests_until = time.monotonic() + REST
                log.warning("Không đếm chung được qua Redis (%s); tạm đếm riêng.", type(error).__name__)
        return _wait(self._own, limit, who)


def _wait(limiter: SlidingWindowCounterRateLimiter, limit: RateLimitItem, who: str) -> int:
    if limiter.hit(limit, str(limit), who):
        return 0
    return max(1, round(limiter.get_window_stats(limit, str(limit), who).reset_time - time.time()))


def network(address: str) -> str:
    """The address as limits count it: IPv6 by its network of 64 bits, everything else as it stands."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6:
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return address


def _reader() -> str:
    """The account of a signed session, else the network.  A token is counted by its network: it may be made up."""
    account = str(session.get("_user_id", "")).partition(":")[0]
    return f"account:{account}" if account else network(request.remote_addr or "")


def _stop_floods() -> Response | None:
    if request.endpoint in FREE or _is_own_machine():
        return None
    who, limits = _reader(), house().limits
    seconds = limits.wait(ASK, who)
    if not seconds and request.endpoint in TAKING:
        seconds = limits.wait(TAKE, who)
    return answer_busy(seconds) if seconds else None


def _is_own_machine() -> bool:
    """Whether the request came from this machine and through no proxy: whoever is there already is not kept out."""
    return not house().settings.hops and (request.remote_addr or "") in {"127.0.0.1", "::1"}


def install(app: Flask) -> None:
    """Counts every request before anything is done for it."""
    app.before_request(_stop_floods)
