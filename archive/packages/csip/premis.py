"""PREMIS 3.0 of a package: what it is, its files with their checksums, and the event that made it."""

from collections.abc import Iterable
from typing import Any

from lxml import etree

from archive.packages.csip.mets_writing import XSI, Written
from archive.packages.csip.stamps import Stamps, media_type

PREMIS = "http://www.loc.gov/premis/v3"
EVENT = "information package creation"  # as TT 05/2025/TT-BNV names it


def write_premis(objid: str, stamps: Stamps, version: str, files: Iterable[Written] = (), about: str = "") -> bytes:
    """PREMIS of the whole (no files) or of a representation named ``about`` with its files."""
    names: dict[Any, str] = {None: PREMIS, "xsi": XSI}
    root = etree.Element(f"{{{PREMIS}}}premis", nsmap=names)
    root.set("version", "3.0")
    whole = _add(root, "object")
    whole.set(f"{{{XSI}}}type", "representation" if about else "intellectualEntity")
    _identify(whole, "object", "local", f"{objid}/{about}" if about else objid)
    for one in files:
        file = _add(root, "object")
        file.set(f"{{{XSI}}}type", "file")
        _identify(file, "object", "local", one.path)
        traits = _add(file, "objectCharacteristics")
        fixity = _add(traits, "fixity")
        _add(fixity, "messageDigestAlgorithm", "SHA-256")
        _add(fixity, "messageDigest", one.sha256)
        _add(traits, "size", str(one.size))
        _add(_add(_add(traits, "format"), "formatDesignation"), "formatName", media_type(one.path))
    event = _add(root, "event")
    _identify(event, "event", "local", stamps.id("event", about))
    _add(event, "eventType", EVENT)
    _add(event, "eventDateTime", stamps.moment)
    agent_id = stamps.id("agent")
    linked = _add(event, "linkingAgentIdentifier")
    _add(linked, "linkingAgentIdentifierType", "local")
    _add(linked, "linkingAgentIdentifierValue", agent_id)
    agent = _add(root, "agent")
    _identify(agent, "agent", "local", agent_id)
    _add(agent, "agentName", "Văn Khố")
    _add(agent, "agentType", "software")
    _add(agent, "agentVersion", version)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add(parent: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{PREMIS}}}{tag}")
    element.text = text
    return element


def _identify(parent: etree._Element, sort: str, kind: str, value: str) -> None:
    identity = _add(parent, f"{sort}Identifier")
    _add(identity, f"{sort}IdentifierType", kind)
    _add(identity, f"{sort}IdentifierValue", value)
