"""Holes that were found in programs like ours (docs/security.md): what keeps us out of them by construction.

Where a hole can be tried, the test that tries it is elsewhere, and the page names it; here are floors of versions and
doors that no room may open.
"""

import ast
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.house.test_directions import ROOT, imports, python_files

#: From docs/security.md: below these a known hole is open.
FLOORS = {
    "flask": (3, 1, 3),  # CVE-2026-27205, CVE-2023-30861, CVE-2025-47278
    "werkzeug": (3, 1, 6),  # CVE-2025-66221, CVE-2026-21860, CVE-2026-27199
}
#: Never installed: tika starts and downloads a server and follows addresses; the others' holes are not ours to have.
ABSENT = {"tika", "bleach", "flask-talisman", "flask-sqlalchemy"}
#: Below these a hole is open; not used so far, so whoever brings one in finds its floor here.
FLOORS_IF_USED = {"authlib": (1, 6, 9), "weasyprint": (70, 0)}


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in re.findall(r"\d+", text)[:3])


def pinned() -> dict[str, str]:
    found = {}
    for path in ROOT.glob("requirements*.txt"):
        for line in path.read_text("utf-8").splitlines():
            if "==" in line and not line.startswith("#"):
                name, _eq, text = line.split("#")[0].strip().partition("==")
                found[name.lower().replace("_", "-")] = text
    assert len(found) > 50
    return found


@pytest.mark.parametrize("name", FLOORS)
def test_what_is_installed_and_pinned_is_above_its_floor(name: str) -> None:
    assert numbers(version(name)) >= FLOORS[name]
    assert numbers(pinned()[name]) >= FLOORS[name]


def test_nothing_is_pinned_below_a_known_floor_or_at_all_where_it_must_not() -> None:
    there = pinned()
    assert not ABSENT & set(there)
    for name, floor in FLOORS_IF_USED.items():
        assert numbers(there.get(name, "999.0.0")) >= floor, name


def test_no_room_reads_pickles_or_evaluates_text() -> None:
    wrong = []
    for path in python_files():
        here = path.relative_to(ROOT).as_posix()
        tops = {name.split(".")[0] for name in imports(path)}
        wrong += [f"{here} imports {name}" for name in tops & {"pickle", "shelve", "marshal", "dill", "xmlrpc"}]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"}:
                wrong.append(f"{here}:{node.lineno} {node.func.id}")
            if isinstance(node, ast.Call) and any(
                word.arg == "shell" and getattr(word.value, "value", None) is not False for word in node.keywords
            ):
                wrong.append(f"{here}:{node.lineno} a shell")
    assert not wrong, "\n".join(wrong)


#: Calls the OpenID provider that the settings name, and no other address.
CALLS_THE_PROVIDER = "openid_client.py"


def test_the_portal_fetches_nothing_from_the_net() -> None:
    """No address that a reader hands in is ever called (CKAN, CVE-2024-43371): the room has nothing to call it with."""
    calling = {"requests", "httpx", "aiohttp", "urllib3", "http.client", "urllib.request", "socket", "ftplib"}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in python_files()
        if path.relative_to(ROOT).parts[0] == "portal" and path.name != CALLS_THE_PROVIDER
        for name in imports(path)
        if name in calling or name.split(".")[0] in calling - {"http.client", "urllib.request"}
    ]
    assert not wrong, "\n".join(wrong)


def test_authorities_are_asked_through_one_door() -> None:
    """What a certificate names is asked by indexer.signatures.asking alone: pyHanko's own ways have no bounds, and
    without one that is given it takes its own."""
    wrong = []
    for path in python_files():
        here = path.relative_to(ROOT)
        if str(here) != "indexer/signatures/asking.py":
            found = [name for name in imports(path) if name.startswith("pyhanko_certvalidator.fetchers")]
            wrong += [f"{here} imports {name}" for name in found]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ValidationContext":
                told = {one.arg: one.value for one in node.keywords}
                fetching = told.get("allow_fetching")
                asks = not (isinstance(fetching, ast.Constant) and fetching.value is False)
                if fetching is None or (asks and "fetcher_backend" not in told):
                    wrong.append(f"{here}:{node.lineno} asks by itself")
    assert not wrong, "\n".join(wrong)


def test_nobody_speaks_tls_unverified() -> None:
    """CKAN sent mail without looking at the certificate (CVE-2026-41132)."""
    off = r"\b(?:verify_certs|verify|check_hostname|ssl_check_hostname)[\"']?\s*[=:]\s*False"
    told = re.compile(rf"_create_unverified_context|CERT_NONE|{off}")
    wrong = [f"{p.relative_to(ROOT)}" for p in python_files() if told.search(p.read_text("utf-8"))]
    mailing = [p for p in python_files() if re.search(r"\bSMTP(?:_SSL)?\(", p.read_text("utf-8"))]
    assert mailing
    wrong += [f"{p.relative_to(ROOT)}: mail" for p in mailing if "create_default_context" not in p.read_text("utf-8")]
    assert not wrong, "\n".join(wrong)


def test_no_question_reaches_the_dangerous_queries_of_an_engine() -> None:
    """CVE-2025-9624 and regular expressions without end: these words stand in no query that we build."""
    banned = {"query_string", "simple_query_string", "regexp", "wildcard", "fuzzy", "script", "script_score"}
    wrong = []
    for path in (ROOT / "search" / "engines").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                keys = {one.value for one in node.keys if isinstance(one, ast.Constant)}
                wrong += [f"{path.relative_to(ROOT)}:{node.lineno} {key}" for key in keys & banned]
    assert not wrong, "\n".join(wrong)


def test_every_test_that_the_page_names_is_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page)
    assert len(named) > 40
    for file, name in named:
        assert (ROOT / file).exists(), file
        assert not name or f"def {name}(" in Path(ROOT / file).read_text("utf-8"), f"{file}::{name}"


#: Start this program itself in another role, which needs its settings.
ROLES = {"vankho/serving.py", "vankho/recognition.py"}


def test_whatever_reads_foreign_bytes_is_started_without_the_settings() -> None:
    """A reader that a hostile file takes over finds no address of a database and no password in its environment."""
    wrong, told = [], 0
    for path in python_files():
        here = path.relative_to(ROOT).as_posix()
        if here in ROLES or here.startswith("services/"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            call = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and call in {"subprocess.run", "subprocess.Popen"}:
                told += 1
                given = [ast.unparse(one.value) for one in node.keywords if one.arg == "env"]
                if not given or not given[0].startswith("bare_environment("):
                    wrong.append(f"{here}:{node.lineno}")
    assert not wrong, "\n".join(wrong)
    assert told >= 7
