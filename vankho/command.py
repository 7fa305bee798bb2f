"""The command line ``vankho``.  Exit codes: 0 done, 1 done but rows were held, quarantined or rejected, 2 nothing."""

import sys
from pathlib import Path
from typing import Any, Literal

import click
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from archive.accession.masking import UnmaskedError
from archive.extras import UnusableSettingError
from archive.schema import SchemaError
from archive.settings import settings
from archive.troubles import explain_database, explain_settings, explain_system
from search.engines.protocol import EngineError
from vankho.accounts import token_group
from vankho.auditing import HEADS, audit_group
from vankho.copies import copies_group
from vankho.danh_muc import list_group
from vankho.deciding import access_group
from vankho.fees import fees_group
from vankho.index import index_group
from vankho.output import JSON, ProgressLine, fail, say, thousands
from vankho.packaging import package_group
from vankho.personal import personal_group
from vankho.quarantining import quarantine_group
from vankho.receiving import watch
from vankho.recognition import ocr_group
from vankho.registers import register_group, with_context
from vankho.retention import retention_group
from vankho.user_commands import user_group

PORT = click.IntRange(1, 65535)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def program() -> None:
    """Văn Khố: cổng khai thác tài liệu lưu trữ."""


class IntakeError(RuntimeError):
    """Nothing of a package can be taken, or not now; the text is Vietnamese."""


@program.command()
@click.argument("path", type=click.Path(path_type=Path))
@with_context
@JSON
def ingest(path: Path, as_json: bool, **told: Any) -> None:
    """Nhận vào kho rồi lập chỉ mục: một gói giao nộp (thư mục hoặc zip), một sổ đăng ký, một thông điệp edXML."""
    from archive.packages.delivery import DeliveryError
    from indexer.intake.taking import IntakeBusyError
    from vankho.intake import hints, take

    try:
        result = take(path, ProgressLine(quiet=as_json), told)
    except (DeliveryError, IntakeBusyError) as error:
        options = getattr(error, "options", "")
        raise IntakeError(f"{error} Câu lệnh: {options}." if options else str(error)) from error
    counts = result["counts"]
    text = (
        f"Gói {result['name']}: nhận {thousands(counts['accepted'])}, nhận có cảnh báo {thousands(counts['warned'])}, "
        f"giữ lại {thousands(counts['held'])}, cách ly {thousands(counts['quarantined'])}, "
        f"từ chối {thousands(counts['rejected'])}, không đổi {thousands(counts['unchanged'])}; "
        f"{result['seconds']:.1f} giây.\nBáo cáo từng dòng: {result['report']}"
    )
    if not any(counts.values()):
        text = f"Gói {result['name']} không có dòng nào để nhận.\nBáo cáo: {result['report']}"
    text = "\n".join([text, *hints(result["package"])])
    flat = {k: v for k, v in result.items() if k not in {"counts", "name", "code"}}
    say(text, {"package": flat.pop("package"), **counts, **flat}, as_json=as_json)
    raise SystemExit(result["code"])


@program.command()
@click.option("--host", default=None, help="địa chỉ; mặc định VANKHO_HOST")
@click.option("--port", type=PORT, default=None, help="cổng; mặc định VANKHO_PORT")
@click.option("--no-worker", is_flag=True, help="chỉ mở cổng; lập chỉ mục và hẹn giờ chạy riêng")
@JSON
def serve(host: str | None, port: int | None, no_worker: bool, as_json: bool) -> None:
    """Mở cổng khai thác, kèm tiến trình lập chỉ mục."""
    from vankho.serving import serve_portal

    serve_portal(host or settings().host, port or settings().port, as_json=as_json, alone=no_worker)


@program.command()
@click.option("--parent", type=int, default=0, help="kết thúc khi tiến trình này kết thúc")
@JSON
def worker(parent: int, as_json: bool) -> None:
    """Lập chỉ mục những gì vừa thay đổi, cho đến khi được bảo dừng."""
    from vankho.worker import work

    written = work(parent)
    say(f"Đã dừng; đã lập chỉ mục {thousands(written)} mục.", {"written": written}, as_json=as_json)


@program.command()
@click.option("--parent", type=int, default=0, help="kết thúc khi tiến trình này kết thúc")
@JSON
def scheduler(parent: int, as_json: bool) -> None:
    """Hẹn giờ cho các tiến trình lập chỉ mục (cần Redis), cho đến khi được bảo dừng."""
    if not settings().redis_url:
        fail("vankho scheduler cần VANKHO_REDIS_URL; không có Redis thì vankho worker tự xem hàng chờ", as_json=as_json)
    from vankho.scheduler import run_scheduler
    from vankho.wiring import prepare_catalogue

    prepare_catalogue()
    run_scheduler(parent)
    say("Đã dừng.", {"stopped": True}, as_json=as_json)


@program.command()
@click.argument("role", type=click.Choice(["worker", "scheduler"]))
@JSON
def health(role: Literal["worker", "scheduler"], as_json: bool) -> None:
    """Tiến trình ấy trên máy này có đang chạy đều không (cho healthcheck): 0 có, 2 không."""
    from vankho.liveness import is_fresh, silence

    age = silence(role)
    if not is_fresh(age):
        told = "chưa có dấu hiệu hoạt động nào" if age is None else f"im lặng đã {thousands(int(age))} giây"
        fail(f"{role}: {told}", as_json=as_json)
    say(f"{role}: đang chạy", {"role": role, "silence": round(age or 0.0, 1)}, as_json=as_json)


