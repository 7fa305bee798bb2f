"""Identifiers, times and names of what is written: equal for equal input and date, as the circular spells them."""

import mimetypes
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from uuid import NAMESPACE_URL, uuid5

VIETNAM = timezone(timedelta(hours=7))
KNOWN = {".xml": "application/xml", ".csv": "text/csv", ".hocr": "text/html", ".txt": "text/plain"}


@dataclass(frozen=True, slots=True)
class Stamps:
    """Names within one package: ``seed`` is what the package is of, ``written`` its moment."""

    seed: str
    written: datetime

    @property
    def moment(self) -> str:
        """YYYY-MM-DDThh:mm:ss.sss+07:00."""
        return self.written.astimezone(VIETNAM).isoformat(timespec="milliseconds")

    def uuid(self, *about: str) -> str:
        """A UUID in upper case for a thing of the package."""
        return str(uuid5(NAMESPACE_URL, "\x1f".join((self.seed, self.moment, *about)))).upper()

    def id(self, *about: str) -> str:
        """An XML ID; files have another form than everything else."""
        return ("ID-" if about[0] == "file" else "uuid-") + self.uuid(*about)


def package_id(kind: str, organ: str, stamps: Stamps) -> str:
    """OBJID: ``uuid-{UUID}``, of an AIP ``urn:{mã phông}:uuid-{UUID}`` (TT 05/2025/TT-BNV, annexes I to V)."""
    plain = re.sub(r"[^A-Za-z0-9.-]", "-", organ)
    own = f"uuid-{stamps.uuid('package', kind)}"
    return (
        f"urn:{plain}:{own}" if kind == "AIP" and plain else f"urn:{own.replace('-', ':', 1)}" if kind == "AIP" else own
    )


def media_type(name: str) -> str:
    """The media type by the extension."""
    extension = "." + name.rsplit(".", 1)[-1].lower()
    return KNOWN.get(extension) or mimetypes.guess_type(name)[0] or "application/octet-stream"
