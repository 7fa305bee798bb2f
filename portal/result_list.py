"""The list of results that a reader came from: back to it, and on to the result before and after.

The question travels in the address of the record (``ds``, its own parameters in one), so it needs no cookie and no
script and can be kept or sent; what stands beside the record is asked of the gateway anew for whoever opens it.
"""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from flask import current_app, request

from archive.access import Viewer
from portal.addresses import record_url, search_url
from portal.house import house
from search.beside import Neighbour
from search.criteria import Criteria, CriteriaError, read_criteria
from search.errors import SearchDownError
from search.language import QueryError

LONGEST = 2_000  # characters of a question with its cursor


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a result beside: its address, and the title that names it."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class ResultList:
    """Where the list is, what was asked, how many results it has (0: it could not be asked), and the ways on."""

    url: str
    q: str
    total: int = 0
    previous: Way | None = None
    next: Way | None = None


def told(criteria: Criteria) -> str:
    """A question with its page of results as one parameter; a list of everything is said by an empty ``q``."""
    return criteria.query_string() or "q="


def list_in_address() -> dict[str, str]:
    """The parameter as it came, for links that stay with the record; nothing where there is none."""
    text = request.args.get("ds", "")
    return {"ds": text} if 0 < len(text) <= LONGEST else {}


def came_from(viewer: Viewer, public_id: str) -> ResultList | None:
    """The list of the address, as it is for this viewer now; None where there is none or it cannot be read."""
    if not (text := list_in_address().get("ds")):
        return None
    try:
        criteria = read_criteria(parse_qsl(text, keep_blank_values=True, max_num_fields=500))
    except ValueError:  # CriteriaError is one
        return None
    try:
        found = house().gateway.beside(viewer, criteria, public_id)
    except CriteriaError:  # the place of another reader, or of before one signed in: the list from its beginning
        return ResultList(search_url(replace(criteria, cursor="")), criteria.q)
    except QueryError:
        return None
    except SearchDownError as error:
        current_app.logger.error("search: %s", error)
        return None
    if found is None:
        return ResultList(search_url(criteria), criteria.q)
    ways = (_way(one) for one in (found.previous, found.next))
    return ResultList(f"{search_url(criteria)}#kq{found.place}", criteria.q, found.total, *ways)


def _way(one: Neighbour | None) -> Way | None:
    if one is None:
        return None
    hit, criteria = one.hit, one.criteria
    words = criteria.words() if hit.page_count and hit.readable else {}
    return Way(record_url(hit.level, hit.id, **words, ds=told(criteria)), hit.number or hit.title or hit.code)
