"""Rows of fonds and files: title, history, dates, extent and terms of a planned file (TT 02/2019)."""

from random import Random
from typing import Any

from vankho.synth.lexicon import capitalize, expand, read_table
from vankho.synth.plan import FilePlan, FondsPlan
from vankho.synth.record import code_file, fill_slots


def describe_file(plan: FilePlan, pages: int, seed: int) -> dict[str, str]:
    """The row of one file in `ho-so.csv`; `pages` are those of its documents."""
    code, catalog, notation = code_file(plan)
    rng = Random(f"{seed}/title/{code}")
    slots = fill_slots(plan, rng, plan.start, Random(f"{seed}/people/{plan.fonds.number}/{plan.number}/0"))
    end = plan.start.fromordinal(plan.start.toordinal() + (plan.days if plan.documents > 1 else 0))
    years = str(plan.start.year) if end.year == plan.start.year else f"{plan.start.year}-{end.year}"
    matter: dict[str, Any] = plan.matter
    return {
        "FileCode": code,
        "Identifier": read_table("agencies")["archive"],
        "OrganId": plan.fonds.organ_id,
        "FileCatalog": catalog,
        "FileNotation": notation,
        "Title": f"Hồ sơ về việc {expand(matter['title'], slots, rng)}, năm {years}",
        "Maintenance": rng.choice(matter["retention"]),
        "Rights": "Hạn chế" if plan.conditional else "Không hạn chế",
        "Language": "Tiếng Việt",
        "StartDate": plan.start.strftime("%d/%m/%Y"),
        "EndDate": end.strftime("%d/%m/%Y"),
        "TotalDoc": str(plan.documents),
        "Description": f"Nhóm hồ sơ: {matter['group']}.",
        "InforSign": matter["sign"],
        "Keyword": capitalize(matter["keyword"]),
        "SheetNumber": str(pages - pages // 4),
        "PageNumber": str(pages),
        "Format": rng.choice(("Tốt", "Bình thường"))
        if plan.start.year >= 1990
        else rng.choice(("Bình thường", "Hỏng")),
        "AccessLevel": "02" if plan.conditional else "01",
        "Place": slots["noi"],
    }


def describe_fonds(fonds: FondsPlan, totals: dict[str, int]) -> dict[str, str]:
    """The row of one fonds in `phong.csv`; `totals` are pages, pages digitised, first and last year."""
    groups = dict.fromkeys(str(m["group"]) for m in read_table("matters")["matter"])
    return {
        "Identifier": read_table("agencies")["archive"],
        "OrganId": fonds.organ_id,
        "FondName": fonds.name,
        "FondHistory": _tell_history(fonds),
        "ArchivesTime": f"{totals['low']}-{totals['high']}" if totals["high"] else "",
        "PaperTotal": str(totals["pages"]),
        "PaperDigital": str(totals["digital"]),
        "KeyGroups": "; ".join(groups)[:300],
        "OtherTypes": "Bản đồ, ảnh" if fonds.level != "commune" else "",
        "Language": "Tiếng Việt",
        "LookupTools": "Mục lục hồ sơ, cơ sở dữ liệu",
        "CopyNumber": "0",
        "Description": "Phông minh họa: mọi tên người và nội dung đều là hư cấu.",
    }


def _tell_history(fonds: FondsPlan) -> str:
    if fonds.level == "province":
        return (
            "Tài liệu của chính quyền tỉnh qua các thời kỳ: Ủy ban nhân dân cách mạng (1945-1946), Ủy ban kháng chiến "
            "hành chính (1947-1954), Ủy ban nhân dân cách mạng (1969-1976), Ủy ban nhân dân tỉnh Nghĩa Bình (1976-1989)"
            " và Ủy ban nhân dân tỉnh Quảng Ngãi (từ 01/7/1989; từ 01/7/2025 gồm cả tỉnh Kon Tum cũ)."
        )
    if fonds.level == "department":
        names = next(d for d in read_table("agencies")["department"] if d["duty"] == fonds.duty)["names"]
        told = "; ".join(f"{n['name']} (từ {n['from'].strftime('%m/%Y')})" for n in names)
        return f"Cơ quan chuyên môn thuộc Ủy ban nhân dân tỉnh, lần lượt mang tên: {told}."
    return (
        f"{fonds.name} kết thúc hoạt động ngày 30/6/2025 khi sắp xếp đơn vị hành chính; "
        "tài liệu giao nộp về lưu trữ lịch sử."
    )
