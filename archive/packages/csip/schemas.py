"""The schemas of a package's metadata, made of the elements that TT 05/2025/TT-BNV names: its own are not to be had."""

from functools import cache

from lxml import etree

from archive.packages.csip.annexes import Demand, Sheet, demands
from archive.packages.csip.codes import codes_of
from archive.packages.csip.judging import SCHEMAS

XS = "http://www.w3.org/2001/XMLSchema"
_PATTERNS = {
    "day": r"(\d{2}/)?(\d{2}/)?\d{4}",  # older documents have a year alone: told, not refused
    "date": r"(\d{2}/)?(\d{2}/)?\d{4}",
    "number": r"\d+",
    "yesno": r"0|1|00|01|true|false",
}


def schemas_of(whole: Sheet, kind: str, sorts: set[Sheet]) -> dict[str, bytes]:
    """The files of `schemas/` by name: METS, EAD and one for each sort of item that the package has."""
    made = {f"EAD_{sort}.xsd": element_schema(sort, kind) for sort in sorted(sorts)}
    own = {name: (SCHEMAS / name).read_bytes() for name in ("METS.xsd", "xlink.xsd")}
    return {**own, "EAD.xsd": element_schema(whole, kind), **made}


@cache
def element_schema(sheet: Sheet, kind: str) -> bytes:
    """The XSD of one kind of metadata file.

    Order is free (xs:all), each element stands once.  Nothing is required: a record that lacks an issuer is written all
    the same, and building tells what lacks.
    """
    root = etree.Element(f"{{{XS}}}schema", nsmap={"xs": XS})
    top = etree.SubElement(root, f"{{{XS}}}element", name="simpledc")
    every = etree.SubElement(etree.SubElement(top, f"{{{XS}}}complexType"), f"{{{XS}}}all")
    # A reader's package tells more of a document than the circular's DIP does: who issued it
    kinds = (kind, "AIP", "SIP") if kind == "DIP" else (kind,)
    for one in {one.name: one for each in reversed(kinds) for one in demands(sheet, each)}.values():
        element = etree.SubElement(every, f"{{{XS}}}element", name=one.name, minOccurs="0")
        _restrict(element, one)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _restrict(element: etree._Element, one: Demand) -> None:
    simple = etree.SubElement(element, f"{{{XS}}}simpleType")
    base = etree.SubElement(simple, f"{{{XS}}}restriction", base="xs:string")
    if one.type == "code":
        for code in codes_of(one.name):
            etree.SubElement(base, f"{{{XS}}}enumeration", value=code)
    elif one.type == "codes":
        either = "|".join(codes_of(one.name))
        etree.SubElement(base, f"{{{XS}}}pattern", value=f"({either})(;({either}))*")
    elif one.type in _PATTERNS:
        etree.SubElement(base, f"{{{XS}}}pattern", value=_PATTERNS[one.type])
    if one.length and one.type in ("text", "number"):
        etree.SubElement(base, f"{{{XS}}}maxLength", value=str(one.length))
