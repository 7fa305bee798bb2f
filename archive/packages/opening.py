"""Whatever was handed over, opened: a transfer folder, a SIP or AIP, a zip of one, a register, a message."""

from pathlib import Path

from archive.packages.csip.delivery import CsipDelivery, is_csip
from archive.packages.delivery import Delivery, open_delivery
from archive.packages.messages.delivery import MessageDelivery
from archive.packages.messages.reading import is_message
from archive.packages.registers.delivery import Context, RegisterDelivery
from archive.packages.registers.sheets import is_register

__all__ = ["Context", "open_package"]


def open_package(path: Path, context: Context | None = None) -> Delivery:
    """Opens by what it is; DeliveryError (Vietnamese) when nothing of it can be taken."""
    if path.is_file() and is_register(path):
        return RegisterDelivery(path, context or Context())
    if path.is_file() and is_message(path):
        return MessageDelivery(path, context or Context())
    if is_csip(path):
        return CsipDelivery(path, context or Context())
    return open_delivery(path)
