"""Sound and film of records: one row a file, at the page whose text is what is said in it."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Whole
from archive.catalogue.records import CLOSED_IMAGES


class Recording(Base):
    """A file of sound or film.  Its bytes lie in the storage, its words are the text of page ``n`` of the record."""

    __tablename__ = "recording"

    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)  # the page; recordings come before images
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(Whole)  # bytes
    kind: Mapped[str]  # audio, video
    container: Mapped[str]  # archive.recordings.probing
    media_type: Mapped[str]
    codec: Mapped[str]
    milliseconds: Mapped[int | None]
    bit_rate: Mapped[int | None]  # bits a second
    width: Mapped[int | None]
    height: Mapped[int | None]
    sample_rate: Mapped[int | None]
    channels: Mapped[int | None]
    cut: Mapped[bool] = mapped_column(default=False)  # its end is missing
    cues: Mapped[bytes | None] = mapped_column(LargeBinary)  # archive.recordings.cues
    # as Page.image_held: what is said names a personal number, so readers hear it only when a person released it
    held: Mapped[str] = mapped_column(default="", server_default="")

    @property
    def is_closed(self) -> bool:
        """Whether it is there but not for readers, whatever their rights on the record."""
        return self.held in CLOSED_IMAGES
