"""The field tables of TT 02/2019/TT-BNV and how people write their headings.

Sources: the circular's tables for fonds (13 fields), file (18), document (22), pictures (15) and recordings (16)
with their labels, types and lengths;
`Priority` from NĐ 30/2020/NĐ-CP, Annex VI part II; `AccessLevel`, `OpenDate`, `Signer` and `Place` are our own.
What TT 05/2025/TT-BNV adds to both is marked.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

FieldType = Literal["code", "string", "number", "date"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: the circular's name, its labels (the first is the circular's), type and length in characters."""

    name: str
    labels: tuple[str, ...]
    type: FieldType = "string"
    length: int | None = None


_IDENTIFIER = Field(
    "Identifier",
    ("Mã cơ quan lưu trữ", "Mã cơ quan lưu trữ (lịch sử)", "Mã cơ quan lưu trữ lịch sử", "Mã lưu trữ lịch sử"),
    "code",
    13,
)
_ORGAN = Field(
    "OrganId",
    (
        "Mã phông/công trình/sưu tập lưu trữ",
        "Mã phông/công trình/sưu tập",
        "Mã phông lưu trữ",
        "Mã phông",
        "Phông số",
    ),
    "code",
    13,
)
_CATALOG = Field(
    "FileCatalog",
    ("Mục lục số hoặc năm hình thành hồ sơ", "Mục lục số", "Năm hình thành hồ sơ"),
    "number",
    4,
)
_NOTATION = Field("FileNotation", ("Số và ký hiệu hồ sơ", "Số, ký hiệu hồ sơ", "Hồ sơ số"), "string", 20)
_LANGUAGE = Field("Language", ("Ngôn ngữ",), "string", 100)
_SIGN = Field("InforSign", ("Ký hiệu thông tin",), "string", 30)
_KEYWORD = Field("Keyword", ("Từ khóa",), "string", 100)
_FORMAT = Field("Format", ("Tình trạng vật lý",), "string", 50)
_OWN = (
    Field("AccessLevel", ("Mức độ tiếp cận", "Mức truy cập", "Cấp độ tiếp cận"), "string", 30),
    Field("OpenDate", ("Ngày mở", "Ngày được tiếp cận", "Ngày công khai", "Ngày hết hạn chế"), "date", 10),
    Field("Place", ("Địa danh", "Địa điểm", "Nơi"), "string", 300),
    Field("Priority", ("Mức độ khẩn, mật", "Mức độ mật", "Độ mật", "Độ khẩn"), "string", 30),
)

# Of TT 05/2025/TT-BNV (annexes I to IV), which TT 02/2019 has no field for.
_BACKUP = (
    Field("RiskRecovery", ("Dự phòng",), "string", 30),
    Field("RiskRecoveryStatus", ("Tình trạng dự phòng",), "string", 100),
)

FONDS = (
    _IDENTIFIER,
    _ORGAN,
    Field("FondName", ("Tên phông/công trình/sưu tập lưu trữ", "Tên phông lưu trữ", "Tên phông"), "string", 200),
    Field("FondHistory", ("Lịch sử đơn vị hình thành phông",)),
    Field("ArchivesTime", ("Thời gian tài liệu",), "string", 30),
    Field("PaperTotal", ("Tổng số tài liệu giấy",), "number", 10),
    Field("PaperDigital", ("Số lượng tài liệu giấy đã số hóa",), "number", 10),
    Field("KeyGroups", ("Các nhóm tài liệu chủ yếu",), "string", 300),
    Field("OtherTypes", ("Các loại hình tài liệu khác",), "string", 300),
    _LANGUAGE,
    Field("LookupTools", ("Công cụ tra cứu",), "string", 50),
    Field("CopyNumber", ("Số lượng trang tài liệu đã lập bản sao bảo hiểm",), "number", 10),
    Field("Description", ("Ghi chú",), "string", 1000),
)

