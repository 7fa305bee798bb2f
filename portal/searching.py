"""The search page: one question, its results, and every way to change it as a link."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.addresses import search_url
from portal.faceting import Chip, build_chips, build_groups, build_tabs, orders, without_filters
from portal.house import house
from portal.shelf import build_shelf
from portal.viewing import viewer
from portal.wording import level_name
from search.criteria import read_criteria
from search.results import Step

MOST_DROPS = 12  # filters tried one by one when nothing is found; each asks the index again

blueprint = Blueprint("searching", __name__)


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step of a path as it is shown: "Phông UBND tỉnh", "Mục lục 07", "Hồ sơ 214"."""

    id: str
    level: str
    label: str


@dataclass(frozen=True, slots=True)
class Drop:
    """What leaving out one filter would give."""

    text: str
    url: str
    count: int


@blueprint.get("/tim-kiem")
def show() -> ResponseReturnValue:
    """Results of the question in the address; raises CriteriaError and QueryError on what cannot be understood."""
    criteria = read_criteria(request.args.items(multi=True))
    results = house().gateway.search(viewer(), criteria)
    chips = build_chips(results, criteria)
    return render_template(
        "search.html",
        asked=criteria.q,
        criteria=criteria,
        results=results,
        decades=build_shelf(results.years, criteria),
        groups=build_groups(results, criteria),
        chips=chips,
        tabs=build_tabs(results, criteria),
        sorts=orders(),
        cleared=without_filters(criteria),
        drops=() if results.total else _drops(chips),
        steps=path_steps,
        with_query=lambda q: replace(criteria, q=q, cursor=""),
        turned=lambda cursor: replace(criteria, cursor=cursor),
    )


def path_steps(path: Iterable[Step]) -> list[PathStep]:
    """Steps with the words that people use for each level."""
    return [PathStep(step.id, step.level, step_label(step.level, step.title, step.code)) for step in path]


def step_label(level: str, title: str, code: str) -> str:
    """A fonds by its title, an inventory or file by the last part of its code."""
    if level == "fonds" and title:
        return title
    return f"{level_name(level)} {code.rsplit('.', 1)[-1]}"


def _drops(chips: Iterable[Chip]) -> tuple[Drop, ...]:
    found = []
    for chip in islice(chips, MOST_DROPS):
        count = house().gateway.count(viewer(), chip.without)
        if count:
            found.append(Drop(chip.text, search_url(chip.without), count))
    return tuple(found)
