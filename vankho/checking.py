"""``vankho check``: do storage, catalogue and index agree, is every object and the audit trail whole?"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select, update

from archive.catalogue.deliveries import QuarantinedRow
from archive.catalogue.fixity import StoredObject
from archive.catalogue.outbox import DeadLetter
from archive.catalogue.records import Page, Record, RecordFile
from archive.clock import now, today_number
from archive.database import reading, writing
from archive.outbox import end_of_log
from archive.proving import prove
from desk.chains import gaps
from desk.copies.keys import signing_gaps
from indexer.drainer import INDICES
from vankho.wiring import prepare_catalogue, quarantine_storage, search_engine, storage

PART = 500
GAPS = {"stamp": "dấu thời gian (VANKHO_TSA_URL)", "roots": "gốc chứng thực (VANKHO_SIGNATURE_ROOTS)"}


def check_installation(progress: Callable[[str, int, int], None], *heads: str) -> dict[str, Any]:
    """Counts on all sides and verifies every object, recording its fixity; ``ok`` says whether all agrees.

    ``heads`` of the audit trail were written down outside; ValueError where one cannot be read.
    """
    prepare_catalogue()
    engine, store = search_engine(), storage()
    with reading() as session:
        records = session.scalar(select(func.count()).select_from(Record)) or 0
        visible = session.scalar(select(func.count()).select_from(Record).where(Record.allow_see != "")) or 0
        texts = select(func.count()).select_from(Page).join(Record).where(Record.allow_see != "", Page.text != "")
        pages = session.scalar(texts) or 0
        letters = session.scalar(select(func.count()).select_from(DeadLetter)) or 0
        objects = list(session.scalars(select(StoredObject.sha256).order_by(StoredObject.sha256)))
        end = end_of_log(session)
        names = {index: engine.current(index) for index in INDICES}
        files = set(session.scalars(select(RecordFile.sha256).distinct()))
        kept_apart = sorted({f[2] for row in session.scalars(select(QuarantinedRow.files)) for f in row})
    damaged: list[str] = []
    for start in range(0, len(objects), PART):
        part = objects[start : start + PART]
        bad = [one for one in part if not store.verify(one)]
        damaged += bad
        with writing() as session:
            session.execute(
                update(StoredObject).where(StoredObject.sha256.in_(part)).values(checked_at=now(), intact=True)
            )
            session.execute(update(StoredObject).where(StoredObject.sha256.in_(bad)).values(intact=False))
        progress("check", start + len(part), len(objects))
    result: dict[str, Any] = {
        "records": records,
        "records_indexed": engine.count(names["records"]) if names["records"] else 0,
        "pages": pages,
        "pages_indexed": engine.count(names["pages"]) if names["pages"] else 0,
        "behind": end - min((engine.position(n) for n in names.values() if n), default=0),
        "dead_letters": letters,
        "objects": len(objects),
        "damaged": damaged,
        "unrecorded": len(files - set(objects)),
        "stray": len(set(store.all()) - set(objects)),
        "quarantined_objects": len(kept_apart),
        "undecided": gaps(today_number()),
        "signing_lacks": [GAPS[one] for one in signing_gaps()],
        "quarantined_damaged": [one for one in kept_apart if not quarantine_storage().verify(one)],
    }
    agrees = result["records_indexed"] == visible and result["pages_indexed"] == pages
    wrong = ("damaged", "dead_letters", "behind", "unrecorded", "quarantined_damaged", "audit_broken", "undecided")
    result |= _trail(heads)
    result["ok"] = agrees and not any(result[name] for name in wrong)
    return result


def _trail(heads: tuple[str, ...]) -> dict[str, Any]:
    proof = prove(*heads)
    return {
        "audit_sealed": proof.sealed,
        "audit_unsealed": proof.unsealed,
        "audit_erased": proof.erased,
        "audit_head": proof.head,
        "audit_broken": proof.broken,
    }
