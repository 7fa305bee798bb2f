"""Writes the demonstration archive as a transfer folder (TT 02/2019): the three lists and `data/`, row by row."""

import csv
import unicodedata
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, TextIO

from vankho.synth.lexicon import capitalize, expand, read_table
from vankho.synth.place import MERGER
from vankho.synth.plain import write_plain
from vankho.synth.plan import FilePlan, FondsPlan, count_documents, plan_files, plan_fonds, share_pages
from vankho.synth.recognition import rate_of
from vankho.synth.record import Record, code_file, fill_slots, make_record

FONDS = tuple(
    "Identifier OrganId FondName FondHistory ArchivesTime PaperTotal PaperDigital KeyGroups OtherTypes Language LookupTools"
    " CopyNumber Description".split()
)
FILES = tuple(
    "FileCode Identifier OrganId FileCatalog FileNotation Title Maintenance Rights Language StartDate EndDate TotalDoc"
    " Description InforSign Keyword SheetNumber PageNumber Format AccessLevel OpenDate Place".split()
)
DOCUMENTS = tuple(
    "DocCode FileCode Identifier OrganId FileCatalog FileNotation DocOrdinal TypeName CodeNumber CodeNotation IssuedDate"
    " OrganName Subject Language PageAmount Description InforSign Keyword Mode ConfidenceLevel Autograph Format AccessLevel"
    " OpenDate Signer Place".split()
)
MOST_DOCUMENTS = 9999  # DocOrdinal has four digits
TODAY = date(2026, 11, 23)

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class _Tally:
    images: int = 0
    texts: int = 0
    alto: int = 0
    paper_only: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)

    def count(self, key: str) -> None:
        self.counts[key] = self.counts.get(key, 0) + 1


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written, and a few things to try with it (empty where the archive is too small to have one)."""

    fonds: int
    files: int
    documents: int
    images: int
    texts: int
    paper_only: int
    conditional: int
    secret: int
    stamped: int
    opening_next_month: int
    number_to_try: str
    number_issuer: str
    query_to_try: str
    code_to_try: str
    merged_place: str
    merged_into: str
    conditional_code: str
    stamped_code: str
    opening_code: str


def write_transfer(
    out: Path,
    *,
    fonds: int = 3,
    files: int = 60,
    documents: int = 400,
    pages: int = 100,
    seed: int = 1,
    text_only: bool = False,
    today: date = TODAY,
    progress: Progress | None = None,
) -> Summary:
    """Write a transfer folder with exactly so many fonds, files, documents and page images into `out`.

    The same parameters give the same bytes. Rows are streamed: memory does not grow with `documents`. `text_only` leaves
    out every image. `progress` hears (step, done, all). Raises ValueError, in Vietnamese, for sizes that cannot be, and
    FileExistsError if `out` is there and not empty.
    """
    if files < 1 or documents < 0 or pages < 0:
        raise ValueError("Số hồ sơ phải từ 1, số văn bản và số trang ảnh phải từ 0 trở lên.")
    if documents > files * MOST_DOCUMENTS // 2:
        raise ValueError(f"{files} hồ sơ chứa tối đa {files * MOST_DOCUMENTS // 2} văn bản; hãy tăng số hồ sơ.")
    shares = plan_fonds(fonds, files)
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"Thư mục {out} đã có và không trống.")
    data = out / "data"
    data.mkdir(parents=True, exist_ok=True)
    tally, first, before = _Tally(), 0, 0
    head = min(documents, count_documents(0, files, documents, seed)) if files > 1 else 0
    holders = share_pages(0 if text_only else pages, documents, head)
    due = next(holders, None)
    with ExitStack() as stack:
        sheets = {
            name: stack.enter_context((out / f"{name}.csv").open("w", newline="", encoding="utf-8-sig"))
            for name in ("phong", "ho-so", "van-ban")
        }
        writers = {
            name: _open_list(sheets[name], columns)
            for name, columns in (("phong", FONDS), ("ho-so", FILES), ("van-ban", DOCUMENTS))
        }
        for share in shares:
            totals = {"pages": 0, "digital": 0, "low": 9999, "high": 0}
            for plan in plan_files(share, before, files, documents, first, seed, today):
                sheets_of_file = 0
                for ordinal in range(1, plan.documents + 1):
                    number = plan.first + ordinal - 1
                    record = make_record(plan, ordinal, head=head, documents=documents, seed=seed, today=today)
                    wanted = 0
                    if due and due[0] == number:
                        wanted, due = due[1], next(holders, None)
                    amount = _write_content(data, record, wanted, seed, tally)
                    sheets_of_file += amount
                    totals["digital"] += amount if record.has_text else 0
                    _finish_row(record, plan, amount)
                    writers["van-ban"].writerow(record.row)
                    _note(record, plan, tally)
                    if progress and (number % 200 == 199 or number + 1 == documents):
                        progress("văn bản", number + 1, documents)
                row = _describe_file(plan, sheets_of_file, seed)
                writers["ho-so"].writerow(row)
                totals["pages"] += sheets_of_file
                totals["low"] = min(totals["low"], plan.start.year)
                totals["high"] = max(totals["high"], int(row["EndDate"][-4:]))
                first += plan.documents
            writers["phong"].writerow(_describe_fonds(share, totals))
            before += share.files
    return _summarize(shares, files, documents, tally)


def _open_list(sheet: TextIO, columns: tuple[str, ...]) -> "csv.DictWriter[str]":
    writer = csv.DictWriter(sheet, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    return writer


def _write_content(data: Path, record: Record, wanted: int, seed: int, tally: _Tally) -> int:
    """Write what the folder holds of one document; gives its number of pages."""
    code = record.row["DocCode"]
    rng = Random(f"{seed}/sheet/{code}")
    text, amount = write_plain(record.draft, rate_of(record.date.year, record.digital, rng), rng)
    if record.has_text:
        (data / f"{code}.txt").write_text(text, encoding="utf-8", newline="")
        tally.texts += 1
    else:
        tally.paper_only += record.oddity == "paper"
    return amount


def _finish_row(record: Record, plan: FilePlan, amount: int) -> None:
    code, catalog, notation = code_file(plan)
    record.row.update(
        FileCode=code,
        Identifier=read_table("agencies")["archive"],
        OrganId=plan.fonds.organ_id,
        FileCatalog=catalog,
        FileNotation=notation,
        PageAmount=str(amount),
    )
    if record.oddity == "paper":
        record.row.update(ConfidenceLevel="", Description="Chưa số hóa; đọc bản giấy tại phòng đọc.")


def _describe_file(plan: FilePlan, pages: int, seed: int) -> dict[str, str]:
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


def _describe_fonds(fonds: FondsPlan, totals: dict[str, int]) -> dict[str, str]:
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
            "Tài liệu của chính quyền tỉnh qua các thời kỳ: Ủy ban nhân dân cách mạng (1945-1946), Ủy ban kháng chiến hành "
            "chính (1947-1954), Ủy ban nhân dân cách mạng (1969-1976), Ủy ban nhân dân tỉnh Nghĩa Bình (1976-1989) và Ủy ban "
            "nhân dân tỉnh Quảng Ngãi (từ 01/7/1989; từ 01/7/2025 gồm cả tỉnh Kon Tum cũ)."
        )
    if fonds.level == "department":
        names = next(d for d in read_table("agencies")["department"] if d["duty"] == fonds.duty)["names"]
        told = "; ".join(f"{n['name']} (từ {n['from'].strftime('%m/%Y')})" for n in names)
        return f"Cơ quan chuyên môn thuộc Ủy ban nhân dân tỉnh, lần lượt mang tên: {told}."
    return f"{fonds.name} kết thúc hoạt động ngày 30/6/2025 khi sắp xếp đơn vị hành chính; tài liệu giao nộp về lưu trữ lịch sử."


def _note(record: Record, plan: FilePlan, tally: _Tally) -> None:
    """Count a document, and remember the first that is worth trying."""
    tally.count(record.access)
    row = record.row
    facts = tally.facts
    if record.access == "01" and record.has_text and record.oddity == "" and row["Subject"]:
        if row["CodeNumber"] and row["TypeName"] == "Quyết định" and "number" not in facts:
            words = (
                f"{row['TypeName']} {plan.matter['keyword']} {plan.commune.name.split(' ', 1)[1]} {record.date.year}"
            )
            facts.update(
                number=f"{row['CodeNumber']}/{row['CodeNotation']}",
                issuer=row["OrganName"],
                code=row["DocCode"],
                query=strip_marks(words.split(";")[0] if ";" in words else words).lower(),
            )
        if plan.commune.successor != plan.commune.name and record.date < MERGER:
            facts.setdefault("old", plan.commune.full(record.date))
            facts.setdefault("new", plan.commune.full(MERGER))
    if record.access == "stamped":
        facts.setdefault("stamped", row["DocCode"])
    if record.access == "02":
        facts.setdefault("conditional", row["DocCode"])
        if record.oddity == "opens_soon" and row["OpenDate"]:
            tally.count("opens_soon")
            facts.setdefault("opening", row["DocCode"])


def strip_marks(text: str) -> str:
    """Text as someone types it without Vietnamese marks: `giao dat tinh khe`."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _summarize(shares: list[FondsPlan], files: int, documents: int, tally: _Tally) -> Summary:
    counts, facts = tally.counts, tally.facts
    return Summary(
        fonds=len(shares),
        files=files,
        documents=documents,
        images=tally.images,
        texts=tally.texts,
        paper_only=tally.paper_only,
        conditional=counts.get("02", 0),
        secret=counts.get("03", 0),
        stamped=counts.get("stamped", 0),
        opening_next_month=counts.get("opens_soon", 0),
        number_to_try=facts.get("number", ""),
        number_issuer=facts.get("issuer", ""),
        query_to_try=facts.get("query", ""),
        code_to_try=facts.get("code", ""),
        merged_place=facts.get("old", ""),
        merged_into=facts.get("new", ""),
        conditional_code=facts.get("conditional", ""),
        stamped_code=facts.get("stamped", ""),
        opening_code=facts.get("opening", ""),
    )
