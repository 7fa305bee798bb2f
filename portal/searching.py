"""The search page: one question, its results, and every way to change it as a link."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.addresses import search_url, why_url
from portal.faceting import Chip, build_chips, build_groups, build_tabs, orders, without_filters
from portal.house import house
from portal.result_list import told
from portal.shelf import build_shelf
from portal.viewing import viewer
from portal.wording import level_name
from search.criteria import read_criteria
from search.results import Results, Step

blueprint = Blueprint("searching", __name__)


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step of a path as it is shown: "Phông UBND tỉnh", "Mục lục 07", "Hồ sơ 214"."""

    id: str
    level: str
    label: str

    @property
    def vi(self) -> bool:
        """Whether it is named by a title, in Vietnamese on an English page, too."""
        return self.level == "fonds"


@dataclass(frozen=True, slots=True)
class Drop:
    """Another question where one finds nothing, and what it would give."""

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
        decades=build_shelf(results, criteria),
        groups=build_groups(results, criteria),
        chips=chips,
        tabs=build_tabs(results, criteria),
        sorts=orders(),
        cleared=without_filters(criteria),
        drops=_ways_out(results, chips),
        steps=path_steps,
        why_url=why_url,
        from_list={"ds": told(criteria)},
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


def _ways_out(results: Results, chips: Iterable[Chip]) -> tuple[Drop, ...]:
    """What finds something where nothing was found, each said in words."""
    named = list(chips)
    found = []
    for one in results.alternatives:
        if one.kind == "filter":
            gone = ", ".join(chip.text for chip in named if chip.facet == one.text)
            text = _("Bỏ lọc %(name)s", name=gone or _("cấp"))
        elif one.kind == "filters":
            text = _("Bỏ tất cả bộ lọc")
        elif one.kind == "part":
            text = _("Bỏ “%(part)s”", part=one.text)
        else:
            text = _("Tìm: %(q)s", q=one.text)
        found.append(Drop(text, search_url(one.criteria), one.count))
    return tuple(found)
