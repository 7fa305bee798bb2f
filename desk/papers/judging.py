"""Whether a file may be kept as evidence: size and ending by ``config/desk/evidence.tsv``, content by a child."""

import subprocess
import sys
import unicodedata
from pathlib import Path

from archive.children import bare_environment
from desk.papers.allowed import NAMES, file_kinds
from desk.papers.contents import kind_of
from desk.steps import RequestError

SECONDS = 60
FIELD = "giay-to"
LONGEST_NAME = 150

#: What is said of a file that cannot be taken.
FAULTS = {
    "empty": "rỗng (0 byte)",
    "locked": "có mật khẩu hoặc bị mã hóa; hãy bỏ mật khẩu rồi gửi lại",
    "acts": "chứa mã lệnh, biểu mẫu động hoặc nội dung phát được; hãy in ra PDF mới hoặc chụp ảnh rồi gửi lại",
    "files": "chứa tệp khác đính kèm bên trong; hãy gửi riêng từng tệp",
    "loop": "có cây trang lặp vòng, không đọc được; hãy in ra PDF mới rồi gửi lại",
    "large": "quá lớn để mở (số điểm ảnh hoặc số đối tượng)",
    "broken": "hỏng, không mở được; hãy quét hoặc chụp lại",
}


class EvidenceError(RequestError):
    """A file that is not taken; the text names it and says why."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Tệp “{name}” {why}.", FIELD)


def clean_name(name: str) -> str:
    """The name of a file without folders and control characters, its ending kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    last = " ".join("".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in last).split()).strip(" .")
    stem, dot, ending = last.rpartition(".")
    return (f"{stem[: LONGEST_NAME - 12]}{dot}{ending[:10]}" if dot else last[:LONGEST_NAME]) or "khong-ten"


def judge(path: Path, name: str, day: int) -> str:
    """The kind of a file (``pdf``, ``jpeg``, ``png``).  Raises EvidenceError with what is wrong."""
    kinds = file_kinds(day)
    with path.open("rb") as file:
        head = file.read(1024)
    size = path.stat().st_size
    if not size:
        raise EvidenceError(name, FAULTS["empty"])
    taken = ", ".join(NAMES[one] for one in kinds)
    kind = kinds.get(kind_of(head))
    if kind is None:
        if size > max(one.most for one in kinds.values()):
            raise EvidenceError(name, f"lớn quá {max(one.most for one in kinds.values()) >> 20} MB")
        raise EvidenceError(name, f"không phải là {taken} (xét theo nội dung, không theo đuôi tệp)")
    if size > kind.most:
        raise EvidenceError(name, f"lớn quá {kind.most >> 20} MB, mức cho tệp {NAMES[kind.name]}")
    if name.rpartition(".")[2].lower() not in kind.endings:
        told = " hoặc ".join(f".{one}" for one in kind.endings)
        raise EvidenceError(name, f"có nội dung {NAMES[kind.name]} nhưng đuôi tệp không phải {told}")
    if fault := _fault(path):
        raise EvidenceError(name, FAULTS[fault])
    return kind.name


def _fault(path: Path) -> str:
    """What the child says; one that fails or thinks too long says that the file is broken."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "desk.papers", str(path)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env=bare_environment(), timeout=SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "broken"
    said = done.stdout.strip().partition("fault:")
    return (said[2] if said[2] in FAULTS or not said[2] else "broken") if said[1] and not done.returncode else "broken"
