"""The archive of the leak test, at each of its moments, and what an answer tells that it should not."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.catalogue.authorities import Agent, Place
from archive.catalogue.records import Record
from archive.database import reading
from archive.documents import LOCK
from indexer.drainer import draining
from indexer.rebuild import rebuild
from indexer.rollback import roll_back
from tests.conftest import forget_installation
from tests.databases import server
from tests.leaks.channels import CHANNELS, Corpus
from tests.leaks.kept import keep_searches
from tests.leaks.planted import (
    ASKED,
    BESIDE_MASKED,
    EVERYONE,
    IDENTITIES,
    NOBODY,
    OF_A,
    OF_B,
    PASSWORD,
    PERSONAL,
    PROOF,
    REQUEST,
    SECOND_PAGE,
    STAFF,
    WISHED,
    documents,
    identifier,
    index_all,
    plant,
)
from tests.leaks.stories import tell_stories
from tests.search.opensearch import opensearch_engine
from tests.services import service_url
from vankho import wiring

WORDS = {word: allowed for one in documents() for word, allowed in one.words().items()}
WORDS |= dict.fromkeys((SECOND_PAGE, BESIDE_MASKED), OF_A | {"granted"}) | dict.fromkeys(
    WISHED[:2], STAFF | {"archivist_a", "granted"}
)
WORDS |= dict.fromkeys(WISHED[2:], STAFF | {"archivist_a", "granted"})  # the asker: his own data
WORDS |= dict.fromkeys(PROOF, frozenset({"head", "granted"}))  # nobody has taken the request up
WORDS |= {REQUEST: STAFF | {"archivist_a", "granted", "auditor"}}  # the trail names it
WORDS |= dict.fromkeys(ASKED, STAFF | {"archivist_a"}) | dict.fromkeys(PERSONAL, NOBODY)

#: Of the document whose story is told while an index is rebuilt: until then it is open.
LATE = {word for one in documents() if one.story.endswith("rebuilt") for word in one.words()}

#: What happens to the archive, in this order; each moment is asked about before the next one comes.
MOMENTS = ("delivered", "stale", "settled", "rolled back")


@dataclass
class Archive:
    """An application, who asks it, and at which moment it is."""

    app: Flask
    corpus: Corpus
    clients: dict[str, FlaskClient]
    canaries: dict[str, frozenset[str]]
    moment: str = "delivered"
    all_told: bool = False  # the story of the rebuild, too
    asked: int = 0
    found: list[str] = field(default_factory=list)

    def reach(self, moment: str) -> None:
        """Lets everything happen up to the moment."""
        while self.moment != moment:
            self.moment = MOMENTS[MOMENTS.index(self.moment) + 1]
            if self.moment == "stale":
                tell_stories()  # and no index is told
            elif self.moment == "settled":
                index_all()
            else:
                with draining() as mine:
                    assert mine
                    roll_back(wiring.search_engine())

    def leaks(self, identity: str, address: str) -> list[str]:
        """The planted words and identifiers in the answer that this identity may not meet."""
        told = read(self.clients[identity], address)
        self.asked += 1
        asked = unquote(address.replace("+", " ")).lower()
        open_still = () if self.all_told else LATE
        restored = PERSONAL if "hien=ca-nhan" in address and identity in STAFF | {"archivist_a"} else ()
        trail = identity == "auditor" and urlsplit(address).path.startswith("/quan-tri/nhat-ky")  # says which records
        return [
            f"{identity} met {word} at {address}"
            for word, allowed in self.canaries.items()
            if identity not in allowed and word in told and word not in asked
            if word not in open_still and word not in restored and not (trail and word not in WORDS)
        ]

    def walk(self, identity: str, only: set[str] | None = None, every: int = 1, first: int = 0) -> list[str]:
        """The leaks of all channels (or some of them) for an identity; of each channel ``every`` n-th address from
        ``first`` on, and one at least."""
        found = []
        for name, make in CHANNELS.items():
            if only is None or name in only:
                addresses = [*make(self.corpus)]
                for address in addresses[first % min(every, len(addresses)) :: every]:
                    found += self.leaks(identity, address)
        return found


def read(client: FlaskClient, address: str) -> str:
    """Everything that an answer tells, headers too, in small letters."""
    answer = client.get(address)
    data = answer.get_data()
    if data[:2] == b"PK":  # a workbook is a zip
        with ZipFile(BytesIO(data)) as book:
            data = b"\n".join(book.read(name) for name in book.namelist())
    elif data[:5] == b"%PDF-":
        data += b"\n" + words_of(data).encode()
    told = data.decode("utf-8", "replace") + "\n".join(f"{k}: {v}" for k, v in answer.headers.items())
    answer.close()
    assert answer.status_code < 500, address
    return told.lower()


def words_of(data: bytes) -> str:
    """The text of a PDF; none of one that does not open (its bytes are read all the same)."""
    try:
        with LOCK:
            document = pypdfium2.PdfDocument(data)
            try:
                return "\n".join(page.get_textpage().get_text_bounded() for page in document)
            finally:
                document.close()
    except pypdfium2.PdfiumError:
        return ""


def sign_in(app: Flask, name: str) -> FlaskClient:
    """A client of that identity."""
    client = app.test_client()
    if name != "anonymous":
        form = client.get("/dang-nhap").get_data(as_text=True)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        assert token
        sent = {"ten": name, "mat_khau": PASSWORD, "csrf_token": token[1], "next": "/"}
        assert client.post("/dang-nhap", data=sent).status_code == 303, name
    return client


@contextmanager
def archive(folder: Path, kind: str) -> Iterator[Archive]:
    """The archive on the ``embedded`` profile (SQLite, an index in the process) or the ``full`` one (PostgreSQL,
    OpenSearch)."""
    with pytest.MonkeyPatch.context() as patch, _services(kind, patch):
        patch.setenv("VANKHO_HOME", str(folder / "kho"))
        forget_installation()
        wiring.prepare_catalogue()
        plant(folder)
        keep_searches()
        rebuild(wiring.search_engine())  # so that there is an index to go back to
        from vankho.serving import make_application

        app = make_application()
        yield Archive(app, _corpus(), {name: sign_in(app, name) for name in IDENTITIES}, _canaries())
        forget_installation()


@contextmanager
def _services(kind: str, patch: pytest.MonkeyPatch) -> Iterator[None]:
    if kind == "embedded":
        yield
        return
    address, prefix = server().create(), f"leak_{token_hex(6)}"
    patch.setenv("VANKHO_DATABASE_URL", address)
    patch.setenv("VANKHO_ENGINE", "opensearch")
    patch.setenv("VANKHO_OPENSEARCH_URL", service_url("opensearch"))
    patch.setenv("VANKHO_INDEX_PREFIX", prefix)
    with opensearch_engine(prefix):
        yield
    server().remove(address)


def _corpus() -> Corpus:
    with reading() as session:
        rows = session.execute(select(Record.level, Record.public_id, Record.title).order_by(Record.id)).all()
        names = [tuple(session.scalars(select(table.public_id))) for table in (Agent, Place)]
    levels = ("fonds", "inventory", "file", "document")
    ids = {level: tuple(row.public_id for row in rows if row.level == level) for level in levels}
    named = {one.name: row.public_id for one in documents() for row in rows if one.word("tieude") in (row.title or "")}
    return Corpus(ids, named, {one.name: tuple(one.words()) for one in documents()}, *names)


def _canaries() -> dict[str, frozenset[str]]:
    """Who may meet each planted word and each identifier of a record that is hidden from somebody."""
    corpus, described = _corpus(), {one.name: one.described for one in documents()}
    ids = {own: described[name] for name, own in corpus.named.items() if described[name] != EVERYONE}
    return WORDS | ids | {identifier("H48.B.2"): OF_B}
