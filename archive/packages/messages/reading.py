"""A message as fields and attachments, whichever variant wrote it.

edXML: the envelope of QCVN 102:2016 (``edXMLHeader/MessageHeader``, ``AttachmentEncoded/Attachment``), and the older
one that flattens it (``Manifest/Attachment`` with ``FileName`` and ``Content``); misspelled tags (``Bussiness``) are as
the standard prints them.  Namespaces do not matter.  NĐ 30/2020, Annex VI, part II: elements named as its fields.
"""

import base64
import binascii
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lxml import etree

from archive.packages.csip.markup import is_swollen
from archive.packages.fields import FIELD, fold
from archive.packages.findings import Finding, Outcome, quote
from archive.packages.secrecy import cell_says, marks_degree
from archive.packages.sources import DeliveryError, repair_name
from archive.packages.zips import UNREADABLE

CONFIG = Path(__file__).parents[3] / "config" / "vocabularies" / "edxml.tsv"
ENDINGS = (".edxml", ".xml")
LARGEST = 256 << 20  # bytes of a message
LARGEST_UNPACKED = 512 << 20  # bytes of all attachments together, unpacked: they lie in memory
MOST_FILES = 200
_ENCLOSING = {"AttachmentEncoded", "Attachment", "Signature"}
_SIGNER = ("Position", "FullName")


