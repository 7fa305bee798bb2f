"""Fixity: what the storage holds, and when each object was last found whole."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base


class StoredObject(Base):
    """An object of the storage."""

    __tablename__ = "stored_object"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    stored_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    intact: Mapped[bool] = mapped_column(default=True)
