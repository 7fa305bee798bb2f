"""Themes as a viewer meets them, and the work of those who build them.

The rights of a piece are its record's: a piece about a record that the viewer may not see is not there, nor one about a
page that he may not read; and a theme is missing for him if it is about records and he may see none of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from analyzers.fold import fold
from analyzers.normal import canon
from archive import browsing
from archive.access import Viewer, may, sql_condition
from archive.audit import record_event
from archive.catalogue.records import Page, Record
from archive.catalogue.themes import Theme, ThemePiece
from archive.clock import now
from archive.identifiers import ALPHABET, LENGTH

KINDS = ("collection", "story")
LONGEST_TITLE, LONGEST_TEXT = 200, 6_000
MOST_PIECES = 200
LONGEST_SLUG = 60

_ADDRESS = re.compile(rf"(?<![{ALPHABET}])([{ALPHABET}]{{{LENGTH}}})(?![{ALPHABET}])(?:/trang/(\d{{1,6}}))?")


class ThemeError(ValueError):
    """What was asked cannot be done; ``field`` is the field of the form, ``reason`` says why in one word."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece that the viewer may meet: its record (None: words only), and the page whose image may be shown."""

    row: ThemePiece
    record: Record | None
    page: Page | None

    @property
    def shows_image(self) -> bool:
        """Whether an image of the page is there for readers."""
        return self.page is not None and self.page.image_sha256 is not None and not self.page.is_image_closed


def published(session: Session, viewer: Viewer, day: int, *, limit: int = 100) -> Sequence[Theme]:
    """Published themes that are there for the viewer, the latest first."""
    shown = select(Theme).where(Theme.published_at.is_not(None), _there(viewer, day))
    return session.scalars(shown.order_by(Theme.published_at.desc(), Theme.id.desc()).limit(limit)).all()


def find_theme(session: Session, viewer: Viewer, day: int, slug: str) -> Theme | None:
    """The theme of that address, a draft too, for one who builds themes: his own, or one that is there for him."""
    wanted = select(Theme).where(Theme.slug == slug[: LONGEST_SLUG + 10])
    return session.scalar(wanted.where(or_(Theme.changed_by == viewer.name, _there(viewer, day))))


def find_published(session: Session, viewer: Viewer, day: int, slug: str) -> Theme | None:
    """The published theme of that address if it is there for the viewer."""
    wanted = select(Theme).where(Theme.slug == slug[: LONGEST_SLUG + 10], Theme.published_at.is_not(None))
    return session.scalar(wanted.where(_there(viewer, day)))


def pieces(session: Session, viewer: Viewer, day: int, theme: Theme) -> list[Piece]:
    """What of a theme the viewer may meet, in its order, without gaps."""
    rows = session.execute(
        select(ThemePiece, Record, Page)
        .outerjoin(Record, Record.id == ThemePiece.record_id)
        .outerjoin(Page, and_(Page.record_id == ThemePiece.record_id, Page.n == ThemePiece.page))
        .where(ThemePiece.theme_id == theme.id, or_(ThemePiece.record_id.is_(None), _met(viewer, day)))
        .order_by(ThemePiece.place, ThemePiece.id)
    )
    return [Piece(row, record, page) for row, record, page in rows]


def drafts_and_published(session: Session, viewer: Viewer, day: int) -> Sequence[Theme]:
    """Themes that :func:`find_theme` finds, what was changed last first."""
    mine = or_(Theme.changed_by == viewer.name, _there(viewer, day))
    return session.scalars(select(Theme).where(mine).order_by(Theme.changed_at.desc(), Theme.id.desc())).all()


def begin(session: Session, actor: str, kind: str, title: str, summary: str) -> Theme:
    """A new draft.  ThemeError where the title is missing or something is too long."""
    made = Theme(slug=_free_slug(session, title), kind="", title="", changed_at=now(), changed_by=actor)
    describe(made, actor, kind, title, summary)
    session.add(made)
    session.flush()
    record_event(session, actor, "theme-begun", theme=made.id)
    return made


def describe(theme: Theme, actor: str, kind: str, title: str, summary: str) -> None:
    """Another kind, title, introduction; the address stays.  ThemeError as :func:`begin`."""
    if not title.strip():
        raise ThemeError("ten", "missing")
    if len(title) > LONGEST_TITLE:
        raise ThemeError("ten", "long")
    if len(summary) > LONGEST_TEXT:
        raise ThemeError("gioi-thieu", "long")
    theme.kind = kind if kind in KINDS else KINDS[0]
    theme.title, theme.summary = title.strip(), summary.strip()
    _touch(theme, actor)


