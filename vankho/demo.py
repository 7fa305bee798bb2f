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
from archive.identity.administration import account_named, describe_person
from archive.settings import settings
from archive.storage.durability import replace_file
from vankho.accounts import ACTOR, add_account
from vankho.output import ProgressLine
from vankho.wiring import prepare_catalogue

if TYPE_CHECKING:
    from vankho.synth import Summary

PASSWORD = "quangngai-2026"  # noqa: S105 - the demonstration binds the loopback only, and says it aloud
#: Name, role, whether of an agency, who it is, what it is for.
ACCOUNTS = (
    ("lan.luutru", "archivist", "", "Phạm Thị Lan", "lưu trữ viên: thấy và đọc mọi tài liệu"),
    ("minh.coquan", "clerk", "CLERK", "Võ Quang Minh", "cán bộ cơ quan: thấy tài liệu của cơ quan mình"),
    ("hoa.docgia", "reader", "", "Trần Thị Hoa", "độc giả: như mọi người, cho đến khi được cấp quyền"),
    ("quang.giamdoc", "head", "", "Nguyễn Đăng Quang", "lãnh đạo Trung tâm: quyết định yêu cầu của độc giả"),
    ("tra.nhatky", "auditor", "", "Lê Thị Trà", "kiểm tra nhật ký: thấy ai đã làm gì, đọc tài liệu như mọi người"),
    ("son.quantri", "administrator", "", "Huỳnh Văn Sơn", "quản trị: tài khoản, thư, chỉ mục; không đọc tài liệu kín"),
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
    _add_accounts()
    return _welcome(port, json.loads(marker.read_text("utf-8")) if marker.exists() else {})


def _add_accounts() -> None:
    """Adds the accounts that are not there: a demonstration of an earlier version gets those that came since."""
    from archive.catalogue.authorities import Agency

    with writing() as session:
        there = set(session.scalars(select(Account.name)))
        first = session.scalar(select(Agency.code).order_by(Agency.id)) or "H48"
        for name, role, agency, person, _ in ACCOUNTS:
            if name not in there:
                add_account(session, name, PASSWORD, role, first if agency else "", totp=False)
                describe_person(session, account_named(session, name), person, None, ACTOR)


def _welcome(port: int, facts: dict[str, Any]) -> str:
    lines = [
        "",
        f"  Văn Khố đã sẵn sàng: http://127.0.0.1:{port}",
        "",
        "  Tài khoản dùng thử (mật khẩu chung: " + PASSWORD + ")",
        *(f"    {name:<14} {told}" for name, _, _, _, told in ACCOUNTS),
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
