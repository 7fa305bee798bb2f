"""Facet values with their labels: one query for each kind of label, and nothing that the viewer may not know."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import Session

from archive.access import Viewer, sql_condition
from archive.among import among_named
from archive.catalogue.authorities import Agent, Place, Term
from archive.catalogue.records import Record
from archive.gazetteer import province_label
from search.criteria import Criteria
from search.facets import FACETS, FIXED_LABELS, FacetDefinition
from search.plan import Buckets
from search.planning import chosen_name
from search.results import FacetValue

Labels = dict[tuple[str, str], str]

_NAMES = {
    kind: select(table.public_id, table.name).where(among_named(table.public_id, "ids"))
    for kind, table in (("agent", Agent), ("place", Place))
}
_TERMS = select(Term.vocabulary, Term.slug, Term.label).where(
    among_named(Term.vocabulary, "vocabularies"),
    among_named(Term.slug, "slugs"),
)


def label_facets(
    session: Session, viewer: Viewer, day: int, criteria: Criteria, buckets: Mapping[str, Buckets], most: int
) -> dict[str, tuple[FacetValue, ...]]:
    """The counted facets with labels: at most ``most`` values of each, the chosen ones always among them.

    A value without a label that the viewer may know is left out.
    """
    trimmed = {facet.name: _trim(buckets, facet.name, most) for facet in FACETS}
    labels = read_labels(session, viewer, day, trimmed)
    return {facet.name: _values(facet, trimmed[facet.name], criteria, labels) for facet in FACETS}


def level_values(criteria: Criteria, buckets: Buckets) -> tuple[FacetValue, ...]:
    """The levels in their own order, those with records."""
    counts = dict(buckets)
    return tuple(
        FacetValue(value, vi, en, counts[value], value in criteria.level)
        for (name, value), (vi, en) in FIXED_LABELS.items()
        if name == "level" and counts.get(value)
    )


def read_labels(session: Session, viewer: Viewer, day: int, buckets: Mapping[str, Buckets]) -> Labels:
    """Labels by facet and value, read with one query for agents, one for places, one for terms, one for records."""
    wanted = {facet.name: {value for value, _ in buckets.get(facet.name, ())} for facet in FACETS}
    labels: Labels = {}
    for kind in _NAMES:
        names = {facet.name for facet in FACETS if facet.labels == kind}
        if ids := set[str]().union(*(wanted[name] for name in names)):
            found = dict(list(session.connection().execute(_NAMES[kind], {"ids": list(ids)})))
            labels |= {(name, one): found[one] for name in names for one in wanted[name] if one in found}
    terms = {facet.name: wanted[facet.name] for facet in FACETS if facet.labels == "term" and wanted[facet.name]}
    if terms:
        slugs = set[str]().union(*terms.values())
        rows = session.connection().execute(_TERMS, {"vocabularies": list(terms), "slugs": list(slugs)})
        labels |= {(vocabulary, slug): label for vocabulary, slug, label in rows}
    names = {facet.name for facet in FACETS if facet.labels == "record"}
    if ids := set[str]().union(*(wanted[name] for name in names)):
        known = _titles(session, viewer, day, ids)
        above = {lineage.split()[-1] for _, lineage in known.values()} - set(known)
        known |= _titles(session, viewer, day, above) if above else {}
        labels |= {(name, one): _in_fonds(one, known) for name in names for one in wanted[name] if one in known}
    return labels


def record_labels(session: Session, viewer: Viewer, day: int, level: str) -> list[tuple[str, str]]:
    """Identifier and label of every record of a level that the viewer may see."""
    known = {
        own: (title or code, lineage)
        for own, title, code, lineage in session.execute(
            select(Record.public_id, Record.title, Record.code, Record.lineage).where(
                Record.level.in_((level, "fonds")), ~Record.withdrawn, sql_condition(viewer, "see", day)
            )
        )
    }
    return [
        (own, _in_fonds(own, known)) for own, (_, lineage) in known.items() if _is_below(lineage) == (level != "fonds")
    ]


def _titles(session: Session, viewer: Viewer, day: int, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Title and lineage of those that the viewer may see."""
    visible = _visible_titles(tuple(sorted(viewer.tags)))
    rows = session.connection().execute(visible, {"ids": list(ids), "day": day})
    return {own: (title or code, lineage) for own, title, code, lineage in rows.all()}


def _in_fonds(own: str, known: Mapping[str, tuple[str, str]]) -> str:
    """The title, of an inventory with that of its fonds: every fonds has a "Mục lục số 01"."""
    title, lineage = known[own]
    fonds, _ = known.get(lineage.split()[-1], ("", ""))
    return f"{title} · {fonds}" if fonds and _is_below(lineage) else title


def _is_below(lineage: str) -> bool:
    return " " in lineage


@lru_cache(maxsize=1_000)
def _visible_titles(tags: tuple[str, ...]) -> Select[str, str, str, str]:
    may_see = sql_condition(Viewer(frozenset(tags)), "see", bindparam("day", type_=Integer))
    asked = among_named(Record.public_id, "ids")
    return select(Record.public_id, Record.title, Record.code, Record.lineage).where(asked, ~Record.withdrawn, may_see)


def _trim(buckets: Mapping[str, Buckets], facet: str, most: int) -> Buckets:
    """The most frequent values, and the chosen ones behind them."""
    first = buckets.get(facet, ())[:most]
    return (*first, *(one for one in buckets.get(chosen_name(facet), ()) if one not in first))


def _values(facet: FacetDefinition, buckets: Buckets, criteria: Criteria, labels: Labels) -> tuple[FacetValue, ...]:
    chosen = criteria.facets.get(facet.name, ())
    values = []
    for value, count in buckets:
        if facet.labels == "fixed":
            vi, en = FIXED_LABELS.get((facet.name, value), (value, value))
        elif facet.labels == "place" and any(province := province_label(value)):
            vi, en = province
        elif label := labels.get((facet.name, value)):
            vi = en = label
        else:
            continue
        values.append(FacetValue(value, vi, en, count, value in chosen))
    return tuple(values)
