"""A question typed in Telex or VNI keys with the keyboard off is asked as it would read with the keyboard on."""

from dataclasses import dataclass

from analyzers.cutting import cut
from analyzers.typed_keys import from_keys
from search.criteria import Criteria
from search.results import Explanation

#: Below this confidence the letters as they were typed are looked for, too.
SURE = 0.97

_SHOWN = 120  # characters of a question in an explanation
_METHODS = {"telex": "Telex", "vni": "VNI"}


@dataclass(frozen=True, slots=True)
class ReadKeys:
    """The question without keys, how it was taken, and whether what was typed may yet be meant."""

    text: str
    explanation: Explanation
    sure: bool


def read_keys(criteria: Criteria, text: str) -> ReadKeys | None:
    """The canonical question `text` with keys turned into letters; None where there are none or they are wanted."""
    if "keys" in criteria.verbatim or (found := from_keys(text)) is None:
        return None
    method, shown = _METHODS[found.method], cut(found.text, _SHOWN)
    explanation = Explanation(
        "keys",
        f"Bạn gõ kiểu {method}: đã tìm “{shown}”.",
        f"Typed in {method} keys: searched for “{shown}”.",
        criteria.as_typed("keys"),
    )
    return ReadKeys(found.text, explanation, found.confidence >= SURE)
