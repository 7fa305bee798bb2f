"""An archive with planted words: each word may be met by some identities and by nobody else, whatever happens.

A document may have a *story*: what people decide about it after it has been indexed.  What is said of who may meet its
words holds from that moment on, whatever the index knows.
"""

import csv
import io
import secrets
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.accession.listed import add_list
from archive.catalogue.conditional import ConditionalList
from archive.catalogue.copies import IssuedCopy
from archive.catalogue.corrections import LineCorrection
from archive.catalogue.deliveries import Handover, Package, ReportRow
from archive.catalogue.evidence import Evidence
from archive.catalogue.fees import Bill
from archive.catalogue.people import Account, Grant
from archive.catalogue.reading_room import Loan
from archive.catalogue.records import Record
from archive.catalogue.requests import ReadingRequest, RequestItem
from archive.catalogue.takedowns import TakedownRequest
from archive.catalogue.themes import ThemePiece
from archive.clock import now, today
from archive.database import reading, writing
from archive.deciding import grant
from archive.identity.administration import account_named, assign, unassign
from archive.identity.roles import assignments_of
from archive.themes import begin, publish
from desk.copies.ordering import copy_path
from desk.papers.keeping import evidence_path
from indexer.drainer import drain, draining
from indexer.intake.taking import take_package
from indexer.lexicon import build_lexicon
from tests.leaks.masked import decide_with_masks
from vankho.accounts import add_account
from vankho.wiring import search_engine

PASSWORD = "mat-khau-thu-2026"
ROLES = {
    "reader": ("reader", ""), "granted": ("reader", ""), "expired": ("reader", ""), "revoked": ("reader", ""),
    "clerk_a": ("clerk", "H48.A"), "clerk_b": ("clerk", "H48.B"), "archivist": ("archivist", ""),
    "archivist_a": ("archivist", ""), "head": ("head", ""), "administrator": ("administrator", ""),
    "auditor": ("auditor", ""),
}  # fmt: skip
IDENTITIES = ("anonymous", *ROLES)
EVERYONE = frozenset(IDENTITIES)
NOBODY: frozenset[str] = frozenset()
STAFF = frozenset({"archivist", "head"})  # of every fonds; archivist_a works on organ A's only
OF_A = STAFF | {"clerk_a", "archivist_a"}
OF_B = STAFF | {"clerk_b"}
COMMON = "zqchung"  # stands in every text: a search for it shows snippets of what may be searched
#: Stand in every description, and in the text of one document: only who restores them on its page meets them.
CITIZEN, ACCOUNT, PHONE = "051088001234", "19034567890", "0912345678"
PERSONAL = (CITIZEN, ACCOUNT, PHONE)
NUMBERS = f"căn cước {CITIZEN}, STK {ACCOUNT}, điện thoại {PHONE}"
#: A request to take down: what it says is for those who decide; by its code there is its state only.
TAKEDOWN = "yeucaugobo" + "a" * 16
ASKED = ("zqnguoiyeucau", "zqlienhecuanguoi", "zqloixingo", "zqlydoxingo")
#: Stands on a page that is granted by itself.
SECOND_PAGE = "zqphantranghai"
#: Stands on the page beside one that is masked in a reader's copy.
BESIDE_MASKED = "zqchetranghai"
#: An original of a hidden record in a reader's hands.
LOAN = "phieugiaotailieu" + "a" * 10
#: A reader's request: what it says is for that reader and for those who answer requests.
REQUEST = "yeucaudoctailieu" + "a" * 10
PAPER = "giaytokemtheo" + "a" * 13
COPY = "bansaotailieukin" + "a" * 10
PROOF = ("zqtentepminhchung", "zqnoidungminhchung")  # the name and the content of a paper sent with it
#: Documents with office files and a message beside their scans.
OFFICE = frozenset({"an", "bo", "chuyen", "dong", "kin", "phan", "rut", "so"})
WISHED = ("zqmucdichdoc", "zqthongtincan", "zqnguoiuyquyen", "zqgiaytodaxem")
#: A bill, and its request for a conditional record, of a reader without any grant: his and the staff's.
HANDED = "yeucautraketqua" + "a" * 11  # granted, its result waits at the desk
FEE, FEE_REQUEST = "VK2345678A", "yeucauphi" + "a" * 17
#: The delivery that brought everything: its report quotes what was delivered.
HANDOVER = "giaonop" + "a" * 19
#: The list of conditional records names one that is hidden from most.
LIST = "danhmuctailieu" + "a" * 12
GROUND = {"actor": "test", "ground": "QĐ 1"}


