"""Devices that have signed in before: a signed cookie that lets their owner in while somebody else guesses.

It opens nothing and says no name: a random number and the digests of the names that signed in here.
"""

import hashlib
import secrets
from typing import Any

from flask import Response, request
from itsdangerous import BadData, URLSafeTimedSerializer

from archive.identity.throttling import name_digest
from portal.cookies import cookie_name, give_cookie, in_production
from portal.house import house

COOKIE = "thiet-bi"
DAYS = 180
MOST_NAMES = 6  # a family's telephone, a reading room's computer


#: What a User-Agent holds, most particular first (browsers name one another), and the name that people know.
_BROWSERS = (
    ("Zalo", "Zalo"), ("FBAN", "Facebook"), ("Edg", "Edge"), ("OPR/", "Opera"), ("coc_coc", "Cốc Cốc"),
    ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"),
    ("Safari", "Safari"), ("curl", "curl"), ("Python", "Python"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_name(user_agent: str) -> str:
    """Browser and system of a User-Agent, as people know them; empty where neither is known."""
    named = (next((name for mark, name in names if mark in user_agent), "") for names in (_BROWSERS, _SYSTEMS))
    return ", ".join(one for one in named if one)


def known_device(name: str) -> str:
    """The digest of this device if that name signed in on it before, else empty."""
    told = _read()
    if name_digest(name) not in told.get("names", ()):
        return ""
    return hashlib.sha256(str(told["id"]).encode()).hexdigest()[:32]


def remember_device(answer: Response, *names: str) -> None:
    """Notes on the device that these names (of one account) signed in here."""
    told, new = _read(), [name_digest(one) for one in names]
    kept = [one for one in told.get("names", ()) if one not in new]
    told = {"id": told.get("id") or secrets.token_hex(16), "names": [*new, *kept][:MOST_NAMES]}
    give_cookie(answer, COOKIE, _signer().dumps(told), DAYS * 86_400)


def _read() -> dict[str, Any]:
    value = request.cookies.get(cookie_name(COOKIE, production=in_production()), "")
    try:
        told = _signer().loads(value, max_age=DAYS * 86_400)
    except BadData:
        return {}
    return dict(told)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(house().settings.secret.get_secret_value(), salt="device")
