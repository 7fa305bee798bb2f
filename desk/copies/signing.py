"""Signing a certified copy: PAdES, with a time stamp and what its validation will need in years to come.

ETSI EN 319 142-1: baseline B-LTA where a time-stamp server and the roots are known, B-T without roots, B-B without a
server.  A certificate that has ended, is revoked or leads nowhere signs nothing: the copy waits, and staff read why.
"""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from archive.settings import settings
from desk.copies.errors import CopyWaitsError
from desk.copies.keys import fingerprint, known_roots, open_signer

FIELD = "BanSao-"
"""Begins the name of the signature's field, the copy's code follows: a file tells which copy it was."""

TSA_SECONDS = 20

ASKING_SECONDS = 120.0
"""Most for all that is asked about the certificates of one signature, from first to last."""


@dataclass(frozen=True, slots=True)
class SignedCopy:
    """The file, who signed it, and when (UTC); ``certificate``: its SHA-256."""

    data: bytes
    signer: str
    at: datetime
    certificate: str = ""


def sign(data: bytes, code: str) -> SignedCopy:
    """The PDF signed by the house's key.  Raises CopyWaitsError with what is missing."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

    told, roots = settings(), known_roots()
    with open_signer() as signer:
        certificate = signer.signing_cert
        moment = datetime.now(UTC)
        validity = certificate["tbs_certificate"]["validity"]
        if not validity["not_before"].native <= moment <= validity["not_after"].native:
            raise CopyWaitsError(f"chứng thư số để ký đã hết hạn ngày {validity['not_after'].native:%d/%m/%Y}")
        stamper = RequestsHTTPTimeStamper(told.tsa_url, timeout=TSA_SECONDS) if told.tsa_url else None
        context = _context(roots, signer, moment) if roots else None
        if context is not None:
            _check_chain(certificate, context)
        lasting = stamper is not None and context is not None
        metadata = signers.PdfSignatureMetadata(
            field_name=f"{FIELD}{code}", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES,
            name=name_of(certificate), location="Việt Nam", reason="BẢN SAO",
            embed_validation_info=lasting, use_pades_lta=lasting, validation_context=context if lasting else None,
        )  # fmt: skip
        out = io.BytesIO()
        try:
            signers.PdfSigner(metadata, signer=signer, timestamper=stamper).sign_pdf(
                IncrementalPdfFileWriter(io.BytesIO(data)), output=out
            )
        except CopyWaitsError:
            raise
        except Exception as error:  # servers and authorities fail in many ways; the copy can be made later
            raise CopyWaitsError(_why(error)) from error
        return SignedCopy(out.getvalue(), name_of(certificate), moment, fingerprint(certificate))


def name_of(certificate: Any) -> str:
    """The common name of a certificate's subject, else its organisation."""
    told = certificate.subject.native
    chosen = told.get("common_name") or told.get("organization_name") or certificate.subject.human_friendly
    return (chosen if isinstance(chosen, str) else " ".join(map(str, chosen)))[:200]


def _context(roots: list[Any], signer: Any, moment: datetime) -> Any:
    from pyhanko_certvalidator import ValidationContext

    from indexer.signatures.asking import Asking

    # Whether a certificate was revoked is asked wherever it says whom to ask: it is our own. No answer is no signature.
    return ValidationContext(
        trust_roots=roots, other_certs=list(signer.cert_registry), allow_fetching=True, revocation_mode="hard-fail",
        moment=moment, retroactive_revinfo=True, fetcher_backend=Asking(None, together=ASKING_SECONDS),
    )  # fmt: skip


def _check_chain(certificate: Any, context: Any) -> None:
    import asyncio

    from pyhanko_certvalidator import CertificateValidator

    try:
        asyncio.run(CertificateValidator(certificate, validation_context=context).async_validate_usage(set()))
    except Exception as error:
        raise CopyWaitsError(_why(error)) from error


def _why(error: Exception) -> str:
    """What went wrong, for staff."""
    from pyhanko.sign.timestamps import TimestampRequestError
    from pyhanko_certvalidator import errors

    causes: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in causes:
        causes.append(one)
        one = one.__cause__ or one.__context__
    for kind, told in (
        (errors.RevokedError, "chứng thư số để ký đã bị thu hồi"),
        (errors.ExpiredError, "một chứng thư số của chuỗi đã hết hạn"),
        (errors.InsufficientRevinfoError, "chưa hỏi được chứng thư số còn hiệu lực không (CRL, OCSP)"),
        (TimestampRequestError, "máy chủ cấp dấu thời gian chưa trả lời (VANKHO_TSA_URL)"),
        (errors.PathError, "chuỗi chứng thư số không dẫn đến gốc nào đã biết (VANKHO_SIGNATURE_ROOTS)"),
    ):
        if any(isinstance(cause, kind) for cause in causes):
            return told
    return f"chưa ký được: {str(error)[:200] or type(error).__name__}"
