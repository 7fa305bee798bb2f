"""What the commands print, too, is in a table: a command that is in neither half of it fails the build.

Who has a shell on the machine has the catalogue in hand.  Still nothing of a text, of a secret, of a person's number or
of what readers wrote is printed where a terminal or a log keeps it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import click
import pytest
from click.testing import CliRunner

from tests.leaks.archives import Archive, archive
from tests.leaks.planted import ASKED, PERSONAL, WISHED, documents
from vankho.command import program

Words = Callable[[Archive], list[str]]

#: Those that tell of what is there, as they are called.
TELLING: dict[str, Words] = {
    "check": lambda house: [],
    "audit head": lambda house: [],
    "audit verify": lambda house: [],
    "copies pending": lambda house: [],
    "index status": lambda house: [],
    "index refused": lambda house: [],
    "index sweep": lambda house: [],
    "danh-muc list": lambda house: [],
    "ocr pending": lambda house: [],
    "personal list": lambda house: [],
    "quarantine list": lambda house: [],
    "register list": lambda house: [],
    "retention preview": lambda house: [],
    "retention report": lambda house: [],
    "user list": lambda house: [],
    "user show": lambda house: ["granted"],
    "access show": lambda house: [house.corpus.named["dieukien"]],
    "access show an": lambda house: [house.corpus.named["an"]],
}

#: Those that do something: they say what they did, in counts and codes (their own tests), or serve.
ACTING = {
    "ingest", "serve", "worker", "scheduler", "health", "migrate", "synth", "demo", "audit erase", "copies make",
    "fees reconcile", "index rebuild", "index rollback", "danh-muc add", "danh-muc end", "ocr run", "package build",
    "personal release", "personal keep", "quarantine release", "quarantine keep",
    "register show", "retention run", "user add", "user role", "user assign",
    "user unassign", "user deactivate", "user activate", "user reset-totp", "access close", "access open",
    "access hide", "access withdraw", "access replace", "access move", "access grant", "access revoke",
    "access person", "access person-end", "watch", "token add",
}  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with archive(tmp_path_factory.mktemp("lenh"), "embedded") as made:
        made.reach("stale")
        made.reach("settled")
        yield made


def commands(group: Any, before: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of all commands below a group."""
    for name, one in group.commands.items():
        if isinstance(one, click.Group):
            yield from commands(one, (*before, name))
        else:
            yield " ".join((*before, name))


def kept() -> set[str]:
    """What no command prints: texts, all of what nobody may know, what readers said, numbers of persons."""
    found = {one.word(kind) for one in documents() for kind in ("noidung", "buttich")}
    secret = [one for one in documents() if not one.described and not one.story and not one.file]
    found |= {word for one in secret for word in one.words()}
    return {word.lower() for word in (*found, *ASKED, *WISHED, *PERSONAL)}


def test_every_command_is_in_the_table() -> None:
    assert set(commands(program)) == {name for name in TELLING if name != "access show an"} | ACTING


@pytest.mark.parametrize("name", TELLING)
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_what_a_command_tells_is_no_text_no_secret_no_person(name: str, form: list[str], house: Archive) -> None:
    called = [*name.removesuffix(" an").split(), *TELLING[name](house), *form]
    told = CliRunner().invoke(program, called)
    assert told.exit_code in (0, 1), (called, told.output, told.exception)
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    assert told.output.strip()
    assert not [word for word in kept() if word in told.output.lower()]
