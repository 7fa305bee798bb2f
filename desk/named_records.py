"""Records as staff name them: by public identifier, or by the code they came with."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from archive.catalogue.records import Record


def record_named(session: Session, name: str) -> Record:
    """The one record of that name that was not withdrawn.  LookupError (Vietnamese) where there is none, or several."""
    wanted = name.strip()
    rows = select(Record).where(or_(Record.public_id == wanted, Record.code == wanted), Record.withdrawn.is_(False))
    found = session.scalars(rows.limit(2)).all()
    if len(found) != 1:
        many = "nhiều tài liệu mang mã này; hãy ghi mã định danh" if found else "không có tài liệu nào mang mã này"
        raise LookupError(f"“{wanted[:60]}”: {many}.")
    return found[0]
