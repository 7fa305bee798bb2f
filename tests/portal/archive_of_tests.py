"""A small real archive: a transfer folder taken in by the ordinary way and indexed by the real engine."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw
from sqlalchemy import select

from archive.access_rules import Closure, derive_access
from archive.accounts import hash_password, token_digest
from archive.catalogue.authorities import Agency
from archive.catalogue.people import Account, AccountToken
from archive.catalogue.records import Record
from archive.catalogue.sign_in import Assignment
from archive.clock import now
from archive.database import reading, writing
from archive.outbox import announce
from archive.settings import settings
from indexer.drainer import drain
from indexer.intake.taking import take_package
from search.engines.embedded import EmbeddedEngine
from vankho.wiring import prepare_catalogue

NOW = "2026-11-02T09:00:00+07:00"
PASSWORD = "mật-khẩu-để-thử"
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HOSTILE = '<script>alert("x")</script> & "ngoặc" <b>đậm</b>'
PLANTED = "hoàngthảo"  # a word that stands only in what is not for everyone
OPEN_TEXT = "Quyết định giao đất xây dựng khu dân cư\nĐiều 1. Giao đất tại xã Tịnh Khê <i>nghiêng</i>"
SURE = {"dựng": 0.7, "Tịnh": 0.4}  # how sure the machine was of these words of the scan

COLUMNS = {
    "phong": "Identifier OrganId FondName FondHistory",
    "ho-so": "FileCode Identifier OrganId FileCatalog FileNotation Title Rights AccessLevel TotalDoc",
    "van-ban": "DocCode FileCode Identifier OrganId FileCatalog FileNotation DocOrdinal TypeName CodeNumber "
    "CodeNotation IssuedDate OrganName Subject Mode Autograph AccessLevel OpenDate Place",
}


@dataclass(slots=True)
class Small:
    """The archive, and the public identifiers of its records by their codes."""

    home: Path
    engine: EmbeddedEngine
    database: str = ""  # its address; empty: SQLite
    ids: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)


def _table(folder: Path, name: str, rows: list[dict[str, str]]) -> None:
    columns = COLUMNS[name].split()
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({**dict.fromkeys(columns, ""), **row} for row in rows)


def _document(number: int, file: str, organ: str, **values: str) -> dict[str, str]:
    code = f"{organ}.{file[-1]}.{number:03d}"
    return {
        "DocCode": code,
        "FileCode": file,
        "Identifier": "000.00.34.H48",
        "OrganId": organ,
        "FileCatalog": "07",
        "FileNotation": f"000{file[-1]}",
        "DocOrdinal": str(number),
        "TypeName": "Quyết định",
        "CodeNumber": str(1280 + number),
        "CodeNotation": "QĐ-UB",
        "IssuedDate": f"{number:02d}/08/1998",
        "OrganName": "Ủy ban nhân dân tỉnh Quảng Ngãi",
        "Subject": f"Văn bản thứ {number}",
        "Mode": "Không hạn chế",
        "AccessLevel": "01",
        "Place": "xã Tịnh Khê",
    } | values


def write_files(folder: Path) -> None:
    """The table of the two files, as in every package of theirs."""
    fonds = {"Identifier": "000.00.34.H48"}
    file = fonds | {"FileCatalog": "07", "Rights": "Không hạn chế", "AccessLevel": "01"}
    _table(folder, "ho-so", [
        file | {"FileCode": "H48.P1.07.1", "OrganId": "H48.P1", "FileNotation": "0001", "Title": "Giao đất năm 1998",
                "TotalDoc": "7777"},
        file | {"FileCode": "H48.P2.07.2", "OrganId": "H48.P2", "FileNotation": "0002", "Title": f"Kín {PLANTED}",
                "Rights": "Hạn chế", "AccessLevel": "02"},
    ])  # fmt: skip


def write_folder(folder: Path) -> None:
    """Two fonds: one open with documents of every kind, one that will be strict about what is closed."""
    data = folder / "data"
    data.mkdir(parents=True)
    fonds = {"Identifier": "000.00.34.H48"}
    _table(folder, "phong", [
        fonds | {"OrganId": "H48.P1", "FondName": "Ủy ban nhân dân tỉnh", "FondHistory": "Từ năm 1989."},
        fonds | {"OrganId": "H48.P2", "FondName": "Phông nghiêm ngặt"},
    ])  # fmt: skip
    write_files(folder)
    many = [
        _document(n, "H48.P1.07.1", "H48.P1", Subject=f"Thông báo thường kỳ số {n}", OpenDate="") for n in range(7, 67)
    ]
    for n, one in enumerate(many):
        one["IssuedDate"] = f"{n % 28 + 1:02d}/09/1998"
    _table(folder, "van-ban", [
        _document(1, "H48.P1.07.1", "H48.P1", Subject="Về việc giao đất xây dựng khu dân cư", Autograph="Đồng ý."),
        _document(2, "H48.P1.07.1", "H48.P1", Subject=HOSTILE),
        _document(3, "H48.P1.07.1", "H48.P1", Subject="Bản giấy", Place="xã Tịnh Khê, huyện Sơn Tịnh"),
        _document(4, "H48.P1.07.1", "H48.P1", Subject="Đơn thư của công dân", Mode="Hạn chế", AccessLevel="02",
                  Autograph=f"bút phê {PLANTED}"),
        _document(5, "H48.P1.07.1", "H48.P1", Subject="Mở sau", Mode="Hạn chế", AccessLevel="02",
                  OpenDate="01/01/2031"),
        _document(6, "H48.P1.07.1", "H48.P1", Subject="Vừa mở", Mode="Hạn chế", AccessLevel="02",
                  OpenDate="01/10/2026"),
        *many,
        _document(1, "H48.P2.07.2", "H48.P2", Subject=f"Giấu {PLANTED}", Mode="Hạn chế", AccessLevel="02"),
    ])  # fmt: skip
    _write_scan(data, "H48.P1.1.001")
    (data / "H48.P1.1.002.txt").write_text("Trang một giao đất <b>\fTrang hai không có gì\fTrang ba giao đất", "utf-8")
    (data / "H48.P1.1.004.txt").write_text(f"Nội dung đơn {PLANTED}", "utf-8")
    (data / "H48.P1.1.005.txt").write_text(f"Nội dung đóng {PLANTED}", "utf-8")
    (data / "H48.P1.1.006.txt").write_text("Nội dung vừa mở", "utf-8")
    (data / "H48.P2.2.001.txt").write_text(f"Nội dung kín {PLANTED}", "utf-8")


def _write_scan(data: Path, code: str) -> None:
    words = [line.split() for line in OPEN_TEXT.split("\n")]
    lines = []
    for row, line in enumerate(words):
        strings = "".join(
            f'<String CONTENT="{word.replace("<", "&lt;").replace(">", "&gt;")}" HPOS="{100 + 90 * at}" '
            f'VPOS="{200 + 60 * row}" WIDTH="80" HEIGHT="40" WC="{SURE.get(word, 0.97)}"/>'
            for at, word in enumerate(line)
        )
        lines.append(f'<TextLine HPOS="100" VPOS="{200 + 60 * row}" WIDTH="900" HEIGHT="40">{strings}</TextLine>')
    page = (
        '<Page PHYSICAL_IMG_NR="{n}" WIDTH="1240" HEIGHT="1754"><PrintSpace><TextBlock>{lines}</TextBlock>'
        "</PrintSpace></Page>"
    )
    pages = page.format(n=1, lines="".join(lines)) + page.format(n=2, lines="")
    (data / f"{code}.alto.xml").write_text(
        '<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><MeasurementUnit>pixel</MeasurementUnit>'
        f"</Description><Layout>{pages}</Layout></alto>",
        "utf-8",
    )
    for n in (1, 2):
        image = Image.new("L", (1240, 1754), 245)
        ImageDraw.Draw(image).rectangle((100, 200, 900, 240 + 60 * n), fill=30)
        image.save(data / f"{code}-{n:04d}.png")


def build(home: Path, folder: Path) -> Small:
    """Takes the folder into the installation that the settings name, indexes it, adds people."""
    write_folder(folder)
    prepare_catalogue()
    take_package(folder)
    with writing() as session:
        _hide_second_fonds(session)
        tokens = _add_people(session)
    engine = EmbeddedEngine(home / "index")
    drain(engine)
    with reading() as session:
        first = session.scalar(select(Record.public_id).where(Record.level == "inventory").order_by(Record.id))
        ids = {f"{one.level}:{one.code}": one.public_id for one in session.scalars(select(Record))}
    return Small(home, engine, settings().database_url, ids | {"inventory": str(first)}, tokens)


def _hide_second_fonds(session) -> None:  # type: ignore[no-untyped-def]
    fonds = session.scalar(select(Record).where(Record.level == "fonds", Record.code == "H48.P2"))
    fonds.hidden_when_closed = True
    changed = session.scalars(select(Record).where(Record.fonds_id == fonds.id, Record.level.in_(("file", "document"))))
    rows = list(changed)
    for one in rows:
        one.access = derive_access(
            [Closure("02", None)], lineage=tuple(one.lineage.split()), agency="", hidden_when_closed=True
        )
    announce(session, [one.id for one in rows])


def _add_people(session) -> dict[str, str]:  # type: ignore[no-untyped-def]
    agency = session.scalar(select(Agency).order_by(Agency.id))
    tokens = {}
    for name, role, secret in (
        ("lan", "archivist", None),
        ("minh", "clerk", None),
        ("hoa", "reader", None),
        ("dung", "reader", TOTP),
        ("cu", "reader", None),
        ("tra", "auditor", None),
    ):
        account = Account(
            name=name,
            password_hash=hash_password(PASSWORD),
            role=role,
            agency_id=agency.id if role == "clerk" and agency else None,
            totp_secret=secret,
            epoch=f"{name}-1",
            active=name != "cu",
        )
        session.add(account)
        session.flush()
        if role == "archivist":
            session.add(Assignment(account_id=account.id, valid_from=1))  # the whole archive
        tokens[name] = f"token-of-{name}"
        session.add(AccountToken(digest=token_digest(tokens[name]), account_id=account.id, created=now()))
    return tokens
