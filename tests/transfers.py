"""Transfer folders written row by row, and what an installation holds after taking them."""

import csv
import hashlib
from pathlib import Path
from typing import Any, Self

from sqlalchemy import func, select, text

from archive.catalogue.deliveries import Package, ReportRow
from archive.catalogue.records import Record
from archive.catalogue.tables import Base
from archive.database import reading
from indexer.drainer import INDICES, drain, draining
from indexer.intake.taking import Taken, take_package
from search.engines.protocol import Engine
from vankho.wiring import search_engine

IDENTIFIER, ORGAN = "000.00.34.H48", "H48.01"


class Transfer:
    """A transfer folder in the making: rows by table, data files by name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.rows: dict[str, list[dict[str, str]]] = {"phong": [], "ho-so": [], "van-ban": []}
        self.data: dict[str, bytes] = {}

    def fonds(self, organ: str = ORGAN, name: str = "Ủy ban nhân dân tỉnh", **fields: str) -> Self:
        row = {"Identifier": IDENTIFIER, "OrganId": organ, "FondName": name}
        self.rows["phong"].append({**row, **fields})
        return self

    def file(self, code: str, organ: str = ORGAN, rights: str = "Không hạn chế", **fields: str) -> Self:
        row = {"FileCode": code, "Identifier": IDENTIFIER, "OrganId": organ, "Title": f"Hồ sơ {code}"}
        self.rows["ho-so"].append({**row, "FileCatalog": "1998", "Rights": rights, **fields})
        return self

    def document(self, code: str, file: str, body: str | None = "", mode: str = "Không hạn chế", **fields: str) -> Self:
        """A document with a text sidecar (of its own words by default; None: no file)."""
        row = {"DocCode": code, "FileCode": file, "Identifier": IDENTIFIER, "OrganId": ORGAN}
        row |= {"Subject": f"Về việc {code}", "Mode": mode, **fields}
        self.rows["van-ban"].append(row)
        if body is not None:
            self.data[f"{code}.txt"] = (body or f"Nội dung của văn bản {code}").encode()
        return self

    def change(self, code: str, **fields: str) -> Self:
        """Changes fields of the row of that DocCode or FileCode."""
        own = {"ho-so": "FileCode", "phong": "OrganId"}
        found = [row for table, rows in self.rows.items() for row in rows if row.get(own.get(table, "DocCode")) == code]
        assert len(found) == 1, code
        found[0].update(fields)
        return self

    def write(self) -> Path:
        """Writes the folder; what an earlier writing left stays only if it is still wanted."""
        (self.root / "data").mkdir(parents=True, exist_ok=True)
        for table, rows in self.rows.items():
            path = self.root / f"{table}.csv"
            path.unlink(missing_ok=True)
            if rows:
                names = list(dict.fromkeys(name for row in rows for name in row))
                with path.open("w", newline="", encoding="utf-8") as file:
                    writer = csv.DictWriter(file, names, restval="")
                    writer.writeheader()
                    writer.writerows(rows)
        for old in (self.root / "data").iterdir():
            old.unlink()
        for name, body in self.data.items():
            (self.root / "data" / name).write_bytes(body)
        return self.root


def province(root: Path) -> Transfer:
    """A small fonds: an open file of three documents, a conditional one of two."""
    made = Transfer(root).fonds().file("HS1").file("HS2", rights="Hạn chế")
    for code in ("VB1", "VB2", "VB3"):
        made.document(code, "HS1", TypeName="Quyết định", OrganName="Ủy ban nhân dân tỉnh", IssuedDate="10/11/1998")
    return made.document("VB4", "HS2", mode="Hạn chế").document("VB5", "HS2", mode="Hạn chế")


def take(path: Path) -> Taken:
    """Takes a package and drains: what follows is searchable."""
    taken = take_package(path)
    drain_all()
    return taken


def drain_all() -> int:
    with draining() as mine:
        assert mine
        return drain(search_engine())


def record(code: str, level: str | None = None) -> Record:
    """The one record of that code."""
    with reading() as session:
        asked = select(Record).where(Record.code == code, *([Record.level == level] if level else []))
        return session.scalars(asked).one()


def versions(engine: Engine | None = None) -> dict[str, dict[str, int]]:
    """The index document versions of every record by code (inventories by title), in both indices."""
    engine = engine or search_engine()
    with reading() as session:
        names = {r.public_id: f"{r.level} {r.code}" for r in session.scalars(select(Record))}
    found = {index: engine.versions(engine.current(index), list(names)) for index in INDICES}
    return {index: {names[one]: version for one, version in many.items()} for index, many in found.items()}


def counts() -> dict[str, int]:
    """The number of rows of every table."""
    with reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def lines(public_id: str | None = None) -> list[ReportRow]:
    """The report of a package, or of all."""
    with reading() as session:
        asked = select(ReportRow).join(Package).order_by(ReportRow.id)
        return list(session.scalars(asked.where(Package.public_id == public_id) if public_id else asked))


def codes(public_id: str | None = None) -> set[tuple[str, str | None]]:
    """(code, record) of every line of a report."""
    return {(one.code, one.record) for one in lines(public_id)}


def dump(*tables: str, without: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
    """The rows of tables, without the named columns."""
    with reading() as session:
        found = {}
        for name in tables:
            rows = session.execute(text(f'SELECT * FROM "{name}"')).mappings()
            found[name] = [{k: v for k, v in row.items() if k not in without} for row in rows]
        return found


def sha256(body: bytes | str) -> str:
    return hashlib.sha256(body.encode() if isinstance(body, str) else body).hexdigest()
