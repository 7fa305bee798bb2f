"""The system's Tesseract (5, with `vie`) as a child process with limits; its TSV becomes a page with word boxes.

Settings as measured: `--psm 3`, one thread a process (the second gains nothing), `vie` alone.
"""

import shutil
import subprocess
from functools import lru_cache

from PIL import Image

from archive.children import bare_environment
from indexer.extraction.text import PageBuilder, PageText

SECONDS = 120
"""Most seconds of one reading, by the clock and of the processor."""

MEMORY_KIB = 1_200_000
"""Most address space of one reading, in KiB; an A3 page at 300 dpi takes a third of it."""

OUTPUT_LIMIT = 32 * 1024 * 1024
SPECKLE = 0.5  # confidence below which a "word" without a letter or digit is dirt on the paper

INSTALL = "apt-get install tesseract-ocr tesseract-ocr-vie"

# What a shell can set before it becomes the program: no code of ours runs between fork and exec.
_LIMITED = 'ulimit -v "$1" && ulimit -t "$2" && shift 2 && exec "$@"'


class RecognitionError(RuntimeError):
    """A page could not be read by the machine; the text is Vietnamese and says why."""


class NoTesseractError(RecognitionError):
    """Tesseract or its Vietnamese is not on this machine."""


def find_program() -> str | None:
    """Where Tesseract is, None without."""
    return shutil.which("tesseract")


@lru_cache(maxsize=4)
def languages(program: str) -> frozenset[str]:
    """The languages (`vie`, `fra`, `osd` ...) that the program has."""
    told = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, env=bare_environment(), timeout=30, check=False
    )
    return frozenset(line.strip() for line in told.stdout.splitlines()[1:])


def missing() -> str:
    """A Vietnamese clause on what is missing for recognition; "" where everything is there."""
    program = find_program()
    if program is None:
        return f"máy này chưa có Tesseract ({INSTALL})"
    return "" if "vie" in languages(program) else f"Tesseract của máy này chưa có tiếng Việt ({INSTALL})"


def read_image(image: Image.Image, dpi: int, language: str = "vie") -> PageText:
    """The words of a picture (mode L or RGB), boxes in its pixels.

    Raises NoTesseractError without the program, RecognitionError where it failed or met a limit.
    """
    return parse_tsv(_run(image, dpi, "-l", language, "--psm", "3", "tsv"), *image.size)


def find_script(image: Image.Image, dpi: int) -> tuple[str, int]:
    """The script that Tesseract sees ("Latin", "Han" ...; "" where it cannot tell) and how far the page is turned.

    Degrees (0, 90, 180, 270) are those by which the picture must be turned clockwise to stand upright.
    """
    program = find_program()
    if program is None or "osd" not in languages(program):
        return "", 0
    try:
        told = _run(image, dpi, "-l", "osd", "--psm", "0")
    except RecognitionError:  # "too few characters": it cannot tell
        return "", 0
    fields = dict(line.split(": ", 1) for line in told.splitlines() if ": " in line)
    sure = float(fields.get("Orientation confidence", "0") or 0) > 1.0
    return fields.get("Script", ""), int(fields.get("Rotate", "0")) if sure else 0


def parse_tsv(tsv: str, width: int, height: int) -> PageText:
    """A page of `width` x `height` pixels from Tesseract's TSV; words of dirt are left out."""
    page, place = PageBuilder(), ("", "", "")
    for row in tsv.splitlines():
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5":
            continue
        here = (cells[2], cells[3], cells[4])
        if here[:2] != place[:2]:
            page.end_paragraph()
        elif here != place:
            page.end_line()
        place = here
        left, top, across, down = map(float, cells[6:10])
        confidence, word = float(cells[10]) / 100, "\t".join(cells[11:])
        if any(map(str.isalnum, word)) or confidence >= SPECKLE:
            page.word(word, (left, top, left + across, top + down), max(confidence, 0.0))
    return page.finish(width, height, "ocr")


def _run(image: Image.Image, dpi: int, *wanted: str) -> str:
    program = find_program()
    if program is None:
        raise NoTesseractError(f"Chưa nhận dạng được chữ: {missing()}.")
    told = [program, "stdin", "stdout", "--dpi", str(dpi), *wanted]
    command = ["/bin/sh", "-c", _LIMITED, "sh", str(MEMORY_KIB), str(SECONDS), *told]
    header = f"P{6 if image.mode == 'RGB' else 5} {image.width} {image.height} 255\n".encode()
    try:
        done = subprocess.run(
            command, input=header + image.tobytes(), capture_output=True, timeout=SECONDS, check=False,
            env=bare_environment(LC_ALL="C", OMP_THREAD_LIMIT="1"),
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise RecognitionError(f"Tesseract không xong trong {SECONDS} giây.") from error
    if done.returncode:
        why = f"bị dừng (tín hiệu {-done.returncode})" if done.returncode < 0 else f"báo lỗi {done.returncode}"
        raise RecognitionError(f"Tesseract {why}.")
    if len(done.stdout) > OUTPUT_LIMIT:
        raise RecognitionError("Tesseract trả về quá nhiều chữ.")
    return done.stdout.decode("utf-8", "replace")
