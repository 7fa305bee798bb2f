"""Taking a package: in parts, each part durable in storage before its transaction commits.

Killed at any moment and started again, the same command goes on: what is in the catalogue is unchanged, what is not is
taken.  Rows are held, not packages.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.accession.members import record_objects
from archive.accession.register import Entry, Register
from archive.accession.releases import settle_release, settle_waiting
from archive.accession.scans import ClosedScan
from archive.accession.seclusion import seclude
from archive.catalogue.authorities import Agency
from archive.catalogue.records import Record
from archive.claims import Span, begin_span, end_span
from archive.database import reading, writing
from archive.locks import ensure_held, held
from archive.packages.delivery import Delivery
from archive.packages.fields import ITEMS
from archive.packages.findings import GRAVITY, Finding, Outcome, worst
from archive.packages.opening import Context, open_package
from archive.packages.rows import Row
from archive.settings import settings
from archive.storage.folder import FolderStorage, sweep_incoming
from indexer.extraction.apart import ReadingApart
from indexer.extraction.office import office_reader
from indexer.intake.masks import MaskedValues
from indexer.intake.preparation import REFUSED, Prepared, keep_files, make_pages, prepare
from indexer.intake.releasing import Released
from indexer.intake.report import (
    Tally,
    begin_package,
    clear_report,
    finish_package,
    newest_line,
    quarantine,
    write_overall,
    write_report,
)
from indexer.intake.resuming import Earlier
from indexer.intake.signed import judge_signatures
from indexer.intake.unread import tell_waiting

LOCK = "intake"
_QUOTED = re.compile("“[^”]*”")
PART_ROWS = 400
PART_BYTES = 64 << 20
SECRET = {"access.secret", "access.unknown", "secrecy.stamp"}

Progress = Callable[[str, int, int], None]  # what is being taken, done, of how many (0: not known)
Noted = Callable[[Session, int, Span, dict[str, int], int], None]  # the package; span, counts, line as in Taken


class IntakeBusyError(RuntimeError):
    """Another process is taking a package into this archive; the text is Vietnamese."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a package."""

    package: str
    counts: dict[str, int]
    tables: dict[str, dict[str, int]]
    seconds: float
    findings: int
    refused: int  # tables and files of the package that were not taken
    span: Span  # what it brought (archive.claims)
    line: int  # the lines of its report are newer than this one


def take_package(
    path: Path,
    progress: Progress | None = None,
    context: Context | Callable[[], Context] | None = None,
    noted: Noted | None = None,
) -> Taken:
    """Takes a package into the catalogue and the storage; raises DeliveryError if nothing can be.

    ``noted`` keeps what was done where it belongs, in the transaction that ends the package.

    ``context`` is what a register or a message does not say itself, or is called for it when it is this one's turn.
    What is searchable afterwards is the drainer's matter.  Raises IntakeBusyError if another package is being taken,
    UnusableSettingError where the setting of Tika cannot be followed.
    """
    home = settings().home
    office_reader()  # a setting that cannot be followed is told before anything is taken
    with held(LOCK) as mine:
        if not mine:
            raise IntakeBusyError("Đang có một gói khác được nhập vào kho này; hãy chạy lại khi việc ấy xong.")
        if callable(context):
            context = context()
        storage, apart = FolderStorage(home / "storage"), FolderStorage(home / "quarantine")
        sweep_incoming(storage.root)
        sweep_incoming(apart.root)
        with open_package(path, context) as delivery, storage.scratch() as scratch:
            only = context.only if context else ""
            with ReadingApart(scratch, settings().tika_url, comeback=settings().tika_comeback) as reader:
                taking = Taking(delivery, storage, apart, progress or (lambda *_: None), only, reader)
                return taking.run(package_digest(path, context), noted)


