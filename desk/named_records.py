"""Records as staff name them: by public identifier, or by the code they came with."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from archive.catalogue.records import Record
from archive.telling import Told


class UnnamedError(Told):
    """No record, or several, have that name."""


def record_named(session: Session, name: str) -> Record:
    """The one record of that name that was not withdrawn.  UnnamedError where there is none, or several."""
    wanted = name.strip()
    rows = select(Record).where(or_(Record.public_id == wanted, Record.code == wanted), Record.withdrawn.is_(False))
    found = session.scalars(rows.limit(2)).all()
    if len(found) != 1:
        if found:
            raise UnnamedError("“%(code)s”: nhiều tài liệu mang mã này; hãy ghi mã định danh.", code=wanted[:60])
        raise UnnamedError("“%(code)s”: không có tài liệu nào mang mã này.", code=wanted[:60])
    return found[0]
