"""A small archive for the gateway's tests: a real catalogue and a real index, filled by the real indexer."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.orm import Session

from analyzers.tokens import keys
from archive.access import Viewer, tag
from archive.access_rules import Closure, derive_access
from archive.accession.description import people_named
from archive.catalogue.authorities import Agency, Agent, Place, Term
from archive.catalogue.outbox import Veto
from archive.catalogue.records import Page, Record, RecordPlace, RecordSubject
from archive.catalogue.tables import Base
from archive.database import open_database
from indexer.documents import build_documents
from search.document import RecordPages
from search.engines.embedded import EmbeddedEngine
from search.engines.protocol import Engine
from search.gateway import Gateway
from tests.search.documents import day
from tests.search.opensearch import opensearch_engine

ANYONE = Viewer.anonymous()
CLERK = Viewer(frozenset({"role:clerk", "agency:so-noi-vu"}), "clerk", "clerk", "so-noi-vu")
OTHER_CLERK = Viewer(frozenset({"role:clerk", "agency:so-y-te"}), "other", "clerk", "so-y-te")
ARCHIVIST = Viewer(frozenset({"role:archivist"}), "archivist", "archivist")


def granted(record: str) -> Viewer:
    return Viewer(frozenset({"role:reader", tag("grant", record)}), "reader", "reader")


class House:
    """A catalogue, an index and a gateway over both."""

    def __init__(self, root: Path, database: str = "", engine: Engine | None = None) -> None:
        self.database = open_database(database or f"sqlite:///{root / 'catalogue.sqlite3'}")
        Base.metadata.create_all(self.database)
        self.engine: Engine = engine or EmbeddedEngine(root / "index")
        for index in ("records", "pages"):
            self.engine.promote(index, self.engine.create(index))
        self.seq = 0
        self.gateway = Gateway(self.engine, self.reading, secret="s" * 32)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with Session(self.database, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with Session(self.database.execution_options(writing=True)) as session:
            yield session
            session.commit()

    def close(self) -> None:
        self.engine.release()
        self.database.dispose()

    def fonds(self, own: str, title: str, agency: str = "so-noi-vu", hidden: bool = False) -> str:
        with self.writing() as session:
            found = session.scalar(select(Agency).where(Agency.code == agency))
            if not found:
                session.add(Agency(public_id=f"agency-{agency}", code=agency, name=agency))
        return self.record(own, title, level="fonds", hidden=hidden)

    def record(
        self,
        own: str,
        title: str,
        *pages: str,
        level: str = "document",
        under: str = "",
        code: str = "01",
        opens: str = "",
        hidden: bool = False,
        withdrawn: bool = False,
        dates: tuple[str, str] | None = None,
        issuer: str = "",
        place: str = "",
        kind: str = "",
        number: str = "",
        subject: str = "",
        language: str = "",
        signer: str = "",
        photographer: str = "",
    ) -> str:
        """Adds a record; its access comes from its own closure and its ancestors', as on delivery."""
        with self.writing() as session:
            parent = session.scalar(select(Record).where(Record.public_id == under)) if under else None
            record = Record(
                public_id=own, level=level, natural_key=own, code=own.upper(), title=title, number=number,
                parent_id=parent.id if parent else None, lineage=f"{own} {parent.lineage}" if parent else own,
                level_code=code, opens_on=day(opens) if opens else None, withdrawn=withdrawn,
                hidden_when_closed=hidden, page_count=len(pages), medium="text" if pages else "paper",
                date_from=day(dates[0]) if dates else None, date_to=day(dates[1]) if dates else None,
                type_slug=self._term(session, kind) if kind else None,
                issuer_id=self._name(session, Agent, issuer).id if issuer else None,
                delivered={
                    field: value
                    for field, value in (("Language", language), ("Signer", signer), ("Photographer", photographer))
                    if value
                },
            )  # fmt: skip
            top = parent
            closures = [Closure(code, record.opens_on)]
            while top:
                closures.append(Closure(top.level_code, top.opens_on))
                hidden, top = hidden or top.hidden_when_closed, top.parent
            record.access = derive_access(
                closures, lineage=tuple(record.lineage.split()), agency="so-noi-vu", hidden_when_closed=hidden,
                withdrawn=withdrawn,
            )  # fmt: skip
            session.add(record)
            session.flush()
            for field in ("Signer", "Photographer"):
                for name in people_named("document", record.value(field)):
                    self._name(session, Agent, name, kind="person")
            session.add_all(Page(record_id=record.id, n=n, text=text) for n, text in enumerate(pages, 1))
            if place:
                session.add(RecordPlace(record_id=record.id, place_id=self._name(session, Place, place).id))
            if subject:
                session.add(RecordSubject(record_id=record.id, slug=self._term(session, subject, "field")))
        return own

    def _name(self, session: Session, table: type[Agent] | type[Place], name: str, **values: str) -> Agent | Place:
        key = " ".join(keys(name).marked)
        found = session.scalar(select(table).where(table.name_key == key))
        if found is None:
            found = table(public_id=key.replace(" ", "-"), name=name, name_key=key, **values)
            session.add(found)
            session.flush()
        return found

    def _term(self, session: Session, label: str, vocabulary: str = "type") -> str:
        slug = "-".join(keys(label).folded)
        session.merge(Term(vocabulary=vocabulary, slug=slug, label=label))
        return slug

    def index(self, *only: str) -> None:
        """Brings the index to what the catalogue says now (of all records, or of some)."""
        self.seq += 1
        with self.reading() as session:
            rows = session.execute(select(Record.id, Record.public_id))
            wanted = [(number, self.seq) for number, own in rows if not only or own in only]
            for batch in build_documents(session, wanted):
                records = [one.record for one in batch if one.record]
                pages = [RecordPages(one.public_id, one.seq, one.pages) for one in batch if one.record]
                gone = {one.public_id: one.seq for one in batch if not one.record}
                assert self.engine.write(self.engine.current("records"), records) == []
                assert self.engine.write(self.engine.current("pages"), pages) == []
                for index in ("records", "pages"):
                    self.engine.delete(self.engine.current(index), gone)
        for index in ("records", "pages"):
            self.engine.commit(self.engine.current(index), self.seq)

    def change(self, own: str, **values: object) -> None:
        """Changes columns of a record in the catalogue only: the index does not know yet."""
        with self.writing() as session:
            record = session.scalars(select(Record).where(Record.public_id == own)).one()
            for name, value in values.items():
                setattr(record, name, value)

    def veto(self, own: str) -> None:
        with self.writing() as session:
            session.add(Veto(record=own))


def ids(found: Sequence[object]) -> list[str]:
    return [one.id for one in found]  # type: ignore[attr-defined]


@contextmanager
def house_on(kind: str, root: Path, fill: Callable[[House], None]) -> Iterator[House]:
    """A filled house over the embedded engine or over OpenSearch; skipped where that is not there."""
    with nullcontext() if kind == "embedded" else opensearch_engine(f"test_{token_hex(6)}") as engine:
        house = House(root, engine=engine)
        fill(house)
        yield house
        house.close()
