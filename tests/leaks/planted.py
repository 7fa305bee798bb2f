"""An archive with planted words: each word may be met by some identities and by nobody else."""

import csv
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from archive.catalogue.authorities import Agency
from archive.catalogue.people import Account, Grant
from archive.catalogue.records import Record
from archive.catalogue.takedowns import TakedownRequest
from archive.clock import now, today
from archive.database import reading, writing
from indexer.drainer import drain, draining
from indexer.intake.taking import take_package
from indexer.lexicon import build_lexicon
from vankho.accounts import add_account
from vankho.wiring import search_engine

PASSWORD = "mat-khau-thu-2026"
IDENTITIES = ("anonymous", "reader", "granted", "expired", "clerk_a", "clerk_b", "archivist")
EVERYONE = frozenset(IDENTITIES)
STAFF = frozenset({"archivist"})
NOBODY: frozenset[str] = frozenset()
#: Stand in every text and description: nobody meets them but an archivist who asks for them on the page itself.
CITIZEN, ACCOUNT, PHONE = "051088001234", "19034567890", "0912345678"
PERSONAL = (CITIZEN, ACCOUNT, PHONE)
#: A request to take down: what it says is for those who decide, by its code there is its state only.
TAKEDOWN = "yeucaugobo" + "a" * 16
ASKED = ("zqnguoiyeucau", "zqlienhecuanguoi", "zqloixingo", "zqlydoxingo")
NUMBERS = f"căn cước {CITIZEN}, STK {ACCOUNT}, điện thoại {PHONE}"
COMMON = "zqchung"  # stands in every text: a search for it shows snippets of what may be searched


@dataclass(frozen=True)
class Planted:
    """A document, with who may meet the word in its description, and who the word in its content."""

    name: str
    organ: str
    described: frozenset[str]
    read: frozenset[str]
    level: str = "01"
    opens: str = ""
    stamp: bool = False
    file: str = ""

    @property
    def title(self) -> str:
        return f"zq{self.name}tieude"

    @property
    def text(self) -> str:
        return f"zq{self.name}noidung"

    @property
    def hand(self) -> str:
        return f"zq{self.name}buttich"

    @property
    def place(self) -> str:
        return f"zq{self.name}noichon"

    @property
    def issuer(self) -> str:
        return f"zq{self.name}coquan"

    @property
    def keyword(self) -> str:
        return f"zq{self.name}tukhoa"

    def words(self) -> dict[str, frozenset[str]]:
        """Each planted word, with the identities that may meet it."""
        described = (self.title, self.place, self.issuer, self.keyword)
        return dict.fromkeys(described, self.described) | dict.fromkeys((self.text, self.hand), self.read)


def tomorrow() -> str:
    day = today().toordinal() + 1
    return type(today()).fromordinal(day).strftime("%d/%m/%Y")


