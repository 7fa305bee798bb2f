"""``column IN (many values)`` as one parameter: the statement is the same whatever the number of values.

With a parameter for each value, a question for 500 records costs the driver more time than the database.  PostgreSQL
takes an array, SQLite a JSON list.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Many(TypeDecorator[list[Any]]):
    """Whole numbers or texts: an array in PostgreSQL, JSON elsewhere."""

    impl = Text
    cache_ok = True

    def __init__(self, numbers: bool) -> None:
        super().__init__()
        self.numbers = numbers

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        array = ARRAY(BigInteger() if self.numbers else Text())
        return dialect.type_descriptor(array if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> "_Among":
        # As it is: made a truth value for SQLite ("… IN (…) = 1"), it would have the whole table read.
        return self


def among(column: InstrumentedAttribute[Any], values: Iterable[Any]) -> _Among:
    """The condition that the column (whole numbers or texts) has one of the values; false where there are none."""
    many = list(values)
    return _Among(column, bindparam(None, many, type_=_Many(column.type.python_type is int), unique=True))


def among_named(column: InstrumentedAttribute[Any], name: str) -> _Among:
    """The same for a statement that is built once: the values come as a list under the name."""
    return _Among(column, bindparam(name, type_=_Many(column.type.python_type is int)))


@compiles(_Among)
def _as_json(element: _Among, compiler: SQLCompiler, **given: Any) -> str:
    column, many = (compiler.process(part, **given) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({many}))"  # noqa: S608 (a parameter's place, no value)


@compiles(_Among, "postgresql")
def _as_array(element: _Among, compiler: SQLCompiler, **given: Any) -> str:
    column, many = (compiler.process(part, **given) for part in element.clauses)
    return f"{column} = ANY({many})"
