"""Authority records: agencies, agents (bodies and persons), places, terms of vocabularies.  They carry dates."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Versioned


class Agency(Versioned, Base):
    """An agency that hands over records and sees its own (S1 of the seed)."""

    __tablename__ = "agency"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    code: Mapped[str] = mapped_column(unique=True)  # QCVN 102 or QĐ 20/2020 code, or the fonds code it delivers under
    name: Mapped[str]
    valid_from: Mapped[int | None]  # day numbers
    valid_to: Mapped[int | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))


class Agent(Versioned, Base):
    """A body or person that issued or created records, under one of its names."""

    __tablename__ = "agent"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)  # normal form: the same name in any spelling is one agent
    kind: Mapped[str] = mapped_column(default="body")  # body (it issued something), person
    valid_from: Mapped[int | None]
    valid_to: Mapped[int | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("agent.id"))


class Place(Versioned, Base):
    """A place under one of its names."""

    __tablename__ = "place"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    valid_from: Mapped[int | None]
    valid_to: Mapped[int | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))


class Term(Base):
    """A term of an open vocabulary (``type``: kinds of documents, ``field``: subjects) as deliveries brought it."""

    __tablename__ = "term"

    vocabulary: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
