"""Packages of TT 05/2025/TT-BNV that the tests write: METS with checksums, EAD.xml, one EAD_doc a document."""

import hashlib
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote
from xml.sax.saxutils import escape

from lxml import etree

REP = "representations/rep1/"
ITEMS = REP + "metadata/descriptive/"
EAD = "metadata/descriptive/EAD.xml"
OBJID, MOMENT = "uuid-1", "2026-06-14T09:12:33.120+07:00"


class Csip:
    """A SIP or AIP in the making; ``files`` holds everything but the METS files."""

    def __init__(
        self, root: Path, kind: str = "SIP", organ: str = "H48.01", loose: bool = False, rep: str = "rep1"
    ) -> None:
        self.root, self.kind, self.organ, self.rep = root, kind, organ, f"representations/{rep}/"
        self.category = f"{kind} Collection" if loose else kind
        code = "fileCode" if kind == "SIP" else "arcFileCode"
        fields = {code: "H48.01.1998.01", "title": "Hồ sơ giao đất"}
        if kind == "SIP" or not loose:
            fields |= {"totalDoc": "2"}
        if not loose:
            fields |= {"maintenance": "01", "mode": "01", "language": "01", "startDate": "01/01/1998"}
            fields |= {"endDate": "31/12/1998", "format": "01", "numberOfPaper": "4", "numberOfPage": "8"}
            fields |= {"riskRecovery": "0"}
        self.elements = fields
        self.files = {EAD: simple(fields)}
        if kind == "AIP":
            self.files["metadata/preservation/PREMIS.xml"] = premis(OBJID)
            self.files[f"{REP}metadata/preservation/PREMIS_rep1.xml"] = premis("rep1")
        self.links: dict[str, str] = {}
        self.extra = ""

    def whole(self, **fields: str) -> "Csip":
        """Other elements of EAD.xml; '' takes one away."""
        self.elements = {name: text for name, text in (self.elements | fields).items() if text}
        self.files[EAD] = simple(self.elements)
        return self

    def document(self, number: int, mode: str = "01", sort: str = "doc", **fields: str) -> "Csip":
        code = f"H48.01.1998.01.{number:07}"
        told = {"docCode": code, "mode": mode, "language": "01"}
        if self.kind == "SIP":
            told |= {"maintenance": "01", "riskRecovery": "0"}
        else:
            told |= {"arcFileCode": self.elements["arcFileCode"], "docOrdinal": str(number)}
        subject = f"Về việc giao đất {number}"
        if sort == "doc":
            told |= {"typeName": "02", "issuedDate": "10/11/1998", "organName": "UBND tỉnh", "codeNumber": str(number)}
            told |= {"subject": subject, "numberOfPage": "1"}
            if self.kind == "SIP":
                told["docId"] = code[-25:]
        elif sort == "pic":
            told |= {"imageTitle": subject, "typePic": "02"}
            del told["language"]
        else:
            told |= {"movieTitle": subject, "typeMedia": "01"}
        name, data = f"{ITEMS}EAD_{sort}_{number}.xml", f"{REP}data/tep-{number}.txt"
        self.files[name] = simple({one: text for one, text in (told | fields).items() if text})
        self.files[data] = f"Nội dung quyết định giao đất số {number}".encode()
        self.links[data] = name
        return self

    def write(self) -> Path:
        """The folder, with METS made of what ``files`` holds now; change the folder afterwards to break it."""
        sections, named, kept = "", "", ""
        for number, (name, body) in enumerate(self.files.items()):
            inner = name.removeprefix(REP)
            if name.startswith(ITEMS):
                sections += described(f"d{number}", inner, body)
            elif name.startswith(f"{REP}metadata/preservation/"):
                kept += f'<digiprovMD ID="p{number}">{reference(inner, body, "PREMIS")}</digiprovMD>'
            elif name.startswith(REP):
                metadata = f' DMDID="d{list(self.files).index(self.links[name])}"' if name in self.links else ""
                named += listed(f"f{number}", inner, body, metadata)
        group = f'<fileGrp ID="g1" USE="Data">{named}{self.extra}</fileGrp>'
        sections += f'<amdSec ID="a1">{kept}</amdSec>' if kept else ""
        rep = mets("rep1", sections, group, self.category, "", '<div ID="v3" LABEL="Data"><fptr FILEID="g1"/></div>')
        top, kept = "", ""
        for number, (name, body) in enumerate(self.files.items()):
            if name.startswith("metadata/preservation/"):
                kept += f'<digiprovMD ID="p{number}">{reference(name, body, "PREMIS")}</digiprovMD>'
            elif not name.startswith(REP):
                top += described(f"d{number}", name, body)
        place = listed("f1", f"{self.rep}METS.xml", rep)
        group = f'<fileGrp ID="g1" USE="Representations/rep1">{place}</fileGrp>'
        pointer = f'<mptr LOCTYPE="URL" xlink:type="simple" xlink:title="g1" xlink:href="{self.rep}METS.xml"/>'
        part = f'<div ID="v3" LABEL="Representations/rep1">{pointer}</div>'
        sections = top + (f'<amdSec ID="a1">{kept}</amdSec>' if kept else "")
        whole = mets(OBJID, sections, group, self.category, self.organ, part)
        for name, body in {**self.files, REP + "METS.xml": rep, "METS.xml": whole}.items():
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
    digest = hashlib.sha256(body).hexdigest().upper()
    return f'MIMETYPE="text/xml" SIZE="{len(body)}" CREATED="{MOMENT}" CHECKSUMTYPE="SHA-256" CHECKSUM="{digest}"'


