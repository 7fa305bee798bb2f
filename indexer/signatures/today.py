"""What a signer's certificate is today, whatever it was when it signed: in force, ended, revoked since, or not known.

Fresh lists of revoked certificates (RFC 5280) come from a folder that an administrator keeps; where it is allowed,
the addresses in the certificate are asked (CRL, OCSP), only for chains that lead to a known root and only at hosts that
are named: nobody makes this machine ask an address of his own by sending a file.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import crl, x509

from indexer.signatures.found import Today


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of revoked certificates that are here, and the hosts that may be asked for others.

    ``seconds``: the most for one question (indexer.signatures.asking).
    """

    here: Sequence[crl.CertificateList] = ()
    hosts: Sequence[str] = ()
    seconds: float = 6.0


def certificate_today(
    signature: Any, roots: Sequence[x509.Certificate], lists: Lists, asking: Any = None
) -> tuple[Today, datetime | None]:
    """The state of the signer's certificate now, and since when, where it has ended (UTC).

    ``asking``: what asks for this file (indexer.signatures.asking.Asking), None: nobody is asked.
    """
    from pyhanko_certvalidator import errors

    certificate, moment = signature.signer_cert, datetime.now(UTC)
    ends = certificate["tbs_certificate"]["validity"]["not_after"].native
    try:
        # One that has ended is asked about at its last moment: whether it was revoked before
        _validate(certificate, signature.other_embedded_certs, roots, lists, asking, min(moment, ends))
    except Exception as error:
        for cause in _causes(error):
            if isinstance(cause, errors.RevokedError):
                return "revoked", cause.revocation_dt
    else:
        if ends >= moment:
            return "in force", None
    return ("expired", ends) if ends < moment else ("unknown", None)


def _validate(
    certificate: Any, others: Sequence[Any], roots: Sequence[x509.Certificate], lists: Lists, asking: Any,
    moment: datetime,
) -> None:  # fmt: skip
    from pyhanko_certvalidator import CertificateValidator, ValidationContext

    told = {"trust_roots": list(roots), "other_certs": list(others), "moment": moment}
    if asking is not None:  # first without asking anybody: does it lead to a root that is known?
        plain = ValidationContext(**told, allow_fetching=False, revocation_mode="soft-fail")
        asyncio.run(CertificateValidator(certificate, list(others), plain).async_validate_usage(set()))
    context = ValidationContext(
        **told, crls=list(lists.here), allow_fetching=asking is not None, revocation_mode="require",
        retroactive_revinfo=True, fetcher_backend=asking,
    )  # fmt: skip
    asyncio.run(CertificateValidator(certificate, list(others), context).async_validate_usage(set()))


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in found:
        found.append(one)
        one = one.__cause__ or one.__context__
    return found
