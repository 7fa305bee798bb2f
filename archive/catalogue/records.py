"""Records of four levels (fonds, inventory, file unit, document) and their pages: ISAD(G)'s multilevel description.

One table holds the four levels, because access, identifiers, dates, search and the path upwards are the same for all.
Metadata lies in three layers: *delivered* (what came in a package), *proposed* (by a machine), *curated* (by people).
People see curated over delivered; the columns below the layers are that view, kept for queries.
"""

from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from archive.access import NEVER, RIGHTS, Access, Rule, pack, unpack
from archive.access_rules import Closure
from archive.catalogue.base import Base, Masked, Versioned
from archive.filing import UNDATED, UNNUMBERED, UNTITLED
from archive.masking import masked_value

Level = Literal["fonds", "inventory", "file", "document"]


#: What ``Page.image_held`` says where readers are not shown the image.
CLOSED_IMAGES = ("held", "kept")

_read_rights = attrgetter(*(f"{part}_{one}" for one in RIGHTS for part in ("everyone_from", "allow", "deny")))


class Record(Versioned, Base):
    """A fonds, inventory (mục lục), file unit (hồ sơ) or document (văn bản)."""

    __tablename__ = "record"
    __table_args__ = (
        UniqueConstraint("level", "natural_key"),
        # members in their order, counted, dated and skipped for readers from the index alone
        Index(
            "ix_record_parent_members",
            *("parent_id", "order_key", "id", "level", "everyone_from_see", "date_from", "date_to"),
        ),
        # counts, standing and dates of every fonds for readers, answered from the index alone
        Index(
            "ix_record_fonds_level",
            *("fonds_id", "level", "everyone_from_see", "everyone_from_read", "medium", "date_from", "date_to"),
        ),
        # members by title, by number, by day: a place in the list is found without walking there (archive.member_lists)
        Index("ix_record_by_title", "parent_id", "filing_title", "id", "everyone_from_see"),
        Index("ix_record_by_number", "parent_id", "filing_number", "id", "everyone_from_see"),
        Index("ix_record_by_day", "parent_id", "filing_day", "id", "everyone_from_see"),
        Index("ix_record_everyone_from_read", "everyone_from_read"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    level: Mapped[str]
    natural_key: Mapped[str]  # Identifier, OrganId and code, joined by U+001F
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    fonds_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    lineage: Mapped[str]  # own public identifier and the ancestors', own first, joined by blanks

    delivered: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    proposed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    curated: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    contradicted: Mapped[list[Any]] = mapped_column(JSON, default=list)  # curated fields a later delivery denies

    code: Mapped[str]  # as delivered: OrganId, FileCatalog, FileCode, DocCode
    title: Mapped[str] = mapped_column(Masked, default="")
    number: Mapped[str] = mapped_column(default="")  # "1284/QĐ-UB"; of a file: its notation
    type_slug: Mapped[str | None]
    issuer_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))
    date_from: Mapped[int | None]  # day numbers, earliest and latest
    date_to: Mapped[int | None]
    ordinal: Mapped[int | None]
    order_key: Mapped[str] = mapped_column(default="")  # order among its siblings
    filing_title: Mapped[str] = mapped_column(default=UNTITLED, server_default=UNTITLED)  # archive.filing
    filing_day: Mapped[int] = mapped_column(default=UNDATED, server_default=str(UNDATED))
    filing_number: Mapped[int] = mapped_column(default=UNNUMBERED, server_default=str(UNNUMBERED))
    medium: Mapped[str] = mapped_column(default="paper")  # digital, photo, audio, video, text, paper
    page_count: Mapped[int] = mapped_column(default=0)  # own pages held here
    source_digest: Mapped[str] = mapped_column(default="")  # what the delivered row and its files hash to

    level_code: Mapped[str] = mapped_column(default="01")  # 01 open, 02 conditional
    opens_on: Mapped[int | None]
    named_opens_on: Mapped[int | None]  # the last day of its closures for persons named in it; None: none runs
    hidden_when_closed: Mapped[bool] = mapped_column(default=False)  # fonds: stricter than the default
    withdrawn: Mapped[bool] = mapped_column(default=False)

    everyone_from_see: Mapped[int] = mapped_column(default=NEVER)
    everyone_from_search: Mapped[int] = mapped_column(default=NEVER)
    everyone_from_read: Mapped[int] = mapped_column(default=NEVER)
    allow_see: Mapped[str] = mapped_column(default="")
    allow_search: Mapped[str] = mapped_column(default="")
    allow_read: Mapped[str] = mapped_column(default="")
    deny_see: Mapped[str] = mapped_column(default="")
    deny_search: Mapped[str] = mapped_column(default="")
    deny_read: Mapped[str] = mapped_column(default="")

    parent: Mapped["Record | None"] = relationship(foreign_keys=[parent_id], remote_side=[id])
    fonds: Mapped["Record | None"] = relationship(foreign_keys=[fonds_id], remote_side=[id])

    @property
    def closures(self) -> tuple[Closure, ...]:
        """How it is closed by itself: its level and day, and the persons named in it."""
        return (Closure(self.level_code, self.opens_on), *self.named_closures)

    @property
    def named_closures(self) -> tuple[Closure, ...]:
        """The closure for the persons named in it, if any; no delivery knows of it."""
        return () if self.named_opens_on is None else (Closure("02", self.named_opens_on),)

    @property
    def access(self) -> Access:
        """The three rights of this record."""
        return read_access(self)

    @access.setter
    def access(self, access: Access) -> None:
        for column, value in access_columns(access).items():
            setattr(self, column, value)

    def value(self, field: str) -> str:
        """A field of the description by the circular's name: curated over delivered (also where people emptied it).

        Personal numbers are masked: this is the one way to what was delivered for whatever shows or exports it.
        """
        return read_value(self, field)