def package_digest(path: Path, context: Context | None = None) -> str:
    """What names a package: its tables' bytes and the names and sizes of all its files; of one file, all its bytes
    and the context that it was handed over in."""
    digest = hashlib.sha256(context.told().encode() if context and path.is_file() else b"")
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())
    for file in files:
        if path.is_dir():
            digest.update(f"{file.relative_to(path).as_posix()}\0{file.stat().st_size}\0".encode("utf-8", "replace"))
        if path.is_file() or file.parent == path:
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


class Taking:
    """One run over one delivery."""

    def __init__(
        self, delivery: Delivery, storage: FolderStorage, apart: FolderStorage, progress: Progress, only: str,
        reader: ReadingApart,
    ) -> None:  # fmt: skip
        """``only`` is the code of the one agency whose records may come, '' for all; ``reader`` reads their files."""
        self.delivery, self.storage, self.apart, self.progress = delivery, storage, apart, progress
        self.register, self.tally, self.only, self.reader = Register(), Tally(), only, reader
        self.masks = MaskedValues()
        self.package_id, self.again = 0, False
        self.earlier = Earlier(0, (0, 0))
        self.lines, self.refused = 0, 0

    def run(self, digest: str, noted: Noted | None = None) -> Taken:
        """Takes fonds, then files, then documents; then what belongs to no row."""
        start = time.monotonic()
        with writing() as session:
            self.package_id, self.again = begin_package(session, self.delivery.name, digest)
            since, line = begin_span(session, self.package_id), newest_line(session)
            self.earlier = Earlier(self.package_id, (since, end_span(session, self.package_id)))
        sizes = self.delivery.size_of_rows()
        for sheet, rows in (
            ("phong", self.delivery.fonds()),
            ("ho-so", self.delivery.files()),
            ("van-ban", self.delivery.documents()),
            *((sheet, self.delivery.items(sheet)) for sheet in ITEMS[1:] if sizes.get(sheet)),
        ):
            self._take_table(sheet, rows, sizes.get(sheet, 0))
        with writing() as session:
            unlisted = list(self.delivery.unlisted())
            about = [*self.delivery.findings, *unlisted, *self.masks.tell()]
            about += tell_waiting(session, self.package_id)
            write_overall(session, self.package_id, about)
            self.lines += len(about)
            span = (since, end_span(session, self.package_id))
            public_id = finish_package(session, self.package_id, self.tally.totals())
            if noted:
                noted(session, self.package_id, span, self.tally.totals(), line)
        seclude(self.storage, self.apart, settings().home, self.package_id)
        refused = self.refused + sum(one.outcome == Outcome.REJECTED for one in about)
        seconds = time.monotonic() - start
        return Taken(public_id, self.tally.totals(), self.tally.tables(), seconds, self.lines, refused, span, line)

    def _take_table(self, sheet: str, rows: Iterable[Row], size: int) -> None:
        done = 0
        for part in self._parts(sheet, rows):
            self._take_part(sheet, part)
            done += len(part)
            self.progress(sheet, done, max(size, done))

    def _parts(self, sheet: str, rows: Iterable[Row]) -> Iterator[list[Prepared]]:
        part: list[Prepared] = []
        weight = 0
        for row in rows:
            prepared = prepare(sheet, row, self.delivery)
            prepared.candidate.package_id = self.package_id
            part.append(prepared)
            weight += sum(len(data) for data in prepared.bytes.values())
            if len(part) >= PART_ROWS or weight >= PART_BYTES:
                yield part
                part, weight = [], 0
        if part:
            yield part

    def _take_part(self, sheet: str, part: list[Prepared]) -> None:
        level = part[0].candidate.level
        with reading() as session:
            known = self.register.look_up(session, level, [p.candidate.key for p in part])
            orphans = self.register.orphans(session, level, [p.candidate for p in part])
            foreign = foreign_organs(session, self.only, {p.candidate.organ for p in part})
            self.masks.keep(session, sheet, [p for p in part if p.candidate.organ not in foreign])
            released = Released(session, sheet, part, self.package_id)
            earlier = self.earlier.outcomes(session, level, part)
        released.apply(part, known)
        to_enter: list[Prepared] = []
        apart: list[Prepared] = []
        outcomes: dict[int, str] = {}
        for place, prepared in enumerate(part):
            there = known.get(prepared.candidate.key)
            if prepared.row.outcome == Outcome.REJECTED:
                outcomes[place] = "rejected"
            elif prepared.candidate.organ in foreign:
                prepared.findings.append(_foreign(prepared))
                outcomes[place] = "rejected"
            elif place in released.replaced:
                outcomes[place] = "unchanged"
            elif prepared.row.outcome == Outcome.QUARANTINED and place not in released.by_place:
                apart.append(prepared)
                outcomes[place] = "quarantined"
            elif there and not there.withdrawn and (there.digest == prepared.candidate.digest or _derived(prepared)):
                outcomes[place] = "unchanged"
            elif place in orphans:
                prepared.findings.append(_orphan(prepared))
                apart.append(prepared)
                outcomes[place] = "quarantined"
            else:
                make_pages(prepared, self.delivery, self.reader)
                judge_signatures(prepared, self.delivery)
                if place in released.by_place:
                    prepared.ground = ""
                (apart if prepared.ground else to_enter).append(prepared)
                outcomes[place] = "quarantined" if prepared.ground else ""
        with self.storage.batch() as kept, self.apart.batch() as kept_apart:
            for prepared in to_enter:
                keep_files(prepared, self.delivery, kept)
            for prepared in apart:
                keep_files(prepared, self.delivery, kept_apart)
        try:
            self._commit(level, part, to_enter, apart, outcomes, released)
        except BaseException:
            self.register.names.forget_fresh()
            self.register.ancestors.forget()
            raise
        self.register.names.settle()
        for place in range(len(part)):
            told = outcomes[place]
            self.tally.count(sheet, earlier.get(place, told) if told == "unchanged" else told)
            self.refused += sum(one.code in REFUSED for one in part[place].findings)

    def _commit(
        self,
        level: str,
        part: list[Prepared],
        to_enter: list[Prepared],
        apart: list[Prepared],
        outcomes: dict[int, str],
        released: Released,
    ) -> None:
        places = {id(prepared): place for place, prepared in enumerate(part)}
        with writing() as session:
            entries = self.register.enter(session, self.package_id, [p.candidate for p in to_enter])
            for prepared, entry in zip(to_enter, entries, strict=True):
                if entry is Entry.ORPHAN:  # its parent was there a moment ago, and only this process takes
                    raise RuntimeError(f"no parent: {prepared.candidate.key!r}")
                if entry is Entry.HELD:
                    prepared.findings.append(_held(prepared))
                    record_objects(session, {f.sha256: f.size for f in prepared.candidate.files})
                elif release := released.by_place.get(places[id(prepared)]):
                    settle_release(session, release.id, level, prepared.candidate)
                outcomes[places[id(prepared)]] = _outcome(entry, prepared)
            settle_waiting(session, part[0].sheet, [p.candidate.key for p in to_enter])
            for prepared in apart:
                self._set_apart(session, level, prepared)
            scans = self.register.close_scans(session, [p.candidate for p in (*to_enter, *apart)])
            told = [prepared for place, prepared in enumerate(part) if outcomes[place] != "unchanged"]
            upto = newest_line(session)
            self._report(session, [_closed(one) for one in scans])
            self._report(session, [finding for prepared in told for finding in prepared.findings])
            if self.again and told:
                clear_report(session, self.package_id, told[0].sheet, [prepared.row.row for prepared in told], upto)
            ensure_held(LOCK)

    def _set_apart(self, session: Session, level: str, prepared: Prepared) -> None:
        candidate = prepared.candidate
        if prepared.ground:
            prepared.findings.append(_stamped(prepared))
        quarantine(
            session,
            self.package_id,
            sheet=prepared.sheet,
            row=candidate.row,
            key=candidate.key,
            values=candidate.values,
            files=candidate.files,
            ground=_gravest(prepared),
        )
        if {f.code for f in prepared.findings} & SECRET:
            prepared.findings = [said_of_secret(f) for f in prepared.findings]
            self.register.withdraw(session, level, candidate.key)

    def _report(self, session: Session, findings: list[Finding]) -> None:
        write_report(session, self.package_id, findings)
        self.lines += len(findings)


