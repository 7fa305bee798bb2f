"""What every table shares: the declarative base, naming of constraints, the version that refuses stale writes."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Integer, MetaData, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeEngine

from analyzers.personal import mask

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

#: Whole numbers beyond 2^31; SQLite's own ``INTEGER`` holds them, and counts by itself only under that name.
Whole = BigInteger().with_variant(Integer(), "sqlite")

#: What stands for the character that PostgreSQL cannot keep (U+0000).
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class Words(TypeDecorator[str]):
    """A text, the same on every database: it compares by its bytes (the order of sort keys and codes is ours, not a
    locale's), and U+0000, which PostgreSQL refuses and no document means, is replaced by U+FFFD."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[str]:
        """PostgreSQL has to be told; SQLite compares bytes by itself."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replaces what cannot be kept."""
        return value.replace("\0", REPLACEMENT) if value and "\0" in value else value


class Masked(Words):
    """A text that is searched and shown: whoever writes it, by whatever way, no personal number is kept in it."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Masks; masking what is masked changes nothing."""
        return super().process_bind_param(mask(value) if value else value, dialect)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a naive moment, stores UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Gives back an aware moment."""
        return value if value is None or value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """The declarative base of the catalogue."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {str: Words, datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON}


class Versioned:
    """A row that people edit: each write raises ``version``; a write from an older version raises StaleDataError."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        """Let SQLAlchemy compare the version on every UPDATE."""
        return {"version_id_col": cls.version}
