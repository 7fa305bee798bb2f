"""The first page: the search box, the year shelf, the fonds, what opened lately, and figures that were measured."""

from dataclasses import replace

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive import browsing, themes
from archive.browsing import Extent
from archive.database import reading
from archive.terms import term
from portal.embedding import home_block
from portal.house import house
from portal.shelf import COUNTED, build_shelf
from portal.viewing import asking
from search.errors import SearchDownError
from search.results import Results

MOST_FONDS = 8
MOST_THEMES = 4

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The home page."""
    who = asking()
    try:
        results = house().gateway.search(who.viewer, replace(COUNTED, size=1))
    except SearchDownError as error:  # the fonds below need no index
        current_app.logger.error("search: %s", error)
        results = Results(total=0, hits=())
    with reading() as session:
        fonds = browsing.all_fonds(session, who.viewer, who.day)
        extents = browsing.fonds_extents(session, who.viewer, who.day)
        opened = browsing.recently_opened(session, who.viewer, who.day)
        curated = themes.published(session, who.viewer, who.day, limit=MOST_THEMES + 1)
        samples = browsing.first_documents(session, who.viewer, fonds[0], who.day) if fonds else ()
    pairs = [(one, extents.get(one.id, Extent())) for one in fonds]
    largest = sorted(pairs, key=lambda pair: -pair[1].files)[:MOST_FONDS]
    half = (len(largest) + 1) // 2
    return render_template(
        "home.html",
        embedded=home_block(),
        decades=build_shelf(results, COUNTED),
        fonds=largest,
        columns=[column for column in (largest[:half], largest[half:]) if column],
        fonds_total=len(fonds),
        files=sum(extent.files for _fonds, extent in pairs),
        documents=sum(extent.documents for _fonds, extent in pairs),
        held=sum(extent.digital for _fonds, extent in pairs),
        opened=opened,
        themes=curated[:MOST_THEMES],
        more_themes=len(curated) > MOST_THEMES,
        services=[
            (name, term(key, who.day).value)
            for name, key in (
                (_("Đọc tài liệu mở"), "answer.reading"),
                (_("Bản sao, xác thực"), "answer.copy"),
                (_("Tài liệu có điều kiện"), "answer.conditional"),
                (_("Cung cấp thông tin"), "answer.information"),
            )
        ],
        examples=[one.number for one in samples if one.number],
    )