FILES = (
    Field("FileCode", ("Mã hồ sơ",), "code", 30),
    _IDENTIFIER,
    _ORGAN,
    _CATALOG,
    _NOTATION,
    Field("Title", ("Tiêu đề hồ sơ", "Tiêu đề", "Tên hồ sơ"), "string", 1000),
    Field("Maintenance", ("Thời hạn bảo quản", "Thời hạn lưu trữ"), "string", 100),
    Field("Rights", ("Chế độ sử dụng",), "string", 30),
    _LANGUAGE,
    Field("StartDate", ("Thời gian bắt đầu", "Ngày bắt đầu"), "date", 10),
    Field("EndDate", ("Thời gian kết thúc", "Ngày kết thúc"), "date", 10),
    Field("TotalDoc", ("Tổng số văn bản trong hồ sơ", "Tổng số tài liệu trong hồ sơ", "Tổng số văn bản"), "number", 10),
    Field("Description", ("Chú giải", "Ghi chú"), "string", 2000),
    _SIGN,
    _KEYWORD,
    Field("SheetNumber", ("Số lượng tờ", "Số tờ"), "number", 10),
    Field("PageNumber", ("Số lượng trang", "Số trang"), "number", 10),
    _FORMAT,
    *_OWN,
    Field("ConfidenceLevel", ("Mức độ tin cậy",), "string", 40),
    Field("PaperFileCode", ("Mã hồ sơ gốc giấy",), "string", 100),
    *_BACKUP,
)

_NUMBER = Field("ArchivesNumber", ("Số lưu trữ",), "string", 50)
_EVENT = Field("EventName", ("Tên sự kiện", "Sự kiện"), "string", 500)
_ATTACHED = Field("DocAttached", ("Tài liệu đi kèm",), "string", 300)
_COLOUR = Field("Colour", ("Màu sắc",), "string", 50)
_FILM_SIZE = Field("FilmSize", ("Cỡ phim/ảnh", "Cỡ phim", "Cỡ ảnh"), "string", 30)
_PLAY_TIME = Field("PlayTime", ("Thời lượng",), "string", 8)
_QUALITY = Field("Quality", ("Chất lượng",), "string", 50)
_MODE = Field("Mode", ("Chế độ sử dụng",), "string", 20)
# Where all kinds of documents stand in one table, the makers of pictures and recordings need names of their own.
_OF_ITEMS = (
    _NUMBER,
    _EVENT,
    Field("Photographer", ("Tác giả ảnh", "Người chụp"), "string", 300),
    Field("Recorder", ("Tác giả bản ghi", "Người ghi"), "string", 300),
    _COLOUR,
    _FILM_SIZE,
    _PLAY_TIME,
    _QUALITY,
    _ATTACHED,
)

DOCUMENTS = (
    Field("DocCode", ("Mã định danh văn bản", "Mã định danh tài liệu", "Mã văn bản"), "code", 25),
    Field("FileCode", ("Mã hồ sơ",), "code", 30),
    _IDENTIFIER,
    _ORGAN,
    _CATALOG,
    _NOTATION,
    Field("DocOrdinal", ("Số thứ tự văn bản trong hồ sơ", "Số thứ tự văn bản"), "number", 4),
    Field("TypeName", ("Tên loại văn bản", "Tên loại", "Loại văn bản", "Tên loại tài liệu"), "string", 100),
    Field("CodeNumber", ("Số của văn bản", "Số văn bản", "Số của tài liệu"), "string", 11),
    Field("CodeNotation", ("Ký hiệu của văn bản", "Ký hiệu văn bản", "Ký hiệu của tài liệu"), "string", 30),
    Field("IssuedDate", ("Ngày, tháng, năm văn bản", "Ngày văn bản", "Ngày ban hành"), "date", 10),
    Field(
        "OrganName",
        ("Tên cơ quan, tổ chức ban hành", "Tên cơ quan, tổ chức ban hành văn bản", "Cơ quan ban hành"),
        "string",
        200,
    ),
    Field("Subject", ("Trích yếu nội dung", "Trích yếu", "Trích yếu nội dung văn bản"), "string", 500),
    _LANGUAGE,
    Field("PageAmount", ("Số lượng trang của văn bản", "Số lượng trang", "Số trang"), "number", 4),
    Field("Description", ("Ghi chú",), "string", 500),
    _SIGN,
    _KEYWORD,
    _MODE,
    Field("ConfidenceLevel", ("Mức độ tin cậy",), "string", 30),
    Field("Autograph", ("Bút tích",), "string", 2000),
    _FORMAT,
    *_OWN,
    Field("Signer", ("Người ký", "Họ tên người ký"), "string", 150),
    *_OF_ITEMS,
    Field("Process", ("Có quy trình xử lý",), "string", 30),
    *_BACKUP,
)

