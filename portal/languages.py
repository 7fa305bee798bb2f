"""Vietnamese first, English by a switch: ``?lang=``, else the cookie, else Vietnamese; never the browser's wish."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_translations

from archive.settings import ROOT
from portal.returning import local_path

LANGUAGES = ("vi", "en")
COOKIE = "ngon-ngu"
YEAR_SECONDS = 365 * 24 * 3600

blueprint = Blueprint("language", __name__)


def chosen() -> str:
    """The language of this answer."""
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    return "vi"


def install(app: Flask) -> None:
    """Prepares translations for the application."""
    Babel(
        app,
        default_locale="vi",
        default_translation_directories=str(ROOT / "templates" / "translations"),
        locale_selector=chosen,
    )
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _translations().ugettext(text),
        lambda one, many, number: _translations().ungettext(one, many, number),
        newstyle=True,
    )


def _translations() -> Any:
    """Those of this answer, found once: a page of results has hundreds of texts, and finding costs more than a text."""
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations


def switch_address(path: str) -> str:
    """The address that turns to the other language and comes back to the path."""
    other = "vi" if chosen() == "en" else "en"
    return f"{url_for('language.switch')}?{urlencode({'lang': other, 'next': path})}"


@blueprint.get("/ngon-ngu")
def switch() -> ResponseReturnValue:
    """Keeps the language in a cookie and goes back; an unknown language is Vietnamese."""
    wish = request.args.get("lang", "")
    answer = redirect(local_path(request.args.get("next", "")), 303)
    answer.set_cookie(
        COOKIE,
        wish if wish in LANGUAGES else "vi",
        max_age=YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return answer
