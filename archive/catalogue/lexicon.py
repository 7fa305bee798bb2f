"""The lexicon: how words and pairs of words are spelled in what everyone may search.  Derived, rebuilt at will."""

from sqlalchemy.orm import Mapped, mapped_column

from archive.catalogue.base import Base


class Spelling(Base):
    """The spellings of a word ("dinh") or of two neighbours ("quyet dinh"), by their folded keys.

    ``forms``: one a line, a tab, how often it was met; the most frequent first.  The row with the empty key says of how
    many records the lexicon was made.
    """

    __tablename__ = "spelling"

    key: Mapped[str] = mapped_column(primary_key=True)
    forms: Mapped[str]
