"""Masking a text by hand: what a person decided shall not be read on a page, nor found."""

import re
from collections import Counter
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from analyzers.normal import canon
from analyzers.personal import DOT
from archive.accession.concealing import BY_HAND
from archive.catalogue.personal import PersonalMark
from archive.catalogue.records import Page, Record
from archive.masking import restore
from archive.outbox import announce, veto

SHORTEST = 3  # letters and digits


class HandError(ValueError):
    """The text cannot be masked; the text of the error is Vietnamese and says why."""


def mask_by_hand(session: Session, record: Record, text: str, pages: Collection[int] = ()) -> dict[int, int]:
    """Masks the text wherever it stands on these pages of the record (none named: on all), blanks and case apart.

    Returns how many places by page.  The record is vetoed until the indices have forgotten the text.  Raises HandError
    where the text is shorter than SHORTEST or stands nowhere there.
    """
    words = canon(text).split()
    if sum(c.isalnum() for c in text) < SHORTEST:
        raise HandError(f"Đoạn chữ phải che cần ít nhất {SHORTEST} chữ hay số.")
    wanted = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    asked = select(Page).where(Page.record_id == record.id).order_by(Page.n)
    places: Counter[int] = Counter()
    for page in session.scalars(asked.where(Page.n.in_(pages)) if pages else asked).all():
        own = (PersonalMark.record_id == record.id, PersonalMark.page == page.n)
        original = restore(page.text, session.scalars(select(PersonalMark).where(*own)))
        letters = list(page.text)
        for found in wanted.finditer(original):
            start, end = found.span()
            mark = {"start": start, "end": end, "kind": BY_HAND, "original": found[0]}
            session.add(PersonalMark(record_id=record.id, page=page.n, field="", **mark))
            letters[start:end] = (c if c.isspace() else DOT for c in found[0])
            places[page.n] += 1
        page.text = "".join(letters)
    if not places:
        where = f"trang {', '.join(map(str, sorted(pages)))}" if pages else "trang nào"
        raise HandError(f"Không thấy đoạn chữ ấy ở {where} của tài liệu này.")
    session.flush()
    announce(session, [record.id])
    veto(session, record.public_id)
    return dict(places)
