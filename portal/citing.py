"""Citations as Vietnamese archives write them: the document, then file, inventory, fonds, house."""

from collections.abc import Sequence

from flask_babel import gettext as _

from archive.catalogue.records import Record
from archive.settings import settings
from portal.wording import day, either, period


def cite(record: Record, above: Sequence[Record], *, type_label: str = "", issuer: str = "", page: int = 0) -> str:
    """One sentence: "Quyết định số 1284/QĐ-UB ngày 17/8/1998 của …, trang 3, hồ sơ 214, mục lục 07, phông …"."""
    parts = [_name(record, type_label, issuer)]
    if page:
        parts.append(_("trang %(n)s", n=page))
    for one in reversed(above):
        last = one.code.rsplit(".", 1)[-1]
        if one.level == "file":
            parts.append(_("hồ sơ %(code)s", code=one.number or last))
        elif one.level == "inventory":
            if not last:
                continue  # in no inventory yet
            parts.append(_("mục lục %(code)s", code=last))
        else:
            parts.append(_("phông %(title)s (%(code)s)", title=one.title or one.code, code=one.code))
    if record.level == "fonds":
        parts[0] = _("Phông %(title)s (%(code)s)", title=record.title or record.code, code=record.code)
    return f"{', '.join([*parts, settings().archive_name])}."


def _name(record: Record, type_label: str, issuer: str) -> str:
    if record.level != "document":
        title = f"“{record.title}”" if record.title and record.level == "file" else record.title
        words = [title, period(record.date_from, record.date_to)]
        if record.level == "file":
            words.append(_("hồ sơ %(code)s", code=record.number or record.code.rsplit(".", 1)[-1]))
        return ", ".join(word for word in words if word) or record.code
    words = [type_label or either("Văn bản", "Document")]
    if record.number:
        words.append(_("số %(number)s", number=record.number))
    elif record.title:
        words.append(f"“{record.title}”")
    if record.date_from is not None and record.date_from == record.date_to:
        words.append(_("ngày %(day)s", day=day(record.date_from)))
    if issuer:
        words.append(_("của %(issuer)s", issuer=issuer))
    return " ".join(words)
