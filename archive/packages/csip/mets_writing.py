"""METS of a package and of its representation, after E-ARK CSIP 2.0.4 and TT 05/2025/TT-BNV, annexes I to V."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as escape

from lxml import etree

from archive.packages.csip.stamps import Stamps, media_type

METS, XLINK = "http://www.loc.gov/METS/", "http://www.w3.org/1999/xlink"
CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAMES: dict[Any, str] = {None: METS, "xlink": XLINK, "csip": CSIP, "xsi": XSI}
PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
PROFILES = {
    "SIP": PROFILE,
    "AIP": "http://www.ra.ee/METS/v01/IP.xml",
    "DIP": "https://earkdip.dilcis.eu/profile/E-ARK-DIP.xml",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the package as it was written: its path, bytes and SHA-256 in upper-case hexadecimal."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Header:
    """What both METS say alike: kind (SIP, AIP, DIP), content category, code and name (if it has one) of the archivist,
    which is the fonds, of a DIP the archive that gives it; the program's version."""

    objid: str
    kind: str
    category: str
    organ: str
    version: str
    named: str = ""


class MetsWriter:
    """One METS in the making; ``base`` is the folder that it lies in, '' or 'representations/rep1/'."""

    def __init__(self, header: Header, stamps: Stamps, base: str = "") -> None:
        self._stamps, self._base, self._label = stamps, base, base.rstrip("/") or header.objid
        self._identity = f"{stamps.id('mets', base)}" if base else header.objid
        root = self.root = etree.Element(f"{{{METS}}}mets", nsmap=NAMES)
        root.set("OBJID", "rep1" if base else header.objid)
        root.set("TYPE", header.category)
        root.set("PROFILE", PROFILE if base else PROFILES[header.kind])
        _say_content(root)
        head = self._add(root, "metsHdr", CREATEDATE=stamps.moment, LASTMODDATE=stamps.moment, RECORDSTATUS="NEW")
        head.set(f"{{{CSIP}}}OAISPACKAGETYPE", header.kind)
        agent = self._add(head, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
        self._add(agent, "name").text = "Văn Khố"
        self._note(agent, "SOFTWARE VERSION", header.version)
        if header.organ:
            agent = self._add(head, "agent", ROLE="ARCHIVIST", TYPE="ORGANIZATION")
            self._add(agent, "name").text = header.named or header.organ
            self._note(agent, "IDENTIFICATIONCODE", header.organ)
        self._dmd: dict[str, str] = {}
        self._amd: list[str] = []
        self._groups: list[tuple[str, str, str]] = []  # label, id, METS that it points to

    def describe(self, files: Sequence[Written]) -> None:
        """Descriptive metadata: one dmdSec a file."""
        for one in files:
            own = self._dmd[one.path] = self._stamps.id("dmd", self._base, one.path)
            section = self._add(self.root, "dmdSec", ID=own, CREATED=self._stamps.moment, STATUS="CURRENT")
            ead = one.path.endswith(".xml")
            self._reference(section, one, "OTHER", "EAD" if ead else "TT02")

    def preserve(self, files: Sequence[Written]) -> None:
        """Preservation metadata; the section is there also where it is empty, as in a SIP."""
        section = self._add(self.root, "amdSec", ID=self._stamps.id("amd", self._base))
        for one in files:
            own = self._stamps.id("digiprov", self._base, one.path)
            self._amd.append(own)
            inner = self._add(section, "digiprovMD", ID=own, STATUS="CURRENT", CREATED=self._stamps.moment)
            self._reference(inner, one, "PREMIS", "")

    def list_files(
        self, groups: Mapping[str, Sequence[Written]], described: Mapping[str, str], points: bool = False
    ) -> None:
        """File groups by USE; ``described`` is file path -> path of its metadata; ``points``: they are METS."""
        section = self._add(self.root, "fileSec", ID=self._stamps.id("files", self._base))
        for use, files in groups.items():
            own = self._stamps.id("group", self._base, use)
            group = self._add(section, "fileGrp", ID=own, USE=use)
            is_mets = points and use.startswith("Representations/")
            if points:
                _say_content(group)
            self._groups.append((use, own, self._href(files[0].path) if is_mets else ""))
            for one in files:
                file = self._add(group, "file", ID=self._stamps.id("file", self._base, one.path))
                if metadata := self._dmd.get(described.get(one.path, "")):
                    file.set("DMDID", metadata)
                self._claim(file, one)
                place = self._add(file, "FLocat", LOCTYPE="URL")
                self._link(place, one.path)

    def finish(self) -> bytes:
        """The structural map, then the whole as bytes."""
        structure = self._add(
            self.root, "structMap", ID=self._stamps.id("map", self._base), TYPE="PHYSICAL", LABEL="CSIP"
        )
        top = self._add(structure, "div", ID=self._stamps.id("div", self._base), LABEL=self.root.get("OBJID", ""))
        inner = self._add(top, "div", ID=self._stamps.id("div", self._base, "Metadata"), LABEL="Metadata")
        if self._dmd:
            inner.set("DMDID", " ".join(self._dmd.values()))
        if self._amd:
            inner.set("ADMID", " ".join(self._amd))
        for label, group, mets in self._groups:
            division = self._add(top, "div", ID=self._stamps.id("div", self._base, label), LABEL=label)
            if mets:
                pointer = self._add(division, "mptr", LOCTYPE="URL")
                pointer.set(f"{{{XLINK}}}type", "simple")
                pointer.set(f"{{{XLINK}}}href", mets)
                pointer.set(f"{{{XLINK}}}title", group)
            else:
                self._add(division, "fptr", FILEID=group)
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def _add(self, parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
        return etree.SubElement(parent, f"{{{METS}}}{tag}", attributes)

    def _note(self, agent: etree._Element, kind: str, text: str) -> None:
        note = self._add(agent, "note")
        note.set(f"{{{CSIP}}}NOTETYPE", kind)
        note.text = text

    def _reference(self, section: etree._Element, one: Written, kind: str, other: str) -> None:
        reference = self._add(section, "mdRef", LOCTYPE="URL", MDTYPE=kind)
        if other:
            reference.set("OTHERMDTYPE", other)
        self._link(reference, one.path)
        self._claim(reference, one)

    def _claim(self, element: etree._Element, one: Written) -> None:
        element.set("MIMETYPE", media_type(one.path))
        element.set("SIZE", str(one.size))
        element.set("CREATED", self._stamps.moment)
        element.set("CHECKSUM", one.sha256)
        element.set("CHECKSUMTYPE", "SHA-256")

    def _link(self, element: etree._Element, path: str) -> None:
        element.set(f"{{{XLINK}}}type", "simple")
        element.set(f"{{{XLINK}}}href", self._href(path))

    def _href(self, path: str) -> str:
        up = "" if path.startswith(self._base) else "../" * self._base.count("/")
        return up + escape(path.removeprefix(self._base), safe="/")


def _say_content(element: etree._Element) -> None:
    element.set(f"{{{CSIP}}}CONTENTINFORMATIONTYPE", "OTHER")
    element.set(f"{{{CSIP}}}OTHERCONTENTINFORMATIONTYPE", "TT 05/2025/TT-BNV")
