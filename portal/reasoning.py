"""Why a record is among the results: a page of its own, asked for from each result, without script."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.errors import missing
from portal.house import house
from portal.searching import path_steps
from portal.viewing import viewer
from search.criteria import Criteria, read_criteria
from search.reasons import Why, WordPlaces

blueprint = Blueprint("reasoning", __name__)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the score in words, for staff: how much, and how much against the greatest part (0 to 1)."""

    name: str
    score: float
    share: float


@blueprint.get("/tim-kiem/vi-sao/<public_id>")
def show(public_id: str) -> ResponseReturnValue:
    """The reasons for one result of the question in the address; missing where it is none."""
    criteria = read_criteria(request.args.items(multi=True))
    why = why_found(public_id, criteria)
    return render_template(
        "why.html",
        asked=criteria.q,
        criteria=criteria,
        why=why,
        steps=path_steps,
        scores=_shares(why),
        most=max((word.times for word in why.words), default=0),
        absent=[word.text for word in why.words if not (word.somewhere or word.other)],
        marked_note=any(word.marked < word.times for word in why.words),
    )


def why_found(public_id: str, criteria: Criteria) -> Why:
    """The reasons; NotFound where the record is not among the results, whatever the ground."""
    why = house().gateway.why(viewer(), public_id, criteria)
    if why is None:
        raise missing()
    return why


def word_as_data(word: WordPlaces) -> dict[str, object]:
    """A word of the question as the API tells it."""
    return {
        "text": word.text,
        "other_reading": word.other,
        "title": word.title,
        "description": word.description,
        "times": word.times,
        "as_typed": word.marked,
        "pages": list(word.pages),
    }


def _shares(why: Why) -> list[Share]:
    most = max((score for _name, score in why.scores), default=0.0)
    return [Share(_part_name(name), score, score / most) for name, score in why.scores]


def _part_name(name: str) -> str:
    names: dict[str, str] = {
        "text_marked": _("Chữ có dấu, trong nội dung"),
        "text_folded": _("Chữ bỏ dấu, trong nội dung"),
        "text_shingles": _("Cặp chữ liền nhau, trong nội dung"),
        "description_marked": _("Chữ có dấu, trong phần mô tả"),
        "description_folded": _("Chữ bỏ dấu, trong phần mô tả"),
        "description_shingles": _("Cặp chữ liền nhau, trong phần mô tả"),
        "title_shingles": _("Tiêu đề nói gần hết câu hỏi"),
        "number_words": _("Chữ và số trong số văn bản"),
        "number": _("Đúng số văn bản"),
        "typed": _("Đúng như đã gõ, trước các tên khác"),
        "other-name": _("Đúng một cách hiểu khác"),
        "type": _("Đúng loại văn bản"),
        "issuer": _("Đúng cơ quan ban hành"),
        "year": _("Đúng thời gian"),
    }
    return names.get(name) or str(_("Cụm chữ nguyên vẹn"))
