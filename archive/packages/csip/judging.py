"""METS and PREMIS measured: METS by its schema, both by the rules of `config/packages/rules.tsv` that have a test.

A rule's ``where`` is mets (both METS), top, rep or premis; each node of its ``context`` must pass its ``test`` (XPath).
Nothing is fetched.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from lxml import etree

from archive.packages.csip.rules import Rule, found, rules
from archive.packages.findings import Finding, Outcome, quote

SCHEMAS = Path(__file__).parents[3] / "config" / "schemas"
Where = Literal["top", "rep", "premis"]
MOST = 10  # lines on the schema from one file
NAMES = {
    "m": "http://www.loc.gov/METS/",
    "csip": "https://DILCIS.eu/XML/METS/CSIPExtensionMETS",
    "xlink": "http://www.w3.org/1999/xlink",
    "p": "http://www.loc.gov/premis/v3",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
# An ID that is well made and no good is there twice: a warning of its own (VN-METS-1)
_DOUBLED = re.compile(r"attribute 'ID': '[^\W\d][\w.-]*' is not a valid value of the atomic type 'xs:ID'")
REFUSED = "không lấy gói"


def judge(root: etree._Element, name: str, where: Where) -> list[Finding]:
    """A line for each rule that a METS or PREMIS breaks, with the first line of the file where it does."""
    lines = _by_schema(root, name) if where != "premis" else []
    for rule, test in _tests(where):
        nodes = test(root)
        if isinstance(nodes, list) and nodes:
            more = f" và {len(nodes) - 1} chỗ nữa" if len(nodes) > 1 else ""
            line = getattr(nodes[0], "sourceline", 0) or 0
            lines.append(_line(rule, f"Tệp {quote(name)}, dòng {line}{more}: không đúng quy tắc “{rule.text}”"))
    return lines


def refusing(lines: list[Finding]) -> list[Finding]:
    """Those lines for which nothing of the package is taken."""
    ours = {rule.code for rule in rules().values() if rule.where or rule.code in ("mets.schema", "premis.unreadable")}
    return [one for one in lines if one.code in ours and one.outcome == Outcome.REJECTED]


def mets_schema() -> etree.XMLSchema:
    """METS 1.12, a new one each time (some milliseconds): it holds the errors of its last use."""
    return etree.XMLSchema(etree.parse(SCHEMAS / "METS.xsd", etree.XMLParser(no_network=True)))


@cache
def _tests(where: Where) -> list[tuple[Rule, etree.XPath]]:
    wanted = (where,) if where == "premis" else (where, "mets")
    return [
        (rule, etree.XPath(f"({rule.context})[not({rule.test})]", namespaces=NAMES))
        for rule in rules().values()
        if rule.where in wanted
    ]


def _by_schema(root: etree._Element, name: str) -> list[Finding]:
    schema = mets_schema()
    if schema.validate(root):
        return []
    log = cast(Iterable[Any], schema.error_log)  # the stubs know nothing of it
    told = dict.fromkeys((one.line, one.message) for one in log if not _DOUBLED.search(one.message))
    rule = rules()["mets.schema"]
    lines = [_line(rule, f"Tệp {quote(name)}, dòng {line}: {quote(text)}") for line, text in list(told)[:MOST]]
    if len(told) > MOST:
        lines.append(_line(rule, f"Tệp {quote(name)}: còn {len(told) - MOST} chỗ không đúng lược đồ"))
    return lines


def _line(rule: Rule, wrong: str) -> Finding:
    return found(rule.code, wrong, REFUSED if rule.severity == Outcome.REJECTED else "vẫn lấy, báo để sửa")