# The circular's tables of pictures and of recordings have no code of the document and none of the file: both may be
# given beside its fields. What they name otherwise than the table of documents is kept under that table's names.
_PLACED = (
    Field("DocCode", ("Mã định danh tài liệu", "Mã tài liệu", "Mã định danh văn bản"), "code", 25),
    Field("FileCode", ("Mã hồ sơ",), "code", 30),
    _IDENTIFIER,
    _ORGAN,
    _CATALOG,
    _NOTATION,
    Field("DocOrdinal", ("Số thứ tự", "STT"), "number", 4),
    _NUMBER,
    _SIGN,
    _EVENT,
)
_ENDING = (
    _ATTACHED,
    _MODE,
    _FORMAT,
    Field("Description", ("Ghi chú",), "string", 500),
    _KEYWORD,
    *(field for field in _OWN if field.name != "Place"),
)
PICTURES = (
    *_PLACED,
    Field("TypeName", ("Phân loại", "Loại phim/ảnh", "typePic"), "string", 100),
    Field("Subject", ("Tiêu đề phim/ảnh", "Tiêu đề ảnh", "Tiêu đề", "ImageTitle"), "string", 500),
    Field("Photographer", ("Tác giả", "Người chụp"), "string", 300),
    Field("Place", ("Địa điểm chụp", "Địa điểm", "PhotoPlace"), "string", 300),
    Field("IssuedDate", ("Thời gian chụp", "Ngày chụp", "PhotoTime"), "date", 10),
    _COLOUR,
    _FILM_SIZE,
    *_ENDING,
)
RECORDINGS = (
    *_PLACED,
    Field("TypeName", ("Phân loại", "Loại ghi âm, ghi hình", "typeMedia"), "string", 100),
    Field("Subject", ("Tiêu đề phim/âm thanh", "Tiêu đề", "MovieTitle"), "string", 500),
    Field("Recorder", ("Tác giả", "Người ghi"), "string", 300),
    Field("Place", ("Địa điểm", "Địa điểm ghi", "RecordPlace"), "string", 300),
    Field("IssuedDate", ("Thời gian", "Ngày ghi", "RecordDate"), "date", 10),
    _LANGUAGE,
    _PLAY_TIME,
    _QUALITY,
    *_ENDING,
)

TABLES: dict[str, tuple[Field, ...]] = {
    "phong": FONDS, "ho-so": FILES, "van-ban": DOCUMENTS, "phim-anh": PICTURES, "ghi-am": RECORDINGS,
}  # fmt: skip
#: The tables whose rows are documents.
ITEMS = ("van-ban", "phim-anh", "ghi-am")
REQUIRED: dict[str, tuple[str, ...]] = {
    "phong": ("OrganId",), "ho-so": ("FileCode",), "van-ban": ("DocCode", "FileCode"), "phim-anh": (), "ghi-am": (),
}  # fmt: skip
CODE = {"phong": "OrganId", "ho-so": "FileCode", **dict.fromkeys(ITEMS, "DocCode")}
FIELD = {table: {f.name: f for f in fields} for table, fields in TABLES.items()}

_PARENTHESES = re.compile(r"\([^)]*\)")


def fold(text: str) -> str:
    """Letters and digits only, lower case, without marks: 'Mã hồ sơ (*)' -> 'mahoso'."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(ch for ch in apart if ch.isalnum())


def _headings(fields: tuple[Field, ...]) -> dict[str, str]:
    known: dict[str, str] = {}
    for field in fields:
        for name in (field.name, *field.labels):
            known.setdefault(fold(name), field.name)
    return known


_KNOWN = {table: _headings(fields) for table, fields in TABLES.items()}


def match_heading(table: str, heading: str) -> str | None:
    """The circular's field name that a heading means, None when unknown; remarks in parentheses may follow."""
    known = _KNOWN[table]
    return known.get(fold(heading)) or known.get(fold(_PARENTHESES.sub(" ", heading)))