@program.command()
@JSON
def migrate(as_json: bool) -> None:
    """Đưa cơ sở dữ liệu lên đúng phiên bản của chương trình; tệp SQLite được sao lưu trước khi đổi."""
    from archive import database, schema
    from archive.accession.masking import mask_catalogue

    engine = database.engine()
    if engine.dialect.name == "postgresql" and schema.found_version(engine) not in (None, schema.wanted_version()):
        click.echo("PostgreSQL: việc sao lưu (pg_dump) do người vận hành làm trước khi nâng cấp.", err=True)
    before, after = schema.migrate(engine)
    line = ProgressLine(quiet=as_json)
    masked = mask_catalogue(line)
    line.close()
    told = f"\nĐã che dữ liệu cá nhân trong {thousands(masked)} mục; chỉ mục theo sau." if masked else ""
    result = {"before": before, "after": after, "masked": masked}
    say(f"Cơ sở dữ liệu: {before or 'trống'} → {after}{told}", result, as_json=as_json)


@program.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--fonds", default=3, show_default=True, help="số phông")
@click.option("--files", default=60, show_default=True, help="số hồ sơ")
@click.option("--documents", default=400, show_default=True, help="số văn bản")
@click.option("--pages", default=100, show_default=True, help="số trang có ảnh quét, khoảng chừng")
@click.option("--seed", default=1, show_default=True, help="cùng số này thì ra cùng một kho")
@click.option("--text-only", is_flag=True, help="không vẽ ảnh trang")
@JSON
def synth(
    out: Path, fonds: int, files: int, documents: int, pages: int, seed: int, text_only: bool, as_json: bool
) -> None:
    """Soạn một gói giao nộp mẫu của một tỉnh tưởng tượng, 1945-2026."""
    from vankho.demo import write_sample

    line = ProgressLine(quiet=as_json)
    try:
        result = write_sample(
            out, line, fonds=fonds, files=files, documents=documents, pages=pages, seed=seed, text_only=text_only
        )
    except ValueError as error:  # sizes that cannot be
        fail(str(error), as_json=as_json)
    line.close()
    say(f"Đã soạn {out}: {result}", result, as_json=as_json)


@program.command()
@click.option("--serve", "and_serve", is_flag=True, help="rồi mở cổng khai thác")
@click.option("--port", type=PORT, default=None, help="cổng; mặc định VANKHO_PORT")
@JSON
def demo(and_serve: bool, port: int | None, as_json: bool) -> None:
    """Soạn kho mẫu nếu chưa có, nhận vào, lập chỉ mục; với --serve, mở cổng khai thác."""
    from vankho.demo import ACCOUNTS, prepare_demonstration
    from vankho.serving import serve_portal

    asked = port or settings().port
    welcome = prepare_demonstration(asked)
    say(welcome, {"url": f"http://127.0.0.1:{asked}", "accounts": [name for name, *_ in ACCOUNTS]}, as_json=as_json)
    if and_serve:
        serve_portal(settings().host, asked)


@program.command()
@HEADS
@JSON
def check(heads: tuple[str, ...], as_json: bool) -> None:
    """Kiểm tra mọi tệp và sổ nhật ký còn nguyên vẹn, danh mục và chỉ mục khớp nhau."""
    from vankho.checking import check_installation

    line = ProgressLine(quiet=as_json)
    result: dict[str, Any] = check_installation(line, *heads)
    line.close()
    text = "\n".join(f"{name}: {value}" for name, value in result.items())
    say(text, result, as_json=as_json)
    raise SystemExit(0 if result["ok"] else 1)


program.add_command(audit_group)
program.add_command(copies_group)
program.add_command(fees_group)
program.add_command(index_group)
program.add_command(list_group)
program.add_command(ocr_group)
program.add_command(package_group)
program.add_command(personal_group)
program.add_command(quarantine_group)
program.add_command(register_group)
program.add_command(retention_group)
program.add_command(user_group)
program.add_command(access_group)
program.add_command(watch)
program.add_command(token_group)


def main() -> None:
    """The entry of the program: known errors become one sentence and exit code 2."""
    as_json = "--json" in sys.argv
    try:
        raise SystemExit(program.main(standalone_mode=False) or 0)
    except click.exceptions.Abort:
        fail("đã dừng theo yêu cầu", as_json=as_json)
    except click.ClickException as error:
        if not as_json:
            error.show()
            raise SystemExit(error.exit_code) from error
        fail(f"câu lệnh sai: {error.format_message()}", as_json=True)
    except (SchemaError, UnmaskedError, EngineError, IntakeError, UnusableSettingError) as error:
        fail(str(error), as_json=as_json)
    except OSError as error:
        fail(explain_system(error), as_json=as_json)
    except SQLAlchemyError as error:
        fail(explain_database(error), as_json=as_json)
    except ValidationError as error:
        fail(explain_settings(error), as_json=as_json)