def documents() -> tuple[Planted, ...]:
    """What is planted.  Organ A shows what is closed in it, organ B hides it."""
    insiders = STAFF | {"clerk_a"}
    return (
        Planted("mo", "H48.A", EVERYONE, EVERYONE),
        Planted("dieukien", "H48.A", EVERYONE, insiders | {"granted"}, level="02"),
        Planted("an", "H48.B", STAFF | {"clerk_b"}, STAFF | {"clerk_b"}, level="02"),
        Planted("maimo", "H48.A", EVERYONE, insiders, opens=tomorrow()),
        Planted("damo", "H48.A", EVERYONE, EVERYONE, level="02", opens="01/01/2020"),
        Planted("mat", "H48.A", NOBODY, NOBODY, level="03"),
        Planted("dau", "H48.A", NOBODY, NOBODY, stamp=True),
        Planted("rut", "H48.A", NOBODY, NOBODY),
        Planted("lac", "H48.A", NOBODY, NOBODY, file="H48.A.khongco"),
        Planted("la", "H48.A", NOBODY, NOBODY, level="tuyet doi"),
    )


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
            "FileCode": f"{organ}.1", "Identifier": "H48", "OrganId": organ, "FileCatalog": "1", "FileNotation": "1",
            "Title": f"Hồ sơ của {organ}, {NUMBERS}", "Keyword": NUMBERS, "Description": NUMBERS,
            "Rights": "Không hạn chế",
        }
        for organ in organs
    ]  # fmt: skip
    if planted:
        _write(folder / "ho-so.csv", files)
    rows = []
    for n, one in enumerate(planted, 1):
        rows.append(
            {
                "DocCode": f"{one.organ}.{n:03d}", "FileCode": one.file or f"{one.organ}.1", "Identifier": "H48",
                "OrganId": one.organ, "TypeName": "Quyết định", "CodeNumber": str(n), "CodeNotation": "QĐ-UB",
                "IssuedDate": f"0{n % 9 + 1}/03/19{50 + n}", "OrganName": one.issuer,
                "Subject": f"Về việc {one.title}, {NUMBERS}", "Description": NUMBERS,
                "Keyword": f"{one.keyword}; STK {ACCOUNT}", "Autograph": f"{one.hand} {NUMBERS}",
                "Place": one.place, "Signer": f"Người ký, ĐT {PHONE}", "OpenDate": one.opens,
                "AccessLevel": "03" if one.name in secret else one.level,
            }
        )  # fmt: skip
        stamp = "MẬT\n" if one.stamp else ""
        often = f"{one.text} " * 12  # as often as a word must be met to be proposed for a misspelled one
        text = f"{stamp}Trang một có {COMMON} {often} {NUMBERS}\fTrang hai cũng có {COMMON} {often} {NUMBERS}"
        (folder / "data" / f"{one.organ}.{n:03d}.txt").write_text(text, "utf-8")
    if rows:
        _write(folder / "van-ban.csv", rows)
    return folder


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def plant(folder: Path) -> dict[str, str]:
    """Fills the archive of this process; returns the public identifiers of all records by code."""
    take_package(write_package(folder / "1", []))
    with writing() as session:
        stricter = session.scalars(select(Record).where(Record.level == "fonds", Record.code == "H48.B")).one()
        stricter.hidden_when_closed = True
    take_package(write_package(folder / "2", documents()))
    index_all()
    build_lexicon()  # it knows words of what is withdrawn below
    take_package(write_package(folder / "3", documents(), secret=frozenset({"rut"})))
    index_all()
    with writing() as session:
        for name, role, agency in (
            ("reader", "reader", ""), ("granted", "reader", ""), ("expired", "reader", ""),
            ("clerk_a", "clerk", "H48.A"), ("clerk_b", "clerk", "H48.B"), ("archivist", "archivist", ""),
        ):  # fmt: skip
            add_account(session, name, PASSWORD, role, agency, totp=False)
        record = session.scalars(select(Record).where(Record.title.contains("zqdieukientieude"))).one()
        day = today().toordinal()
        for name, end in (("granted", day + 30), ("expired", day - 1)):
            account = session.scalars(select(Account).where(Account.name == name)).one()
            session.add(
                Grant(account_id=account.id, record_id=record.id, valid_from=day - 60, valid_to=end, ground="QĐ 1")
            )
        asker, contact, wish, reason = ASKED
        words = {"asker": asker, "contact": contact, "wish": wish, "reason": reason}
        session.add(TakedownRequest(code=TAKEDOWN, about=record.public_id, received_at=now(), due_on=day, **words))
    with reading() as session:
        assert session.scalar(select(Agency.id).where(Agency.code == "H48.A"))
        rows = session.execute(select(Record.code, Record.public_id)).all()
        return {row.code: row.public_id for row in rows}


def index_all() -> None:
    """Brings the index to the end of the outbox."""
    with draining() as mine:
        assert mine
        drain(search_engine())


def fresh_identifier() -> str:
    """An identifier of the right shape that names nothing."""
    return "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(26))
