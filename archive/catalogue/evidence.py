"""Papers that prove something for a request: letters of purpose, identity, proxies, heirs."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base, Whole


class Evidence(Base):
    """A file that was sent as evidence, of a form that is not sent yet or of a request.

    The file lies in ``<home>/evidence`` under its code and enters no index.  Erased, the row says that there was one.
    """

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("account_id", "submission", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))  # who sent it: the reader, or staff for one
    submission: Mapped[str]  # the number of the form
    request_id: Mapped[int | None] = mapped_column(ForeignKey("reading_request.id"), index=True)  # None: not sent yet
    paper: Mapped[str]  # its kind (config/desk/evidence.tsv)
    name: Mapped[str]  # of the file, as it was sent
    media: Mapped[str]  # pdf, jpeg, png
    size: Mapped[int] = mapped_column(Whole)
    sha256: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(index=True)
    erased_at: Mapped[datetime | None]
