"""The way to the payment gateway: an address that says, signed, which fee is to be paid.

What comes of it is told by the gateway's notice (desk.fees.notices), never by the browser that comes back.

The signature is HMAC-SHA256 over ``<timestamp>.<query>``, the query as it stands before ``signature``; nothing in it
says who pays or for which record.
"""

from datetime import datetime
from urllib.parse import urlencode

from desk.fees.notices import signature


def offer(gateway: str, secret: str, reference: str, owed: int, back: str, moment: datetime) -> str:
    """The address at the gateway where a fee of ``owed`` đồng is paid; ``back``: where the browser returns to."""
    stamp = str(int(moment.timestamp()))
    told = urlencode(
        {"reference": reference, "amount": owed, "currency": "VND", "content": reference, "return": back,
         "timestamp": stamp}
    )  # fmt: skip
    signed = signature(secret, stamp, told.encode())
    return f"{gateway}{'&' if '?' in gateway else '?'}{told}&signature={signed}"
