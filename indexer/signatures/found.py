"""What is found out about a signature."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Verdict = Literal["valid", "changed", "extended", "untrusted", "expired", "revoked", "unreadable"]
"""``valid``: whole, and by a certificate that leads to a known root; ``changed``: the bytes are not those that were
signed, or something that matters was added; ``extended``: whole, later only what signers may add was added;
``untrusted``: whole, but its issuer is not known here; ``expired``: the certificate was not in force when it was used;
``revoked``: the certificate was revoked
when it was used, as the file or a fresh list says; ``unreadable``: no judgement is possible."""

Stamp = Literal["known", "unknown", "broken", ""]
"""Of a time stamp: its authority leads to a known root, or not; it does not fit the signature; there is none."""

Revocation = Literal["good", "revoked", "unknown", ""]
"""``good``: what the file carries, or lists laid here, speak of every certificate of the chain and none was revoked at
the moment of signing; ``unknown``: nothing speaks of one of them, and nobody was asked; ``""``: not looked for."""

Coverage = Literal["whole", "revision", "part", ""]

Today = Literal["in force", "expired", "revoked", "unknown", ""]
"""The signer's certificate today, whatever it was when it signed: ``unknown``: nobody could be asked whether it was
revoked; empty: not looked at (its issuer is unknown, or the signature is none)."""


@dataclass(frozen=True, slots=True)
class FoundSignature:
    """One signature of a PDF.

    ``timed``: ``signed_at`` is a time-stamp authority's, not the signer's own word.  ``coverage``: the whole file,
    the revision that was signed (others follow), or a part only.  ``ended_at``: since when the certificate is
    ``expired`` or ``revoked``.  ``certificate``: the SHA-256 of the signer's certificate, which the
    signature proves unless it is ``changed`` without ``added``.  ``added``: ``changed``, but only by what follows the
    signed revision, which stands as it was signed.
    """

    field: str
    signer: str
    issuer: str
    signed_at: datetime | None
    timed: bool
    verdict: Verdict
    coverage: Coverage
    stamp: Stamp = ""
    revocation: Revocation = ""
    today: Today = ""
    ended_at: datetime | None = None
    certificate: str = ""
    added: bool = False
