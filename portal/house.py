"""What the application was given at its making: gateway, storage, settings, limits.  One place to ask for them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app

from archive.settings import Settings
from archive.storage.protocol import Storage

if TYPE_CHECKING:
    from portal.limiting import Limits
    from search.gateway import Gateway


@dataclass(frozen=True, slots=True)
class House:
    """The gateway to the index, the files, the settings, the counters of who asks how much."""

    gateway: "Gateway"
    storage: Storage
    settings: Settings
    limits: "Limits"


def furnish(app: Flask, house: House) -> None:
    """Gives the house to the application."""
    app.extensions["vankho"] = house


def house() -> House:
    """The house of the application that answers now."""
    return cast(House, current_app.extensions["vankho"])
