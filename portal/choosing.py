"""All values of one facet for a question: a box to find one, by count or in Vietnamese order, page by page."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.errors import missing
from portal.faceting import link
from portal.house import house
from portal.viewing import viewer
from portal.wording import either
from search.criteria import Criteria, CriteriaError, read_criteria
from search.facet_pages import FACET_ORDERS, FacetQuestion
from search.facets import FACETS
from search.facets import facet as facet_definition
from search.results import FacetPage

MOST_CHOICES = 50
LONGEST_LABEL = 100

blueprint = Blueprint("choosing", __name__)


@blueprint.get("/tim-kiem/chon/<name>")
def show(name: str) -> ResponseReturnValue:
    """The values; each leads back to the results with it chosen or no longer chosen."""
    criteria = read_criteria(request.args.items(multi=True))
    asked, page = facet_page(name, criteria)
    links = [link(v, criteria, name) for v in page.values]
    kept = replace(criteria, cursor="").parameters()
    told = [("label", asked.label)] if asked.label else []
    here = url_for("choosing.show", name=name)
    facet = facet_definition(name)
    return render_template(
        "choosing.html",
        asked=criteria.q,
        criteria=replace(criteria, cursor=""),
        facet=either(facet.vi, facet.en),
        name=name,
        label=asked.label,
        order=asked.order,
        orders=[(order, f"{here}?{urlencode([*kept, *told, ('order', order)])}") for order in FACET_ORDERS],
        links=links,
        first=f"{here}?{urlencode([*kept, *told, ('order', asked.order)])}" if criteria.cursor else "",
        next=f"{here}?{urlencode([*kept, *told, ('order', asked.order), ('cursor', page.next)])}" if page.next else "",
    )


def facet_page(name: str, criteria: Criteria) -> tuple[FacetQuestion, FacetPage]:
    """What the address asks of a facet, and the answer; NotFound for an unknown facet, CriteriaError on bad values."""
    if name not in {one.name for one in FACETS}:
        raise missing()
    order = next((one for one in FACET_ORDERS if one == request.args.get("order", FACET_ORDERS[0])), None)
    if order is None:
        known = ", ".join(FACET_ORDERS)
        raise CriteriaError("order", f"không có thứ tự ấy; hãy dùng: {known}", f"use one of: {known}")
    wish = request.args.get("label", request.args.get("tim", "")).replace("\0", "").strip()[:LONGEST_LABEL]
    size = criteria.size if "size" in request.args else MOST_CHOICES
    asked = FacetQuestion(name, wish, order, size)
    return asked, house().gateway.facet_page(viewer(), criteria, asked)
