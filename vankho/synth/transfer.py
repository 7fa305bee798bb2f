"""Writes the demonstration archive as a transfer folder (TT 02/2019): the three lists and `data/`, row by row."""

import csv
import unicodedata
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TextIO

from vankho.synth.columns import DOCUMENTS, FILES, FONDS
from vankho.synth.content import write_content
from vankho.synth.lexicon import read_table
from vankho.synth.listing import describe_file, describe_fonds
from vankho.synth.place import MERGER
from vankho.synth.plan import FilePlan, FondsPlan, count_documents, plan_files, plan_fonds, share_pages
from vankho.synth.record import Record, code_file, make_record

MOST_DOCUMENTS = 9999  # DocOrdinal has four digits
TODAY = date(2026, 11, 23)

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class _Tally:
    images: int = 0
    texts: int = 0
    paper_only: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)

    def add(self, record: Record, images: int) -> None:
        self.images += images
        self.texts += bool(images) or record.has_text
        self.paper_only += not images and record.oddity == "paper"

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

    The same parameters give the same bytes. Rows are streamed: memory does not grow with `documents`. `text_only`
    leaves out every image. `progress` hears (step, done, all). Raises ValueError, in Vietnamese, for sizes that cannot
    be, and FileExistsError if `out` is there and not empty.
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
            name: open_list(sheets[name], columns)
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
                    amount = write_content(data, record, wanted, seed)
                    tally.add(record, wanted)
                    sheets_of_file += amount
                    totals["digital"] += amount if record.has_text else 0
                    _finish_row(record, plan, amount)
                    writers["van-ban"].writerow(record.row)
                    _note(record, plan, tally)
                    if progress and (number % 200 == 199 or number + 1 == documents):
                        progress("văn bản", number + 1, documents)
                row = describe_file(plan, sheets_of_file, seed)
                writers["ho-so"].writerow(row)
                totals["pages"] += sheets_of_file
                totals["low"] = min(totals["low"], plan.start.year)
                totals["high"] = max(totals["high"], int(row["EndDate"][-4:]))
                first += plan.documents
            writers["phong"].writerow(describe_fonds(share, totals))
            before += share.files
    return _summarize(shares, files, documents, tally)


def open_list(sheet: TextIO, columns: tuple[str, ...]) -> "csv.DictWriter[str]":
    """A list begun with its headings."""
    writer = csv.DictWriter(sheet, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    return writer


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
