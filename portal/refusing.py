"""Questions that cannot be understood: a page that says why and keeps the words, or a problem document."""

from urllib.parse import urlencode

from flask import Flask, Response, make_response, render_template, request, url_for

from portal.errors import problem
from portal.wording import either, wants_json
from search.criteria import CriteriaError
from search.errors import QueryError, messages, surroundings


def install(app: Flask) -> None:
    """Answers for bad parameters and bad queries, wherever they are met."""
    app.register_error_handler(CriteriaError, _refuse_criteria)
    app.register_error_handler(QueryError, _refuse_query)


def _refuse_criteria(error: CriteriaError) -> Response:
    if wants_json():
        return problem(400, error.vi, error.en, error.parameter)
    return _page(either(error.vi, error.en))


def _refuse_query(error: QueryError) -> Response:
    vi, en = messages(error)
    if wants_json():
        return problem(400, vi, en, "q", position=error.position, length=error.length, suggestion=error.suggestion)
    corrected = ""
    if error.suggestion:
        kept = [(n, v) for n, v in request.args.items(multi=True) if n not in {"q", "cursor"}]
        corrected = f"{url_for('searching.show')}?{urlencode([('q', error.suggestion), *kept])}"
    return _page(either(vi, en), error.suggestion or "", corrected, surroundings(error))


def _page(
    reason: str, correction: str = "", corrected: str = "", where: tuple[str, str, str] | tuple[()] = ()
) -> Response:
    page = render_template(
        "search_refused.html",
        asked=request.args.get("q", ""),
        reason=reason,
        correction=correction,
        corrected=corrected,
        where=where,
    )
    return make_response(page, 400)
