"""``make bench``: the main line measured in one run, beside the bare engine with the same queries.

    python -m bench [--package FOLDER --questions FILE] [--home HOME] [--documents 20000] [--limit 200]

The profile is that of the environment; for OpenSearch give VANKHO_ENGINE, its address, a fresh database and a prefix.
Without a package, one of synthetic documents (text only) is made; its questions are titles.  Prints a table and, with
``--json``, one line.  No figure here is a test: machines differ, the ratios are what counts.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import urllib3

from bench.bare import BareEngine
from bench.bare_opensearch import BareOpenSearch
from bench.package import make_package, read_questions

PROGRAM = [sys.executable, "-m", "vankho"]


def run(home: Path, *words: str) -> tuple[dict[str, Any], float, int]:
    """Runs a command; its JSON, its seconds and the peak of its memory in MiB."""
    environment = {**os.environ, "VANKHO_HOME": str(home)}
    start = time.perf_counter()
    process = subprocess.Popen([*PROGRAM, *words, "--json"], stdout=subprocess.PIPE, env=environment)
    assert process.stdout
    out = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    return json.loads(out), time.perf_counter() - start, usage.ru_maxrss // 1024


CONNECTIONS = urllib3.PoolManager(timeout=60, retries=1, maxsize=4)  # askers at once


def get(url: str) -> float:
    """Seconds of one GET over a kept connection (as the bare OpenSearch is asked), read to the end."""
    start = time.perf_counter()
    answer = CONNECTIONS.request("GET", url)
    if answer.status != 200:
        raise OSError(f"{answer.status} {url}")
    return time.perf_counter() - start


def percentile(values: list[float], share: float) -> float:
    """A percentile in milliseconds."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000, 1)


def measure_taking(home: Path, package: Path) -> dict[str, Any]:
    """Ingest to searchable, and the same package again."""
    first, seconds, memory = run(home, "ingest", str(package))
    again, seconds_again, _ = run(home, "ingest", str(package))
    documents = sum(first["tables"]["van-ban"].values())
    changed = sum(again[name] for name in ("accepted", "warned", "held"))
    return {
        "documents": documents,
        "ingest_s": round(seconds, 1),
        "documents_a_second": round(documents / seconds),
        "peak_MiB": memory,
        "again_s": round(seconds_again, 1),
        "again_changed": changed,
    }


def measure_answers(home: Path, questions: list[str], port: int) -> dict[str, Any]:
    """The bare engine, the API and the page asked in turn; of engine and API each is as often the first.

    What is asked of the bare engine is learnt before: it costs as much as an answer, in a process that no portal has.
    The page is asked another question than the API, since the server still has in hand what it read for that.
    """
    environment = {**os.environ, "VANKHO_HOME": str(home)}
    server = subprocess.Popen([*PROGRAM, "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{base}/readyz")
        bare = BareOpenSearch(home) if os.environ.get("VANKHO_ENGINE") == "opensearch" else BareEngine(home)
        ask: dict[str, Callable[[str], float]] = {
            "bare": bare.ask,
            "api": lambda question: get(f"{base}/api/v1/search?{urllib.parse.urlencode({'q': question})}"),
            "page": lambda question: get(f"{base}/tim-kiem?{urllib.parse.urlencode({'q': question})}"),
        }
        for question in questions[:20]:  # warms both sides alike
            for one in ask.values():
                one(question)
        for question in questions:
            bare.learn(question)
        took: dict[str, dict[int, float]] = {name: {} for name in ask}
        for turn, question in enumerate(questions):
            for name in ("bare", "api") if turn % 2 else ("api", "bare"):
                took[name][turn] = ask[name](question)
            other = (turn + len(questions) // 2) % len(questions)
            took["page"][other] = ask["page"](questions[other])
        times = {name: list(measured.values()) for name, measured in took.items()}
        for name in ("api", "page"):
            times[f"{name}_added"] = [took[name][turn] - took["bare"][turn] for turn in range(len(questions))]
    finally:
        server.terminate()
        server.wait(20)
    return {f"{name}_ms": [percentile(values, 0.5), percentile(values, 0.95)] for name, values in times.items()}


def wait_for(url: str) -> None:
    """Waits until the address answers."""
    for _ in range(300):
        try:
            get(url)
            return
        except (OSError, urllib3.exceptions.HTTPError):
            time.sleep(0.1)
    raise SystemExit(f"no answer from {url}")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--package", type=Path)
    parser.add_argument("--home", type=Path, help="an installation that holds them already: only answers are measured")
    parser.add_argument("--questions", type=Path, help="JSON lines with a field text")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--limit", type=int, default=200, help="questions asked")
    parser.add_argument("--port", type=int, default=8079)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vankho-bench-") as folder:
        package = chosen.package or make_package(Path(folder) / "goi", chosen.documents)
        home = chosen.home or Path(folder) / "kho"
        figures: dict[str, Any] = {} if chosen.home else measure_taking(home, package)
        questions = read_questions(chosen.questions, package)[: chosen.limit]
        figures |= {"questions": len(questions)} | measure_answers(home, questions, chosen.port)
    if chosen.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:<20} {value if not isinstance(value, list) else f'{value[0]} / {value[1]} (median / p95)'}")


if __name__ == "__main__":
    main()