def said_of_secret(finding: Finding) -> Finding:
    """A line about a row that is, or may be, a secret: which row and what is wrong, but nothing of what the row says,
    its code neither."""
    finding = replace(finding, record=None, about=finding.record or "") if finding.row else finding
    if finding.code in SECRET:
        return finding
    place, colon, wrong = finding.message.partition(": ")
    message = f"{place}{colon}{_QUOTED.sub('“…”', wrong)}" if colon else _QUOTED.sub("“…”", finding.message)
    return replace(finding, message=message, action=_QUOTED.sub("“…”", finding.action))


def _derived(prepared: Prepared) -> bool:
    """A fonds or file that only other rows name never overwrites the one that is described."""
    return prepared.candidate.level in {"fonds", "file"} and prepared.candidate.row == 0


def _gravest(prepared: Prepared) -> str:
    """Why a row is kept apart: the code of its gravest finding, the first of equals."""
    return "secrecy.stamp" if prepared.ground else max(prepared.findings, key=lambda f: GRAVITY[f.outcome]).code


def _outcome(entry: Entry, prepared: Prepared) -> str:
    if entry is Entry.HELD:
        return "held"
    if entry is Entry.UNCHANGED:
        return "unchanged"
    return "warned" if worst(prepared.findings) != Outcome.ACCEPTED else "accepted"