@dataclass(frozen=True)
class Planted:
    """A document, with who may meet the words of its description, and who the words of its content."""

    name: str
    organ: str
    described: frozenset[str]
    read: frozenset[str]
    level: str = "01"
    opens: str = ""
    stamp: bool = False
    file: str = ""
    story: str = ""
    numbers: bool = False  # of persons, in its text
    recorded: bool = False  # a sound, whose words and bytes tell

    def word(self, kind: str) -> str:
        """The word of that kind: none stands in any other."""
        return f"zq{self.name}{kind}"

    def words(self) -> dict[str, frozenset[str]]:
        """Each planted word, with the identities that may meet it."""
        kinds = ("tieude", "noichon", "coquan", "tukhoa", "kyhieu", "nguoiky", "tentep")
        described = dict.fromkeys(map(self.word, kinds), self.described)
        if self.file:  # of a file that is not there: who decides about the delivery reads which row it is
            described[self.word("tentep")] = STAFF
        return described | dict.fromkeys(map(self.word, ("noidung", "buttich")), self.read)


def tomorrow() -> str:
    day = today().toordinal() + 1
    return type(today()).fromordinal(day).strftime("%d/%m/%Y")


def documents() -> tuple[Planted, ...]:
    """What is planted.  Organ A shows what is closed in it, organ B hides it."""
    return (
        Planted("mo", "H48.A", EVERYONE, EVERYONE),
        Planted("dieukien", "H48.A", EVERYONE, OF_A | {"granted"}, level="02"),
        Planted("an", "H48.B", OF_B, OF_B, level="02"),
        Planted("maimo", "H48.A", EVERYONE, OF_A, opens=tomorrow()),
        Planted("damo", "H48.A", EVERYONE, EVERYONE, level="02", opens="01/01/2020"),
        Planted("mat", "H48.A", NOBODY, NOBODY, level="03"),
        Planted("dau", "H48.A", NOBODY, NOBODY, stamp=True),
        Planted("rut", "H48.A", NOBODY, NOBODY),
        Planted("lac", "H48.A", NOBODY, NOBODY, file="H48.A.khongco"),
        Planted("la", "H48.A", NOBODY, NOBODY, level="tuyet doi"),
        Planted("so", "H48.A", EVERYONE, EVERYONE, numbers=True),
        Planted("dong", "H48.A", EVERYONE, OF_A, story="closed"),
        Planted("kin", "H48.B", OF_B, OF_B, story="closed"),
        Planted("chuyen", "H48.A", OF_B, OF_B, story="moved"),
        Planted("bo", "H48.A", NOBODY, NOBODY, story="withdrawn"),
        Planted("cap", "H48.A", EVERYONE, OF_A | {"granted"}, level="02", story="granted"),
        Planted("thu", "H48.A", EVERYONE, OF_A, level="02", story="revoked"),
        Planted("phan", "H48.A", EVERYONE, OF_A, level="02"),  # of whose two pages the second is granted
        Planted("ghiam", "H48.A", EVERYONE, OF_A, level="02", recorded=True),
        Planted("ghikin", "H48.B", OF_B, OF_B, level="02", recorded=True),
        Planted("giua", "H48.A", EVERYONE, OF_A, story="closed while the index is rebuilt"),
        Planted("che", "H48.A", EVERYONE, OF_A, level="02"),  # "granted" has a copy of it, page 1 masked
    )


def page_image(word: str) -> bytes:
    """A page of paper, another one for each word."""
    file = io.BytesIO()
    Image.new("RGB", (124, 175), tuple(word.encode()[-3:])).save(file, "JPEG")
    return file.getvalue()


