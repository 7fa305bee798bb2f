"""What pages cost a reader: bytes and requests over the wire, first and largest paint, layout shift; and a click.

    python -m bench.pages ADDRESS [--question WORDS] [--rounds 3] [--json]

ADDRESS is a running portal (``vankho serve``).  The system's Chromium opens each page as a phone of 360 by 740 with an
empty cache: bytes at full speed, paints on a simulated slow 3G (400 kbit/s each way, 400 ms added latency, processor
slowed four times).  Told are medians of the rounds; the click is from a result to the marked words on its page, at full
speed.  It fails where a page is above its budget (BUDGETS), naming it.
"""

import argparse
import json
import shutil
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER = 4

#: By page: most milliseconds to the largest content, most KiB over the wire (None: not bounded).  Layout never shifts.
BUDGETS: dict[str, tuple[int, int | None]] = {
    "home": (1_500, None), "results": (1_500, 60), "fonds": (1_500, None),
    "document": (2_500, None), "page": (2_500, None),
}  # fmt: skip
#: Sums what moved and names it, and keeps the last of the largest paints.  What has no node of the page is inside a
#: control of the browser (its player of sound).
WATCH = """
window.seen = {shift: 0, largest: 0, moved: []};
new PerformanceObserver(list => { for (const one of list.getEntries())
 if (!one.hadRecentInput && one.sources.some(({node}) => node)) {
  window.seen.shift += one.value;
  for (const {node} of one.sources) window.seen.moved.push((node?.outerHTML ?? node?.textContent ?? "").slice(0, 80));
} }).observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(list => { for (const one of list.getEntries())
  window.seen.largest = one.startTime; }).observe({type: 'largest-contentful-paint', buffered: true});
"""


@contextmanager
def phone(browser: Browser, width: int = 360, height: int = 740) -> Iterator[Page]:
    """A page of a phone with nothing in its cache."""
    context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=2, is_mobile=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    yield page
    context.close()


def weigh(browser: Browser, address: str) -> dict[str, float]:
    """KiB over the wire and requests until the page is quiet."""
    with phone(browser) as page:
        session, carried = page.context.new_cdp_session(page), {"bytes": 0.0, "requests": 0.0}

        def finished(told: dict[str, Any]) -> None:
            carried["bytes"] += told["encodedDataLength"]
            carried["requests"] += 1

        session.on("Network.loadingFinished", finished)
        session.send("Network.enable")
        page.goto(address, wait_until="networkidle")
        return {"KiB": round(carried["bytes"] / 1024, 1), "requests": carried["requests"]}


def paint(browser: Browser, address: str) -> dict[str, float]:
    """Milliseconds to the first and the largest paint on slow 3G, and the layout shift."""
    with phone(browser) as page:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_3G)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(address, wait_until="networkidle", timeout=120_000)
        first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
        seen = page.evaluate("window.seen")
        return {"first_ms": first, "largest_ms": seen["largest"], "shift": seen["shift"]}


def click(browser: Browser, results: str, document: str) -> float:
    """Milliseconds from the click on a result to its marked words on the image of its page."""
    own = document.partition("?")[0].rpartition("/")[2]
    with phone(browser) as page:
        page.goto(f"{results}&size=100", wait_until="networkidle")
        begun = time.perf_counter()
        page.click(f"article h3 a[href*='{own}']")
        page.wait_for_selector("rect.hit", state="attached")
        # Not wait_for_function: what it evaluates later than at once, the portal's content policy forbids
        page.locator(".sheet img").evaluate("one => one.complete || new Promise(done => one.onload = done)")
        return (time.perf_counter() - begun) * 1000


def measure(address: str, question: str, rounds: int) -> dict[str, Any]:
    """The figures by page."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise SystemExit("no Chromium: apt-get install chromium")
    figures: dict[str, Any] = {}
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        places = _places(browser, address.rstrip("/"), question)
        for name, place in places.items():
            painted = [paint(browser, place) for _ in range(rounds)]
            middle = {key: round(statistics.median(one[key] for one in painted), 4) for key in painted[0]}
            figures[name] = weigh(browser, place) | middle
        clicks = [click(browser, places["results"], places["document"]) for _ in range(7)]
        figures["click to marked page"] = {"ms": round(statistics.median(clicks))}
        browser.close()
    return figures


def _places(browser: Browser, address: str, question: str) -> dict[str, str]:
    """One page of each kind, found by following links."""
    results = f"{address}/tim-kiem?q={quote(question)}"
    with phone(browser) as page:
        page.goto(f"{results}&size=100")
        found = page.locator("article h3 a").evaluate_all("many => many.map(one => one.href)")
        for one in found:
            page.goto(one)
            if page.locator(".sheet img").count():
                break
        else:
            raise SystemExit(f"no result of “{question}” has the picture of a page")
        document = page.url
        plain = document.partition("?")[0]
        fonds = page.locator("nav.crumbs a[href*='/phong/'], a[href*='/phong/']").first.evaluate("one => one.href")
    return {
        "home": f"{address}/", "results": results, "document": document, "page": f"{plain}/trang/1", "fonds": fonds
    }  # fmt: skip


def beyond(figures: Mapping[str, Mapping[str, float]]) -> list[str]:
    """What is above its budget, a line each."""
    found = []
    for name, (milliseconds, weight) in BUDGETS.items():
        told = figures[name]
        if told["largest_ms"] > milliseconds:
            found.append(f"{name}: largest content after {told['largest_ms']:.0f} ms, at most {milliseconds}")
        if weight is not None and told["KiB"] > weight:
            found.append(f"{name}: {told['KiB']} KiB over the wire, at most {weight}")
        if told["shift"] > 0:
            found.append(f"{name}: the layout shifts by {told['shift']}")
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="bench.pages", description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--question", default="giao đất")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    figures = measure(chosen.address, chosen.question, chosen.rounds)
    print(json.dumps(figures) if chosen.json else "\n".join(f"{name}: {told}" for name, told in figures.items()))
    if above := beyond(figures):
        raise SystemExit("\n".join(above))


if __name__ == "__main__":
    main()