def read_access(row: Any) -> Access:
    """The three rights of a record, or of a row with these columns of one."""
    return _access(_read_rights(row))


@lru_cache(maxsize=1_000)  # most records have the rights of many others
def _access(columns: tuple[Any, ...]) -> Access:
    rules = (columns[at : at + 3] for at in range(0, len(columns), 3))
    return Access(*(Rule(day, unpack(allow), unpack(deny)) for day, allow, deny in rules))


def read_days(row: Any) -> tuple[int, int] | None:
    """First and last day (day numbers) of a record, or of a row with these columns; None where one is missing."""
    first, last = row.date_from, row.date_to
    return None if first is None or last is None else (first, last)


def read_value(row: Any, field: str) -> str:
    """:meth:`Record.value` of a record, or of a row with both layers of one."""
    return read_values(row, (field,))[0]


def read_values(row: Any, fields: Iterable[str]) -> list[str]:
    """:func:`read_value` of several fields."""
    curated, delivered = row.curated, row.delivered
    values = [(field, (curated if field in curated else delivered).get(field)) for field in fields]
    return [masked_value(field, str(value)) if value else "" for field, value in values]


def access_columns(access: Access) -> dict[str, Any]:
    """The columns of a record that hold its access."""
    columns: dict[str, Any] = {}
    for right in RIGHTS:
        rule: Rule = getattr(access, right)
        columns |= {
            f"everyone_from_{right}": rule.everyone_from,
            f"allow_{right}": pack(rule.allow),
            f"deny_{right}": pack(rule.deny),
        }
    return columns


class RecordPlace(Base):
    """A place that a record concerns."""

    __tablename__ = "record_place"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True, index=True)


class RecordSubject(Base):
    """A subject term (vocabulary ``field``) of a record."""

    __tablename__ = "record_subject"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True, index=True)


ENCLOSED = "enclosed"
"""Kind of a scan that lay in a delivered message or archive: pages are shown from it, it was not delivered itself."""


class RecordFile(Base):
    """A file of a record, delivered or ENCLOSED in one that was; its bytes lie in the storage under their SHA-256."""

    __tablename__ = "record_file"
    __table_args__ = (UniqueConstraint("record_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"))
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_object.sha256"), index=True)
    name: Mapped[str]
    kind: Mapped[str]  # image, pdf, word, mail, archive, text, alto, hocr, other, ENCLOSED


class Page(Base):
    """A page of a record: its canonical text, its word boxes, and where its image lies."""

    __tablename__ = "page"
    __table_args__ = (
        Index(
            "ix_page_held",
            *("record_id", "n"),
            sqlite_where=text("image_held = 'held'"),
            postgresql_where=text("image_held = 'held'"),
        ),
    )

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)  # from 1
    text: Mapped[str] = mapped_column(Masked, default="")
    text_source: Mapped[str] = mapped_column(default="none")  # sidecar, alto, hocr, pdf, word, ocr, none
    confidence: Mapped[float | None]
    language: Mapped[str] = mapped_column(default="", server_default="")  # as recognition told it, "" unknown
    boxes: Mapped[bytes | None] = mapped_column(LargeBinary)  # archive.boxes, zstd
    image_sha256: Mapped[str | None]
    image_kind: Mapped[str | None]  # image, pdf
    image_index: Mapped[int] = mapped_column(default=0)  # page inside a PDF or a multi-page TIFF
    width: Mapped[int | None]
    height: Mapped[int | None]
    # held: shows a personal number, no person has decided yet; kept: decided to stay so; released: decided to be shown
    image_held: Mapped[str] = mapped_column(default="", server_default="")

    @property
    def is_image_closed(self) -> bool:
        """Whether the image is there but not for readers, whatever their rights on the record."""
        return self.image_sha256 is not None and self.image_held in CLOSED_IMAGES
