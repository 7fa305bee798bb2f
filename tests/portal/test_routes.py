"""The handbook names every address of the portal, and no other."""

import re

import pytest
from flask import Flask

from archive.settings import ROOT

pytestmark = pytest.mark.both_databases


def test_every_address_is_documented(app: Flask) -> None:
    there = {re.sub(r"<[^<>]*?(\w+)>", r"<\1>", rule.rule) for rule in app.url_map.iter_rules()}
    told = re.findall(r"^\| `(/[^`]*)` \|", (ROOT / "docs" / "handbook" / "routes.md").read_text("utf-8"), re.M)
    assert len(told) == len(set(told))
    assert set(told) == there