def reference(name: str, body: bytes, kind: str) -> str:
    return f'<mdRef LOCTYPE="URL" xlink:type="simple" xlink:href="{name}" MDTYPE="{kind}" {claim(body)}/>'


def described(identity: str, name: str, body: bytes) -> str:
    return f'<dmdSec ID="{identity}" CREATED="{MOMENT}">{reference(name, body, "EAD")}</dmdSec>'


def listed(identity: str, name: str, body: bytes, more: str = "") -> str:
    place = f'<FLocat LOCTYPE="URL" xlink:type="simple" xlink:href="{escape(name)}"/>'
    return f'<file ID="{identity}"{more} {claim(body)}>{place}</file>'


def mets(objid: str, sections: str, group: str, kind: str, organ: str, part: str) -> bytes:
    """A METS as E-ARK CSIP and the circular have it."""
    archivist = f'<note csip:NOTETYPE="IDENTIFICATIONCODE">{organ}</note>'
    archivist = f'<agent ROLE="ARCHIVIST" TYPE="ORGANIZATION"><name>Lưu trữ</name>{archivist}</agent>' if organ else ""
    kind, _, category = kind.partition(" ")
    known = " ".join(re.findall(r'<dmdSec ID="(\w+)"', sections))
    kept = " ".join(re.findall(r'<digiprovMD ID="(\w+)"', sections))
    links = (f' DMDID="{known}"' if known else "") + (f' ADMID="{kept}"' if kept else "")
    return (
        '<mets xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns:csip="https://DILCIS.eu/XML/METS/CSIPExtensionMETS" OBJID="{objid}" TYPE="{category or "Mixed"}" '
        'PROFILE="https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml" csip:CONTENTINFORMATIONTYPE="MIXED">'
        f'<metsHdr CREATEDATE="{MOMENT}" LASTMODDATE="{MOMENT}" RECORDSTATUS="NEW" csip:OAISPACKAGETYPE="{kind}">'
        '<agent ROLE="CREATOR" TYPE="OTHER" OTHERTYPE="SOFTWARE"><name>Phần mềm thử</name>'
        f'<note csip:NOTETYPE="SOFTWARE VERSION">1</note></agent>{archivist}</metsHdr>{sections}'
        f'<fileSec ID="s1">{group}</fileSec><structMap ID="m1" TYPE="PHYSICAL" LABEL="CSIP">'
        f'<div ID="v1" LABEL="{objid}"><div ID="v2" LABEL="Metadata"{links}/>{part}</div></structMap></mets>'
    ).encode()


def premis(objid: str) -> bytes:
    """The least that PREMIS 3.0 lets a package say."""
    return (
        '<premis xmlns="http://www.loc.gov/premis/v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'version="3.0"><object xsi:type="intellectualEntity"><objectIdentifier><objectIdentifierType>local'
        f"</objectIdentifierType><objectIdentifierValue>{objid}</objectIdentifierValue></objectIdentifier></object>"
        "</premis>"
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
