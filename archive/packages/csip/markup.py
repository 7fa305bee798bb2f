"""XML of a package, parsed without entities, network or huge trees."""

from lxml import etree

from archive.packages.findings import quote
from archive.packages.sources import DeliveryError, Source
from archive.packages.zips import UNREADABLE

LARGEST_XML = 64 << 20  # bytes
MOST_MARKS = 4_000_000  # tags and attributes: each takes a hundred bytes and more of memory


def parse(source: Source, name: str) -> etree._Element:
    """The root of an XML file; DeliveryError (Vietnamese) where it is missing, unsafe, too large or not XML."""
    if source.size(name) > LARGEST_XML:
        raise DeliveryError(f"Tệp {quote(name)} lớn quá {LARGEST_XML >> 20} MiB.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        with source.open(name) as stream:
            data = stream.read(LARGEST_XML)
        if is_swollen(data):
            raise DeliveryError(f"Tệp {quote(name)} có quá nhiều phần tử XML.")
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DeliveryError(f"Tệp {quote(name)} không phải XML đúng cú pháp ở dòng {error.lineno}.") from error
    except UNREADABLE as error:
        raise DeliveryError(f"Không đọc được tệp {quote(name)} (bị hỏng).") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DeliveryError(f"Tệp {quote(name)} chứa khai báo DOCTYPE, không an toàn.")
    return root


def is_swollen(data: bytes) -> bool:
    """Whether XML has more tags and attributes than any package needs."""
    return data.count(b"<") + data.count(b"=") > MOST_MARKS


def local(element: etree._Element) -> str:
    """The name without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its local name, '' where it is not there."""
    return next((str(v) for k, v in element.attrib.items() if str(k).rpartition("}")[2] == name), "")


def flat(root: etree._Element) -> tuple[dict[str, str], list[str]]:
    """The elements of a `simpledc` by local name, each on one line, repeated ones joined by '; '; and what repeats."""
    told: dict[str, list[str]] = {}
    for element in root:
        if text := " ".join("".join(map(str, element.itertext())).split()):
            told.setdefault(local(element), []).append(text)
    joined = {name: "; ".join(dict.fromkeys(texts)) for name, texts in told.items()}
    return joined, sorted(name for name, texts in told.items() if len(set(texts)) > 1)