@dataclass(slots=True)
class Message:
    """``values`` by field (those of TT 02/2019 and of registers), ``files`` as name and bytes, what was found."""

    values: dict[str, str]
    files: list[tuple[str, bytes]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def is_message(path: Path) -> bool:
    """Whether the name is that of a message."""
    return path.suffix.lower() in ENDINGS


def read_message(path: Path) -> Message:
    """Reads a message; DeliveryError (Vietnamese) where it is none, or is unsafe."""
    if path.stat().st_size > LARGEST:
        raise DeliveryError(f"Thông điệp {quote(path.name)} lớn quá {LARGEST >> 20} MiB.")
    root = _parse(path)
    message = Message({})
    header = next((one for one in root.iter() if _tag(one) == "MessageHeader"), None)
    if header is not None or _tag(root).lower() == "edxml":
        _read_header(header if header is not None else root, message.values, message.findings)
        _read_trace(root, message.values)
        _read_attachments(root, message)
    else:
        _read_metadata(root, message.values)
    _read_secrecy(root, message.values)
    if not {"Subject", "CodeNumber", "CodeNotation"} & message.values.keys():
        raise DeliveryError(
            f"Tệp {quote(path.name)} không phải thông điệp edXML hay NĐ 30: không có số, ký hiệu lẫn trích yếu."
        )
    return message


def _parse(path: Path) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        data = path.read_bytes()
        if is_swollen(data):
            raise DeliveryError(f"Thông điệp {quote(path.name)} có quá nhiều phần tử XML.")
        tree = etree.fromstring(data, parser).getroottree()
    except (etree.XMLSyntaxError, OSError) as error:
        line = getattr(error, "lineno", None)
        place = f" ở dòng {line}" if line else ""
        raise DeliveryError(f"Thông điệp {quote(path.name)} không phải XML đúng cú pháp{place}.") from error
    if getattr(tree.docinfo, "doctype", "") or tree.docinfo.internalDTD is not None:
        raise DeliveryError(f"Thông điệp {quote(path.name)} chứa khai báo DOCTYPE, không an toàn.")
    return tree.getroot()


def _tag(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(element: etree._Element | None, *path: str) -> str:
    """The text at a path of local names below an element, '' where it is not there."""
    for name in path:
        element = next((one for one in element if _tag(one) == name), None) if element is not None else None
    return (element.text or "").strip() if element is not None else ""


def _read_header(header: etree._Element, values: dict[str, str], findings: list[Finding]) -> None:
    number = ("Code",) if any(_tag(one) == "Code" for one in header) else ()
    info = ("PromulgationInfo",) if any(_tag(one) == "PromulgationInfo" for one in header) else ()
    signer = " ".join(filter(None, (_text(header, "SignerInfo", name) for name in ("Competence", *_SIGNER))))
    told = {
        "DocCode": _text(header, "DocumentId"),
        "OrganId": _text(header, "From", "OrganId"),
        "OrganName": _text(header, "From", "OrganName"),
        "CodeNumber": _text(header, *number, "CodeNumber"),
        "CodeNotation": _text(header, *number, "CodeNotation"),
        "IssuedDate": _text(header, *info, "PromulgationDate"),
        "TypeName": _text(header, "DocumentType", "TypeName") or _text(header, "TypeName"),
        "Subject": _text(header, "Subject") or _text(header, "Content"),
        "Signer": signer,
        "Priority": _text(header, "OtherInfo", "Priority"),
        "PageAmount": _text(header, "OtherInfo", "PageAmount"),
        "Description": _recipients(header),
    }
    values |= {name: value for name, value in told.items() if value}
    _read_urgency(header, values, findings)


def _read_urgency(header: etree._Element, values: dict[str, str], findings: list[Finding]) -> None:
    """Urgency is told, secrecy decides: what `Secret` says takes the place of `Priority`."""
    if (secret := _text(header, "OtherInfo", "Secret")) and fold(secret) not in ("0", "thuong", "khong", "khongmat"):
        values["Priority"] = f"Mật: {secret}"
        return
    code = values.get("Priority", "")
    if code in urgency() and code != "0":
        values["Priority"] = urgency()[code]
        values["Description"] = "; ".join(filter(None, (values.get("Description"), f"Độ khẩn: {code}")))
        wrong = f"Priority của thông điệp ghi {code}: đọc là độ khẩn"
        done = "nhận; nếu hệ thống gửi dùng mã này cho độ mật, hãy bỏ mã ấy khỏi config/vocabularies/edxml.tsv"
        findings.append(_say("message.urgency", wrong, done))


def _read_secrecy(root: etree._Element, values: dict[str, str]) -> None:
    """A degree of secrecy decides under whatever name (`DoMat`, `SecurityLevel`), beside the attachments; what is taken
    as a field is looked at as such, unless its name is a degree."""
    taken = {*values.values(), *(name for many in values.values() for name in many.split("; "))}
    for element in _beside_attachments(root):
        text = (element.text or "").strip()
        name = _tag(element)
        if len(element) or not text or (text in taken and not marks_degree(name, text)):
            continue
        if cell_says(name, text):
            values["Priority"] = f"Mật: {text[:100]}"
            return


def _beside_attachments(root: etree._Element) -> Iterator[etree._Element]:
    waiting = [root]  # no recursion: a hostile message lies thousands of elements deep
    while waiting:
        yield (element := waiting.pop())
        waiting += (one for one in element if _tag(one) not in _ENCLOSING)


@cache
def urgency() -> dict[str, str]:
    """The codes of `Priority` that tell an urgency, in words (`config/vocabularies/edxml.tsv`)."""
    rows = [line.split("\t") for line in CONFIG.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {row[1]: row[2] for row in rows if row[0] == "priority"}


def _recipients(header: etree._Element) -> str:
    names = [_text(one, "OrganName") or _text(one, "OrganId") for one in header if _tag(one) == "To"]
    return f"Nơi nhận: {', '.join(filter(None, names))}" if any(names) else ""


def _read_trace(root: etree._Element, values: dict[str, str]) -> None:
    moments = [_text(one, "Timestamp") for one in root.iter() if _tag(one) == "TraceHeader"]
    if moments and moments[-1]:
        values["Description"] = "; ".join(filter(None, (values.get("Description"), f"Gửi nhận: {moments[-1]}")))


def _read_metadata(root: etree._Element, values: dict[str, str]) -> None:
    """Elements that bear the names of NĐ 30's fields, wherever they stand; the first of each counts."""
    known = {**dict.fromkeys(FIELD["van-ban"]), "Title": None}
    for element in root.iter():
        name = _tag(element)
        if name in known and not len(element) and (text := (element.text or "").strip()):
            values.setdefault(name, text)
        elif name == "SignerInfo":
            told = " ".join(filter(None, (_text(element, one) for one in _SIGNER))) or (element.text or "").strip()
            if told:
                values.setdefault("Signer", told)
        elif name == "DueDate" and (element.text or "").strip():
            values["Description"] = "; ".join(filter(None, (values.get("Description"), f"Hạn trả lời: {element.text}")))
    if title := values.pop("Title", ""):
        values.setdefault("Subject", title)


def _read_attachments(root: etree._Element, message: Message) -> None:
    named = {
        _text(one, "ContentId").removeprefix("cid:"): _text(one, "AttachmentName")
        for one in root.iter()
        if _tag(one) == "Reference"
    }
    told = [one for one in root.iter() if _tag(one) == "Attachment"]
    if len(told) > MOST_FILES:
        raise DeliveryError(f"Thông điệp có {len(told)} tệp đính kèm, quá {MOST_FILES}.")
    came, left = set(), LARGEST_UNPACKED
    for one in told:
        identity = _text(one, "ContentId").removeprefix("cid:")
        came.add(identity)
        name = _text(one, "AttachmentName") or _text(one, "FileName") or named.get(identity, "") or "khong-ten"
        encoded = _text(one, "ContentTransferEncoded") or _text(one, "Content")
        try:
            files = list(_unpack(name, base64.b64decode("".join(encoded.split()), validate=True), left))
            left -= sum(len(data) for _, data in files)
            message.files += files
        except (binascii.Error, ValueError, *UNREADABLE) as error:
            told_so = str(error) if isinstance(error, DeliveryError) else "không giải mã được"
            message.findings.append(
                _say("attachment.broken", f"Tệp đính kèm {quote(name)}: {told_so}", "không lấy tệp này")
            )
        except DeliveryError as error:
            message.findings.append(
                _say("attachment.broken", f"Tệp đính kèm {quote(name)}: {error}", "không lấy tệp này")
            )
    for identity in named.keys() - came - {""}:
        wrong = f"Tệp đính kèm {quote(named[identity])} được nêu nhưng không có trong thông điệp"
        message.findings.append(_say("attachment.missing", wrong, "chỉ lấy các tệp có"))


def _unpack(name: str, data: bytes, left: int) -> Iterator[tuple[str, bytes]]:
    """The file of an attachment, of at most ``left`` bytes: it lies in a zip of its own, or as it is."""
    if not data:
        raise DeliveryError("rỗng (0 byte)")
    if not data.startswith(b"PK") or _is_office(data):
        yield _last(name), data
        return
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        inside = [one for one in packed.infolist() if not one.is_dir()]
        if len(inside) > MOST_FILES or sum(one.file_size for one in inside) > left:
            raise DeliveryError("bung ra quá lớn")
        for one in inside:
            with packed.open(one) as stream:
                content = stream.read(left + 1)
            if len(content) > left:
                raise DeliveryError("bung ra quá lớn")
            yield _last(one.filename if one.flag_bits & 0x800 else repair_name(one.filename)), content


def _is_office(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "[Content_Types].xml" in packed.namelist() or "mimetype" in packed.namelist()
    except (zipfile.BadZipFile, zlib.error):
        return False


def _last(name: str) -> str:
    return "".join(ch for ch in name.replace("\\", "/").rsplit("/", 1)[-1] if ch.isprintable())[:200] or "khong-ten"


def _say(code: str, message: str, action: str) -> Finding:
    return Finding("van-ban", 1, None, code, message, action, Outcome.WARNED)
