"""The image server: pages and tiles a second over HTTP, and the memory of its processes.

    python -m bench.images HOME [--askers 4] [--workers 1] [--tiles 400] [--json]

HOME is an installation with pages that everyone may read (the demonstration archive).  A copy of it without any
derivative is served, so that each picture is drawn for the first time: whole pages of 600 and 780 pixels, then tiles of
512 at full size, page by page as a viewer asks for them.  Told are pictures a second, median and 95th percentile in
milliseconds, and the most memory that the server's processes, the drawing ones among them, held together.
"""

import argparse
import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from archive.picturing import TILE
from bench.__main__ import CONNECTIONS, PROGRAM, get, percentile, wait_for
from bench.crowd import free_port, run

WIDTHS = (600, 780)
SAMPLED = 0.2  # seconds between two looks at the memory


class Memory(threading.Thread):
    """Looks at the resident memory of a process and all below it, together, until told to stop."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root, self.most = root, 0
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.wait(SAMPLED):
            self.most = max(self.most, sum(_resident(one) for one in family(self._root)))


def family(root: int) -> list[int]:
    """The process and all below it."""
    below: dict[int, list[int]] = {}
    for one in Path("/proc").glob("[0-9]*/stat"):
        try:
            own, told = one.parent.name, one.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        below.setdefault(int(told[1]), []).append(int(own))
    found = [root]
    for process in found:
        found += below.get(process, [])
    return found


def _resident(process: int) -> int:
    """KiB that it holds and shares with no other, as far as the system tells."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def services(base: str) -> list[str]:
    """The image services of all pages that an anonymous reader finds, by the manifests of the records."""
    found: list[str] = []
    address = f"{base}/api/v1/search?level=document&size=50"
    while address:
        told = CONNECTIONS.request("GET", address).json()
        for hit in told["hits"]:
            manifest = CONNECTIONS.request("GET", f"{base}/iiif/3/{hit['id']}/manifest")
            if manifest.status == 200:
                found += [one.split("?")[0] for one in _ids(manifest.json())]
        after = told["next"]
        address = f"{base}/api/v1/search?level=document&size=50&cursor={after}" if after else ""
    return [f"{base}/{one.split('/', 3)[3]}" for one in dict.fromkeys(found)]


def _ids(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        if told.get("type") == "ImageService3":
            yield str(told["id"])
        for one in told.values():
            yield from _ids(one)
    elif isinstance(told, list):
        for one in told:
            yield from _ids(one)


def tiles_of(service: str) -> list[str]:
    """The addresses of the whole tiles of a page at its full size."""
    told = CONNECTIONS.request("GET", f"{service}/info.json").json()
    places = [(x, y) for y in range(0, told["height"] - TILE, TILE) for x in range(0, told["width"] - TILE, TILE)]
    return [f"{service}/{x},{y},{TILE},{TILE}/{TILE},/0/default.webp" for x, y in places]


def ask_all(addresses: Iterable[str], askers: int) -> dict[str, Any]:
    """Asks for each once, so many at a time."""
    times, seconds = run(get, addresses, askers)
    return {
        "pictures": len(times), "a second": round(len(times) / seconds, 1),
        "ms": [percentile(times, 0.5), percentile(times, 0.95)],
    }  # fmt: skip


def measure(home: Path, askers: int, workers: int, tiles: int) -> dict[str, Any]:
    """The figures of a copy of the installation."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    os.environ |= {"VANKHO_HOME": str(home), "VANKHO_WORKERS": str(workers)}
    server = subprocess.Popen([*PROGRAM, "serve", "--port", str(port)], stderr=subprocess.DEVNULL)
    memory = Memory(server.pid)
    try:
        wait_for(f"{base}/readyz")
        pages = services(base)
        if not pages:
            raise SystemExit("no page with a picture that everyone may read")
        memory.start()
        figures = {
            "whole pages": ask_all([f"{one}/full/{width},/0/default.webp" for width in WIDTHS for one in pages], askers)
        }
        figures["tiles"] = ask_all([tile for one in pages for tile in tiles_of(one)][:tiles], askers)
    finally:
        memory.stop.set()
        server.terminate()
        server.wait(60)
    return {"pages": len(pages), **figures, "MiB together": memory.most // 1024}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench.images", description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--askers", type=int, default=4)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--tiles", type=int, default=400)
    parser.add_argument("--json", action="store_true", dest="as_json")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vankho-bench-") as folder:
        home = Path(folder) / "kho"
        shutil.copytree(chosen.home, home, ignore=shutil.ignore_patterns("derivatives", "*.lock"))
        figures = measure(home, chosen.askers, chosen.workers, chosen.tiles)
    print(json.dumps(figures) if chosen.as_json else "\n".join(f"{name}: {told}" for name, told in figures.items()))


if __name__ == "__main__":
    main()