def _line(prepared: Prepared, code: str, message: str, action: str, outcome: Outcome) -> Finding:
    place = f"Dòng {prepared.row.row}: " if prepared.row.row else ""
    return Finding(prepared.sheet, prepared.row.row, None, code, place + message, action, outcome, prepared.row.code)


def _orphan(prepared: Prepared) -> Finding:
    text = "hồ sơ hay phông của dòng này không có trong kho hoặc đang bị để riêng (cách ly)"
    return _line(prepared, "file.orphan", text, "để riêng (cách ly), chờ bổ sung hồ sơ", Outcome.QUARANTINED)


def foreign_organs(session: Session, only: str, organs: set[str]) -> set[str]:
    """Of these fonds codes those that do not belong to the one agency: neither its own code nor a fonds it has."""
    if not only:
        return set()
    own = select(Record.code).join(Agency, Agency.id == Record.agency_id).where(Record.level == "fonds")
    return organs - {only} - set(session.scalars(own.where(Agency.code == only, Record.code.in_(organs))))


def _foreign(prepared: Prepared) -> Finding:
    text = f"phông “{prepared.candidate.organ}” không thuộc cơ quan của người giao"
    return _line(prepared, "agency.foreign", text, "không lấy dòng này", Outcome.REJECTED)


def _held(prepared: Prepared) -> Finding:
    text = "lần nộp này mở rộng quyền tiếp cận so với bản đang có trong kho"
    return _line(prepared, "access.loosened", text, "giữ bản đang có, chờ lưu trữ viên xác nhận", Outcome.HELD)


def _closed(scan: ClosedScan) -> Finding:
    wrong = "văn bản mật hoặc chưa rõ mức" if scan.secret else "văn bản hạn chế hay chưa đến ngày mở"
    done = (
        "để riêng (cách ly) bản quét" if scan.secret else "bản quét theo văn bản chặt nhất, các văn bản khác giữ nguyên"
    )
    outcome = Outcome.QUARANTINED if scan.secret else Outcome.WARNED
    text = f"bản quét cả hồ sơ “{scan.code}” có trang của {wrong}"
    return Finding("ho-so", None, None, "scan.closed", text, done, outcome, scan.code)


def _stamped(prepared: Prepared) -> Finding:
    return _line(
        prepared, "secrecy.stamp", prepared.ground, "để riêng (cách ly), không đưa lên cổng", Outcome.QUARANTINED
    )
