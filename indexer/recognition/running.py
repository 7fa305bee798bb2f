"""Working the queue of pages to be recognised: one process at a time, page by page, each page a transaction.

Killed anywhere, the next run goes on: a page is done when its text is committed, and the row of the queue goes with
that commit.  A page whose reading kills the process is given up after some attempts; the others are not held up.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from archive.accession.recognised import Read, Waiting, begin_attempt, fail_page, next_pages, package_of, take_page
from archive.accession.seclusion import seclude
from archive.children import spending
from archive.database import reading, writing
from archive.images import ImageError, PageSource, open_source
from archive.locks import ensure_held, held
from archive.settings import settings
from archive.storage.folder import FolderStorage
from archive.storage.protocol import StorageError
from indexer.recognition.reading import recognise
from indexer.recognition.tesseract import NoTesseractError, RecognitionError, missing

LOCK = "recognition"
PART = 50  # pages of a record that are taken up at once

Progress = Callable[[int], None]


@dataclass(slots=True)
class Run:
    """What a run did, in pages; ``secret`` counts records that it had to withdraw."""

    taken: int = 0
    failed: int = 0
    secret: int = 0


@contextmanager
def recognising() -> Iterator[bool]:
    """Holds the lock of recognition for the block; False if another process recognises."""
    with held(LOCK) as mine:
        yield mine


def run(storage: FolderStorage, apart: FolderStorage, *, progress: Progress | None = None,
        stop: Callable[[], bool] | None = None, seconds: int = 0) -> Run:  # fmt: skip
    """Reads what waits until nothing does, or ``stop`` says so.  The caller holds the lock.  ``seconds`` of the
    processor are what drawing a page may take before it ends this process (0: for ever), which counts as an attempt.

    Raises NoTesseractError where the program is not there: nothing is lost, everything waits.
    """
    if why := missing():
        raise NoTesseractError(f"Chưa nhận dạng được chữ: {why}. Các trang vẫn nằm trong hàng chờ, không mất gì.")
    done = Run()
    _seclude(storage, apart)  # what a run that was killed had withdrawn
    while not (stop and stop()):
        with reading() as session:
            pages = next_pages(session, PART)
        if not pages:
            break
        for _, group in groupby(pages, key=lambda page: page.sha256):
            secret = _read_source(storage, list(group), done, stop, seconds)
            if progress:
                progress(done.taken)
            if secret:
                _seclude(storage, apart, pages[0].record_id)
                break
    return done


def _seclude(storage: FolderStorage, apart: FolderStorage, *record_ids: int) -> None:
    with reading() as session:
        package_id = package_of(session, record_ids)
    if package_id:
        seclude(storage, apart, settings().home, package_id)


def _read_source(
    storage: FolderStorage, pages: list[Waiting], done: Run, stop: Callable[[], bool] | None, seconds: int
) -> bool:
    """Reads the pages that lie in one file; True if the record turned out to be secret."""
    sha256, kind = pages[0].sha256, pages[0].kind
    # An attempt is counted before the file is opened: a file that kills the process counts, too.
    first = next((page for page in pages if _begin(page)), None)
    if first is None:
        return False
    try:
        with open_source(lambda: storage.read(sha256), kind) as source:
            for page in pages[pages.index(first) :]:
                if page is not first and not _begin(page):
                    continue
                if _read_page(source, page, done, seconds):
                    return True
                if stop and stop():
                    return False
    except (ImageError, StorageError) as error:
        for page in pages:
            _fail(page, str(error), done, final=True)
    return False


def _read_page(source: PageSource, page: Waiting, done: Run, seconds: int) -> bool:
    try:
        with spending(seconds):
            image, dpi = source.grey(page.index)
        found = recognise(image, dpi)
    except ImageError as error:
        _fail(page, str(error), done, final=True)
        return False
    except RecognitionError as error:
        _fail(page, str(error), done)
        return False
    read = Read(found.text.text, found.text.boxes, found.text.confidence, found.language)
    with writing() as session:
        ensure_held(LOCK)
        settled = take_page(session, page, read)
    done.taken += settled == "taken"
    done.secret += settled == "secret"
    return settled == "secret"


def _begin(page: Waiting) -> bool:
    with writing() as session:
        return begin_attempt(session, page)


def _fail(page: Waiting, message: str, done: Run, *, final: bool = False) -> None:
    with writing() as session:
        fail_page(session, page, message, final=final)
    done.failed += 1