def sound(word: str) -> bytes:
    """A sound whose samples are the word, over and over."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(8000)
        out.writeframes((word * 100).encode())
    return file.getvalue()


def write_package(folder: Path, planted: Iterable[Planted], *, secret: frozenset[str] = frozenset()) -> Path:
    """A transfer folder of these documents; those named in ``secret`` are delivered as level 03."""
    (folder / "data").mkdir(parents=True)
    organs = {"H48.A": "Phông A", "H48.B": "Phông B"}
    _write(
        folder / "phong.csv",
        [{"Identifier": "H48", "OrganId": o, "FondName": n, "FondHistory": NUMBERS} for o, n in organs.items()],
    )
    planted = list(planted)
    files = [
        {
            "FileCode": f"{organ}.{n}", "Identifier": "H48", "OrganId": organ, "FileCatalog": "1", "FileNotation": "1",
            "Title": f"Hồ sơ của {organ}, {NUMBERS}", "Keyword": NUMBERS,
            "Description": NUMBERS, "Rights": "Hạn chế" if n == 2 else "Không hạn chế",
        }
        for organ in organs for n in (1, 2)
    ]  # fmt: skip
    if planted:
        _write(folder / "ho-so.csv", files)
    rows = []
    for n, one in enumerate(planted, 1):
        code = f"{one.organ}.{n:03d}.{one.word('tentep')}"
        rows.append(
            {
                "DocCode": code, "FileCode": one.file or f"{one.organ}.1", "Identifier": "H48",
                "OrganId": one.organ, "TypeName": "Quyết định", "CodeNumber": str(n),
                "CodeNotation": f"QĐ-{one.word('kyhieu')}", "IssuedDate": f"0{n % 9 + 1}/03/19{50 + n}",
                "OrganName": one.word("coquan"), "Subject": f"Về việc {one.word('tieude')}, {NUMBERS}",
                "Description": NUMBERS,
                "Keyword": f"{one.word('tukhoa')}; STK {ACCOUNT}", "Autograph": f"{one.word('buttich')} {NUMBERS}",
                "Place": one.word("noichon"),
                "Signer": one.word("nguoiky"), "OpenDate": one.opens,
                "AccessLevel": "03" if one.name in secret else one.level,
            }
        )  # fmt: skip
        stamp = "MẬT\n" if one.stamp else ""
        often = f"{one.word('noidung')} " * 12  # as often as a word must be met to be proposed for a misspelled one
        often += NUMBERS if one.numbers else ""
        if one.recorded:
            said = f"WEBVTT\n\n00:01.000 --> 00:02.000\nLời có {COMMON} {often}\n"
            (folder / "data" / f"{code}.vtt").write_text(said, "utf-8")
            (folder / "data" / f"{code}.wav").write_bytes(sound(one.word("noidung")))
            continue
        second = {"phan": SECOND_PAGE, "che": BESIDE_MASKED}.get(one.name, often)
        text = f"{stamp}Trang một có {COMMON} {often}\fTrang hai cũng có {COMMON} {second}"
        (folder / "data" / f"{code}.txt").write_text(text, "utf-8")
        if one.name in OFFICE:  # the same as it was written, and as it was sent
            typed = "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in text.replace("\f", "\n"))
            (folder / "data" / f"{code}.rtf").write_text(f"{{\\rtf1 {typed}}}", "ascii")
            (folder / "data" / f"{code}.eml").write_text(f"Subject: {one.word('noidung')}\n\n{text}", "utf-8")
        for page in (1, 2):
            (folder / "data" / f"{code}-000{page}.jpg").write_bytes(page_image(f"{one.name}{page}"))
    if rows:
        _write(folder / "van-ban.csv", rows)
    return folder


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def plant(folder: Path) -> None:
    """Fills the archive of this process, and indexes it; the stories are not told yet."""
    take_package(write_package(folder / "1", []))
    with writing() as session:
        stricter = session.scalars(select(Record).where(Record.level == "fonds", Record.code == "H48.B")).one()
        stricter.hidden_when_closed = True
    take_package(write_package(folder / "2", documents()))
    index_all()
    build_lexicon()  # it knows words of what is closed and withdrawn below
    take_package(write_package(folder / "3", documents(), secret=frozenset({"rut"})))
    index_all()
    with writing() as session:
        for name, (role, agency) in ROLES.items():
            add_account(session, name, PASSWORD, role, agency, totp=False)
        narrowed = account_named(session, "archivist_a")
        for assignment, _fonds in assignments_of(session, narrowed.id):
            unassign(session, narrowed, assignment.id, "test")
        assign(session, narrowed, "H48.A", "test")
    _build_themes()
    _propose_corrections()
    day = today().toordinal()
    with writing() as session:
        package = session.scalars(select(Package.id).order_by(Package.id.desc())).first()
        session.add(
            Handover(
                public_id=HANDOVER, account="test", channel="page", name="goi.zip", place="/goi.zip", state="taken",
                received=now(), begun=now(), finished=now(), package_id=package,
            )
        )  # fmt: skip
        hidden = next(one for one in documents() if one.name == "an")
        session.add(
            ReportRow(
                package_id=package, sheet="van-ban", row=2, field="Subject", code="field.long", outcome="warned",
                message=f"Dòng 2: dài quá: “{hidden.word('tieude')}”", action="giữ", record=None,
            )
        )  # fmt: skip
        said = dict(zip(("asker", "contact", "wish", "reason"), ASKED, strict=True))
        asker = session.scalars(select(Account.id).where(Account.name == "granted")).one()
        asked = ReadingRequest(
            code=REQUEST, account_id=asker, kind="copy", received_at=now(), due_on=day, term="answer.conditional",
            channel="desk", **dict(zip(("purpose", "wanted", "behalf", "proof"), WISHED, strict=True)),
        )  # fmt: skip
        session.add(asked)
        session.flush()
        for name in ("dieukien", "an"):
            record = session.scalars(select(Record.id).where(Record.public_id == identifier(name))).one()
            session.add(RequestItem(request_id=asked.id, record_id=record))
        hidden_one = session.scalars(select(Record.id).where(Record.public_id == identifier("an"))).one()
        session.add(
            Loan(code=LOAN, record_id=hidden_one, account_id=asker, out_at=now(), out_by="test", due_on=day, back_by="")
        )
        _ask_for_a_fee(session, day)
        _grant_on_paper(session, day)
        # what was made of a record before it was hidden: its owner gets it no more
        session.add(
            IssuedCopy(
                code=COPY, request_id=asked.id, record_id=record, account_id=asker, grade="certified", state="made",
                masks={}, sha256="0" * 64, size=1, ordered_at=now(), made_at=now(), until=day + 15,
            )
        )  # fmt: skip
        session.add(
            Evidence(
                code=PAPER, account_id=asker, submission=REQUEST, request_id=asked.id, paper="identity",
                name=f"{PROOF[0]}.pdf", media="pdf", size=1, sha256="1" * 64, sent_at=now(),
            )
        )  # fmt: skip
        evidence_path(PAPER).parent.mkdir(exist_ok=True)
        evidence_path(PAPER).write_text(PROOF[1])
        copy_path(COPY).parent.mkdir(exist_ok=True)
        copy_path(COPY).write_text(f"%PDF-1.7 {hidden.word('noidung')}")
        session.add(TakedownRequest(code=TAKEDOWN, about=identifier("dieukien"), received_at=now(), due_on=day, **said))
    with writing() as session:
        codes = select(Record.code).where(Record.public_id.in_([identifier("dieukien"), identifier("an")]))
        rows = [{"DocCode": code, "Ground": "Luật Lưu trữ, Điều 25"} for code in session.scalars(codes)]
        listed = add_list(session, "412/QĐ-UBND", day, "Chủ tịch UBND tỉnh", rows, "test")
        session.scalars(select(ConditionalList)).one().public_id = LIST
        assert listed.added == 2
    with writing() as session:
        grant(session, "granted", identifier("phan"), (day, day + 30), pages="2", **GROUND)
    decide_with_masks(identifier("che"), day)
    for name, to, days in (
        ("dieukien", "granted", (day - 60, day + 30)), ("dieukien", "expired", (day - 60, day - 1)),
        ("thu", "revoked", (day - 60, day + 30)),
    ):  # fmt: skip
        with writing() as session:
            account = session.scalars(select(Account).where(Account.name == to)).one()
            record = session.scalars(select(Record).where(Record.public_id == identifier(name))).one()
            session.add(
                Grant(account_id=account.id, record_id=record.id, valid_from=days[0], valid_to=days[1], ground="QĐ 1")
            )


def _ask_for_a_fee(session: Session, day: int) -> None:
    reader = session.scalars(select(Account).where(Account.name == "reader")).one()
    record = session.scalars(select(Record).where(Record.public_id == identifier("dieukien"))).one()
    asked = ReadingRequest(
        code=FEE_REQUEST, account_id=reader.id, kind="copy", purpose="x", received_at=now(), due_on=day,
        term="answer.copy", state="approval", officer="",
    )  # fmt: skip
    session.add(asked)
    session.flush()
    session.add(RequestItem(request_id=asked.id, record_id=record.id, answer="", ground=""))
    session.add(Bill(code=FEE, request_id=asked.id, total=1000, made_at=now(), due_on=day, state="due"))


def _grant_on_paper(session: Session, day: int) -> None:
    """Copies on paper of a record that was hidden since, and of one that is not open."""
    reader = session.scalars(select(Account).where(Account.name == "reader")).one()
    asked = ReadingRequest(
        code=HANDED, account_id=reader.id, kind="copy", purpose="x", received_at=now(), ended_at=now(), due_on=day,
        term="answer.copy", state="resolved", officer="", paper_copies=2,
    )  # fmt: skip
    session.add(asked)
    session.flush()
    for record in session.scalars(select(Record.id).where(Record.public_id.in_(map(identifier, ("dieukien", "an"))))):
        session.add(RequestItem(request_id=asked.id, record_id=record, answer="granted", ground="", copying=True))


def _build_themes() -> None:
    """A published theme that speaks of every record and of its pages, one of a hidden record only, named after it."""
    with writing() as session:
        rows = {row.title or "": row for row in session.scalars(select(Record).where(Record.level == "document"))}
        found = [(one, row) for one in documents() for title, row in rows.items() if one.word("tieude") in title]
        for title in ("Mọi tài liệu", "zqantieude"):
            theme = begin(session, "test", "story", title, "Lời giới thiệu")
            publish(session, theme, "test", shown=True)
            for place, (one, row) in enumerate(found):
                if title == "Mọi tài liệu" or one.name == "an":
                    told = {"theme_id": theme.id, "record_id": row.id}
                    session.add(ThemePiece(place=2 * place, text=f"Xem {one.word('tieude')}", page=None, **told))
                    session.add(ThemePiece(place=2 * place + 1, text=f"Đọc {one.word('noidung')}", page=1, **told))


def _propose_corrections() -> None:
    """A correction of a line of every document waits, and one was accepted; a reader proposed them while he could."""
    with writing() as session:
        proposer = session.scalars(select(Account.id).where(Account.name == "granted")).one()
        rows = session.scalars(select(Record).where(Record.level == "document")).all()
        for one in documents():
            record = next((row for row in rows if one.word("tieude") in row.title), None)
            for line, state in ((1, "waiting"), (2, "accepted")):
                if record is not None:
                    told = {"before": one.word("noidung"), "after": f"{one.word('noidung')} sửa", "proposed_at": now()}
                    place = {"record_id": record.id, "page": 1, "line": line, "account_id": proposer}
                    session.add(LineCorrection(state=state, decided_at=now(), **told, **place))


def identifier(name: str) -> str:
    """The public identifier of a planted document, or of the record of that code."""
    wanted = Record.title.contains(f"zq{name}tieude") if not name.startswith("H48") else Record.code == name
    with reading() as session:
        return session.scalars(select(Record.public_id).where(wanted)).one()


def index_all() -> None:
    """Brings the index to the end of the outbox."""
    with draining() as mine:
        assert mine
        drain(search_engine())


def fresh_identifier() -> str:
    """An identifier of the right shape that names nothing."""
    return "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(26))
