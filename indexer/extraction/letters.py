"""E-mail (.eml, RFC 5322 and MIME) read with the standard library: what its head says, its body, what is attached.

Nothing is fetched and nothing is written; names of attachments are words to be shown, never paths.
"""

import contextlib
import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message

from indexer.extraction.embedded_office import read_embedded
from indexer.extraction.errors import ExtractionError
from indexer.extraction.sidecar import decode_text

LIMIT = 100 * 1024 * 1024
"""Most bytes of a message."""

MOST_HEADER = 20_000
"""Most characters that are kept of one line of the head: a list of some hundred addresses."""

MOST_BRANCHES = 1000

_HEAD = (("From", "Từ"), ("To", "Đến"), ("Cc", "Đồng gửi"), ("Date", "Ngày gửi"), ("Subject", "Tiêu đề"))
_FIELD = re.compile(rb"\A(?:From |[!-9;-~]{1,76}:[ \t\r\n])")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part of a message with a name of its own; of an enclosed message the name is its subject, with ``.eml``."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A message: its head and body as one text, and what is attached to it, in order."""

    text: str
    attachments: tuple[Attachment, ...]


def is_letter(data: bytes) -> bool:
    """Whether the bytes begin as a message does: with a field of its head."""
    return bool(_FIELD.match(data[:200].lstrip(b"\xef\xbb\xbf")))


def read_letter(data: bytes, name: str) -> Letter:
    """Reads a message; ExtractionError where it is none, too large, or built to be read endlessly."""
    if len(data) > LIMIT:
        raise ExtractionError(f"Thư «{name}» quá lớn: {len(data):,} byte, tối đa {LIMIT:,}.")
    if not is_letter(data):
        raise ExtractionError(f"Tệp «{name}» không phải thư điện tử: không có dòng đầu thư.")
    try:
        message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf"), policy=email.policy.compat32)
        bodies, attachments = _sorted(message)
    except ExtractionError:
        raise
    except Exception as error:  # the library raises anything on heads and parts that were broken on purpose
        raise ExtractionError(f"Thư «{name}» hỏng hoặc lồng quá nhiều lớp: không đọc được.") from error
    if attachments:
        bodies.insert(0, f"Tệp đính kèm: {', '.join(one.name for one in attachments)}")
    told = [f"{label}: {value}" for field, label in _HEAD if (value := _header(message, field))]
    return Letter("\n".join(told) + "\n\n" + "\n\n".join(bodies), tuple(attachments))


def _sorted(message: "Message[str, str]") -> tuple[list[str], list[Attachment]]:
    """Bodies (of alternatives the plain one) and attachments."""
    bodies, attachments = list[str](), list[Attachment]()
    for part in _leaves(message):
        name = _name(part)
        kind = part.get_content_type()
        if kind == "message/rfc822":
            enclosed = part.get_payload()
            inner = enclosed[0] if isinstance(enclosed, list) and enclosed else None
            if isinstance(inner, Message):
                title = name or f"{_header(inner, 'Subject') or 'thư'}.eml"
                attachments.append(Attachment(title, inner.as_bytes(policy=email.policy.compat32)))
            continue
        content = part.get_payload(decode=True)
        payload = content if isinstance(content, bytes) else b""
        attached = part.get_content_disposition() == "attachment"
        if kind in ("text/plain", "text/html") and not attached and not name:
            text = _decode(payload, part.get_content_charset())
            bodies.append(_plain(text) if kind == "text/html" else text)
        elif payload:
            attachments.append(Attachment(name or f"phần {len(attachments) + 1}", payload))
    return [one for one in bodies if one.strip()], attachments


def _leaves(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """The parts that hold something, in order; of alternatives the first that is plain text, else the last."""
    waiting, met = [message], 0
    while waiting:
        part = waiting.pop()
        met += 1
        if met > MOST_BRANCHES:
            raise ValueError("too many parts")
        branches = part.get_payload()
        if not part.is_multipart() or part.get_content_type() == "message/rfc822" or not isinstance(branches, list):
            yield part
            continue
        within = [one for one in branches if isinstance(one, Message)]
        if part.get_content_type() == "multipart/alternative" and within:
            plain = [one for one in within if one.get_content_type() == "text/plain" and one.get_payload()]
            within = plain[:1] or within[-1:]
        waiting += reversed(within)


def _header(message: "Message[str, str]", field: str) -> str:
    raw = next((value for name, value in message.raw_items() if name.lower() == field.lower()), "")
    return _shown(str(raw)[:MOST_HEADER])


def _name(part: "Message[str, str]") -> str:
    return _shown((part.get_filename() or "")[:1000])


def _shown(raw: str) -> str:
    """A value of the head as people read it: encoded words and bare bytes (which the parser keeps as surrogates)."""
    shown = raw if raw.isascii() else decode_text(raw.encode("utf-8", "surrogateescape"))[0]
    if "=?" in shown:
        with contextlib.suppress(Exception):  # an encoded word in no known encoding stays as it came
            shown = str(make_header(decode_header(shown)))
    return " ".join("".join(ch if ch.isprintable() else " " for ch in shown).split())


def _decode(payload: bytes, charset: str | None) -> str:
    try:
        return payload.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode_text(payload)[0]


def _plain(page: str) -> str:
    body = page if page.lstrip()[:9].lower().startswith(("<html", "<!doctype")) else f"<html><body>{page}</body></html>"
    try:
        return read_embedded(f"\ufeff{body.lstrip()}".encode(), "thư")[0]
    except ExtractionError:
        return ""
