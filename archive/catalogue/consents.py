"""What readers agreed to about their personal data, and took back."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base


class Consent(Base):
    """One word of a reader about one purpose; the newest counts, the earlier ones are the proof of what was before."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_account", "account_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    purpose: Mapped[str]  # config/desk/consents.tsv
    given: Mapped[bool]  # False: taken back
    wording: Mapped[str]  # which words: the ISO day from which they hold
    language: Mapped[str]  # in which they were read: vi, en
    method: Mapped[str]  # online, desk, post: how the request came by which it was said
    actor: Mapped[str]  # the reader, or who wrote it down
    at: Mapped[datetime]
