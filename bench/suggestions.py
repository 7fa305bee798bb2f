"""``python -m bench.suggestions``: suggestions over HTTP, for titles chosen at random from a transfer folder.

    python -m bench.suggestions --package FOLDER --url http://127.0.0.1:8077 [--titles 300] [--seed 1] [--syllables 3]

A title is typed by its first syllables, without marks (``--telling``: by its rarest run of so many, as people do who
know what a paper is about); it counts as shown where one of the first five suggestions is
that title (whatever its marks and capitals).  Titles are chosen as records are: a title that many records bear is
wanted as often.  Beside the share stands what no order of five could exceed: for each beginning, the records of its
five most frequent titles.  Where a beginning is longer than the title, the title is typed whole.
"""

import argparse
import csv
import json
import random
import sys
import time
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analyzers.normal import canon
from analyzers.tokens import keys
from search.completing import LETTERS_OF_TITLE

SHOWN = 5
Words = tuple[str, ...]


def read_titles(package: Path) -> list[str]:
    """The titles of the documents of a transfer folder, one for each record that has one."""
    with (package / "van-ban.csv").open(encoding="utf-8-sig", newline="") as file:
        titles = [" ".join(canon(row["Subject"]).split()) for row in csv.DictReader(file)]
    return [title for title in titles if keys(title).folded]


def words(title: str) -> Words:
    """The folded words of a title."""
    return tuple(keys(title).folded)


def beginning(title: str, syllables: int) -> Words:
    """The first syllables of a title."""
    return words(title)[:syllables]


class Telling:
    """The run of syllables of a title that the fewest titles hold, the first of such."""

    def __init__(self, titles: list[str]) -> None:
        self._titles = titles
        self._held: dict[int, Counter[Words]] = {}

    def __call__(self, title: str, syllables: int) -> Words:
        if syllables not in self._held:
            self._held[syllables] = Counter(run for one in self._titles for run in set(_runs(words(one), syllables)))
        return min(_runs(words(title), syllables), key=self._held[syllables].__getitem__)


def _runs(title: Words, syllables: int) -> list[Words]:
    return [title[n : n + syllables] for n in range(max(1, len(title) - syllables + 1))]


def ceilings(titles: list[str], syllables: int) -> dict[str, float]:
    """Shares of all records: those whose beginning has at most five distinct titles, and the best that five can do."""
    begun: dict[Words, Counter[Words]] = defaultdict(Counter)
    for title in titles:
        begun[words(title)[:syllables]][words(title)] += 1
    few = sum(sum(group.values()) for group in begun.values() if len(group) <= SHOWN)
    best = sum(count for group in begun.values() for _, count in group.most_common(SHOWN))
    return {"at_most_five_titles": few / len(titles), "best_five": best / len(titles)}


def ask(url: str, typed: str) -> tuple[list[dict[str, Any]], float]:
    """The suggestions for what is typed, and the seconds."""
    start = time.perf_counter()
    address = f"{url}/api/v1/suggest?{urllib.parse.urlencode({'q': typed})}"
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own server on the loopback
        body = answer.read()
    return json.loads(body)["suggestions"], time.perf_counter() - start


def measure(url: str, titles: list[str], syllables: int, typing: Callable[[str, int], Words]) -> dict[str, Any]:
    """Shares and milliseconds for these titles, each typed as ``typing`` says."""
    shown = covered = picked = 0
    times = []
    for title in titles:
        wanted = words(title)
        found, seconds = ask(url, " ".join(typing(title, syllables)))
        times.append(seconds)
        if _has(found, wanted):
            shown += 1
            continue
        if step := _beginning(found, wanted):
            covered += 1
            picked += _has(ask(url, step)[0], wanted)
    times.sort()
    return {
        "shown": shown / len(titles),
        "shown_or_its_beginning": (shown + covered) / len(titles),
        "shown_after_one_choice": (shown + picked) / len(titles),
        "p50_ms": round(times[len(times) // 2] * 1000, 1),
        "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 1),
    }


def _has(found: list[dict[str, Any]], wanted: Words) -> bool:
    return any(_is(one["text"], wanted) for one in found[:SHOWN] if one["kind"] == "title")


def _is(shown: str, wanted: Words) -> bool:
    """Whether the shown text is that title; a long one is cut, perhaps in a word."""
    there = words(shown)
    if len(shown) < LETTERS_OF_TITLE - len(max(shown.split(), key=len)):
        return there == wanted
    return " ".join(wanted).startswith(" ".join(there))


def _beginning(found: list[dict[str, Any]], wanted: Words) -> str:
    """The suggested beginning that leads on to the title, empty if there is none."""
    begun = (one["text"] for one in found if one["kind"] == "beginning")
    return next((one for one in begun if words(one) == wanted[: len(words(one))]), "")


def main() -> None:
    """Measures and prints one line of JSON for each number of syllables."""
    parser = argparse.ArgumentParser(prog="bench.suggestions", description=__doc__)
    parser.add_argument("--package", type=Path, required=True)
    parser.add_argument("--url", default="http://127.0.0.1:8077")
    parser.add_argument("--titles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--syllables", type=int, nargs="+", default=[3, 4, 5])
    parser.add_argument("--distinct", action="store_true", help="choose among titles, not among records")
    parser.add_argument("--telling", action="store_true", help="type the rarest run of syllables")
    chosen = parser.parse_args()
    titles = read_titles(chosen.package)
    if chosen.distinct:
        titles = sorted({words(title): title for title in titles}.values())
    sample = random.Random(chosen.seed).sample(titles, min(chosen.titles, len(titles)))
    typing = Telling(titles) if chosen.telling else beginning
    for syllables in chosen.syllables:
        best = {} if chosen.telling else ceilings(titles, syllables)
        figures = best | measure(chosen.url, sample, syllables, typing)
        rounded = {name: round(value, 3) for name, value in figures.items()}
        sys.stdout.write(json.dumps({"syllables": syllables, "titles": len(sample)} | rounded) + "\n")


if __name__ == "__main__":
    main()
