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
    assert documented("commands.md", r"^\| `vankho ([a-z -]+?)(?: [A-Z\[-].*)?` \|") == wanted


def test_decisions_are_listed() -> None:
    folder = HANDBOOK.parent / "decisions"
    listed = set(re.findall(r"\((\d{4}-[a-z-]+\.md)\)", (folder / "README.md").read_text("utf-8")))
    assert listed == {p.name for p in folder.glob("0*.md")}


def test_every_route_is_documented(tmp_path: Path) -> None:
    from archive.settings import Settings
    from archive.storage.folder import FolderStorage
    from portal.application import create_app
    from search.engines.embedded import EmbeddedEngine
    from search.gateway import Gateway

    settings = Settings(home=tmp_path, secret="x" * 40)  # type: ignore[arg-type]
    app = create_app(
        gateway=Gateway(EmbeddedEngine(tmp_path / "index")), storage=FolderStorage(tmp_path), settings=settings
    )
    rules = {re.sub(r"<(?:[^<>]*:)?(\w+)>", r"<\1>", str(rule)) for rule in app.url_map.iter_rules()}
    assert documented("routes.md", r"^\| `(/.*?)` \|") == rules
