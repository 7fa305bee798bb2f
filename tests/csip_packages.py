"""Packages of TT 05/2025/TT-BNV that the tests write: METS with checksums, EAD.xml, one EAD_doc a document."""

import hashlib
import zipfile
from pathlib import Path
from urllib.parse import unquote
from xml.sax.saxutils import escape

from lxml import etree

REP = "representations/rep1/"
ITEMS = REP + "metadata/descriptive/"


class Csip:
    """A SIP or AIP in the making; ``files`` holds everything but the METS files."""

    def __init__(
        self, root: Path, kind: str = "SIP", organ: str = "H48.01", loose: bool = False, rep: str = "rep1"
    ) -> None:
        self.root, self.kind, self.organ, self.rep = root, kind, organ, f"representations/{rep}/"
        code = "fileCode" if kind == "SIP" else "arcFileCode"
        fields = {code: "H48.01.1998.01", "title": "Hồ sơ giao đất", "totalDoc": "2"}
        if not loose:
            fields |= {"maintenance": "01", "mode": "01", "language": "01", "startDate": "01/01/1998"}
            fields |= {"endDate": "31/12/1998", "format": "01"}
        self.files = {"metadata/descriptive/EAD.xml": simple(fields)}
        if kind == "AIP":
            self.files["metadata/preservation/PREMIS.xml"] = b'<premis xmlns="http://www.loc.gov/premis/v3"/>'
        self.links: dict[str, str] = {}
        self.extra = ""

    def document(self, number: int, mode: str = "01", sort: str = "doc", **fields: str) -> "Csip":
        code = f"H48.01.1998.01.{number:07}"
        told = {"docCode": code, "mode": mode, "language": "01", "subject": f"Về việc giao đất {number}"}
        if sort == "doc":
            told |= {"typeName": "02", "issuedDate": "10/11/1998", "organName": "UBND tỉnh", "codeNumber": str(number)}
        name, data = f"{ITEMS}EAD_{sort}_{number}.xml", f"{REP}data/tep-{number}.txt"
        self.files[name] = simple(told | fields)
        self.files[data] = f"Nội dung quyết định giao đất số {number}".encode()
        self.links[data] = name
        return self

    def write(self) -> Path:
        """The folder, with METS made of what ``files`` holds now; change the folder afterwards to break it."""
        sections, named = "", ""
        for number, (name, body) in enumerate(self.files.items()):
            inner = name.removeprefix(REP)
            if name.startswith(ITEMS):
                sections += f'<dmdSec ID="d{number}"><mdRef {claim(body)} xlink:href="{inner}"/></dmdSec>'
            elif name.startswith(REP):
                metadata = list(self.files).index(self.links[name]) if name in self.links else ""
                named += f'<file ID="f{number}" DMDID="d{metadata}" {claim(body)}><FLocat xlink:href="{inner}"/></file>'
        rep = mets(f"{sections}<fileSec><fileGrp>{named}{self.extra}</fileGrp></fileSec>", self.kind, "")
        top = "".join(
            f'<dmdSec><mdRef {claim(body)} xlink:href="{name}"/></dmdSec>'
            for name, body in self.files.items()
            if not name.startswith(REP)
        )
        place = f'<FLocat xlink:href="{self.rep}METS.xml"/>'
        top += f"<fileSec><fileGrp><file {claim(rep)}>{place}</file></fileGrp></fileSec>"
        for name, body in {**self.files, REP + "METS.xml": rep, "METS.xml": mets(top, self.kind, self.organ)}.items():
            path = self.root / name.replace(REP, self.rep)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        return self.root

    def pack(self) -> Path:
        """The same as a zip with one folder in it."""
        path = self.root.with_suffix(".zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for file in sorted(self.write().rglob("*")):
                if file.is_file():
                    packed.write(file, f"uuid-1/{file.relative_to(self.root).as_posix()}")
        return path


def simple(fields: dict[str, str]) -> bytes:
    return ("<simpledc>" + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in fields.items()) + "</simpledc>").encode()


def claim(body: bytes) -> str:
    return f'SIZE="{len(body)}" CHECKSUMTYPE="SHA-256" CHECKSUM="{hashlib.sha256(body).hexdigest().upper()}"'


def mets(inner: str, kind: str, organ: str) -> bytes:
    agent = f'<agent><note csip:NOTETYPE="IDENTIFICATIONCODE">{organ}</note></agent>' if organ else ""
    return (
        '<mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns:csip="https://DILCIS.eu/XML/METS/CSIPExtensionMETS"><metsHdr csip:OAISPACKAGETYPE="{kind}">{agent}'
        f"</metsHdr>{inner}</mets>"
    ).encode()


def remake(root: Path, bodies: dict[Path, str]) -> None:
    """Puts other bodies into a written package and makes both METS right for them again."""
    for path, body in bodies.items():
        path.write_text(body)
    for name in (REP + "METS.xml", "METS.xml"):
        mets_path = root / name
        tree = etree.parse(mets_path)
        for element in tree.iter("{*}mdRef", "{*}file"):
            place = element if element.tag.endswith("mdRef") else element[0]
            target = mets_path.parent / unquote(place.get("{http://www.w3.org/1999/xlink}href"))
            element.set("SIZE", str(target.stat().st_size))
            element.set("CHECKSUM", hashlib.sha256(target.read_bytes()).hexdigest().upper())
        tree.write(mets_path, xml_declaration=True, encoding="UTF-8")
