"""``vankho ocr``: pages that wait for recognition, and reading them; the worker starts the same beside itself."""

import contextlib
import resource
import signal
import subprocess
import sys
from types import FrameType

import click
from sqlalchemy import select

from archive.accession.recognised import has_waiting, retry_failed, waiting_counts
from archive.catalogue.reading import RecognitionTask
from archive.catalogue.records import Record
from archive.database import reading, writing
from indexer.recognition.running import recognising, run
from indexer.recognition.tesseract import NoTesseractError, missing
from vankho.output import JSON, ProgressLine, fail, say, thousands
from vankho.wiring import prepare_catalogue, quarantine_storage, storage

SHOWN = 50
DRAWING = 60  # seconds of the processor for drawing a page in that child
MEMORY = 3 << 30  # bytes of address space of the child that recognises


@click.group("ocr")
def ocr_group() -> None:
    """Nhận dạng chữ (OCR) các trang chưa có chữ."""


@ocr_group.command("pending")
@click.option("--failed", is_flag=True, help="chỉ những trang không nhận dạng được")
@JSON
def pending(failed: bool, as_json: bool) -> None:
    """Những trang đang chờ nhận dạng, và những trang không nhận dạng được cùng lý do."""
    prepare_catalogue()
    with reading() as session:
        waiting, given_up = waiting_counts(session)
        asked = (
            select(Record.public_id, RecognitionTask)
            .join(Record, Record.id == RecognitionTask.record_id)
            .order_by(RecognitionTask.failed.desc(), RecognitionTask.record_id, RecognitionTask.n)
        )
        rows = session.execute((asked.where(RecognitionTask.failed) if failed else asked).limit(SHOWN)).all()
    pages = [
        {"id": i, "page": t.n, "reason": t.reason, "failed": t.failed, "message": t.message, "attempts": t.attempts}
        for i, t in rows
    ]
    lack = missing()
    lines = [f"{thousands(waiting)} trang chờ nhận dạng, {thousands(given_up)} trang không nhận dạng được."]
    lines += [f"Lưu ý: {lack}; các trang ấy chờ đến khi có."] if lack else []
    lines += [f"{i} trang {t.n}: {t.message or 'đang chờ'}" for i, t in rows]
    result = {"waiting": waiting, "failed": given_up, "missing": lack, "pages": pages}
    say("\n".join(lines), result, as_json=as_json)


@ocr_group.command("run")
@click.option("--again", is_flag=True, help="thử lại cả những trang đã không nhận dạng được")
@click.option("--parent", type=int, default=0, help="kết thúc khi tiến trình này kết thúc")
@JSON
def run_queue(again: bool, parent: int, as_json: bool) -> None:
    """Nhận dạng những gì đang chờ, từng trang một; dừng lúc nào cũng được, chạy lại thì làm tiếp."""
    from vankho.worker import die_with_parent

    die_with_parent(parent)
    if parent:  # a process of its own: a page that would take the machine's memory ends it, and counts as an attempt
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    prepare_catalogue()
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    if again:
        with writing() as session:
            retry_failed(session)
    with reading() as session:
        total = waiting_counts(session)[0]
    line = ProgressLine(quiet=as_json or bool(parent))
    try:
        with recognising() as mine:
            if not mine:
                fail("một tiến trình khác đang nhận dạng", as_json=as_json)
            done = run(
                storage(),
                quarantine_storage(),
                progress=lambda n: line("ocr", n, total),
                stop=lambda: stopping,
                seconds=DRAWING if parent else 0,
            )
    except NoTesseractError as error:
        fail(str(error), as_json=as_json)
    finally:
        line.close()
    with reading() as session:
        left, failed = waiting_counts(session)
    text = (
        f"Đã nhận dạng {thousands(done.taken)} trang; {thousands(done.secret)} mục có dấu mật được đưa vào cách ly; "
        f"còn chờ {thousands(left)}, không nhận dạng được {thousands(failed)}."
    )
    result = {"taken": done.taken, "secret": done.secret, "waiting": left, "failed": failed}
    say(text, result, as_json=as_json)
    raise SystemExit(1 if failed or done.secret else 0)


class Recogniser:
    """Keeps one child at the queue while pages wait and the program is there; the child dies with this process."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def look(self, parent: int) -> None:
        """Starts a child if there is something to read and none is at it.  ``parent`` is this process's id."""
        if self._child is not None and self._child.poll() is None:
            return
        self._child = None
        with reading() as session:
            waits = has_waiting(session)
        if waits and not missing():
            command = [sys.executable, "-m", "vankho", "ocr", "run", "--json", "--parent", str(parent)]
            self._child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def end(self) -> None:
        """Asks the child to stop after its page, and waits a little."""
        if self._child is not None:
            self._child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(5)
