"""Whether a file may be kept as evidence: size and ending by ``config/desk/evidence.tsv``, content by a child."""

import subprocess
import sys
import unicodedata
from pathlib import Path

from archive.children import bare_environment
from archive.telling import Told, said
from desk.papers.allowed import NAMES, file_kinds
from desk.papers.contents import kind_of
from desk.steps import RequestError

SECONDS = 60
FIELD = "cac-giay-to"  # of the form
LONGEST_NAME = 150

#: What is said of a file that cannot be taken.
FAULTS = {
    "empty": said("rỗng (0 byte)"),
    "locked": said("có mật khẩu hoặc bị mã hóa; hãy bỏ mật khẩu rồi gửi lại"),
    "acts": said("chứa mã lệnh, biểu mẫu động hoặc nội dung phát được; hãy in ra PDF mới hoặc chụp ảnh rồi gửi lại"),
    "files": said("chứa tệp khác đính kèm bên trong; hãy gửi riêng từng tệp"),
    "loop": said("có cây trang lặp vòng, không đọc được; hãy in ra PDF mới rồi gửi lại"),
    "large": said("quá lớn để mở (số điểm ảnh hoặc số đối tượng)"),
    "broken": said("hỏng, không mở được; hãy quét hoặc chụp lại"),
}


class EvidenceError(RequestError):
    """A file that is not taken; the text names it and says why."""

    def __init__(self, name: str, why: str, **values: object) -> None:
        super().__init__(said("Tệp “%(name)s” %(why)s."), FIELD, name=name, why=Told(why, **values))


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
            raise EvidenceError(name, said("lớn quá %(n)s MB"), n=max(one.most for one in kinds.values()) >> 20)
        raise EvidenceError(name, said("không phải là %(kinds)s (xét theo nội dung, không theo đuôi tệp)"), kinds=taken)
    if size > kind.most:
        told = {"n": kind.most >> 20, "kind": NAMES[kind.name]}
        raise EvidenceError(name, said("lớn quá %(n)s MB, mức cho tệp %(kind)s"), **told)
    if name.rpartition(".")[2].lower() not in kind.endings:
        endings = ", ".join(f".{one}" for one in kind.endings)
        told = {"kind": NAMES[kind.name], "endings": endings}
        raise EvidenceError(name, said("có nội dung %(kind)s nhưng đuôi tệp không phải %(endings)s"), **told)
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
