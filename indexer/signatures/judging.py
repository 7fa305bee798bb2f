"""Judging the signatures of a PDF with pyHanko: integrity, coverage, chain as far as it is known, time.

Roots come from a folder, revocation from what the file carries and from lists in that folder.  A certificate is judged
at the moment of signing (a time stamp's, else the signer's word): an archive reads signatures decades later.  What it
is today is told beside it (indexer.signatures.today), and nothing is fetched unless that is asked for.
"""

import hashlib
import io
import warnings
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asn1crypto import pem, x509

from indexer.signatures.evidence import Evidence, carried
from indexer.signatures.found import Coverage, FoundSignature, Revocation, Stamp, Verdict
from indexer.signatures.today import Lists, certificate_today

MOST = 100
"""Most signatures of one file that are judged."""


def read_roots(folder: Path) -> list[x509.Certificate]:
    """The certificates (`.pem`, `.crt`, `.cer`, `.der`) of a folder; one that cannot be read is left out."""
    roots = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() not in {".pem", ".crt", ".cer", ".der"}:
            continue
        data = path.read_bytes()
        try:
            parts = [one[2] for one in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
            roots += [x509.Certificate.load(part, strict=True) for part in parts]
        except ValueError:
            continue
    return roots


def judge_pdf(
    data: bytes, roots: Sequence[x509.Certificate], beside: Evidence | None = None, lists: Lists | None = None
) -> list[FoundSignature]:
    """The signatures of a PDF in the order of signing; none for a file that has none or is no PDF.

    ``beside`` are the lists of revoked certificates that lie beside the roots; with ``lists`` it is told what the
    certificates are today.  A file whose signatures cannot even be listed has one that is ``unreadable``.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            reader = PdfFileReader(io.BytesIO(data), strict=False)
            signatures = list(reader.embedded_regular_signatures)
        except Exception:  # hostile bytes make a parser fail in many ways
            return [FoundSignature("", "", "", None, False, "unreadable", "")]
        known, asking = beside or Evidence(), _asking(lists)
        return [_judge(one, roots, known.joined(carried(reader, one)), lists, asking) for one in signatures[:MOST]]


def _asking(lists: Lists | None) -> Any:
    """What asks for one file; nothing where nobody may be asked, and the packages of the network stay unloaded then."""
    if lists is None or not lists.hosts:
        return None
    from indexer.signatures.asking import Asking

    return Asking(lists.hosts, seconds=lists.seconds)


def _judge(
    signature: Any, roots: Sequence[x509.Certificate], known: Evidence, lists: Lists | None, asking: Any
) -> FoundSignature:
    name = str(signature.field_name or "")[:200]
    try:
        certificate = signature.signer_cert
        signer, issuer = _name(certificate.subject), _name(certificate.issuer)
        moment = _told(signature)
        status = _status(signature, roots, known, moment)
        if stamped := _stamped(status):
            status = _status(signature, roots, known, stamped)
        at = stamped or moment
        revocation = _revocation(signature, roots, known, at, status)
        verdict = _verdict(status, certificate, at, revoked=revocation == "revoked")
        coverage, stamp = _coverage(status), _stamp(status)
        found = FoundSignature(
            name, signer, issuer, at, stamped is not None, verdict, coverage, stamp, revocation,
            certificate=hashlib.sha256(certificate.dump()).hexdigest(),
            added=verdict == "changed" and coverage == "revision" and bool(status.intact and status.valid),
        )  # fmt: skip
        if lists is None or verdict not in {"valid", "extended", "expired", "revoked"}:
            return found
        today, ended = certificate_today(signature, roots, lists, asking)
        if today == "revoked" and ended and (at is None or ended <= at):
            verdict = "revoked"  # not after it was used, but before
        return replace(found, verdict=verdict, today=today, ended_at=ended)
    except Exception:
        return FoundSignature(name, "", "", None, False, "unreadable", "")


def _status(
    signature: Any,
    roots: Sequence[x509.Certificate],
    known: Evidence,
    moment: datetime | None,
    *,
    strictly: bool = False,
) -> Any:
    """The judgement as of that moment; ``strictly``: trusted only if something speaks of every certificate."""
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    def context(mode: str) -> Any:
        return ValidationContext(
            trust_roots=list(roots),
            other_certs=list(known.certificates),
            crls=list(known.lists),
            ocsps=list(known.answers),
            allow_fetching=False,
            moment=moment or datetime.now(UTC),
            revocation_mode=mode,
            # A list of today knows what was revoked then: it need not have been there at the moment of signing.
            retroactive_revinfo=True,
        )

    return validate_pdf_signature(
        signature,
        signer_validation_context=context("require" if strictly else "soft-fail"),
        ts_validation_context=context("soft-fail"),
    )


def _revocation(
    signature: Any, roots: Sequence[x509.Certificate], known: Evidence, moment: datetime | None, status: Any
) -> Revocation:
    if status.revoked:
        return "revoked"
    if not status.trusted or not (known.lists or known.answers):
        return "unknown"
    # A certificate that names no list is looked up in one only if that is demanded.
    strict = _status(signature, roots, known, moment, strictly=True)
    return "revoked" if strict.revoked else "good" if strict.trusted else "unknown"


def _stamp(status: Any) -> Stamp:
    stamp = status.timestamp_validity
    if stamp is None:
        return ""
    if not (stamp.intact and stamp.valid):
        return "broken"
    return "known" if stamp.trusted else "unknown"


def _verdict(status: Any, certificate: x509.Certificate, moment: datetime | None, *, revoked: bool) -> Verdict:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if not (status.intact and status.valid):
        return "changed"
    later = status.coverage != SignatureCoverageLevel.ENTIRE_FILE
    if later and status.modification_level in (None, ModificationLevel.OTHER):
        return "changed"
    if revoked:
        return "revoked"
    validity = certificate["tbs_certificate"]["validity"]
    if moment and not validity["not_before"].native <= moment <= validity["not_after"].native:
        return "expired"
    if not status.trusted:
        return "untrusted"
    return "extended" if later else "valid"


def _coverage(status: Any) -> Coverage:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return "whole"
    return "revision" if status.coverage == SignatureCoverageLevel.ENTIRE_REVISION else "part"


def _told(signature: Any) -> datetime | None:
    """When the signer says that it was signed, in UTC."""
    told = signature.self_reported_timestamp
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC) if told else None


def _stamped(status: Any) -> datetime | None:
    """When an authority that leads to a known root says so; what anybody stamped proves nothing."""
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
        return None
    moment: datetime = stamp.timestamp.astimezone(UTC)
    return moment


def _name(name: x509.Name) -> str:
    told = name.native
    chosen = told.get("common_name") or told.get("organization_name") or name.human_friendly
    return (chosen if isinstance(chosen, str) else " ".join(map(str, chosen)))[:200]
