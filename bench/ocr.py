"""Recognition: errors, pages a second against the bare program, and the peak of memory: `python -m bench.ocr`.

Pages: 20 of the synthetic archive as clean sheets in a real typeface (the text is known to the letter), and two real
scans of the shared data whose text was typed by people.  The bare program reads the same files with the same settings;
the two take turns, page by page, on one core each.  `--scan N` tells the peak of memory
on a colour scan of N pages at 300 dots an inch.
"""

import io
import os
import resource
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

from analyzers.normal import canon
from archive.images import open_source
from indexer.recognition.reading import recognise
from vankho.synth.typeset import load_face

PAGES, SIZE = 20, (1654, 2339)
MOST_ERRORS, MOST_RATIO = 0.03, 1.15
_SENTENCES = (
    "Ủy ban nhân dân tỉnh giao cho Sở Địa chính chủ trì, phối hợp với Ủy ban nhân dân các huyện, thị xã thực hiện",
    "Căn cứ Luật Đất đai ngày 14 tháng 7 năm 1993 và Nghị định số 64/CP ngày 27 tháng 9 năm 1993 của Chính phủ",
    "Xét đề nghị của Giám đốc Sở Tài chính - Vật giá tại Tờ trình số 312/TT-TC ngày 05 tháng 3 năm 1998",
    "Diện tích đất giao là 1.250 m2 tại thửa số 45, tờ bản đồ số 12, xã Tịnh Khê, huyện Sơn Tịnh, tỉnh Quảng Ngãi",
    "Chủ đầu tư có trách nhiệm quản lý, sử dụng vốn đúng mục đích, thanh quyết toán theo quy định hiện hành",
    "Phòng Tổ chức lao động xã hội kiểm tra việc thực hiện chế độ trợ cấp đối với thương binh, gia đình liệt sĩ",
    "Nhân dân các xã ven biển khẩn trương gia cố đê điều, kè chắn sóng trước mùa mưa bão năm nay",
    "Quyết định này có hiệu lực kể từ ngày ký; các quy định trước đây trái với Quyết định này đều bãi bỏ",
)


def sheet(number: int) -> tuple[Image.Image, str]:
    """A clean page of about 2,000 letters at 200 dots an inch, and its text."""
    rng = Random(number)
    page, lines = Image.new("L", SIZE, 255), []
    pen, y = ImageDraw.Draw(page), 170
    while y < 2100:
        for line in textwrap.wrap(f"Điều {rng.randint(1, 30)}. {rng.choice(_SENTENCES)}.", 76):
            pen.text((150, y), line, 0, load_face(("roman", "roman", "italic")[number % 3], 30))
            lines.append(line)
            y += 52
        y += 26
    return page, " ".join(lines)


def errors(told: str, wanted: str) -> float:
    """Edits a character of what is wanted, after the canonical form and folding of white space."""
    one, two = (" ".join(canon(text).split()) for text in (told, wanted))
    before = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(two, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
        before = row
    return before[-1] / max(len(two), 1)


def bare(path: Path) -> float:
    """Seconds of the program alone on a file."""
    command = ["tesseract", str(path), "stdout", "-l", "vie", "--psm", "3", "--dpi", "200", "tsv"]
    begun = time.perf_counter()
    subprocess.run(command, capture_output=True, check=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"})
    return time.perf_counter() - begun


def ours(data: bytes) -> tuple[float, str]:
    """Seconds from the bytes of the file to text, boxes and language, and the text."""
    begun = time.perf_counter()
    with open_source(lambda: data, "image") as source:
        found = recognise(*source.grey(0))
    return time.perf_counter() - begun, found.text.text


def clean(folder: Path) -> tuple[float, float, float]:
    """Mean error rate, our pages a second, and our time against the bare program's."""
    wrong, mine, theirs = [], 0.0, 0.0
    for number in range(PAGES):
        page, wanted = sheet(number)
        path = folder / f"{number}.png"
        page.save(path, dpi=(200, 200))
        theirs += bare(path)
        took, told = ours(path.read_bytes())
        mine += took
        wrong.append(errors(told, wanted))
    return sum(wrong) / PAGES, PAGES / mine, mine / theirs


def real() -> list[tuple[str, float]]:
    """Error rates on the scans whose text was typed by people."""
    shared = Path(os.environ.get("VANKHO_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data/scans-ocr"
    found = []
    for path in sorted((shared / "ground-truth").glob("*-p[0-9].txt")):
        image = (shared / "images" / path.name).with_suffix(".jpg")
        found.append((path.stem, errors(ours(image.read_bytes())[1], path.read_text("utf-8"))))
    return found


def scan_peak(pages: int) -> tuple[float, float]:
    """MiB at the peak of this process and of its largest child, on a colour scan of that many pages at 300 dpi."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan.pdf"
        _write_scan(path, pages)
        data = path.read_bytes()
        with open_source(lambda: data, "pdf") as source:
            for index in range(pages):
                image, dpi = source.grey(index)
                if index % max(pages // 5, 1) == 0:  # every page is drawn, five are read: reading keeps nothing
                    recognise(image, dpi)
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own, child


def _write_scan(path: Path, pages: int) -> None:
    page, _ = sheet(1)
    tinted = Image.merge("RGB", (page, page.point([v * 24 // 25 for v in range(256)]), page))
    jpeg = io.BytesIO()
    large = tinted.resize((2480, 3508))
    large.save(jpeg, "PDF", resolution=300, save_all=True, append_images=[large] * (pages - 1), quality=80)
    path.write_bytes(jpeg.getvalue())


def main(arguments: Sequence[str]) -> int:
    """Prints the figures; 1 where one is beyond its bound."""
    if arguments[:1] == ["--scan"]:
        own, child = scan_peak(int(arguments[1]))
        print(f"peak of memory: {own:.0f} MiB here, {child:.0f} MiB in Tesseract")
        return int(own + child > 1536)
    with tempfile.TemporaryDirectory() as folder:
        wrong, speed, ratio = clean(Path(folder))
    print(f"clean pages: CER {wrong:.4f}, {speed:.2f} pages/s on one core, {ratio:.3f} of the bare program's time")
    for name, rate in real():
        print(f"{name}: CER {rate:.4f}")
    return int(wrong > MOST_ERRORS or ratio > MOST_RATIO)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
