"""The demonstration: a believable archive, made and taken in by the ordinary way, with accounts to look around."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from sqlalchemy import func, select

from archive.catalogue.deliveries import Package
from archive.catalogue.people import Account
from archive.clock import today
from archive.database import reading, writing
from archive.settings import settings
from archive.storage.durability import replace_file
from vankho.accounts import add_account
from vankho.output import ProgressLine
from vankho.wiring import prepare_catalogue

if TYPE_CHECKING:
    from vankho.synth import Summary

PASSWORD = "quangngai-2026"  # noqa: S105 - the demonstration binds the loopback only, and says it aloud
ACCOUNTS = (
    ("lan.luutru", "archivist", "", "lưu trữ viên: thấy và đọc mọi tài liệu"),
    ("minh.coquan", "clerk", "CLERK", "cán bộ cơ quan: thấy tài liệu của cơ quan mình"),
    ("hoa.docgia", "reader", "", "độc giả: như mọi người, cho đến khi được cấp quyền"),
    ("quang.giamdoc", "head", "", "lãnh đạo Trung tâm: quyết định yêu cầu của độc giả"),
    ("tra.nhatky", "auditor", "", "kiểm tra nhật ký: thấy ai đã làm gì, đọc tài liệu như mọi người"),
)


def write_sample(out: Path, line: ProgressLine, **sizes: Any) -> dict[str, Any]:
    """Writes the sample package; returns what is in it."""
    from vankho.synth import write_transfer

    return facts_of(write_transfer(out, progress=line, **sizes))


def facts_of(summary: "Summary") -> dict[str, Any]:
    """What the generator says about its archive, by name."""
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
        from vankho.synth.recorded import write_recorded

        if not marker.exists():
            shutil.rmtree(package, ignore_errors=True)
            package.parent.mkdir(parents=True, exist_ok=True)
            summary = write_transfer(package, today=today(), progress=line)
            write_recorded(package)
            line.close()
            replace_file(marker, json.dumps(facts_of(summary), ensure_ascii=False).encode())
        take(package, line)
    if accounts < len(ACCOUNTS):
        _add_accounts()
    return _welcome(port, json.loads(marker.read_text("utf-8")) if marker.exists() else {})


def _add_accounts() -> None:
    from archive.catalogue.authorities import Agency

    with writing() as session:
        first = session.scalar(select(Agency.code).order_by(Agency.id)) or "H48"
        for name, role, agency, _ in ACCOUNTS:
            add_account(session, name, PASSWORD, role, first if agency else "", totp=False)


def _welcome(port: int, facts: dict[str, Any]) -> str:
    lines = [
        "",
        f"  Văn Khố đã sẵn sàng: http://127.0.0.1:{port}",
        "",
        "  Tài khoản dùng thử (mật khẩu chung: " + PASSWORD + ")",
        *(f"    {name:<12} {told}" for name, _, _, told in ACCOUNTS),
        "",
        "  Ba việc nên thử",
        *(f"    {n}. {told}" for n, told in enumerate(_things_to_try(port, facts), 1)),
        "",
    ]
    return "\n".join(lines)


def _things_to_try(port: int, facts: dict[str, Any]) -> list[str]:
    search = f"http://127.0.0.1:{port}/tim-kiem?"
    unmarked = facts.get("query_to_try") or "quyet dinh"
    number = facts.get("number_to_try") or "1077/QĐ-UBND"
    return [
        f"Gõ không dấu “{unmarked}”, mở kết quả đầu: chữ khớp hiện ngay trên ảnh trang\n"
        f"       {search}{urlencode({'q': unmarked})}",
        f"Tìm theo số văn bản “{number}”, viết cách nào cũng được\n       {search}{urlencode({'q': number})}",
        "Xem tài liệu có điều kiện, rồi đăng nhập lan.luutru và xem lại: nay đọc được\n"
        f"       {search}{urlencode({'access': 'conditional'})}",
    ]
