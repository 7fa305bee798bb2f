"""What is wrong with a page for somebody: too wide, moving, without names, out of reach of the keyboard."""

from typing import Any

from playwright.sync_api import Page

from tests.chromium import SHOWS, of_axe, of_width

COLOURS: dict[str, Any] = {
    "resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}  # fmt: skip
#: What the keyboard stops at, seen and not switched off; of a group of radio buttons one.
STOPS = """() => {
    const seen = one => one.checkVisibility({visibilityProperty: true}) && !one.closest("[inert]");
    const groups = new Set();
    return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0'], iframe")]
        .filter(one => !one.disabled && one.type !== "hidden" && one.tabIndex >= 0 && seen(one))
        .filter(one => {
            if (one.type !== "radio") return true;
            const group = [...document.getElementsByName(one.name)];
            const stop = group.find(other => other.checked) ?? group[0];
            return one === stop && !groups.has(one.name) && groups.add(one.name);
        });
}"""
#: Notes each stop in turn, and whether anything shows that it is there.
NOTE = f"""() => {{
    window.stops = [];
    const shown = {SHOWS};
    document.addEventListener("focusin", event => window.stops.push([event.target, shown(event.target)]));
}}"""
#: Compares what should be stopped at with what was.
TOLD = """wanted => {
    const name = one => one.outerHTML.slice(0, 120);
    const met = window.stops.map(([one]) => one), wrong = [];
    wanted.filter(one => !met.includes(one)).slice(0, 3).forEach(one => wrong.push(`Tab misses ${name(one)}`));
    window.stops.filter(([, shown]) => !shown).slice(0, 3)
        .forEach(([one]) => wrong.push(`focus is not seen on ${name(one)}`));
    const order = met.filter((one, n) => met.indexOf(one) === n && wanted.includes(one));
    const place = order.findIndex((one, n) => n && !(order[n - 1].compareDocumentPosition(one) & 4));
    const begun = document.querySelector("[autofocus]");  // the walk begins there and comes round
    if (place > 0 && !begun) wrong.push(`out of order: ${name(order[place])}`);
    return wrong;
}"""
#: Buttons that do nothing without a script, and links that lead nowhere.
IDLE = """() => [...document.querySelectorAll("main button, main a, header button, header a")]
    .filter(one => one.checkVisibility({visibilityProperty: true}))
    .filter(one => one.tagName === "BUTTON" ? !one.form : !one.getAttribute("href") || one.getAttribute("href") === "#")
    .map(one => `does nothing without a script: ${one.outerHTML.slice(0, 120)}`)"""


def of_colours(page: Page) -> list[str]:
    """In the other scheme, on the same page: only colours change with it."""
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    page.emulate_media(color_scheme="light" if dark else "dark", reduced_motion="reduce")
    wrong = of_axe(page, COLOURS)
    page.emulate_media(color_scheme="dark" if dark else "light")
    return [f"in the other scheme: {one}" for one in wrong]


def of_room(page: Page) -> list[str]:
    """Whether it fits its window, and whether something moved while it came."""
    shift = page.evaluate("window.seen.shift")
    moved = page.evaluate("window.seen.moved")[:3]
    return of_width(page) + ([f"moved while it came: {shift}, {moved}"] if shift else [])


def of_keys(page: Page) -> list[str]:
    """Whether Tab stops at everything, in the order of the page, seen at each stop, and comes out at its end."""
    wanted = page.evaluate_handle(STOPS)
    count = int(page.evaluate("wanted => wanted.length", wanted))
    page.evaluate(NOTE)
    dates = page.locator("input[type=date], input[type=month]").count()
    players = page.locator("audio[controls], video[controls]").count()
    for _ in range(count + 3 * dates + 6 * players + 1):  # a day has a stop for each part, a player for each button
        page.keyboard.press("Tab")
    return list(page.evaluate(TOLD, wanted))


def of_plainness(page: Page) -> list[str]:
    """What does nothing where no script runs."""
    return list(page.evaluate(IDLE))
