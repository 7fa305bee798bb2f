"""The commands that docker-compose.yml and Dockerfile call are commands of the program, with options that it knows."""

import re

import click
import pytest
import yaml

from tests.operations.test_compose import DOCKERFILE, OWN, SERVICES
from vankho.command import program

CALLS = [SERVICES[name]["command"] for name in sorted(OWN)]
CALLS += [SERVICES[name]["healthcheck"]["test"][2:] for name in ("scheduler", "worker")]
CALLS.append(yaml.safe_load(re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.M)[-1]))


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_a_called_command_is_one(words: list[str]) -> None:
    command = program.commands[words[0]]
    assert not isinstance(command, click.Group)
    command.make_context(words[0], list(words[1:]))  # a word that is not understood raises


def test_worker_and_scheduler_ask_about_themselves() -> None:
    for name in ("worker", "scheduler"):
        assert SERVICES[name]["healthcheck"]["test"] == ["CMD", "vankho", "health", name]
