"""Every setting, command and route is documented, and nothing else is."""

import re
from pathlib import Path

import click

from archive.settings import Settings
from vankho.command import program

HANDBOOK = Path(__file__).resolve().parents[2] / "docs" / "handbook"


def documented(page: str, pattern: str) -> set[str]:
    found = set(re.findall(pattern, (HANDBOOK / page).read_text("utf-8"), re.M))
    assert found
    return found


def test_every_setting_is_documented() -> None:
    wanted = {f"VANKHO_{name.upper()}" for name in Settings.model_fields}
    assert documented("settings.md", r"^\| `(VANKHO_\w+)` \|") == wanted


def test_every_command_is_documented() -> None:
    wanted = set()
    for name, command in program.commands.items():
        inner = command.commands if isinstance(command, click.Group) else {}
        wanted |= {f"{name} {one}" for one in inner} or {name}
    assert documented("commands.md", r"^\| `vankho ([a-z ]+?)(?: [A-Z\[-].*)?` \|") == wanted


def test_decisions_are_listed() -> None:
    folder = HANDBOOK.parent / "decisions"
    listed = set(re.findall(r"\((\d{4}-[a-z-]+\.md)\)", (folder / "README.md").read_text("utf-8")))
    assert listed == {p.name for p in folder.glob("0*.md")}