def publish(session: Session, theme: Theme, actor: str, *, shown: bool) -> None:
    """Shows the theme to readers, or takes it back to a draft."""
    theme.published_at = now() if shown else None
    _touch(theme, actor)
    record_event(session, actor, "theme-published" if shown else "theme-unpublished", theme=theme.id)


def remove(session: Session, theme: Theme, actor: str) -> None:
    """Deletes a theme; its records stay as they are."""
    for one in session.scalars(select(ThemePiece).where(ThemePiece.theme_id == theme.id)):
        session.delete(one)
    session.flush()
    session.delete(theme)
    record_event(session, actor, "theme-removed", theme=theme.id)


def add_piece(session: Session, viewer: Viewer, day: int, theme: Theme, text: str, about: str, page: str = "") -> None:
    """Puts a piece at the end: words, and the record that ``about`` names (an identifier or an address of it, also of a
    page of it).  ThemeError where it names none that the viewer may see, or a page that he may not read."""
    own, n = _named(session, viewer, day, about, page)
    if own is None and not text.strip():
        raise ThemeError("loi", "missing")
    if len(text) > LONGEST_TEXT:
        raise ThemeError("loi", "long")
    count, last = session.execute(
        select(func.count(), func.max(ThemePiece.place)).where(ThemePiece.theme_id == theme.id)
    ).one()
    if count >= MOST_PIECES:
        raise ThemeError("loi", "full")
    session.add(ThemePiece(theme_id=theme.id, place=(last or 0) + 1, text=text.strip(), record_id=own, page=n))
    _touch(theme, viewer.name)


def change_piece(session: Session, viewer: Viewer, day: int, theme: Theme, piece: int, act: str, text: str) -> bool:
    """``sua`` other words, ``len`` and ``xuong`` before or behind its neighbour, ``bo`` out; False where the viewer
    meets no such piece.  ThemeError where the words are too long."""
    met = pieces(session, viewer, day, theme)
    at = next((i for i, one in enumerate(met) if one.row.id == piece), None)
    if at is None or act not in {"sua", "len", "xuong", "bo"}:
        return False
    row = met[at].row
    if act == "bo":
        session.delete(row)
    elif act == "sua":
        if len(text) > LONGEST_TEXT:
            raise ThemeError("loi", "long")
        row.text = text.strip()
    else:
        beside = at + (1 if act == "xuong" else -1)
        if 0 <= beside < len(met):
            other = met[beside].row
            row.place, other.place = other.place, row.place
    _touch(theme, viewer.name)
    return True


def _named(session: Session, viewer: Viewer, day: int, about: str, page: str) -> tuple[int | None, int | None]:
    if not about.strip():
        return None, None
    met = _ADDRESS.search(about)
    record = browsing.find_record(session, viewer, met[1], day) if met else None
    if met is None or record is None:
        raise ThemeError("tai-lieu", "unknown")
    wish = page.strip() or met[2] or ""
    if not wish:
        return record.id, None
    n = int(wish) if wish.isascii() and wish.isdigit() and len(wish) < 7 else 0
    if not may(viewer, "read", record, day) or session.get(Page, (record.id, n)) is None:
        raise ThemeError("trang", "unknown")
    return record.id, n


def _met(viewer: Viewer, day: int) -> ColumnElement[bool]:
    """The rule of a piece about a record, on a row of both."""
    seen, read = sql_condition(viewer, "see", day), sql_condition(viewer, "read", day)
    return and_(~Record.withdrawn, seen, or_(ThemePiece.page.is_(None), read))


def _there(viewer: Viewer, day: int) -> ColumnElement[bool]:
    of_it = select(ThemePiece.id).where(ThemePiece.theme_id == Theme.id)
    about = of_it.where(ThemePiece.record_id.is_not(None))
    met = of_it.join(Record, Record.id == ThemePiece.record_id).where(_met(viewer, day))
    return or_(~about.exists(), met.exists())


def _free_slug(session: Session, title: str) -> str:
    words = re.findall(r"[a-z0-9]+", fold(canon(title)))
    base = "-".join(words)[:LONGEST_SLUG].strip("-") or "chuyen-de"
    taken = set(session.scalars(select(Theme.slug).where(Theme.slug.startswith(base, autoescape=True))))
    return next(one for n in range(1, len(taken) + 2) if (one := base if n == 1 else f"{base}-{n}") not in taken)


def _touch(theme: Theme, actor: str) -> None:
    theme.changed_at, theme.changed_by = now(), actor
