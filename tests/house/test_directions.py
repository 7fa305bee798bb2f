"""The house rules that a machine can hold: import directions, file sizes, one door to the engines."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ["vankho", "portal", "desk", "indexer", "search", "archive", "analyzers"]
BESIDE = ["services"]  # runs before anything is installed; no room, and known to none
LONGEST, MEDIAN = 400, 120
PURE = {"sqlalchemy", "flask", "tantivy", "pathlib", "os", "io", "socket", "subprocess"}


def python_files() -> list[Path]:
    found = [p for room in ROOMS + BESIDE for p in (ROOT / room).rglob("*.py") if "versions" not in p.parts]
    assert len(found) > 20
    return found


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            pytest.fail(f"{path}: relative imports hide the room")
    return names


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_downwards_only(room: str) -> None:
    above = set(ROOMS[: ROOMS.index(room)])
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / room).rglob("*.py")
        for name in imports(path)
        if name.split(".")[0] in above
    ]
    assert not wrong, "\n".join(wrong)


def test_what_starts_the_services_needs_python_alone_and_no_room_needs_it() -> None:
    wrong = []
    for path in python_files():
        room = path.relative_to(ROOT).parts[0]
        tops = {name.split(".")[0] for name in imports(path)}
        if room in BESIDE:
            wrong += [f"{path.relative_to(ROOT)} imports {name}" for name in tops - {room} - sys.stdlib_module_names]
        else:
            wrong += [f"{path.relative_to(ROOT)} imports {name}" for name in tops & set(BESIDE)]
    assert not wrong, "\n".join(wrong)


def test_analyzers_are_pure() -> None:
    wrong = [
        f"{path.name}: {name}"
        for path in (ROOT / "analyzers").rglob("*.py")
        for name in imports(path)
        if name.split(".")[0] in PURE
    ]
    assert not wrong, "\n".join(wrong)


def test_only_the_engines_know_the_engine_and_only_the_gateway_asks_it() -> None:
    wrong = []
    for path in python_files():
        here = path.relative_to(ROOT).as_posix()
        for name in imports(path):
            if name.split(".")[0] in {"tantivy", "opensearchpy"} and not here.startswith("search/engines/"):
                wrong.append(f"{here} imports {name}")
            if name.startswith("search.engines") and here.split("/")[0] in {"portal", "desk", "archive", "analyzers"}:
                wrong.append(f"{here} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_files_stay_small() -> None:
    sizes = {p: len(p.read_text("utf-8").splitlines()) for p in python_files()}
    tests = {p: len(p.read_text("utf-8").splitlines()) for p in (ROOT / "tests").rglob("*.py")}
    long = [f"{p.relative_to(ROOT)}: {n}" for p, n in (sizes | tests).items() if n > LONGEST]
    assert not long, "\n".join(long)
    ordered = sorted(sizes.values())
    assert ordered[len(ordered) // 2] <= MEDIAN


def test_no_rooms_for_odds_and_ends() -> None:
    banned = {"utils", "helpers", "common", "manager", "misc"}
    assert not [p for p in python_files() if p.stem in banned or p.parent.name in banned]


def test_templates_never_switch_off_escaping() -> None:
    wrong = [
        f"{p.relative_to(ROOT)}"
        for p in (ROOT / "templates").rglob("*.html")
        if "|safe" in p.read_text("utf-8").replace(" ", "") or " style=" in p.read_text("utf-8")
    ]
    assert not wrong, "\n".join(wrong)


def test_every_public_function_says_what_it_promises() -> None:
    silent = []
    for path in python_files():
        tree = ast.parse(path.read_text("utf-8"))
        if not ast.get_docstring(tree) and path.stat().st_size:
            silent.append(f"{path.relative_to(ROOT)}: module")
        for node in tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert not silent, "\n".join(silent)
