"""Rows of the circular's tables of pictures and of recordings, made such as those of the table of documents.

TT 02/2019/TT-BNV gives them neither a code of the document nor one of the file: the archives' own number stands for the
first, one file a fonds and table holds what names none.  Codes of kinds and colours become words (TT 05/2025/TT-BNV).
"""

from dataclasses import dataclass

from archive.packages.cells import Cells
from archive.packages.csip.codes import in_code, in_words
from archive.packages.findings import Finding, Notes, Outcome, quote
from archive.packages.recording_rules import read_length
from archive.packages.rows import FileRow


@dataclass(frozen=True, slots=True)
class Sort:
    """A table of such rows: the list of its kinds, the kind that is meant where none is said, its derived file."""

    kinds: str
    plain: str
    code: str
    title: str


SORTS = {
    "phim-anh": Sort("typePic", "Ảnh", "PHIM-ANH", "Tài liệu phim, ảnh"),
    "ghi-am": Sort("typeMedia", "", "GHI-AM", "Tài liệu ghi âm, ghi hình"),
}
_LONGEST = 25  # characters of a document's code


def complete(table: str, cells: Cells, notes: Notes) -> None:
    """Codes, kind and words of a row of the tables in SORTS; what was made or cannot be understood is noted."""
    values, sort = cells.values, SORTS[table]
    organ = values.get("OrganId", "")
    if "DocCode" not in values and (number := values.get("ArchivesNumber")):
        code = notes.record = "".join(f"{organ}.{number}".split())
        action = f"lấy số lưu trữ làm mã: {quote(code)}"
        notes.add(None, "code.derived", "không có mã tài liệu", action, Outcome.ACCEPTED)
        if len(code) > _LONGEST:
            notes.add(None, "field.long", f"mã dài {len(code)} ký tự, quy định tối đa {_LONGEST}", "giữ nguyên cả mã")
        values["DocCode"] = code
    if "FileCode" not in values and organ:
        values["FileCode"] = derived_code(table, organ)
    check_words(cells, notes, sort.kinds)
    if "TypeName" not in values and sort.plain:
        values["TypeName"] = sort.plain
    if "Subject" not in values and (event := values.get("EventName")):
        values["Subject"] = event


def check_words(cells: Cells, notes: Notes, kinds: str) -> None:
    """Kind and colour as words of the circular's lists, the length as a time; what is neither is kept and noted."""
    values = cells.values
    notes.record = values.get("DocCode")
    for name, listed in (("TypeName", kinds), ("Colour", "colour")):
        if (text := values.get(name)) and listed:
            values[name] = in_words(listed, text)
            if not in_code(listed, values[name]):
                wrong = f"{quote(text)} không có trong danh mục của TT 05/2025/TT-BNV"
                notes.add(cells.headings.get(name, name), "word.unknown", wrong, "giữ nguyên chữ đã giao")
    if (text := values.get("PlayTime")) and read_length(text) is None:
        wrong = f"thời lượng {quote(text)} không theo dạng giờ:phút:giây"
        notes.add(cells.headings.get("PlayTime", "PlayTime"), "time.unreadable", wrong, "giữ nguyên chữ đã giao")


def derived_code(table: str, organ: str) -> str:
    """The code of the file of a fonds that holds what names none."""
    return f"{organ}.{SORTS[table].code}"


def derive_file(table: str, identifier: str, organ: str, catalog: str) -> FileRow:
    """That file, in the inventory that the first of its rows names.  It declares no access of its own, so each picture
    keeps the one that it was delivered with."""
    code, sort = derived_code(table, organ), SORTS[table]
    message = f"Bảng {table} có dòng không ghi hồ sơ: lập hồ sơ {quote(code)}"
    told = Finding("ho-so", None, None, "file.derived", message, "xếp các dòng ấy vào đó", Outcome.ACCEPTED, code)
    values = {"FileCode": code, "OrganId": organ, "FileNotation": sort.code, "Title": sort.title}
    values |= {name: text for name, text in (("Identifier", identifier), ("FileCatalog", catalog)) if text}
    return FileRow(0, values, {}, (told,), Outcome.ACCEPTED, "01", None)
