"""The rules that a package is measured by, from `config/packages/rules.tsv`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archive.packages.findings import Finding, Outcome

CONFIG = Path(__file__).parents[3] / "config" / "packages" / "rules.tsv"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its id, the code of the findings that name it, how grave, in words, from which day, from where, how sure
    (V, V2 read in the law or beside it; R, U recalled or doubtful: never more than told). Of METS and PREMIS also where
    it acts and its XPath, see `judging`."""

    id: str
    code: str
    severity: Outcome
    text: str
    since: str
    source: str
    confidence: str
    where: str = ""
    context: str = ""
    test: str = ""


@cache
def rules() -> dict[str, Rule]:
    """The rules by the code of their findings."""
    lines = CONFIG.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {row[1]: Rule(row[0], row[1], Outcome(row[2]), *row[3:]) for row in rows}


def cited(code: str, wrong: str) -> str:
    """What is wrong, with the rule that says so behind it."""
    return f"{wrong} [{rules()[code].id}]"


def found(code: str, wrong: str, action: str, outcome: Outcome | None = None) -> Finding:
    """A line about the package that names its rule; as grave as the rule says, unless told otherwise."""
    return Finding("package", None, None, code, cited(code, wrong), action, outcome or rules()[code].severity)
