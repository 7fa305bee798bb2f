"""What a METS names: files and metadata with their sizes and checksums, paths taken from the METS's own folder.

Source: E-ARK CSIP 2.0.4 (file section, mdRef), TT 05/2025/TT-BNV, annexes I to IV.
"""

import hashlib
import posixpath
import re
import unicodedata
from dataclasses import dataclass, field
from io import BufferedIOBase
from typing import cast
from urllib.parse import unquote

from archive.packages.csip.judging import judge
from archive.packages.csip.markup import attribute, local, parse
from archive.packages.csip.rules import found
from archive.packages.findings import Finding, Outcome, quote
from archive.packages.sources import DeliveryError, Source
from archive.packages.zips import UNREADABLE

ALGORITHMS = {"SHA256": "sha256", "SHA384": "sha384", "SHA512": "sha512", "SHA1": "sha1", "MD5": "md5"}


@dataclass(frozen=True, slots=True)
class Claim:
    """What METS says of a file: ``size`` in bytes and the checksum in hexadecimal, '' where it says nothing."""

    size: str
    kind: str
    checksum: str


@dataclass(slots=True)
class Mets:
    """``claims`` by path in the package; ``described`` is data path -> paths of its metadata; ``organ`` its fonds;
    ``category`` is TYPE of the root, ``status`` RECORDSTATUS."""

    claims: dict[str, list[Claim]] = field(default_factory=dict)
    described: dict[str, list[str]] = field(default_factory=dict)
    organ: str = ""
    kind: str = ""
    category: str = ""
    status: str = ""
    findings: list[Finding] = field(default_factory=list)


def read_mets(source: Source, name: str) -> Mets:
    """Reads one METS; DeliveryError where it is none. A path that leads outside is refused with a line."""
    root, told = parse(source, name), Mets()
    if local(root) != "mets":
        raise DeliveryError(f"Tệp {quote(name)} không phải METS.")
    told.category = attribute(root, "TYPE")
    told.findings += judge(root, name, "rep" if posixpath.dirname(name) else "top")
    metadata: dict[str, str] = {}
    base = posixpath.dirname(name)
    seen: set[str] = set()
    for element in root.iter():
        tag = local(element)
        if (identity := attribute(element, "ID")) and identity in seen:
            wrong = f"Tệp {quote(name)}: mã {quote(identity)} có hai lần"
            told.findings.append(found("mets.id", wrong, "vẫn đọc, theo đường dẫn"))
        seen.add(identity)
        if tag == "note" and attribute(element, "NOTETYPE") == "IDENTIFICATIONCODE":
            told.organ = told.organ or (element.text or "").strip()
        elif tag == "metsHdr":
            told.kind = attribute(element, "OAISPACKAGETYPE").upper()
            told.status = attribute(element, "RECORDSTATUS")
        elif tag == "dmdSec":
            for reference in element:
                if local(reference) == "mdRef" and (path := _path(base, attribute(reference, "href"), told)):
                    metadata[identity] = path
        if tag not in ("mdRef", "file"):
            continue
        places = [element] if tag == "mdRef" else [one for one in element if local(one) == "FLocat"]
        claim = Claim(attribute(element, "SIZE"), attribute(element, "CHECKSUMTYPE"), attribute(element, "CHECKSUM"))
        for place in places:
            if path := _path(base, attribute(place, "href"), told):
                told.claims.setdefault(path, []).append(claim)
                if tag == "file":
                    known = attribute(element, "DMDID").split()
                    told.described.setdefault(path, []).extend(metadata[one] for one in known if one in metadata)
    return told


def _path(base: str, href: str, told: Mets) -> str:
    """The path inside the package, '' where it is none or leads outside."""
    plain = re.sub(r"^file:(///?)?", "", unquote(href)).replace("\\", "/")
    path = unicodedata.normalize("NFC", posixpath.normpath(posixpath.join(base, plain)) if plain else "")
    if "://" in plain or path.startswith(("/", "..")) or re.match(r"^[A-Za-z]:", plain):
        wrong = f"Tệp {quote(href)}: METS nêu đường dẫn ra ngoài gói"
        finding = found("path.outside", wrong, "không mở, không lấy", Outcome.REJECTED)
        if finding not in told.findings:
            told.findings.append(finding)
        return ""
    return path


def differs(source: Source, name: str, claims: list[Claim]) -> str:
    """A Vietnamese clause on how a file is not what METS says of it, '' where it is."""
    for claim in claims:
        if claim.size and claim.size != str(source.size(name)):
            return f"dài {source.size(name)} byte, METS ghi {quote(claim.size)}"
        if not claim.checksum:
            return "không có mã băm trong METS"
        kind = ALGORITHMS.get(claim.kind.upper().replace("-", ""))
        if kind is None:
            return f"không rõ cách băm {quote(claim.kind)}"
        try:
            with source.open(name) as stream:
                digest = hashlib.file_digest(cast(BufferedIOBase, stream), kind).hexdigest()
        except (DeliveryError, *UNREADABLE):
            return "không đọc được trọn tệp"
        if digest != claim.checksum.lower():
            return f"mã băm {kind} khác mã ghi trong METS"
    return "" if claims else "METS không nêu tệp này"
