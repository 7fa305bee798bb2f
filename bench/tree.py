"""What a page of the tree, a jump in it and a filter cost with 100,000 members, against 100.

    python -m bench.tree [--members 100000] [--rounds 30] [--json]

Makes a catalogue of its own in a temporary folder (SQLite), two files with members in it, indexes it, and asks the real
portal for their pages in turn, as an anonymous reader: places at the beginning, in the middle and at the end; jumps to
a letter, a year, a number, and what follows a member there; a filter by words that a part of the members has, and by a
number.  Told are medians in milliseconds and their ratio; ``first`` is the first look after a change of the catalogue,
when the members are counted.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from archive.access import Access, Rule
from archive.catalogue.records import Record, access_columns
from archive.database import writing
from archive.filing import filing_day, filing_number, filing_title
from archive.identifiers import new_identifier
from archive.outbox import announce
from archive.settings import settings
from archive.storage.folder import FolderStorage
from indexer.drainer import drain
from portal.application import create_app
from search.engines.embedded import EmbeddedEngine
from search.gateway import Gateway
from vankho.wiring import prepare_catalogue

FEW = 100
PARTS = 2_000
OPEN = access_columns(Access(*(Rule(1, frozenset({"role:archivist"})) for _ in range(3))))


WORDS = ("anh bình cường dũng điện giang hương khánh lan mai nam oanh phương quang sơn tuấn uyên vinh xuân yên").split()  # noqa: SIM905
KINDS = ("", "jump", "filter")


def _filed(title: str, number: str, first: int | None, code: str) -> dict[str, Any]:
    return {
        "title": title,
        "number": number,
        "date_from": first,
        "date_to": first,
        "filing_title": filing_title(title),
        "filing_number": filing_number(number, code),
        "filing_day": filing_day(first),
    }


def _record(
    level: str, code: str, parent: Record | None, title: str = "", number: str = "", first: int | None = None
) -> dict[str, Any]:
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
        **_filed(title, number, first, code),
        "order_key": code,
        **OPEN,
    }


def _names(n: int, many: int) -> str:
    """Two words of twenty; among few, what is filtered by stands in every second, so that as many rows are shown."""
    return ("khánh dũng", "phương nam")[n % 2] if many == FEW else f"{WORDS[n % 20]} {WORDS[n // 20 % 20]}"


def fill(members: int) -> tuple[dict[int, str], dict[int, str]]:
    """Two files with members: by the number of members their identifiers, and those of a member in the middle."""
    found: dict[int, str] = {}
    middle: dict[int, str] = {}
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
                    _record(
                        "document",
                        f"P1.{many}.{n:07d}",
                        file,
                        f"Về việc {_names(n, many)} giao đất xây dựng khu dân cư số {n}",
                        f"{n}/QĐ-UB",
                        650_000 + n * 70_000 // many,
                    )
                    for n in range(start, min(start + PARTS, many))
                ]
                session.execute(insert(Record), rows)
            ids = session.execute(select(Record.id, Record.public_id).where(Record.parent_id == file.id)).all()
            middle[many] = ids[many // 2].public_id
            announce(session, [fonds.id, file.id, *(one.id for one in ids)])
    return found, middle


def measure(members: int, rounds: int) -> dict[str, Any]:
    """Medians by number of members, and their ratio."""
    prepare_catalogue()
    files, middle = fill(members)
    home = settings().home
    engine = EmbeddedEngine(home / "index")
    drain(engine)
    app = create_app(
        gateway=Gateway(engine, secret="x" * 40), storage=FolderStorage(home / "storage"), settings=settings()
    )
    client = app.test_client()

    def look(many: int, asked: str) -> float:
        begin = time.perf_counter()
        answer = client.get(f"/ho-so/{files[many]}?{asked}")
        assert answer.status_code == 200, answer.status_code
        assert answer.text.count('<li><span class="dim">') >= (1 if "so=" in asked or "/" in asked else 40), asked
        return (time.perf_counter() - begin) * 1000

    def asked(kind: str, many: int, turn: int) -> str:
        if kind == "jump":
            return ("chu=C", "nam=1850", f"so={many // 2}", f"xep=so&sau={middle[many]}")[turn % 4]
        if kind == "filter":
            return ("loc=khanh+dung", f"loc={many // 2}/QĐ-UB", "loc=phương+giao+đất", "loc=khu+dan&xep=so")[turn % 4]
        return f"tu={(1, many // 2, many - 40)[turn % 3]}"

    look(FEW, "tu=1")  # templates are compiled
    first = look(members, "tu=1")
    times: dict[tuple[str, int], list[float]] = {(kind, many): [] for kind in KINDS for many in files}
    for turn in range(-4, rounds):  # the first four warm what is compiled and remembered
        for kind, many in times:
            took = look(many, asked(kind, many, turn))
            if turn >= 0:
                times[kind, many].append(took)
    told: dict[str, Any] = {"members": members, "first_ms": round(first, 1)}
    for kind in KINDS:
        few, lots = (statistics.median(times[kind, many]) for many in files)
        name = f"{kind}_" if kind else ""
        told |= {f"{name}few_ms": round(few, 1), f"{name}many_ms": round(lots, 1), f"{name}ratio": round(lots / few, 2)}
    return told


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
        print(f"{told['members']} members; first look {told['first_ms']} ms")
        for kind in KINDS:
            name = f"{kind}_" if kind else ""
            few, lots, ratio = (told[f"{name}{one}"] for one in ("few_ms", "many_ms", "ratio"))
            print(f"  {kind or 'place'}: {lots} ms, of {FEW} members {few} ms, ratio {ratio}")


if __name__ == "__main__":
    main()
