"""The demonstration: a believable archive, made and taken in by the ordinary way, with accounts to look around."""

import shutil
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from archive.catalogue.deliveries import Package
from archive.catalogue.people import Account
from archive.clock import today
from archive.database import reading, writing
from archive.settings import settings
from vankho.accounts import add_account
from vankho.output import ProgressLine
from vankho.wiring import prepare_catalogue

PASSWORD = "quangngai-2026"  # noqa: S105 - the demonstration binds the loopback only, and says it aloud
ACCOUNTS = (
    ("lan.luutru", "archivist", "", "lưu trữ viên: thấy và đọc mọi tài liệu"),
    ("minh.coquan", "clerk", "CLERK", "cán bộ cơ quan: thấy tài liệu của cơ quan mình"),
    ("hoa.docgia", "reader", "", "độc giả: như mọi người, cho đến khi được cấp quyền"),
)


def write_sample(out: Path, line: ProgressLine, **sizes: Any) -> dict[str, Any]:
    """Writes the sample package; returns what is in it."""
    from vankho.synth import write_transfer

    summary = write_transfer(out, progress=line, **sizes)
    return {name: getattr(summary, name) for name in summary.__slots__}


def prepare_demonstration(port: int) -> str:
    """Makes what is not there yet and returns the welcome: address, accounts, three things to try."""
    prepare_catalogue()
    package = settings().home / "demo" / "goi-mau"
    marker = package.with_name("goi-mau.xong")
    line = ProgressLine()
    with reading() as session:
        taken = session.scalar(select(func.count()).select_from(Package).where(Package.finished)) or 0
        accounts = session.scalar(select(func.count()).select_from(Account)) or 0
    if not taken:
        from vankho.intake import take
        from vankho.synth import write_transfer

        if not marker.exists():
            shutil.rmtree(package, ignore_errors=True)
            package.parent.mkdir(parents=True, exist_ok=True)
            write_transfer(package, today=today(), progress=line)
            line.close()
            marker.touch()
        take(package, line)
    if accounts < len(ACCOUNTS):
        _add_accounts()
    return _welcome(port)


def _add_accounts() -> None:
    from archive.catalogue.authorities import Agency

    with writing() as session:
        first = session.scalar(select(Agency.code).order_by(Agency.id)) or "H48"
        for name, role, agency, _ in ACCOUNTS:
            add_account(session, name, PASSWORD, role, first if agency else "", totp=False)


def _welcome(port: int) -> str:
    lines = [
        "",
        f"  Văn Khố đã sẵn sàng: http://127.0.0.1:{port}",
        "",
        "  Tài khoản dùng thử (mật khẩu chung: " + PASSWORD + ")",
        *(f"    {name:<12} {told}" for name, _, _, told in ACCOUNTS),
        "",
        "  Ba việc nên thử",
        *(f"    {n}. {told}" for n, told in enumerate(_things_to_try(port), 1)),
        "",
    ]
    return "\n".join(lines)


def _things_to_try(port: int) -> list[str]:
    return [
        f"Gõ không dấu: quyet dinh giao dat tinh khe   http://127.0.0.1:{port}/tim-kiem?q=quyet+dinh+giao+dat+tinh+khe",
        f"Xem một phông, rồi mở một văn bản đã số hóa   http://127.0.0.1:{port}/phong",
        "Đăng nhập lan.luutru rồi tìm lại: tài liệu có điều kiện nay đọc được",
    ]
