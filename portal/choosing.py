"""All values of one facet for a question, with a box to find one by the beginning of a word."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.addresses import search_url
from portal.errors import missing
from portal.faceting import Link
from portal.house import house
from portal.viewing import viewer
from portal.wording import either, label
from search.criteria import read_criteria
from search.facets import FACETS

MOST_CHOICES = 200
LONGEST_PREFIX = 100

blueprint = Blueprint("choosing", __name__)


@blueprint.get("/tim-kiem/chon/<name>")
def show(name: str) -> ResponseReturnValue:
    """The values, most frequent first; each leads back to the results with it chosen or no longer chosen."""
    facet = next((one for one in FACETS if one.name == name), None)
    if facet is None:
        raise missing()
    prefix = request.args.get("tim", "").strip()[:LONGEST_PREFIX]
    criteria = read_criteria(request.args.items(multi=True))
    values = house().gateway.facet_values(viewer(), criteria, name, prefix, MOST_CHOICES)
    links = [Link(label(v), search_url(criteria.toggled(name, v.value)), v.count, v.selected) for v in values]
    return render_template(
        "choosing.html",
        asked=criteria.q,
        criteria=criteria,
        facet=either(facet.vi, facet.en),
        name=name,
        prefix=prefix,
        links=links,
        most=MOST_CHOICES,
    )
