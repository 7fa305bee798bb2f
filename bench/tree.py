"""What a page of the tree costs with 100,000 members, against one with 100.

    python -m bench.tree [--members 100000] [--rounds 30] [--json]

Makes a catalogue of its own in a temporary folder (SQLite), two files with members in it, and asks the real portal for
their pages in turn: beginning, middle and end, as an anonymous reader.  Told are medians in milliseconds and their
ratio; ``first`` is the first look after a change of the catalogue, when the members are counted.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from archive.access import Access, Rule
from archive.catalogue.records import Record, access_columns
from archive.database import writing
from archive.identifiers import new_identifier
from archive.settings import settings
from archive.storage.folder import FolderStorage
from portal.application import create_app
from search.engines.embedded import EmbeddedEngine
from search.gateway import Gateway
from vankho.wiring import prepare_catalogue

FEW = 100
PARTS = 2_000
OPEN = access_columns(Access(*(Rule(1, frozenset({"role:archivist"})) for _ in range(3))))


def _record(level: str, code: str, parent: Record | None, **more: Any) -> dict[str, Any]:
    own = new_identifier()
    return {
        "public_id": own,
        "level": level,
        "natural_key": code,
        "parent_id": parent.id if parent else None,
        "fonds_id": None,
        "lineage": f"{own} {parent.lineage}" if parent else own,
        "delivered": {},
        "proposed": {},
        "curated": {},
        "contradicted": [],
        "code": code,
        "title": f"Về việc giao đất xây dựng khu dân cư, {code}",
        "order_key": code,
        **OPEN,
        **more,
    }


def fill(members: int) -> dict[int, str]:
    """Two files with members; their public identifiers by the number of members."""
    found = {}
    with writing() as session:
        fonds = Record(**_record("fonds", "P1", None))
        session.add(fonds)
        session.flush()
        for many in (FEW, members):
            file = Record(**_record("file", f"P1.{many}", fonds))
            session.add(file)
            session.flush()
            found[many] = file.public_id
            for start in range(0, many, PARTS):
                rows = [
                    _record("document", f"P1.{many}.{n:07d}", file, number=f"{n}/QĐ-UB", date_from=n + 1, date_to=n + 1)
                    for n in range(start, min(start + PARTS, many))
                ]
                session.execute(insert(Record), rows)
    return found


def measure(members: int, rounds: int) -> dict[str, Any]:
    """Medians by number of members, and their ratio."""
    prepare_catalogue()
    files = fill(members)
    home = settings().home
    engine = EmbeddedEngine(home / "index")
    app = create_app(
        gateway=Gateway(engine, secret="x" * 40), storage=FolderStorage(home / "storage"), settings=settings()
    )
    client = app.test_client()

    def look(many: int, start: int) -> float:
        begin = time.perf_counter()
        answer = client.get(f"/ho-so/{files[many]}?tu={start}")
        assert answer.status_code == 200, answer.status_code
        return (time.perf_counter() - begin) * 1000

    look(FEW, 1)  # templates are compiled
    first = look(members, 1)
    times: dict[int, list[float]] = {FEW: [], members: []}
    for turn in range(rounds):
        for many in times:
            times[many].append(look(many, (1, many // 2, many - 40)[turn % 3]))
    few, lots = (statistics.median(times[many]) for many in times)
    return {
        "members": members,
        "few_ms": round(few, 1),
        "many_ms": round(lots, 1),
        "ratio": round(lots / few, 2),
        "first_ms": round(first, 1),
    }


def main() -> None:
    """Measures and tells."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VANKHO_HOME": str(Path(folder) / "kho"), "VANKHO_DATABASE_URL": ""}
        settings.cache_clear()
        told = measure(asked.members, asked.rounds)
    if asked.json:
        print(json.dumps(told))
    else:
        print(
            "{members} members: {many_ms} ms, 100 members: {few_ms} ms, ratio {ratio}; first {first_ms} ms".format(
                **told
            )
        )


if __name__ == "__main__":
    main()
