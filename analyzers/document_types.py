"""Abbreviations of document types and issuers, as the numbers of documents carry them.

Types: Nghị định 30/2020/NĐ-CP, Điều 7 and Annex III (29 administrative types; *công văn* and *thư công* have none,
"CV" is the Party's and everyday use). Normative types: the number patterns of the Law on promulgation of legal
documents (`30/2020/NĐ-CP`, `02/2019/TT-BNV`). What people see is configured elsewhere; this only reads numbers.
"""

from collections.abc import Mapping

from analyzers.fold import fold

ADMINISTRATIVE: Mapping[str, str] = {
    "NQ": "Nghị quyết", "QĐ": "Quyết định", "CT": "Chỉ thị", "QC": "Quy chế", "QyĐ": "Quy định", "TC": "Thông cáo",
    "TB": "Thông báo", "HD": "Hướng dẫn", "CTr": "Chương trình", "KH": "Kế hoạch", "PA": "Phương án", "ĐA": "Đề án",
    "DA": "Dự án", "BC": "Báo cáo", "BB": "Biên bản", "TTr": "Tờ trình", "HĐ": "Hợp đồng", "CV": "Công văn",
    "CĐ": "Công điện", "BGN": "Bản ghi nhớ", "BTT": "Bản thỏa thuận", "GUQ": "Giấy ủy quyền", "GM": "Giấy mời",
    "GGT": "Giấy giới thiệu", "GNP": "Giấy nghỉ phép", "PG": "Phiếu gửi", "PC": "Phiếu chuyển", "PB": "Phiếu báo",
}  # fmt: skip

NORMATIVE: Mapping[str, str] = {
    "NĐ": "Nghị định", "TT": "Thông tư", "TTLT": "Thông tư liên tịch", "NQLT": "Nghị quyết liên tịch",
    "PL": "Pháp lệnh", "VBHN": "Văn bản hợp nhất",
}  # fmt: skip

ABBREVIATIONS: Mapping[str, str] = {**ADMINISTRATIVE, **NORMATIVE}
"""Abbreviation -> Vietnamese name."""

LAWS: tuple[str, ...] = ("Luật", "Bộ luật", "Hiến pháp", "Lệnh", "Sắc lệnh")
"""Types that are named beside a number and never inside it."""

ISSUERS: tuple[str, ...] = (
    "UBND", "UB", "HĐND", "UBKCHC", "UBHC", "HĐBT", "HĐCP", "CP", "TTg", "VPCP", "QH", "UBTVQH", "CTN", "TW",
    "VPTW", "TU", "HU",
    "BNV", "BTC", "BTP", "BCA", "BQP", "BTNMT", "BNNMT", "BNNPTNT", "BKHĐT", "BKHCN", "BGDĐT", "BXD", "BGTVT", "BCT",
    "BYT", "BVHTTDL", "BLĐTBXH", "BTTTT", "NHNN", "KTNN", "TTCP", "UBDT", "TANDTC", "VKSNDTC", "VTLTNN", "SNV", "STC",
    "STP", "SXD", "SYT", "SCT", "STNMT", "SNNMT", "SNN", "SKHĐT", "SKHCN", "SGDĐT", "SGTVT", "SVHTTDL", "SLĐTBXH",
    "STTTT",
)  # fmt: skip
"""Issuers people type without marks and in lower case; a number may carry any other in capitals."""

# One spelling without marks may be two types (HD, HĐ): the first in the table then, unless the marks decide.
BY_FOLDED: Mapping[str, str] = {fold(short): short for short in reversed(list(ABBREVIATIONS))}
ISSUER_BY_FOLDED: Mapping[str, str] = {fold(short): short for short in ISSUERS}
BY_NAME: Mapping[str, str] = {
    **{fold(name): short for short, name in ABBREVIATIONS.items()},
    **{fold(name): name for name in LAWS},
}


def type_of(written: str) -> str | None:
    """The abbreviation that `written` means ("qd", "QD", "QĐ" -> "QĐ"), None if it is no type."""
    if written in ABBREVIATIONS:
        return written
    return BY_FOLDED.get(fold(written))
