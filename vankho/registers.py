"""``vankho register``: what the columns of a register mean, before anything is taken; and keeping it."""

from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy import select

from archive.accession.mappings import find_mapping, save_mapping
from archive.catalogue.deliveries import RegisterMapping
from archive.catalogue.records import Record
from archive.database import reading, writing
from archive.packages.opening import Context
from archive.packages.registers.columns import FIELDS, Column, names_of, recognise
from archive.packages.registers.sheets import is_register, open_register
from archive.packages.sources import DeliveryError
from indexer.intake.waiting import known_archives, with_mapping
from vankho.output import JSON, fail, say
from vankho.wiring import prepare_catalogue

ACTOR = "command-line"
BY = {"heading": "theo tiêu đề", "content": "đoán theo nội dung", "saved": "đã lưu", "person": "đã nêu", "": ""}
Command = TypeVar("Command", bound=Callable[..., Any])

COLUMN = click.option("--column", "columns", multiple=True, metavar="TIÊU_ĐỀ=TRƯỜNG", help="nghĩa của một cột của sổ")


def with_context(command: Command) -> Command:
    """The options that say what a register or a message leaves out."""
    for option in (
        COLUMN,
        click.option("--file", "file", default="", help="mã hồ sơ đã có, cho mọi dòng; không nêu: tập lưu theo năm"),
        click.option("--access", type=click.Choice(["01", "02"]), default=None, help="mức tiếp cận khi sổ không ghi"),
        click.option("--organ", "issuer", default="", help="tên cơ quan ban hành khi sổ không ghi"),
        click.option("--fonds-name", default="", help="tên phông, nếu phông chưa có"),
        click.option("--identifier", default="", help="mã cơ quan lưu trữ; không nêu: của phông đã có"),
        click.option("--fonds", "organ", default="", help="mã phông nhận các dòng của sổ"),
    ):
        command = option(command)
    return command


def read_context(path: Path, told: Mapping[str, Any]) -> Context:
    """The context from the options; a fonds that is there gives its archives, the headings a saved mapping.

    DeliveryError where a column is told that is no field.
    """
    mapping = read_columns(told["columns"])
    identifier = told["identifier"]
    with reading() as session:
        if told["organ"] and not identifier:
            there = select(Record.natural_key).where(Record.level == "fonds", Record.code == told["organ"])
            identifier = (session.scalars(there.limit(1)).first() or "").split("\x1f")[0]
        archives = known_archives(session)
        organ, name, issuer, access, file = (
            told[one] or "" for one in ("organ", "fonds_name", "issuer", "access", "file")
        )
        context = Context(identifier, organ, name, issuer, access, file, mapping, archives=archives)
        if path.is_file() and is_register(path):
            sheet = open_register(path)
            try:
                context = with_mapping(session, context, sheet.headings)
            finally:
                sheet.close()
    return context


def read_columns(columns: tuple[str, ...]) -> dict[str, str]:
    """``Heading=Field`` pairs; DeliveryError for a field that is not known."""
    mapping: dict[str, str] = {}
    for one in columns:
        heading, _equals, field = one.rpartition("=")
        if not heading or (field and field not in FIELDS):
            raise DeliveryError(f"--column “{one}”: cần TIÊU_ĐỀ=TRƯỜNG, trường là một trong {', '.join(FIELDS)}.")
        mapping[heading] = field
    return mapping


@click.group("register")
def register_group() -> None:
    """Sổ đăng ký văn bản không kèm tệp: các cột nghĩa là gì."""


@register_group.command("show")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@COLUMN
@click.option("--save", is_flag=True, help="lưu lại, lần sau sổ có cùng các tiêu đề này dùng ngay")
@JSON
def show(path: Path, columns: tuple[str, ...], save: bool, as_json: bool) -> None:
    """Các cột của một sổ được hiểu thế nào; chưa nhận gì."""
    prepare_catalogue()
    try:
        told = read_columns(columns)
        sheet = open_register(path)
    except DeliveryError as error:
        fail(str(error), as_json=as_json)
    try:
        with reading() as session:
            saved = find_mapping(session, sheet.headings)
        rows = [cells for _, cells in islice(sheet.rows(), 300)]
        found = recognise(sheet.headings, rows, {**(saved or {}), **told})
    finally:
        sheet.close()
    if save:
        names = names_of([column.heading for column in found])
        kept = {name: column.field or "" for name, column in zip(names, found, strict=True)}
        with writing() as session:
            save_mapping(session, sheet.headings, kept, name=path.name, actor=ACTOR)
    lines = [_line(column) for column in found] + (["Đã lưu."] if save else [])
    result = [{"heading": c.heading, "field": c.field, "by": c.by, "example": c.example} for c in found]
    say("\n".join(lines), {"columns": result, "saved": bool(save or saved)}, as_json=as_json)


@register_group.command("list")
@JSON
def list_mappings(as_json: bool) -> None:
    """Các cách hiểu đã lưu."""
    prepare_catalogue()
    with reading() as session:
        rows = session.scalars(select(RegisterMapping).order_by(RegisterMapping.saved)).all()
    result = [{"name": one.name, "saved": one.saved.isoformat(), "columns": one.columns} for one in rows]
    text = "\n".join(f"{one.name}: {len(one.columns)} cột, lưu {one.saved:%d/%m/%Y}" for one in rows) or "Chưa lưu gì."
    say(text, {"mappings": result}, as_json=as_json)


def _line(column: Column) -> str:
    heading = column.heading or f"(cột {column.place + 1})"
    meaning = f"{column.field}: {FIELDS[column.field]}" if column.field else "không lấy"
    return f"{heading:<28} → {meaning:<46} {BY[column.by]:<18} {column.example[:40]}"
