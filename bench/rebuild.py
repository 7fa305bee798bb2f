"""A rebuild beside a serving portal while documents arrive: seconds, what arrived, searches lost.

    python -m bench.rebuild [--documents 1000] [--packages 10] [--questions FILE] [--json]

Uses the installation of the environment (VANKHO_HOME ...), serves it, starts ``vankho index rebuild`` and, beside it,
takes synthetic packages one after the other while questions are asked without pause.  A search is lost where it is not
answered with 200; a document is lost where the catalogue has it and the new index not (``vankho index sweep``).
"""

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from archive.settings import settings
from bench.__main__ import PROGRAM, percentile, wait_for
from bench.package import make_package, read_questions


class Asking(threading.Thread):
    """Asks one question after the other until told to stop."""

    def __init__(self, base: str, questions: list[str]) -> None:
        super().__init__(daemon=True)
        self._base, self._questions = base, questions
        self.times: list[float] = []
        self.lost: list[str] = []
        self.stop = threading.Event()

    def run(self) -> None:
        """Until stopped."""
        n = 0
        while not self.stop.is_set():
            question = self._questions[n % len(self._questions)]
            n += 1
            start = time.perf_counter()
            try:
                with urllib.request.urlopen(  # noqa: S310 - our own server on the loopback
                    f"{self._base}/api/v1/search?{urllib.parse.urlencode({'q': question})}", timeout=60
                ) as answer:
                    answer.read()
                self.times.append(time.perf_counter() - start)
            except (OSError, urllib.error.HTTPError) as error:
                self.lost.append(f"{question}: {error}")


def split(whole: Path, parts: list[Path]) -> None:
    """Deals the documents of a package out to several, each with the tables of fonds and files."""
    with (whole / "van-ban.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for n, part in enumerate(parts):
        (part / "data").mkdir(parents=True)
        for table in ("phong.csv", "ho-so.csv"):
            shutil.copy(whole / table, part / table)
        own = rows[n :: len(parts)]
        with (part / "van-ban.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(own)
        for row in own:
            for one in (whole / "data").glob(f"{row['DocCode']}.*"):
                shutil.copy(one, part / "data" / one.name)


def told(*words: str) -> tuple[dict[str, Any], float]:
    """What a command says as JSON, and its seconds."""
    start = time.perf_counter()
    done = subprocess.run([*PROGRAM, *words, "--json"], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1):
        sys.exit(done.stderr or done.stdout)
    found: dict[str, Any] = json.loads(done.stdout)
    return found, seconds


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench.rebuild", description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--packages", type=int, default=10)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--port", type=int, default=8079)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vankho-bench-") as folder:
        whole = Path(folder) / "goi"
        make_package(whole, chosen.documents)
        packages = [Path(folder) / f"goi-{n}" for n in range(chosen.packages)]
        split(whole, packages)
        questions = read_questions(chosen.questions, whole)
        server = subprocess.Popen([*PROGRAM, "serve", "--port", str(chosen.port)], stderr=subprocess.DEVNULL)
        base = f"http://127.0.0.1:{chosen.port}"
        asking = Asking(base, questions)
        try:
            wait_for(f"{base}/readyz")
            asking.start()
            start = time.perf_counter()
            rebuild = subprocess.Popen([*PROGRAM, "index", "rebuild", "--json"], stdout=subprocess.PIPE, text=True)
            taken, waits = 0, []
            for package in packages:
                result, seconds = told("ingest", str(package))
                taken += sum(result["tables"]["van-ban"].values())
                waits.append(seconds)
            arrived_before_end = rebuild.poll() is None
            output, _ = rebuild.communicate()
            rebuilt = time.perf_counter() - start
        finally:
            asking.stop.set()
            asking.join(70)
            server.terminate()
            server.wait(30)
        sweep, _ = told("index", "sweep", "--dry-run")
    figures = {
        "home": str(settings().home),
        "rebuild_s": round(rebuilt, 1),
        "records": json.loads(output)["records"],
        "documents_taken_meanwhile": taken,
        "all_taken_before_it_ended": arrived_before_end,
        "package_to_searchable_s": [round(min(waits), 1), round(max(waits), 1)],
        "searches": len(asking.times),
        "searches_lost": len(asking.lost),
        "search_ms": [percentile(asking.times, 0.5), percentile(asking.times, 0.95)],
        "different_afterwards": sweep["missing"] + sweep["outdated"] + sweep["foreign"],
    }
    print(json.dumps(figures) if chosen.json else "\n".join(f"{k:<28} {v}" for k, v in figures.items()))


if __name__ == "__main__":
    main()
