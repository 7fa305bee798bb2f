"""Building themes: archivists and heads collect records, say something about each, put them in order, publish."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import themes
from archive.catalogue.themes import Theme
from archive.database import reading, writing
from archive.themes import ThemeError
from portal.errors import missing
from portal.numbers import as_number
from portal.personal import staff_only
from portal.theming import note_pages
from portal.viewing import Asking

FIELDS = ("loai", "ten", "gioi-thieu", "loi", "tai-lieu", "trang")

blueprint = Blueprint("curating", __name__)


@blueprint.get("/quan-tri/chuyen-de")
def workshop() -> ResponseReturnValue:
    """Every theme, drafts too, and the form to begin one."""
    return _workshop(staff_only())


@blueprint.post("/quan-tri/chuyen-de")
def begin() -> ResponseReturnValue:
    """Begins a draft (``loai``: ``collection`` or ``story``, ``ten``, ``gioi-thieu``)."""
    who, form = staff_only(), request.form
    try:
        with writing() as session:
            kind, title, summary = form.get("loai", ""), form.get("ten", ""), form.get("gioi-thieu", "")
            slug = themes.begin(session, who.viewer.name, kind, title, summary).slug
    except ThemeError as error:
        return _workshop(who, error), 422
    return redirect(url_for("curating.edit", slug=slug), 303)


@blueprint.get("/quan-tri/chuyen-de/<slug>")
def edit(slug: str) -> ResponseReturnValue:
    """One theme with its forms."""
    return _bench(staff_only(), slug)


@blueprint.post("/quan-tri/chuyen-de/<slug>")
def change(slug: str) -> ResponseReturnValue:
    """``viec``: ``mo-ta`` title and introduction, ``them`` a piece (``loi``, ``tai-lieu``, ``trang``), of a piece
    (``muc``) ``sua``, ``len``, ``xuong``, ``bo``; ``dang`` publish, ``go`` take back, ``xoa`` delete."""
    who, act = staff_only(), request.form.get("viec", "")
    try:
        with writing() as session:
            theme = themes.find_theme(session, who.viewer, who.day, slug)
            if theme is None or not _do(session, who, theme, act):
                raise missing()
    except ThemeError as error:
        return _bench(who, slug, error), 422
    if act == "xoa":
        return redirect(url_for("curating.workshop"), 303)
    return redirect(url_for("curating.edit", slug=slug, _anchor="muc" if act != "mo-ta" else None), 303)


def _do(session: Session, who: Asking, theme: Theme, act: str) -> bool:
    form, name = request.form, who.viewer.name
    if act == "mo-ta":
        themes.describe(theme, name, form.get("loai", ""), form.get("ten", ""), form.get("gioi-thieu", ""))
    elif act == "them":
        said = (form.get("loi", ""), form.get("tai-lieu", ""), form.get("trang", ""))
        themes.add_piece(session, who.viewer, who.day, theme, *said)
    elif act in {"dang", "go"}:
        themes.publish(session, theme, name, shown=act == "dang")
    elif act == "xoa":
        themes.remove(session, theme, name)
    else:
        piece = as_number(form.get("muc", ""), digits=9)
        return themes.change_piece(session, who.viewer, who.day, theme, piece, act, form.get("loi", ""))
    return True


def _workshop(who: Asking, error: ThemeError | None = None) -> str:
    with reading() as session:
        found = themes.drafts_and_published(session, who.viewer, who.day)
    return render_template("themes_workshop.html", themes=found, **_told(error))


def _bench(who: Asking, slug: str, error: ThemeError | None = None) -> str:
    with reading() as session:
        theme = themes.find_theme(session, who.viewer, who.day, slug)
        if theme is None:
            raise missing()
        met = themes.pieces(session, who.viewer, who.day, theme)
    note_pages(who, met)
    return render_template(
        "theme_bench.html", theme=theme, pieces=met, act=request.form.get("viec", ""), **_told(error)
    )


def _told(error: ThemeError | None) -> dict[str, object]:
    """What a refused form says, with everything that was typed."""
    if error is None:
        return {"error": "", "wrong": "", "typed": {}}
    words = {
        ("ten", "missing"): _("Chuyên đề cần một tên."),
        ("ten", "long"): _("Tên dài quá %(most)s ký tự; hãy rút bớt.", most=themes.LONGEST_TITLE),
        ("loi", "missing"): _("Cần viết lời, hoặc dán địa chỉ một tài liệu."),
        ("loi", "full"): _("Chuyên đề đã đủ %(most)s mục.", most=themes.MOST_PIECES),
        ("tai-lieu", "unknown"): _("Không thấy tài liệu ở địa chỉ này; hãy dán địa chỉ trang của tài liệu."),
        ("trang", "unknown"): _("Tài liệu không có trang ấy, hoặc bạn không được đọc trang ấy."),
    }
    long = _("Lời dài quá %(most)s ký tự; hãy rút bớt.", most=themes.LONGEST_TEXT)
    return {
        "error": words.get((error.field, error.reason), long),
        "wrong": error.field,
        "typed": {name: request.form.get(name, "") for name in (*FIELDS, "muc")},
    }
