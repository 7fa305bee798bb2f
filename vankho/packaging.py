"""``vankho package``: packages of TT 05/2025/TT-BNV out of the archive."""

import csv
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal

import click

from archive.clock import now, today_number
from archive.database import writing
from archive.packages.csip.writing import WritingError
from archive.packages.report import guard_cell
from archive.packing import Line, Packed, PackingError, pack
from archive.storage.protocol import StorageError
from vankho.output import JSON, fail, say, thousands
from vankho.wiring import prepare_catalogue, storage

ACTOR = "command-line"


@click.group("package")
def package_group() -> None:
    """Gói dữ liệu theo TT 05/2025/TT-BNV."""


@package_group.command("build")
@click.argument("records", nargs=-1, required=True, metavar="RECORD…")
@click.option("--kind", type=click.Choice(["AIP", "SIP"]), required=True, help="loại gói")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="thư mục xuất ra")
@click.option("--zip", "packed", is_flag=True, help="nén thành một tệp ZIP")
@JSON
def build(records: tuple[str, ...], kind: Literal["AIP", "SIP"], out: Path, packed: bool, as_json: bool) -> None:
    """Xuất hồ sơ (mỗi hồ sơ một gói) hoặc tài liệu rời (chung một gói) thành gói AIP hay SIP.

    RECORD là mã trong địa chỉ của hồ sơ hoặc văn bản."""
    prepare_catalogue()
    moment: datetime = now()
    try:
        with writing() as session:
            made = pack(
                session, storage(), records, kind, out, written=moment, day=today_number(), actor=ACTOR, packed=packed
            )
    except (PackingError, WritingError, StorageError) as error:
        fail(str(error), as_json=as_json)
    except OSError as error:
        fail(f"Không ghi được vào “{out}”: {error.strerror}.", as_json=as_json)
    told = [_told(one) for one in made]
    text = "\n".join(
        f"Gói {one.place.name}: {thousands(one.documents)} tài liệu, {thousands(one.files)} tệp, "
        f"để lại {thousands(one.left_out)}.\n{_lines(one.lines)}"
        for one in made
    )
    say(text.rstrip(), {"packages": told}, as_json=as_json)
    raise SystemExit(1 if any(one.lines for one in made) else 0)


def _told(one: Packed) -> dict[str, object]:
    report = one.place.with_name(f"{one.place.name}.bao-cao.csv") if one.lines else None
    if report:
        _write_report(one.lines, report)
    lines = [{"record": line.record, "code": line.code, "message": line.message} for line in one.lines]
    counts = {"documents": one.documents, "files": one.files, "left_out": one.left_out}
    return {"path": str(one.place), **counts, "lines": lines, "report": str(report) if report else None}


def _lines(lines: Iterable[Line]) -> str:
    return "".join(f"  {line.message}.\n" for line in lines)


def _write_report(lines: Iterable[Line], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(("Mã bản ghi", "Điều phát hiện", "Mã lỗi"))
        writer.writerows([guard_cell(cell) for cell in (one.record, one.message, one.code)] for one in lines)
