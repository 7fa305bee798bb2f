"""What a line of a report is about, in words: its rule's kind, for people who filter; the rule itself is for files."""

import re
from collections.abc import Iterable

from flask_babel import gettext as _

_INSIDE = re.compile("“([^“”]* › [^“”]*)”")


def rule_kind(code: str) -> str:
    """The kind of a rule (`date.impossible`: `date`); a rule of its own where there is none."""
    return code.partition(".")[0]


def kind_name(kind: str) -> str:
    """A kind of rules as people say it."""
    names: dict[str, str] = {
        "access": _("mức tiếp cận"),
        "agency": _("cơ quan khác"),
        "attachment": _("tệp kèm thông điệp"),
        "captions": _("phụ đề"),
        "cell": _("ô của bảng"),
        "checksum": _("mã kiểm tra của tệp"),
        "code": _("mã hồ sơ, văn bản"),
        "column": _("ô thừa của dòng"),
        "date": _("ngày tháng"),
        "element": _("trường theo Thông tư 05/2025"),
        "encoding": _("bảng mã, phông chữ cũ"),
        "field": _("trường của dòng"),
        "file": _("tệp và hồ sơ"),
        "fonds": _("phông"),
        "heading": _("cột của sổ"),
        "image": _("ảnh"),
        "letters": _("chữ trong văn bản"),
        "mask": _("dữ liệu cá nhân được che"),
        "message": _("thông điệp"),
        "metadata": _("dữ liệu đặc tả của gói"),
        "mets": _("cấu trúc gói (METS)"),
        "number": _("số, ký hiệu"),
        "ocr": _("nhận dạng chữ"),
        "own": _("bảng kèm gói"),
        "package": _("gói"),
        "page": _("trang"),
        "pages": _("trang"),
        "part": _("tệp nằm trong tệp khác"),
        "path": _("tên và đường dẫn tệp"),
        "pdf": _("tệp PDF"),
        "premis": _("lịch sử bảo quản (PREMIS)"),
        "quarantine": _("cho ra khỏi cách ly"),
        "record": _("bản ghi đã rút"),
        "recording": _("ghi âm, ghi hình"),
        "representation": _("bản thể hiện trong gói"),
        "row": _("dòng của bảng"),
        "scan": _("bản quét cả hồ sơ"),
        "secrecy": _("dấu hiệu mật"),
        "sheet": _("trang tính"),
        "table": _("bảng của gói"),
        "text": _("chữ đọc được"),
        "time": _("thời lượng"),
        "word": _("tệp Word"),
        "zip": _("tệp ZIP"),
    }
    return names.get(kind, kind)


def kinds_of(rules: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """Numbers of lines by kind, most first, of those by rule."""
    found: dict[str, int] = {}
    for code, count in rules:
        found[rule_kind(code)] = found.get(rule_kind(code), 0) + count
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def say_inside(text: str) -> str:
    """“a.zip › b.doc” as a person says it: “b.doc” in “a.zip”."""
    return _INSIDE.sub(_outwards, text)


def _outwards(found: re.Match[str]) -> str:
    *outer, inner = found[1].split(" › ")
    return f"“{inner}” trong " + ", trong ".join(f"“{one}”" for one in reversed(outer))
