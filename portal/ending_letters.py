"""Ending letters about saved searches by the link in a letter, without signing in: the link is right enough."""

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue

from archive.database import reading, writing
from desk.saved_searches import read_ending
from portal.errors import missing
from portal.house import house

blueprint = Blueprint("ending_letters", __name__, url_prefix="/thoi-thu")
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@blueprint.get("/<link>")
def ask(link: str) -> ResponseReturnValue:
    """The page that ends them: looking at it ends nothing, since mail programs look at links by themselves."""
    with reading() as work:
        found = read_ending(work, _key(), link)
    if found is None:
        raise missing()
    return render_template("ending_letters.html", link=link, ended=not found), 200, PRIVATE


@blueprint.post("/<link>")
def end(link: str) -> ResponseReturnValue:
    """Ends them; a mail program does that, too (RFC 8058), so the link stands for the token of a form."""
    with writing() as work:
        found = read_ending(work, _key(), link)
        if found is None:
            raise missing()
        for item in found:
            item.letters = ""
    return render_template("ending_letters.html", link=link, ended=True), 200, PRIVATE


def install(app: Flask) -> None:
    """Lets mail programs post."""
    app.extensions["csrf"].exempt("portal.ending_letters.end")


def _key() -> str:
    return house().settings.secret.get_secret_value()
