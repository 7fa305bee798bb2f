"""``vankho fees``: the bank's statement against the ledger of fees."""

from pathlib import Path

import click

from desk.fees.reconciling import reconcile
from desk.fees.statements import StatementError, read_statement
from vankho.output import JSON, fail, say, thousands
from vankho.wiring import prepare_catalogue

ACTOR = "command-line"


@click.group("fees")
def fees_group() -> None:
    """Phí: đối chiếu với sao kê ngân hàng."""


@fees_group.command("reconcile")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@JSON
def reconcile_statement(file: Path, as_json: bool) -> None:
    """Đối chiếu một sao kê (CSV, XLS, XLSX) với tiền đã ghi; gửi lại cùng một tệp không đổi gì."""
    prepare_catalogue()
    try:
        statement = read_statement(file.name, file.read_bytes())
    except StatementError as error:
        fail(str(error), as_json=as_json)
    told = reconcile(statement, ACTOR)
    unread = [{"row": row, "message": message} for row, message in statement.unread]
    counts = {"paid": told.paid, "known": told.known, "listed": told.listed, "again": told.again}
    text = "\n".join(
        [
            f"Sao kê {file.name}: vừa ghi vào phí {thousands(told.paid)}, khớp khoản đã ghi {thousands(told.known)}, "
            f"chưa khớp {thousands(told.listed)}, đã đọc từ trước {thousands(told.again)}, "
            f"tiền ra {thousands(statement.outgoing)}.",
            "Các cột: " + ", ".join(f"“{heading}” là {name}" for name, heading in statement.columns.items()),
            *(f"Dòng {row}: {message}" if row else message for row, message in statement.unread),
        ]
    )
    say(
        text,
        {**counts, "outgoing": statement.outgoing, "columns": statement.columns, "unread": unread},
        as_json=as_json,
    )
    raise SystemExit(1 if told.listed or unread else 0)
